import {expect} from '@open-wc/testing';

import type {StreamChat} from '../../src/stream-chat.js';
import type {ChatState, Message} from '../../src/index.js';
import {collect, createChat, ended, shownAnswer, until} from '../helpers/chat.js';
import {installNetwork, type Exchange, type Network} from '../helpers/exchange.js';
import {openaiChunk, openaiFinish} from '../helpers/server.js';

const chunk = (text: string) => `data: ${openaiChunk(text)}\n\n`;
const end = `data: ${openaiFinish}\n\ndata: [DONE]\n\n`;
const call = (id: string, name: string, args: string) =>
  `data: ${JSON.stringify({object: 'chat.completion.chunk', choices: [{index: 0, delta: {tool_calls: [{index: 0, id, type: 'function', function: {name, arguments: args}}]}, finish_reason: 'tool_calls'}]})}\n\ndata: [DONE]\n\n`;
const usage = (total: number) => `data: ${JSON.stringify({object: 'chat.completion.chunk', choices: [], usage: {prompt_tokens: 1, completion_tokens: total - 1, total_tokens: total}})}\n\n`;

describe('the life of an answer', () => {
  let network: Network;
  const {random} = Math;
  // The first answer loads the code of all; a busy machine takes longer for that than for a test.
  before(async function () {
    this.timeout(120_000);
    network = installNetwork();
    const chat = await create();
    const sent = chat.send('Warm up.');
    const limit = performance.now() + 100_000;
    while (network.exchanges.length === 0 && performance.now() < limit) await aMoment();
    network.nth(1).open();
    network.nth(1).write(chunk('a') + end);
    await sent;
  });
  beforeEach(() => {
    network = installNetwork();
    // Delays between attempts.
    Math.random = () => 0;
  });
  afterEach(() => void (Math.random = random));

  const create = (attributes: Record<string, string> = {}) => createChat({endpoint: '/answers', renderer: 'plain', ...attributes});

  /** The n-th request, once it is there. */
  async function request(count: number): Promise<Exchange> {
    await until(() => network.exchanges.length >= count, `request ${count}`);
    return network.nth(count);
  }

  async function answer(count: number, ...texts: string[]) {
    const exchange = await request(count);
    exchange.open();
    exchange.write(texts.map(chunk).join('') + end);
  }

  function refuse(exchange: Exchange, status: number, headers: Record<string, string> = {}) {
    exchange.respond(new Response('', {status, headers}));
  }

  const bodyOf = ({init}: Exchange) => JSON.parse(init.body as string) as {id: string; messages: {role: string; content: string}[]};
  const keyOf = ({init}: Exchange) => new Headers(init.headers).get('idempotency-key');
  const last = (chat: StreamChat): Message => chat.messages.at(-1)!;
  /** Gives whatever should not happen the time to happen. */
  const aMoment = () => new Promise((resolve) => setTimeout(resolve, 30));

  it('states: each once, in their order', async () => {
    const chat = await create();
    const states = collect(chat, 'statechange');
    const seen = () => states.map(({detail}) => detail.state);
    expect(chat.state).to.equal('idle');

    const sent = chat.send('Go.');
    const first = await request(1);
    expect(chat.state).to.equal('connecting');
    refuse(first, 429);
    const second = await request(2);
    expect(seen()).to.deep.equal(['connecting', 'waiting', 'connecting'].slice(0, seen().length));
    second.open();
    second.write(chunk('a'));
    await until(() => chat.state === 'streaming');
    second.write(end);
    await sent;

    expect(seen().filter((state) => state !== 'waiting')).to.deep.equal(['connecting', ...(seen().includes('waiting') ? ['connecting'] : []), 'streaming', 'idle']);
    expect(chat.state).to.equal('idle');
  });

  it('`done` reports what was counted', async () => {
    const chat = await create();
    const done = collect(chat, 'done');
    const sent = chat.send('Go.');
    refuse(await request(1), 429);
    const exchange = await request(2);
    exchange.open();
    exchange.write(chunk('a'));
    await until(() => last(chat).text === 'a');
    exchange.write(chunk('b') + usage(7) + end);
    const message = await sent;

    expect(done).to.have.length(1);
    const {detail} = done[0]!;
    expect(detail.message).to.equal(message);
    expect(detail).to.include({reason: 'stop'});
    expect(detail.usage).to.deep.include({totalTokens: 7});
    expect(detail.timing).to.include({reconnects: 0, unknown: 0, chunks: 2});
    expect(detail.timing.firstDelta).to.be.within(0, detail.timing.total);
    expect(message).to.include({status: 'done', text: 'ab', role: 'assistant'});
  });

  it('a resumed answer counts its reconnections', async () => {
    const chat = await create({resume: '/resume/{lastEventId}'});
    const events = collect(chat, 'reconnect', 'done', 'delta');
    const sent = chat.send('Go.');
    const first = await request(1);
    first.open();
    first.write(`id: 1\n${chunk('a')}`);
    await until(() => last(chat).text === 'a');
    first.lose();
    const second = await request(2);
    expect(second.url).to.match(/\/resume\/1$/);
    expect(second.init.method).to.equal('GET');
    expect(new Headers(second.init.headers).get('last-event-id')).to.equal('1');
    second.open();
    second.write(`id: 2\n${chunk('b')}${end}`);
    await sent;

    expect(events.map(({type}) => type)).to.deep.equal(['delta', 'reconnect', 'delta', 'done']);
    expect((events[1] as (typeof events)[number] & {detail: {attempt: number}}).detail.attempt).to.equal(1);
    expect((events[3] as unknown as {detail: {timing: {reconnects: number}}}).detail.timing.reconnects).to.equal(1);
    expect(last(chat)).to.include({text: 'ab', status: 'done'});
  });

  describe('ids at the borders', () => {
    interface Border {
      readonly name: string;
      readonly act: (chat: StreamChat) => unknown;
      readonly same: {readonly chat: boolean; readonly key: boolean; readonly answer: boolean};
    }
    const borders: readonly Border[] = [
      {name: 'the next question', act: (chat) => chat.send('And?'), same: {chat: true, key: false, answer: false}},
      {name: 'regenerate()', act: (chat) => chat.regenerate(), same: {chat: true, key: false, answer: false}},
      {name: 'retry() of an answer that is complete', act: (chat) => chat.retry(), same: {chat: true, key: false, answer: false}},
      {name: 'edit()', act: (chat) => chat.edit(chat.messages[0]!.id, 'Else?'), same: {chat: true, key: false, answer: false}},
      {
        name: 'stop() and the next question',
        act: (chat) => {
          chat.stop();
          return chat.send('And?');
        },
        same: {chat: true, key: false, answer: false},
      },
      {
        name: 'clear() and the next question',
        act: (chat) => {
          chat.clear();
          return chat.send('New.');
        },
        same: {chat: false, key: false, answer: false},
      },
      {
        name: 'messages set by the page, and the next question',
        act: (chat) => {
          chat.messages = [];
          return chat.send('New.');
        },
        same: {chat: true, key: false, answer: false},
      },
    ];
    for (const {name, act, same} of borders) {
      it(`${name}: ${Object.entries(same).map(([id, isSame]) => `${isSame ? 'same' : 'other'} ${id}`).join(', ')}`, async () => {
        const chat = await create({protocol: 'ai-sdk-ui'});
        const text = 'data: {"type":"start"}\n\ndata: {"type":"text-delta","id":"t","delta":"a"}\n\ndata: {"type":"finish"}\n\ndata: [DONE]\n\n';
        const sent = chat.send('Go.');
        const first = await request(1);
        first.open();
        first.write(text);
        const before = (await sent)!;
        const acted = act(chat);
        const second = await request(2);
        second.open();
        second.write(text);
        await acted;

        expect({
          chat: bodyOf(second).id === bodyOf(first).id,
          key: keyOf(second) === keyOf(first),
          answer: last(chat).id === before.id,
        }).to.deep.equal(same);
        expect(keyOf(first)).to.equal(before.id);
        expect(bodyOf(first).id).to.be.a('string').that.is.not.empty;
      });
    }

    it('an attempt again: same chat, same key, same answer', async () => {
      const chat = await create({protocol: 'ai-sdk-ui'});
      void chat.send('Go.');
      const first = await request(1);
      const {id} = last(chat);
      refuse(first, 429);
      const second = await request(2);

      expect(bodyOf(second)).to.deep.equal(bodyOf(first));
      expect([keyOf(first), keyOf(second), last(chat).id]).to.deep.equal([id, id, id]);
    });

    it('rounds of tools: same answer, and a key for each', async () => {
      const chat = await create();
      chat.tools = [{name: 'now', description: 'The time.', parameters: {type: 'object'}, execute: () => 'noon'}];
      const sent = chat.send('Go.');
      const keys: (string | null)[] = [];
      for (let round = 1; round <= 2; round++) {
        const exchange = await request(round);
        keys.push(keyOf(exchange));
        exchange.open();
        exchange.write(call(`c${round}`, 'now', '{}'));
      }
      const {id} = last(chat);
      keys.push(keyOf(await request(3)));
      await answer(3, 'Noon.');
      const message = await sent;

      expect(message).to.include({id, text: 'Noon.', reason: 'stop'});
      expect(keys).to.deep.equal([id, `${id}-1`, `${id}-2`]);
      expect(message!.parts.map((part) => (part.type === 'tool-call' ? (part.round ?? 0) : part.type))).to.deep.equal([0, 1, 'text']);
      expect(new Set(message!.parts.map((part) => (part.type === 'tool-call' ? part.key : ''))).size).to.equal(3);
    });
  });

  describe('stopping', () => {
    const stopped = async (chat: StreamChat, sent: Promise<Message | undefined>, text: string) => {
      const done = collect(chat, 'done', 'error');
      chat.stop();
      expect(chat.state).to.equal('idle');
      const message = (await sent)!;
      expect(message).to.include({status: 'stopped', reason: 'aborted', text});
      expect(done.map(({type}) => type)).to.deep.equal(['done']);
      expect(last(chat)).to.equal(message);
      const count = network.exchanges.length;
      await aMoment();
      network.nth(count);
      expect(last(chat)).to.equal(message);
    };

    it('before the headers', async () => {
      const chat = await create();
      const sent = chat.send('Go.');
      const exchange = await request(1);
      await stopped(chat, sent, '');
      expect(exchange.isReleased).to.be.true;
    });

    it('in the middle of the text', async () => {
      const chat = await create();
      const sent = chat.send('Go.');
      const exchange = await request(1);
      exchange.open();
      exchange.write(chunk('half'));
      await until(() => shownAnswer(chat) === 'half');
      await stopped(chat, sent, 'half');
      expect(exchange.isReleased).to.be.true;
    });

    it('while a listener delays the request, which is never sent', async () => {
      const chat = await create();
      let go = () => {};
      chat.addEventListener('request', (event) => event.waitUntil(new Promise<void>((resolve) => void (go = resolve))), {once: true});
      const sent = chat.send('Go.');
      await aMoment();
      network.nth(0);
      chat.stop();
      go();
      expect((await sent)!.reason).to.equal('aborted');
      await aMoment();
      network.nth(0);
    });

    it('by a listener that cancels the request', async () => {
      const chat = await create();
      chat.addEventListener('request', (event) => event.preventDefault(), {once: true});

      const message = await chat.send('Go.');

      expect(message).to.include({reason: 'aborted', text: ''});
      network.nth(0);
      expect(chat.state).to.equal('idle');
    });

    it('in a delay between attempts', async () => {
      Math.random = () => 1;
      const chat = await create();
      const sent = chat.send('Go.');
      refuse(await request(1), 429, {'retry-after': '50'});
      await until(() => chat.state === 'waiting');
      await stopped(chat, sent, '');
    });

    for (const isConfirmed of [false, true]) {
      it(isConfirmed ? 'while a tool asks for permission' : 'while a tool runs', async () => {
        const chat = await create();
        let signal: AbortSignal | undefined;
        let calls = 0;
        let asked = false;
        chat.addEventListener('tool-confirmation', () => void (asked = true));
        chat.tools = [
          {
            name: 'slow',
            description: '',
            parameters: {type: 'object'},
            confirm: isConfirmed,
            execute: (_args, context) => {
              calls++;
              signal = context.signal;
              return new Promise(() => undefined);
            },
          },
        ];
        const sent = chat.send('Go.');
        const exchange = await request(1);
        exchange.open();
        exchange.write(call('c', 'slow', '{}'));
        await until(() => (isConfirmed ? asked : signal));

        await stopped(chat, sent, '');

        expect(calls).to.equal(isConfirmed ? 0 : 1);
        if (!isConfirmed) expect(signal!.aborted).to.be.true;
      });
    }

    it('by the next question: the first answer stays as it is', async () => {
      const chat = await create();
      const sent = chat.send('One.');
      const exchange = await request(1);
      exchange.open();
      exchange.write(chunk('half'));
      await until(() => last(chat).text === 'half');
      const next = chat.send('Two.');
      await answer(2, 'whole');

      expect(await sent).to.include({text: 'half', reason: 'aborted'});
      expect(await next).to.include({text: 'whole', reason: 'stop'});
      expect(chat.messages.map(({text}) => text)).to.deep.equal(['One.', 'half', 'Two.', 'whole']);
    });

    const stops: Record<string, (chat: StreamChat) => void> = {
      'removing the element': (chat) => chat.remove(),
      'clear()': (chat) => chat.clear(),
      'setting messages': (chat) => void (chat.messages = []),
      'regenerate()': (chat) => void chat.regenerate(),
    };
    for (const [name, act] of Object.entries(stops)) {
      it(`by ${name}`, async () => {
        const chat = await create();
        const sent = chat.send('Go.');
        const exchange = await request(1);
        exchange.open();
        exchange.write(chunk('half'));
        await until(() => last(chat).text === 'half');

        act(chat);

        expect(await sent).to.include({reason: 'aborted', text: 'half'});
        expect(exchange.isReleased).to.be.true;
      });
    }

    it('moving the element stops nothing', async () => {
      const chat = await create();
      const sent = chat.send('Go.');
      const exchange = await request(1);
      exchange.open();
      exchange.write(chunk('half'));
      await until(() => last(chat).text === 'half');

      const parent = chat.parentElement!;
      chat.remove();
      parent.append(chat);
      await aMoment();
      exchange.write(chunk(' and half') + end);

      expect(await sent).to.include({reason: 'stop', text: 'half and half'});
    });

    it('twice, or without an answer, does nothing', async () => {
      const chat = await create({'stop-endpoint': '/stop'});
      chat.stop();
      const sent = chat.send('Go.');
      (await request(1)).open();
      chat.stop();
      chat.stop();
      await sent;
      await until(() => network.exchanges.length === 2);
      await aMoment();

      expect(network.nth(2).url).to.match(/\/stop$/);
    });

    it('the notice has the ID of the response if the server named it, and the length that was seen', async () => {
      const chat = await create({'stop-endpoint': '/stop', credentials: 'include'});
      chat.headers = {authorization: 'a'};
      for (const [index, head] of [`data: ${openaiChunk('a').replace('{', '{"id":"cmpl-1",')}\n\n`, chunk('a')].entries()) {
        const sent = chat.send('Go.');
        const exchange = await request(2 * index + 1);
        exchange.open();
        exchange.write(head + chunk('bc'));
        await until(() => last(chat).text === 'abc');
        chat.stop();
        const message = (await sent)!;
        const notice = await request(2 * index + 2);

        expect(JSON.parse(notice.init.body as string)).to.deep.equal({id: index === 0 ? 'cmpl-1' : message.id, length: 3});
        expect(notice.init.credentials).to.equal('include');
        expect(new Headers(notice.init.headers).get('authorization')).to.equal('a');
        notice.respond(new Response(''));
      }
    });

    it('without a stop endpoint, no notice is sent; and none for an answer that ended', async () => {
      const chat = await create();
      const sent = chat.send('Go.');
      await request(1);
      chat.stop();
      await sent;
      await aMoment();
      network.nth(1);

      chat.setAttribute('stop-endpoint', '/stop');
      const second = chat.send('Go.');
      await answer(2, 'a');
      await second;
      chat.stop();
      await aMoment();
      network.nth(2);
    });
  });

  describe('limits', () => {
    for (const [maxChars, text, reason] of [[4, 'abcd', 'length'], [5, 'abcd', 'stop'], [3, 'abcd', 'length'], [1, 'abcd', 'length']] as const) {
      it(`max-chars="${maxChars}" for an answer of 4 characters ends with "${reason}"`, async () => {
        const chat = await create({'max-chars': `${maxChars}`});
        const sent = chat.send('Go.');
        const exchange = await request(1);
        exchange.open();
        exchange.write(chunk(text));
        await until(() => last(chat).text === text);
        exchange.write(chunk('').replace('data', ': noise\n\ndata') + end);
        const message = await sent;

        expect(message).to.include({text, reason, status: 'done'});
        expect(exchange.isReleased, 'released').to.be.true;
      });
    }

    it('max-chars: nothing is added after it is reached', async () => {
      const chat = await create({'max-chars': '2'});
      const sent = chat.send('Go.');
      const exchange = await request(1);
      exchange.open();
      exchange.write(chunk('a') + chunk('b') + chunk('c') + end);

      expect(await sent).to.include({reason: 'length'});
      expect(last(chat).text.length).to.be.lessThan(4);
    });

    for (const [budget, isSent] of [[6, false], [7, false], [8, true]] as const) {
      it(`budget="${budget}" after 7 tokens ${isSent ? 'sends' : 'refuses'} the next question`, async () => {
        const chat = await create({budget: `${budget}`});
        const sent = chat.send('Go.');
        const exchange = await request(1);
        exchange.open();
        exchange.write(chunk('a') + usage(7) + end);
        await sent;
        const second = chat.send('More.');
        if (isSent) await answer(2, 'b');
        const message = await second;

        network.nth(isSent ? 2 : 1);
        if (isSent) expect(message).to.include({status: 'done', text: 'b'});
        else {
          expect(message!.error).to.include({code: 'config'});
          expect(message!.error!.message).to.contain(`7 of ${budget} tokens`);
        }
      });
    }
  });

  describe('failures', () => {
    it('an error leaves the text, one event, and an idle chat that can send', async () => {
      const chat = await create({retries: '0'});
      const events = collect(chat, 'done', 'error');
      const sent = chat.send('Go.');
      const exchange = await request(1);
      exchange.open();
      exchange.write(chunk('half') + 'data: {"error":{"message":"Broken."}}\n\n');
      exchange.close();
      const message = (await sent)!;

      expect(message).to.include({status: 'failed', text: 'half'});
      expect(message.error).to.include({code: 'provider', message: 'Broken.'});
      expect(events.map(({type}) => type)).to.deep.equal(['error']);
      expect((events[0] as unknown as {detail: {message: Message}}).detail.message).to.equal(message);
      expect(chat.state).to.equal('idle');
      const next = chat.send('Again.');
      await answer(2, 'ok');
      expect(await next).to.include({text: 'ok', status: 'done'});
    });

    it('an error of the provider is attempted again before any content, with what the first said gone', async () => {
      const chat = await create();
      const sent = chat.send('Go.');
      const first = await request(1);
      first.open();
      first.write('data: {"error":{"message":"Overloaded.","status":429}}\n\n');
      first.close();
      await answer(2, 'ok');

      expect(await sent).to.include({text: 'ok', status: 'done'});
      expect((await sent)!.error).to.be.undefined;
    });

    it('the first of several errors counts', async () => {
      const chat = await create({retries: '0'});
      const sent = chat.send('Go.');
      const exchange = await request(1);
      exchange.open();
      exchange.write('data: {"error":{"message":"First."}}\n\ndata: {"error":{"message":"Second."}}\n\n');
      exchange.close();

      expect((await sent)!.error!.message).to.equal('First.');
    });

    for (const status of [404, 410, 400]) {
      it(`a resume that is refused with ${status} is not attempted again, and retry() then asks anew`, async () => {
        const chat = await create({resume: '/resume'});
        const sent = chat.send('Go.');
        const first = await request(1);
        first.open();
        first.write(`id: 1\n${chunk('half')}`);
        await until(() => last(chat).text === 'half');
        first.lose();
        const second = await request(2);
        expect(second.url).to.match(/\/resume$/);
        refuse(second, status);
        const message = (await sent)!;
        await aMoment();

        network.nth(2);
        expect(message).to.include({status: 'failed', text: 'half'});
        expect(message.error!.code).to.equal('interrupted');
        const again = chat.retry();
        const third = await request(3);
        expect(third.url).to.match(/\/answers$/);
        expect(third.init.method).to.equal('POST');
        third.open();
        third.write(chunk('new') + end);
        expect(await again).to.include({text: 'new', status: 'done'});
        expect(chat.messages).to.have.length(2);
      });
    }

    it('a resume that fails with 503 can be resumed by retry(): the text and the ID stay', async () => {
      const chat = await create({resume: '/resume', retries: '1'});
      const sent = chat.send('Go.');
      const first = await request(1);
      first.open();
      first.write(`id: 1\n${chunk('half')}`);
      await until(() => last(chat).text === 'half');
      first.lose();
      refuse(await request(2), 503);
      const {id} = (await sent)!;
      const again = chat.retry();
      const third = await request(3);
      expect(third.url).to.match(/\/resume$/);
      third.open();
      third.write(`id: 2\n${chunk(' more')}${end}`);

      expect(await again).to.include({id, text: 'half more', status: 'done'});
      expect(chat.messages).to.have.length(2);
    });

    it('an end marker that the endpoint once sent is expected from then on', async () => {
      const chat = await create();
      const sent = chat.send('Go.');
      await answer(1, 'a');
      await sent;
      const second = chat.send('Go.');
      const exchange = await request(2);
      exchange.open();
      exchange.write(chunk('b'));
      exchange.close();

      expect((await second)!.error!.code).to.equal('interrupted');
    });

    it('without one, the end of the body is the end', async () => {
      const chat = await create();
      const sent = chat.send('Go.');
      const exchange = await request(1);
      exchange.open({'content-type': 'text/plain'});
      exchange.write('a');
      exchange.close();

      expect(await sent).to.include({text: 'a', status: 'done', reason: 'stop'});
    });
  });

  describe('the conversation', () => {
    it('a question that a listener cancels changes nothing', async () => {
      const chat = await create();
      const sent = chat.send('One.');
      await answer(1, 'a');
      await sent;
      const before = chat.messages;
      chat.addEventListener('send', (event) => event.preventDefault());

      expect(await chat.send('Two.')).to.be.undefined;
      expect(await chat.edit(before[0]!.id, 'Else.')).to.be.undefined;

      expect(chat.messages).to.deep.equal(before);
      expect(chat.state).to.equal('idle');
      network.nth(1);
    });

    it('edit() replaces the question and all after it, and sends what stood before', async () => {
      const chat = await create();
      for (const [index, text] of ['One.', 'Two.', 'Three.'].entries()) {
        const sent = chat.send(text);
        await answer(index + 1, `a${index}`);
        await sent;
      }
      const [, , second] = chat.messages;
      const edited = chat.edit(second!.id, 'Twice.');
      const exchange = await request(4);
      expect(bodyOf(exchange).messages.map(({content}) => content)).to.deep.equal(['One.', 'a0', 'Twice.']);
      await answer(4, 'new');
      await edited;

      expect(chat.messages.map(({text}) => text)).to.deep.equal(['One.', 'a0', 'Twice.', 'new']);
    });

    it('edit() refuses an ID that is no question, and leaves the answer in progress', async () => {
      const chat = await create();
      const sent = chat.send('One.');
      const exchange = await request(1);
      exchange.open();
      exchange.write(chunk('half'));
      await until(() => last(chat).text === 'half');

      for (const id of ['none', last(chat).id]) {
        const error = await chat.edit(id, 'x').catch((cause: unknown) => cause);
        expect(error).to.include({code: 'config'});
      }
      exchange.write(chunk(' more') + end);

      expect(await sent).to.include({text: 'half more', reason: 'stop'});
    });

    it('regenerate() sends the last question again, and nothing without one', async () => {
      const chat = await create();
      expect(await chat.regenerate()).to.be.undefined;
      network.nth(0);
      const sent = chat.send('One.');
      await answer(1, 'a');
      await sent;
      const again = chat.regenerate();
      const exchange = await request(2);
      expect(bodyOf(exchange).messages.map(({content}) => content)).to.deep.equal(['One.']);
      await answer(2, 'b');
      await again;

      expect(chat.messages.map(({text}) => text)).to.deep.equal(['One.', 'b']);
    });

    it('usage counts answers that were replaced, and nothing after clear()', async () => {
      const chat = await create();
      const send = async (count: number, start: () => Promise<unknown>, tokens: number) => {
        const sent = start();
        const exchange = await request(count);
        exchange.open();
        exchange.write(chunk('a') + usage(tokens) + end);
        await sent;
      };
      expect(chat.usage).to.be.undefined;
      await send(1, () => chat.send('One.'), 7);
      expect(chat.usage!.totalTokens).to.equal(7);
      await send(2, () => chat.regenerate(), 10);
      expect(chat.usage!.totalTokens).to.equal(17);
      await send(3, () => chat.edit(chat.messages[0]!.id, 'Else.'), 100);
      expect(chat.usage!.totalTokens).to.equal(117);

      chat.clear();
      expect(chat.usage).to.be.undefined;
      await send(4, () => chat.send('New.'), 5);
      chat.messages = [];
      expect(chat.usage).to.be.undefined;
    });

    it('clear() fires `clear` once, and leaves nothing', async () => {
      const chat = await create();
      const clears = collect(chat, 'clear');
      const sent = chat.send('One.');
      await answer(1, 'a');
      await sent;

      chat.clear();

      expect(clears).to.have.length(1);
      expect(chat.messages).to.deep.equal([]);
      await chat.updateComplete;
      await until(() => shownAnswer(chat) === '');
      const next = chat.send('New.');
      expect(bodyOf(await request(2)).messages.map(({content}) => content)).to.deep.equal(['New.']);
      chat.stop();
      await next;
    });

    it('`messages` is current within an answer, and the same array until it changes', async () => {
      const chat = await create();
      const sent = chat.send('One.');
      const exchange = await request(1);
      expect(chat.messages.map(({role, status}) => [role, status])).to.deep.equal([
        ['user', 'done'],
        ['assistant', 'streaming'],
      ]);
      exchange.open();
      exchange.write(chunk('a'));
      await until(() => last(chat).text === 'a');
      const {messages} = chat;
      expect(chat.messages).to.equal(messages);
      exchange.write(chunk('b') + end);
      await sent;

      expect(chat.messages).to.not.equal(messages);
      expect(last(chat)).to.include({text: 'ab', status: 'done'});
    });

    it('`done` is fired when the last character is in the DOM, and `send()` resolves then', async () => {
      const chat = await create();
      let shown: string | undefined;
      chat.addEventListener('done', () => void (shown = shownAnswer(chat)));
      const sent = chat.send('One.');
      await answer(1, 'a', 'b', 'c');
      await sent;

      expect(shown).to.equal('abc');
    });

    it('a page that is hidden while the answer runs, and shown again, requests nothing twice', async () => {
      const chat = await create();
      const states: ChatState[] = [];
      chat.addEventListener('statechange', ({detail}) => states.push(detail.state));
      const sent = chat.send('One.');
      const exchange = await request(1);
      exchange.open();
      exchange.write(chunk('a'));
      await until(() => last(chat).text === 'a');
      const before = Object.getOwnPropertyDescriptor(document, 'hidden');
      try {
        for (const hidden of [true, false]) {
          Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});
          document.dispatchEvent(new Event('visibilitychange'));
          exchange.write(chunk('b'));
          await aMoment();
        }
      } finally {
        if (before) Object.defineProperty(document, 'hidden', before);
        else Reflect.deleteProperty(document, 'hidden');
      }
      exchange.write(end);
      await sent;

      network.nth(1);
      expect(last(chat)).to.include({text: 'abb', status: 'done'});
      expect(states).to.deep.equal(['connecting', 'streaming', 'idle']);
    });

    it('the error event of an answer is the end that `send()` waits for', async () => {
      const chat = await create({retries: '0'});
      const end = ended(chat);
      const sent = chat.send('One.');
      refuse(await request(1), 500);

      expect((await end).type).to.equal('error');
      expect(await sent).to.include({status: 'failed'});
    });
  });
});
