import 'deep-chat';

const chat = document.createElement('deep-chat');
chat.setAttribute('style', 'width: 100%; height: 100vh; border: 0');
const history = JSON.parse(sessionStorage.getItem('history') ?? '[]');
chat.history = history.map(({role, text}) => ({role: role === 'user' ? 'user' : 'ai', text}));
chat.connect = {url: '/stream?format=deep-chat', stream: true};
document.body.append(chat);
await new Promise((resolve) => (chat.onComponentRender = resolve));

globalThis.bench = {
  format: 'deep-chat',
  root: () => chat.shadowRoot,
  polls: true,
  async run() {
    chat.submitUserMessage({text: 'Go on'});
  },
};
