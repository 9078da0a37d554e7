import {expect} from '@open-wc/testing';

import {ask, type Message} from '../src/core.js';
import {
  json,
  openai,
  openaiChunk,
  resumable,
  script,
  sse,
  type ScriptedResponse,
  type ScriptedServer,
} from './helpers/server.js';

const chunk = (text: string) => `data: ${openaiChunk(text)}\n\n`;
/** Cuts the connection once the test has seen the text, because a browser discards undelivered data when it breaks. */
const cut = (...texts: string[]): ScriptedResponse => ({
  steps: [{write: texts.map(chunk).join('')}, {until: 'seen'}, {destroy: true}],
});

async function all(answer: AsyncIterable<Message>, server: ScriptedServer): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const message of answer) {
    messages.push(message);
    if (message.text) await server.release('seen', Infinity);
  }
  return messages;
}

describe('core', () => {
  it('yields the answer as it grows, without the element', async () => {
    const server = await script({
      steps: [{write: chunk('Hello')}, {until: 'seen'}, {write: chunk(' world') + 'data: [DONE]\n\n'}],
    });
    const texts: string[] = [];

    const answer = ask(server.url, {messages: 'Hi', model: 'm'});
    for await (const {text} of answer) {
      texts.push(text);
      if (text === 'Hello') await server.release('seen');
    }

    expect(texts.at(-1)).to.equal('Hello world');
    expect(texts).to.include('Hello');
    expect(await answer.finished).to.include({text: 'Hello world', status: 'done', reason: 'stop'});
    expect(customElements.get('stream-chat')).to.equal(undefined);
    const [request] = (await server.log()).requests;
    expect(JSON.parse(request!.body)).to.include({model: 'm', stream: true});
    expect(JSON.parse(request!.body).messages).to.deep.equal([{role: 'user', content: 'Hi'}]);
  });

  it('detects a lazy-loaded wire format at any chunk size', async () => {
    const events = [
      {
        type: 'message_start',
        message: {id: 'm', role: 'assistant', content: [], usage: {input_tokens: 1, output_tokens: 1}},
      },
      {type: 'content_block_start', index: 0, content_block: {type: 'text', text: ''}},
      {type: 'content_block_delta', index: 0, delta: {type: 'text_delta', text: 'From afar: ü.'}},
      {type: 'content_block_stop', index: 0},
      {type: 'message_delta', delta: {stop_reason: 'end_turn'}, usage: {output_tokens: 5}},
      {type: 'message_stop'},
    ];
    const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
    for (const size of [1, 7, body.length]) {
      const server = await script({steps: [{write: body, chunk: size}]});

      const message = await ask(server.url, {messages: [{role: 'user', content: 'Hi'}]}).finished;

      expect(message, String(size)).to.include({text: 'From afar: ü.', status: 'done'});
    }
  });

  it('reports why an answer failed, and keeps the text received so far', async () => {
    const server = await script([cut('half'), json({error: {message: 'Slow down.'}}, 429)]);

    const lost = await all(ask(server.url, {messages: 'Hi'}), server);
    const refused = await ask(server.url, {messages: 'Hi', retries: 0}).finished;
    const wrong = await ask('ftp://example.org', {messages: 'Hi'}).finished;

    expect(lost.at(-1)).to.include({text: 'half', status: 'failed'});
    expect(lost.at(-1)!.error!.code).to.equal('interrupted');
    expect(refused.error).to.include({code: 'rate-limit', status: 429});
    expect(wrong.error!.code).to.equal('config');
    expect((await server.log()).requests).to.have.length(2);
  });

  it('resumes after the last event, without loss or duplicates', async () => {
    const words = Array.from({length: 30}, (_, i) => `w${i} `);
    for (const style of ['after', 'replay'] as const) {
      const server = await resumable({
        events: [...words.map((word) => `data: ${openaiChunk(word)}`), 'data: [DONE]'],
        style,
        overlap: 2,
        attempts: [200, 500, 90],
      });
      const attempts: number[] = [];

      const seen = await all(ask(server.url, {messages: 'Hi', onReconnect: (attempt) => attempts.push(attempt)}), server);

      expect(seen.at(-1)!.text, style).to.equal(words.join(''));
      expect(seen.at(-1)!.status).to.equal('done');
      expect(seen.every(({text}) => words.join('').startsWith(text))).to.equal(true);
      expect(attempts.length).to.be.greaterThan(0);
    }
  });

  it('continues with a replay without ever shortening the text', async () => {
    const server = await script(cut('Hello ', 'wor'), {routes: {replay: [openai('Hello ', 'world', '!')]}});

    const seen = await all(ask(server.url, {messages: 'Hi', resume: `${server.url}/replay`}), server);

    expect(seen.at(-1)).to.include({text: 'Hello world!', status: 'done'});
    const lengths = seen.map(({text}) => text.length);
    expect(lengths).to.deep.equal([...lengths].sort((a, b) => a - b));
  });

  it('stops when its signal aborts, and closes the connection', async () => {
    const server = await script({steps: [{write: chunk('Never')}, {silence: true}]});
    const controller = new AbortController();

    const answer = ask(server.url, {messages: 'Hi', signal: controller.signal});
    for await (const {text} of answer) if (text) controller.abort();

    expect(await answer.finished).to.include({text: 'Never', status: 'stopped', reason: 'aborted'});
    await server.waitFor(({open}) => open === 0);
  });

  it('calls the headers function before each attempt', async () => {
    const server = await script([{status: 401}, sse('ok', '[DONE]')]);

    const message = await ask(server.url, {
      messages: 'Hi',
      headers: async ({unauthorised}) => ({authorization: unauthorised ? 'new' : 'old'}),
    }).finished;

    expect(message.text).to.equal('ok');
    expect((await server.log()).requests.map(({headers}) => headers['authorization'])).to.deep.equal(['old', 'new']);
  });
});
