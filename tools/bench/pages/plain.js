import {addMessage, createLog, streamText} from './common.js';

const log = createLog();
globalThis.bench = {
  format: 'openai',
  root: () => log,
  open: (messages) => {
    for (const {text} of messages) addMessage(log).textContent = text;
  },
  async run(url) {
    const message = addMessage(log);
    message.style.whiteSpace = 'pre-wrap';
    const node = message.appendChild(document.createTextNode(''));
    await streamText(url, (text) => node.appendData(text), log);
  },
};
