import {expect} from '@open-wc/testing';

import '../../src/core.js';
import {AnswerReader, type AnswerReaderOptions} from '../../src/chat/answer-reader.js';
import type {ConnectionMode} from '../../src/chat/frame-filter.js';
import {applyDelta, createAnswer, type Delta, type Message} from '../../src/model/conversation.js';
import {StreamChatError} from '../../src/model/errors.js';

const chunk = (content: string, finish: string | null = null) =>
  JSON.stringify({object: 'chat.completion.chunk', choices: [{index: 0, delta: {content}, finish_reason: finish}]});
const event = (content: string, id?: number | string) =>
  `${id === undefined ? '' : `id: ${id}\n`}data: ${chunk(content)}\n\n`;
const finish = `data: ${chunk('', 'stop')}\n\n`;
const done = 'data: [DONE]\n\n';
const sse = 'text/event-stream';

function create(options: Partial<AnswerReaderOptions> = {}) {
  const state = {
    deltas: [] as Delta[],
    message: createAnswer('a', 0) as Message,
    errors: [] as StreamChatError[],
    get text() {
      return state.message.text;
    },
  };
  const reader = new AnswerReader({
    protocol: 'auto',
    expectsEndMarker: false,
    ...options,
    sink(delta) {
      state.deltas.push(delta);
      if (delta.type === 'error') state.errors.push(StreamChatError.from(delta.error, 'provider'));
      else state.message = applyDelta(state.message, delta);
    },
  });
  /** Reads one connection. Resolves to what `end` resolves to; without `clean`, the connection stays open. */
  const connect = async (
    body: string,
    {
      type = sse as string | null,
      mode = 'initial' as ConnectionMode,
      clean = undefined as boolean | undefined,
      size = Infinity,
    } = {},
  ) => {
    reader.open(new Headers(type === null ? {} : {'content-type': type}), mode);
    for (let at = 0; at < body.length; at += size) await reader.push(body.slice(at, at + size));
    return clean === undefined ? undefined : reader.end(clean);
  };
  return {reader, state, connect};
}

/** Resolves to the error that a promise is rejected with. */
const errorOf = async (promise: Promise<unknown>): Promise<StreamChatError> =>
  promise.then(
    () => {
      throw new Error('It was not refused.');
    },
    (error: unknown) => error as StreamChatError,
  );

describe('answer reader', () => {
  it('a whole answer: text as it comes, and an end by its marker, after which nothing counts', async () => {
    const {reader, state, connect} = create();
    await connect(event('a'));
    expect(state.text).to.equal('a');
    expect(reader).to.include({
      ended: false,
      frames: 1,
      hasReceivedNothing: false,
      protocolName: 'openai-chat',
      isForeign: false,
    });
    await reader.push(event('b'));
    expect(state.text).to.equal('ab');
    await reader.push(finish + done + event('too much'));

    expect(state.text).to.equal('ab');
    expect(reader).to.include({ended: true, endedBy: 'marker'});
    await reader.push(event('more'));
    expect(state.text).to.equal('ab');
    expect(await reader.end(false), 'complete, however the connection ends').to.be.true;
    expect(state.errors).to.deep.equal([]);
  });

  describe('the end of the body', () => {
    const bodies: [
      name: string,
      body: string,
      options: Partial<AnswerReaderOptions>,
      clean: boolean,
      ends: 'eof' | 'marker' | undefined,
    ][] = [
      ['after the finish reason', event('a') + finish, {}, true, 'eof'],
      ['in the middle', event('a'), {}, false, undefined],
      ['after the marker, where it is expected', event('a') + done, {expectsEndMarker: true}, true, 'marker'],
    ];
    for (const [name, body, options, clean, ends] of bodies) {
      it(`${clean ? 'cleanly' : 'by a lost connection'} ${name}: ${ends ?? 'not complete'}`, async () => {
        const {reader, state, connect} = create(options);
        expect(await connect(body, {clean})).to.equal(ends !== undefined);
        expect(reader.endedBy).to.equal(ends);
        expect(state.text).to.equal('a');
      });
    }

    it('of an empty body completes nothing, nor does one of comments', async () => {
      for (const body of ['', ': ping\n\n', '\n', 'retry: 10\n\n']) {
        const {reader, connect} = create();
        expect(await connect(body, {clean: true}), JSON.stringify(body)).to.be.false;
        expect(reader.hasReceivedNothing).to.be.true;
        expect(reader.frames).to.equal(0);
      }
    });

    it('of an empty body that is no event stream counts as nothing too, but text does not', async () => {
      for (const [body, hasNothing] of [
        [' \n', true],
        ['x', false],
      ] as const) {
        const {reader, connect} = create();
        await connect(body, {type: 'text/plain', clean: false});
        expect(reader.hasReceivedNothing).to.equal(hasNothing);
      }
    });

    it('without a type, it is taken for an event stream', async () => {
      const {reader, connect} = create();
      await connect(': ping\n\n', {type: null, clean: true});
      expect(reader.hasReceivedNothing).to.be.true;
    });

    it('a body without output is a failure once, unless output may be missing', async () => {
      const strict = create();
      await strict.connect(finish + done);
      expect(strict.state.errors.map(({code, message}) => [code, message])).to.deep.equal([
        ['provider', 'No answer came.'],
      ]);
      expect(await strict.reader.end(true)).to.be.true;
      expect(strict.state.errors).to.have.length(1);

      const lenient = create({mayBeEmpty: () => true});
      await lenient.connect(finish + done);
      expect(lenient.state.errors).to.deep.equal([]);
      expect(lenient.reader.endedBy).to.equal('marker');
    });

    it('a stream of no known format says what it has', async () => {
      const {state, connect} = create();
      await connect('data: {"weather":21}\n\n', {clean: true});

      expect(state.errors).to.have.length(1);
      expect(state.errors[0]!.code).to.equal('protocol');
      expect(state.errors[0]!.message).to.contain('weather');
    });
  });

  describe('detection', () => {
    for (const size of [1, 2, 3, 7, Infinity]) {
      it(`yields the same in pieces of ${size}`, async () => {
        const {reader, state, connect} = create();
        expect(await connect(`: hello\n\n${event('a')}${event('b')}${finish}`, {size, clean: true})).to.be.true;
        expect(state.text).to.equal('ab');
        expect(reader.frames).to.equal(3);
      });
    }

    const plain: [type: string, body: string, text: string, protocol: string][] = [
      ['text/plain', 'Hello', 'Hello', 'plain-text'],
      ['application/json', '{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}', 'x', 'openai-chat'],
      [sse, 'data: one\n\ndata: two\n\n', 'one', 'raw-text'],
    ];
    for (const [type, body, text, protocol] of plain) {
      it(`${type} is read as ${protocol}`, async () => {
        const {reader, state, connect} = create();
        await connect(body, {type, clean: true});
        expect(state.text.startsWith(text)).to.be.true;
        expect(reader.protocolName).to.equal(protocol);
      });
    }

    it('a name that is no format is refused', async () => {
      const {connect} = create({protocol: 'nothing'});
      expect(await errorOf(connect(event('a')))).to.include({code: 'config'});
    });

    it('an answer that is too large before it is known is refused', async () => {
      const {reader, connect} = create();
      await connect('data: {"x":"');
      const piece = 'x'.repeat(1024 * 1024);
      let error: unknown;
      for (let i = 0; i < 80 && !error; i++) {
        try {
          await reader.push(piece);
        } catch (cause) {
          error = cause;
        }
      }
      expect(error).to.include({code: 'too-large'});
    });
  });

  describe('detection from what is not complete', () => {
    const bodies: [name: string, type: string, body: string][] = [
      ['an event without its blank line', sse, event('a').trimEnd()],
      ['JSON', 'application/json', chunk('a', 'stop')],
      ['an event with only its line break', sse, event('a').trimEnd() + '\n'],
    ];
    for (const [name, type, body] of bodies) {
      it(`reads ${name} at the end of the body`, async () => {
        for (const size of [1, Infinity]) {
          const {state, connect} = create();
          await connect(body, {type, size, clean: true});
          expect(state.text).to.equal('a');
          expect(state.errors).to.deep.equal([]);
        }
      });
    }

    it('refuses a web page, in whatever pieces, and no text that begins like one', async () => {
      for (const size of [1, 3, Infinity]) {
        const page = create();
        const error = await errorOf(page.connect('<!DOCTYPE html><html><body>Log in</body></html>', {type: sse, size, clean: true}));
        expect(error.code).to.equal('http');
        expect(page.state.text).to.equal('');

        const text = create();
        await text.connect('<b>Hello', {type: 'application/octet-stream', size, clean: true});
        expect(text.state.text).to.equal('<b>Hello');
      }
    });
  });

  describe('a guessed format', () => {
    it('is left for one that is documented, as long as nothing was said', async () => {
      for (const size of [1, Infinity]) {
        const {reader, state, connect} = create();
        await connect('data: {"status":"Searching"}\n\n'.repeat(17), {size});
        expect(reader.protocolName).to.equal('json-text');
        await reader.push(event('a'));
        await reader.push(event('b') + finish + done);

        expect(state.text).to.equal('ab');
        expect(reader).to.include({protocolName: 'openai-chat', endedBy: 'marker'});
        expect(state.errors).to.deep.equal([]);
      }
    });

    it('plain text that turns out to be events is read again', async () => {
      const {reader, state, connect} = create();
      await connect('Warning: something\n', {type: sse});
      await reader.push(event('a') + finish + done);

      expect(state.text).to.equal('a');
      expect(reader.endedBy).to.equal('marker');
    });
  });

  it('notes the position that is in the data of an event, unless the event has an ID', async () => {
    const {reader, connect} = create();
    const responses = (type: string, sequence: number, fields: object) => `event: ${type}\ndata: ${JSON.stringify({type, sequence_number: sequence, ...fields})}\n\n`;
    await connect(responses('response.created', 0, {response: {id: 'r'}}) + responses('response.output_text.delta', 7, {output_index: 0, delta: 'a'}));
    expect(reader).to.include({lastDataId: '7', lastEventId: ''});
    await reader.push(`id: e\n${responses('response.output_text.delta', 8, {output_index: 0, delta: 'b'})}`);
    expect(reader).to.include({lastDataId: '', lastEventId: 'e'});
  });

  describe('where an end marker is expected', () => {
    const expectsEndMarker = true;

    it('the end of the body of text completes nothing', async () => {
      const {reader, state, connect} = create({expectsEndMarker});
      expect(await connect('Hello', {type: 'text/plain', clean: true})).to.be.false;
      expect(state.text).to.equal('Hello');
      expect(reader.endedBy).to.be.undefined;
    });

    it('an incomplete token at the end of the body is dropped', async () => {
      const body = 'data: one\n\ndata: two\n\ndata: thr';
      const strict = create({expectsEndMarker});
      await strict.connect(body, {clean: true});
      const lenient = create();
      await lenient.connect(body, {clean: true});

      expect(strict.state.text).to.equal('onetwo');
      expect(lenient.state.text).to.equal('onetwothr');
    });
  });

  describe('resuming', () => {
    it('keeps what the decoder has begun: reasoning that is still open', async () => {
      const {state, connect} = create();
      await connect(event('<think>one', 1), {clean: false});
      await connect(event('<think>one', 1) + event(' two</think>three', 2), {mode: 'cursor'});

      expect(state.text).to.equal('three');
      expect(state.message.parts.map((part) => [part.type, 'text' in part && part.text])).to.deep.equal([
        ['reasoning', 'one two'],
        ['text', 'three'],
      ]);
    });

    it('a replay may be in another format, and in one that is named it is not', async () => {
      const anthropic = [
        {type: 'message_start', message: {id: 'm', role: 'assistant', content: []}},
        {type: 'content_block_start', index: 0, content_block: {type: 'text', text: ''}},
        {type: 'content_block_delta', index: 0, delta: {type: 'text_delta', text: 'whole'}},
        {type: 'message_stop'},
      ];
      const body = anthropic.map((data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`).join('');
      const {reader, state, connect} = create();
      await connect(event('a', 1), {clean: false});
      state.message = createAnswer('a', 0);
      await connect(body, {mode: 'replay'});

      expect(state.text).to.equal('whole');
      expect(reader).to.include({protocolName: 'anthropic', endedBy: 'marker'});
    });

    it('before anything was applied, a guess of the last connection is forgotten', async () => {
      const {reader, state, connect} = create();
      await connect('data: Hel', {clean: false});
      expect(reader.frames).to.equal(0);
      await connect(event('a') + finish + done);

      expect(state.text).to.equal('a');
      expect(reader).to.include({protocolName: 'openai-chat', endedBy: 'marker'});
    });

    it('an incomplete last event that is cut elsewhere each time stays dropped', async () => {
      const {state, connect} = create();
      const cut = event('b', 2).trimEnd();
      await connect(event('a', 1) + cut.slice(0, -1), {clean: true});
      expect(await connect(event('a', 1) + cut.slice(0, -2), {mode: 'cursor', clean: true})).to.be.false;

      expect(state.text).to.equal('a');
      expect(state.errors).to.deep.equal([]);
    });

    it('continues after the last ID, and skips what is sent again', async () => {
      const {reader, state, connect} = create();
      await connect(event('a', 1) + event('b', 2), {clean: false});
      expect(reader).to.include({lastEventId: '2', lastDataId: '', hasResumed: false});
      await connect(event('b', 2) + event('c', 3), {mode: 'cursor'});
      expect(reader.hasResumed).to.be.true;
      await reader.push(`id: 4\n${finish}${done}`);

      expect(state.text).to.equal('abc');
      expect(reader).to.include({lastEventId: '4', endedBy: 'marker', isForeign: false, frames: 5});
    });

    it('an ended body that sent nothing new does not complete the answer', async () => {
      const {reader, connect} = create();
      await connect(event('a', 1), {clean: false});
      expect(await connect('', {mode: 'cursor', clean: true})).to.be.false;
      expect(
        await connect(event('a', 1), {mode: 'cursor', clean: true}),
        'it is proved, and the format ends by the body',
      ).to.equal(reader.ended);
    });

    it('an end marker alone is a refusal: the server does not know the answer', async () => {
      const {reader, connect} = create();
      await connect(event('a', 1), {clean: false});
      const error = await errorOf(connect(done, {mode: 'cursor'}));

      expect(error).to.include({code: 'interrupted'});
      expect(reader.isForeign).to.be.true;
    });

    it('another answer is refused before any of its text', async () => {
      const {reader, state, connect} = create();
      await connect(event('a', 1) + event('b', 2), {clean: false});
      const error = await errorOf(connect(event('other', 1), {mode: 'cursor'}));

      expect(error).to.include({code: 'interrupted'});
      expect(reader.isForeign).to.be.true;
      expect(state.text).to.equal('ab');
    });

    it('refuse() marks the answer, and returns the error to throw', () => {
      const {reader} = create();
      expect(reader.isForeign).to.be.false;
      expect(reader.refuse()).to.include({code: 'interrupted', retryable: true});
      expect(reader.isForeign).to.be.true;
      const own = new StreamChatError('config', 'x');
      expect(reader.refuse(own)).to.equal(own);
    });

    it('a replay decodes from the start, in its own format', async () => {
      const {reader, state, connect} = create();
      await connect(event('a', 1), {clean: false});
      state.message = createAnswer('a', 0);
      await connect('{"choices":[{"message":{"content":"whole"},"finish_reason":"stop"}]}', {
        type: 'application/json',
        mode: 'replay',
        clean: true,
      });

      expect(state.text).to.equal('whole');
      expect(reader.ended).to.be.true;
    });

    it('keeps the format in view while that of a replay is not known', async () => {
      const {reader, connect} = create();
      await connect(event('a', 1), {clean: false});
      const {protocol} = reader;
      expect(protocol).to.not.be.undefined;
      await connect('', {mode: 'replay'});
      expect(reader.protocol).to.equal(protocol);
    });

    it('only JSON in place of an event stream is a snapshot', async () => {
      const json = new Headers({'content-type': 'application/json; charset=utf-8'});
      const {reader, connect} = create();
      expect(reader.isSnapshot(json), 'before anything came').to.be.false;
      await connect(event('a', 1), {clean: false});
      expect(reader.isSnapshot(json)).to.be.true;
      expect(reader.isSnapshot(new Headers({'content-type': sse}))).to.be.false;
      const text = create();
      await text.connect('Hello', {type: 'text/plain', clean: false});
      expect(text.reader.isSnapshot(json)).to.be.false;
    });

    it('before anything was applied, detection starts again with the next connection', async () => {
      const {reader, state, connect} = create();
      await connect('data: {"cho', {clean: false});
      expect(reader.frames).to.equal(0);
      await connect('Hello', {type: 'text/plain', clean: true});

      expect(state.text).to.equal('Hello');
      expect(reader.protocolName).to.equal('plain-text');
    });

    it('an incomplete last event is dropped where the server can send it again, and used if it never completes it', async () => {
      const {reader, state, connect} = create();
      const cut = event('b', 2).trimEnd();
      expect(await connect(event('a', 1) + cut, {clean: true})).to.be.false;
      expect(state.text).to.equal('a');
      await connect(event('a', 1) + cut, {mode: 'cursor', clean: true});
      expect(state.text).to.equal('ab');
      expect(reader.lastEventId).to.equal('2');
    });

    it('without IDs there is nobody to send it again: it is used at once', async () => {
      const {state, connect} = create();
      await connect(event('a') + event('b').trimEnd(), {clean: true});
      expect(state.text).to.equal('ab');
    });

    it('of a lost connection it is dropped', async () => {
      const {state, connect} = create();
      await connect(event('a') + event('b').trimEnd(), {clean: false});
      expect(state.text).to.equal('a');
    });
  });

  describe('a saved reader', () => {
    it('continues where it was: format, number of frames, IDs', async () => {
      const first = create();
      await first.connect(event('a', 1) + event('b', 2), {clean: false});
      const saved = first.reader.save();
      expect(saved).to.include({protocolName: 'openai-chat', frames: 2});

      const {reader, state, connect} = create({saved});
      expect(reader).to.include({
        protocolName: 'openai-chat',
        frames: 2,
        lastEventId: '2',
        hasReceivedNothing: false,
        protocol: undefined,
      });
      await reader.restore();
      expect(reader.protocol).to.not.be.undefined;
      await connect(event('b', 2) + event('c', 3) + `id: 4\n${done}`, {mode: 'cursor'});

      expect(state.text).to.equal('c');
      expect(reader).to.include({endedBy: 'marker', frames: 4});
      expect(state.errors, 'what is left may be empty').to.deep.equal([]);
    });

    it('of nothing is the start', async () => {
      const {reader} = create({saved: create().reader.save()});
      await reader.restore();
      expect(reader).to.include({frames: 0, hasReceivedNothing: true, protocolName: undefined, protocol: undefined});
    });
  });

  it('the time to reconnect is that of the connection', async () => {
    const {reader, connect} = create();
    expect(reader.retry).to.be.undefined;
    await connect(`retry: 1500\n${event('a')}`);
    expect(reader.retry).to.equal(1500);
  });

  it('keep-alive events count for nothing', async () => {
    const {reader, state, connect} = create();
    await connect(`event: ping\ndata: {}\n\n${event('a')}event: ping\ndata: {}\n\n`);
    expect(reader.frames).to.equal(1);
    expect(state.text).to.equal('a');
  });
});
