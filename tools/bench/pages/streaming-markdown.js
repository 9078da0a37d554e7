import {default_renderer, parser, parser_end, parser_write} from 'streaming-markdown';

import {addMessage, createLog, streamText} from './common.js';

const log = createLog();
const create = (message) => parser(default_renderer(message));
globalThis.bench = {
  format: 'openai',
  root: () => log,
  open: (messages) => {
    for (const {text} of messages) {
      const write = create(addMessage(log));
      parser_write(write, text);
      parser_end(write);
    }
  },
  async run(url) {
    const write = create(addMessage(log));
    await streamText(url, (text) => parser_write(write, text), log);
    parser_end(write);
  },
};
