import {expect} from '@open-wc/testing';

import {collect, createChat, next, part, parts, shownAnswer, until} from '../helpers/chat.js';
import type {Message} from '../../src/model/conversation.js';
import type {StreamChat} from '../../src/stream-chat.js';
import {script, type ScriptedResponse, type ScriptedServer} from '../helpers/server.js';

// Servers that number their events and cannot resume: a second POST makes the model answer once more.

/** A way to write one answer as server-sent events; `generation` tells two answers apart where the format does. */
interface Style {
  readonly write: (texts: readonly string[], generation: number) => string[];
  /** What a whole answer ends with. */
  readonly end: readonly string[];
}

const openaiChunk = (id: string, delta: object, reason: string | null = null) =>
  JSON.stringify({id, object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{index: 0, delta, finish_reason: reason}]});

const styles: Readonly<Record<string, Style>> = {
  'raw tokens': {write: (texts) => [...texts], end: ['[DONE]']},
  'JSON of its own': {write: (texts) => texts.map((content) => JSON.stringify({content})), end: ['{"done": true}']},
  'OpenAI chunks': {
    write: (texts, generation) =>
      [{role: 'assistant', content: ''}, ...texts.map((content) => ({content}))].map((delta) =>
        openaiChunk(`chatcmpl-${generation}`, delta),
      ),
    end: ['{"id":"x","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}', '[DONE]'],
  },
  'OpenAI chunks without an id': {
    write: (texts) =>
      [{role: 'assistant', content: ''}, ...texts.map((content) => ({content}))].map((delta) =>
        JSON.stringify({object: 'chat.completion.chunk', choices: [{index: 0, delta, finish_reason: null}]}),
      ),
    end: ['[DONE]'],
  },
  'AI SDK parts': {
    write: (texts, generation) => [
      JSON.stringify({type: 'start', messageId: `m${generation}`}),
      '{"type":"text-start","id":"t"}',
      ...texts.map((delta) => JSON.stringify({type: 'text-delta', id: 't', delta})),
    ],
    end: ['{"type":"text-end","id":"t"}', '{"type":"finish"}', '[DONE]'],
  },
};

/** Ways to number events. */
const numberings: Readonly<Record<string, (index: number, generation: number) => string | undefined>> = {
  'numbers from 1': (index) => String(index + 1),
  'numbers from 0': (index) => String(index),
  'one ID for all': () => 'message',
  'an ID every third event': (index) => (index % 3 === 0 ? String(index) : undefined),
};

const json = (texts: readonly string[]) => styles['JSON of its own']!.write(texts, 1);

const one = ['The capital', ' of Australia', ' is', ' Canberra', ', which', ' was founded', ' in 1913.'];
const other = ['The capital', ' of Australia', ' is', ' moved', ' in 1927', ' to Canberra', '.', ' Indeed', '.'];

function write(data: readonly string[], idOf: (index: number) => string | undefined): string {
  return data
    .map((text, index) => {
      const id = idOf(index);
      return `${id === undefined ? '' : `id: ${id}\n`}data: ${text}\n\n`;
    })
    .join('');
}

// A browser drops what it has not handed out when a connection breaks: it is cut once the text is shown.
const cut = (body: string): ScriptedResponse => ({steps: [{write: body}, {until: 'shown'}, {reset: true}]});
const whole = (body: string): ScriptedResponse => ({steps: [{write: body}]});

/** Sends a question, lets the connection be cut once `text` is shown, and returns how the answer ended. */
async function sendAndCut(chat: StreamChat, server: ScriptedServer, text: string): Promise<Message> {
  const sending = chat.send('Go.');
  await until(() => shownAnswer(chat) === text);
  await server.release('shown');
  return (await sending)!;
}

describe('a server that cannot resume', () => {
  for (const [style, {write: data, end}] of Object.entries(styles)) {
    for (const [numbering, idOf] of Object.entries(numberings)) {
      for (const [length, second] of [['a longer', other], ['a shorter', other.slice(0, 4)]] as const) {
        it(`keeps the text apart from ${length} second answer: ${style}, ${numbering}`, async () => {
          const shown = one.slice(0, 5);
          const server = await script([
            cut(write(data(shown, 1), (index) => idOf(index, 1))),
            whole(write([...data(second, 2), ...end], (index) => idOf(index, 2))),
          ]);
          const chat = await createChat({endpoint: server.url});

          // Of raw tokens with IDs the last one may have more lines to come.
          const text = shown.slice(0, style === 'raw tokens' ? -1 : undefined).join('');
          const message = await sendAndCut(chat, server, text);

          expect(message).to.include({text, status: 'failed'});
          expect(message.error!.code).to.equal('interrupted');
          expect(shownAnswer(chat)).to.equal(text);
          expect((await server.log()).requests, 'one request, and one to resume').to.have.length(2);
        });
      }
    }
  }

  for (const style of ['OpenAI chunks', 'OpenAI chunks without an id', 'AI SDK parts']) {
    it(`recognises another answer whose IDs are all new: ${style}`, async () => {
      const {write: data, end} = styles[style]!;
      const random = (index: number, generation: number) => `${generation}f${index}a`;
      const server = await script([
        cut(write(data(one.slice(0, 4), 1), (index) => random(index, 1))),
        whole(write([...data(other, 2), ...end], (index) => random(index, 2))),
      ]);
      const chat = await createChat({endpoint: server.url});

      const message = await sendAndCut(chat, server, one.slice(0, 4).join(''));

      expect(message).to.include({text: one.slice(0, 4).join(''), status: 'failed'});
      expect(message.error!.code).to.equal('interrupted');
    });
  }

  it('keeps the text apart from a second answer whose first event has no ID', async () => {
    const idOf = (index: number) => (index % 3 === 2 ? String(index) : undefined);
    const server = await script([
      cut(write(json(one.slice(0, 3)), idOf)),
      whole(write([...json(other), '{"done": true}'], idOf)),
    ]);
    const chat = await createChat({endpoint: server.url});

    const message = await sendAndCut(chat, server, one.slice(0, 3).join(''));

    expect(message).to.include({text: one.slice(0, 3).join(''), status: 'failed'});
    expect(message.error!.code).to.equal('interrupted');
  });

  it('keeps the text apart from a second answer that begins with the last word of the first', async () => {
    const server = await script([
      cut(write(json(['One', ' ha']), () => 'message')),
      whole(write([...json([' ha', ' other']), '{"done": true}'], () => 'message')),
    ]);
    const chat = await createChat({endpoint: server.url});

    const message = await sendAndCut(chat, server, 'One ha');

    expect(message).to.include({text: 'One ha', status: 'failed'});
  });

  it('shows the last events of a resumed answer, although none of them has an ID', async () => {
    const server = await script([
      cut(write(json(['One']), () => '1')),
      {steps: [{write: write([...json([' two', ' three']), '{"done": true}'], () => undefined)}, {silence: true}]},
    ]);
    const chat = await createChat({endpoint: server.url});

    const message = await sendAndCut(chat, server, 'One');

    expect(message).to.include({text: 'One two three', status: 'done'});
  });

  it('does not complete an answer by an end marker alone', async () => {
    const server = await script([cut(write(json(one.slice(0, 4)), (index) => String(index))), whole('data: [DONE]\n\n')]);
    const chat = await createChat({endpoint: server.url});

    const message = await sendAndCut(chat, server, one.slice(0, 4).join(''));

    expect(message).to.include({text: one.slice(0, 4).join(''), status: 'failed'});
    expect(message.error!.code).to.equal('interrupted');
  });

  it('is not requested to resume a second time on this page', async () => {
    const numbers = (texts: readonly string[]) => write(json(texts), (index) => String(index + 1));
    const server = await script([
      cut(numbers(one.slice(0, 4))),
      whole(numbers(other)),
      cut(numbers(one.slice(0, 3))),
      whole(numbers(one)),
    ]);
    const chat = await createChat({endpoint: server.url});
    await sendAndCut(chat, server, one.slice(0, 4).join(''));

    const second = await sendAndCut(chat, server, one.slice(0, 3).join(''));

    expect(second).to.include({text: one.slice(0, 3).join(''), status: 'failed'});
    const {requests} = await server.log();
    expect(requests.map(({headers}) => headers['last-event-id'])).to.deep.equal([undefined, '4', undefined]);
  });

  it('is asked anew by Retry, and its answer replaces the one that was lost', async () => {
    const numbers = (texts: readonly string[]) => write([...json(texts), '[DONE]'], (index) => String(index + 1));
    const server = await script([
      cut(write(json(one.slice(0, 4)), (index) => String(index + 1))),
      whole(numbers(other)),
      whole(numbers(other)),
    ]);
    const chat = await createChat({endpoint: server.url});
    await sendAndCut(chat, server, one.slice(0, 4).join(''));
    await until(() => parts(chat, 'retry').length === 1);
    const done = next(chat, 'done');

    part<HTMLButtonElement>(chat, 'retry').click();
    await done;

    expect(chat.messages.at(-1)).to.include({text: other.join(''), status: 'done'});
    expect((await server.log()).requests[2]!.headers['last-event-id']).to.equal(undefined);
  });

  it('does not reset text by an answer of JSON to a second POST', async () => {
    const answer = JSON.stringify({object: 'chat.completion', choices: [{index: 0, message: {role: 'assistant', content: 'Something else.'}, finish_reason: 'stop'}]});
    const server = await script([
      cut(write(styles['OpenAI chunks']!.write(one.slice(0, 4), 1), (index) => String(index))),
      {headers: {'content-type': 'application/json'}, steps: [{write: answer}]},
    ]);
    const chat = await createChat({endpoint: server.url});
    const resets = collect(chat, 'reset');

    const message = await sendAndCut(chat, server, one.slice(0, 4).join(''));

    expect(message).to.include({text: one.slice(0, 4).join(''), status: 'failed'});
    expect(resets).to.have.length(0);
  });
});

describe('a first connection', () => {
  const patterns: Readonly<Record<string, readonly string[]>> = {
    'the ID of one of two agents': ['a', 'b', 'a', 'b'],
    'the kind of the event': ['token', 'token', 'tool', 'token'],
    'a number per step': ['1', '2', '1', '2'],
  };
  for (const [style, {write: data, end}] of Object.entries(styles)) {
    for (const [name, ids] of Object.entries(patterns)) {
      it(`loses nothing where the ID is ${name}: ${style}`, async () => {
        const texts = ['ha', 'ha', ' One', ' two', ' two', ' three', ' ha'];
        const server = await script(whole(write([...data(texts, 1), ...end], (index) => ids[index % ids.length])));
        const chat = await createChat({endpoint: server.url});

        const message = await chat.send('Go.');

        expect(message).to.include({text: texts.join(''), status: 'done'});
      });
    }
  }
});
