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
  run: async (url) => {
    chat.endpoint = url;
    const {status, error} = await chat.send('Go on');
    if (status !== 'done') throw new Error(error?.message ?? status);
  },
};
