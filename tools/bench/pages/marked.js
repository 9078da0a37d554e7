import {marked} from 'marked';

import {addMessage, createLog, streamText} from './common.js';

const log = createLog();
globalThis.bench = {
  format: 'openai',
  root: () => log,
  open: (messages) => {
    for (const {text} of messages) addMessage(log).innerHTML = marked.parse(text);
  },
  async run(url) {
    const message = addMessage(log);
    let all = '';
    await streamText(url, (text) => (message.innerHTML = marked.parse((all += text))), log);
  },
};
