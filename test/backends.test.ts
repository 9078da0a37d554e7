import {expect, fixture, html, oneEvent} from '@open-wc/testing';

import '../src/index.js';
import type {StreamChat} from '../src/index.js';

const question = 'What  is\nthis?';

/** The answer of main.py; the others differ in the language of the code. */
const python = answer('    def answer():\n        return 42');
const javascript = answer('    function answer() {\n        return 42;\n    }');

function answer(code: string): string {
  return `You asked: ${question}

This answer is simulated, so it costs nothing:

1. It comes **token by token**.
2. Spaces and line breaks survive:

${code}

Set \`OPENAI_API_KEY\` to talk to a real model.
`;
}

interface Case {
  readonly backend: 'fastapi' | 'node' | 'next';
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

const cases: readonly Case[] = [
  {
    backend: 'fastapi',
    name: 'GET /chat, raw text',
    path: '/__fastapi/chat',
    text: python,
    attributes: {method: 'GET'},
  },
  {backend: 'fastapi', name: 'POST /api/chat, raw text', path: '/__fastapi/api/chat', text: python},
  {
    backend: 'fastapi',
    name: 'POST /api/chat with the question alone',
    path: '/__fastapi/api/chat',
    text: python,
    attributes: {protocol: 'prompt'},
  },
  {backend: 'fastapi', name: 'POST /chat, named events', path: '/__fastapi/chat', text: python},
  {backend: 'node', name: "POST /api/chat, OpenAI's format", path: '/__node/api/chat', text: javascript},
  {backend: 'next', name: 'POST /api/chat, plain text', path: '/__next/api/chat', text: javascript},
];

async function createChat({path, attributes = {}}: Pick<Case, 'path' | 'attributes'>, renderer: string) {
  const chat = await fixture<StreamChat>(html`<stream-chat endpoint=${path} renderer=${renderer}></stream-chat>`);
  for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
  return chat;
}

function shown(chat: StreamChat): string {
  return chat.shadowRoot!.querySelector('[part~="assistant"] [part~="text"]')!.textContent;
}

describe('demo/backends', () => {
  let available: Record<string, true | string> = {};

  before(async function () {
    // uvicorn may have to be installed first.
    this.timeout(180_000);
    available = await (await fetch('/__backends')).json();
  });

  for (const example of cases) {
    it(`${example.backend}: ${example.name}`, async function () {
      const reason = available[example.backend];
      if (reason !== true) {
        console.log(`Skipped ${example.backend}: ${reason}`);
        this.skip();
      }
      const chat = await createChat(example, 'plain');
      let streamed = '';
      let pieces = 0;
      chat.addEventListener('delta', ({detail}) => {
        streamed += detail.text;
        pieces++;
      });

      const done = oneEvent(chat, 'done');
      const message = await chat.send(question);
      const {detail} = await done;

      expect(message?.text).to.equal(example.text);
      expect(streamed).to.equal(example.text);
      expect(pieces).to.be.above(10);
      expect(chat.messages.map(({role, text}) => ({role, text}))).to.deep.equal([
        {role: 'user', text: question},
        {role: 'assistant', text: example.text},
      ]);
      expect(detail.reason).to.equal('stop');
      expect(shown(chat)).to.equal(example.text);
    });

    it(`${example.backend}: ${example.name}, rendered as Markdown`, async function () {
      if (available[example.backend] !== true) this.skip();
      const chat = await createChat(example, 'markdown');

      const done = oneEvent(chat, 'done');
      await chat.send(question);
      await done;

      const text = chat.shadowRoot!.querySelector('[part~="assistant"] [part~="text"]')!;
      expect([...text.querySelectorAll('ol > li')]).to.have.length(2);
      expect(text.querySelector('strong')!.textContent).to.equal('token by token');
      expect(text.textContent).to.contain('42');
      expect(text.textContent).to.contain('to talk to a real model.');
    });
  }

  it('fastapi: reports a rejected request', async function () {
    if (available.fastapi !== true) this.skip();
    const chat = await createChat({path: '/__fastapi/api/chat', attributes: {}}, 'plain');
    chat.body = {messages: 'none'};

    const failed = oneEvent(chat, 'error');
    void chat.send(question);
    const {detail} = await failed;

    expect(detail.error.status).to.equal(422);
    expect(detail.error.code).to.equal('http');
  });
});
