const chat = document.createElement('stream-chat');
chat.style.setProperty('block-size', '100vh');
const attributes = new URLSearchParams(location.search).get('attributes');
for (const pair of attributes?.split(',').filter(Boolean) ?? []) chat.setAttribute(...pair.split('='));
document.body.append(chat);

// The file as it is published, and not another build of it.
await import(/* @vite-ignore */ `${location.origin}/dist/stream-chat.js`);
await chat.updateComplete;

globalThis.bench = {
  format: 'openai',
  root: () => chat.shadowRoot.querySelector('.messages'),
  open: (messages) => {
    chat.messages = messages;
  },
  run: (url) =>
    new Promise((resolve, reject) => {
      chat.endpoint = url;
      chat.addEventListener('done', resolve, {once: true});
      chat.addEventListener('error', ({detail}) => reject(detail.error), {once: true});
      chat.send('Go on').catch(reject);
    }),
};
