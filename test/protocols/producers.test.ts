import {expect} from '@open-wc/testing';

import {collect, createChat, parts, shownAnswer} from '../helpers/chat.js';

const answer = 'It is cold\nin Oslo: **-3°**.';
const weather = {
  name: 'weather',
  description: 'Tells the weather.',
  parameters: {type: 'object', properties: {city: {type: 'string'}}, required: ['city']},
};

describe('servers made with', () => {
  let available: Record<string, true | string>;

  before(async function () {
    this.timeout(60_000);
    available = (await (await fetch('/__producers')).json()) as typeof available;
  });

  /** What the element is to read, and what is set on it. */
  const producers = {
    ai: {attributes: {protocol: 'ai-sdk-ui'}, tools: true},
    openai: {attributes: {}, tools: true},
    'ag-ui': {attributes: {protocol: 'ag-ui'}, tools: true},
    langgraph: {attributes: {protocol: 'langgraph'}, tools: false},
    hono: {attributes: {}, tools: false},
  } as const;

  for (const [name, {attributes, tools}] of Object.entries(producers)) {
    it(`"${name}" stream into the element${tools ? ', tools included' : ''}`, async function () {
      if (available[name] !== true) {
        console.info(`skipped: ${available[name] ?? 'it is not here'}`);
        this.skip();
      }
      const chat = await createChat({endpoint: `/__producers/${name}`, renderer: 'plain', ...attributes});
      const asked: unknown[] = [];
      if (tools) chat.tools = [{...weather, execute: (args) => (asked.push(args), 'snow, -3°')}];
      const errors = collect(chat, 'error');

      const message = await chat.send('What is the weather in Oslo?');

      expect(errors.map(({detail}) => detail.error.message)).to.deep.equal([]);
      expect(message).to.include({text: answer, status: 'done', reason: 'stop'});
      expect(shownAnswer(chat)).to.equal(answer);
      expect(asked).to.deep.equal(tools ? [{city: 'Oslo'}] : []);
      if (name === 'ai') {
        expect(parts(chat, 'tool-name').map(({textContent}) => textContent)).to.deep.equal(['clock', 'weather']);
        expect(message!.parts[0]).to.include({type: 'reasoning', text: 'Which time is it?'});
        expect(chat.usage!.outputTokens).to.be.greaterThan(0);
      }
    });
  }
});
