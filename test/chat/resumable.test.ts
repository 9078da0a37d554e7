import {aTimeout, expect} from '@open-wc/testing';

import type {AnswerErrorEvent, StreamChat} from '../../src/index.js';
import {collect, createChat, ended, shownAnswer, until} from '../helpers/chat.js';
import {
  answerTo,
  clusterStatus,
  cutPlaces,
  freeze,
  kill,
  restart,
  type ClusterStatus,
  type InstanceStatus,
} from '../helpers/resumable.js';

const question = 'Is  it\nwhole? 👋🏽';
const whole = answerTo(question);
/** A part of the answer that is neither its beginning nor near its end. */
const middle = whole.indexOf('20. Step');

interface Listening {
  readonly chat: StreamChat;
  /** The texts of all `delta` events, joined. */
  readonly streamed: () => string;
  readonly reconnects: readonly Event[];
  readonly resets: readonly Event[];
}

async function listen(attributes: Record<string, string>, key?: string): Promise<Listening> {
  const chat = await createChat({renderer: 'plain', ...attributes});
  if (key) chat.headers = {'idempotency-key': key};
  const deltas = collect(chat, 'delta');
  return {
    chat,
    streamed: () => deltas.map(({detail}) => detail.text).join(''),
    reconnects: collect(chat, 'reconnect'),
    resets: collect(chat, 'reset'),
  };
}

/** What has come of the answer. */
const said = (chat: StreamChat) => chat.messages.find(({role}) => role === 'assistant')?.text ?? '';
const hasMiddle = ({chat}: Listening) => said(chat).length > middle;
const createKey = () => `test-${crypto.randomUUID()}`;

async function isWhole({chat, streamed, resets}: Listening, end: ReturnType<typeof ended>) {
  const event = await end;
  expect(event.type, event.type === 'error' ? String((event.detail as {error: Error}).error) : '').to.equal('done');
  expect(said(chat)).to.equal(whole);
  expect(streamed()).to.equal(whole);
  expect(shownAnswer(chat)).to.equal(whole);
  expect(resets).to.have.length(0);
  expect(chat.messages).to.have.length(2);
}

describe('demo/backends/resumable', () => {
  describe('without Redis', () => {
    it('streams the complete answer over a connection that is lost ten times', async function () {
      this.timeout(30_000);
      const key = createKey();
      const listening = await listen({endpoint: '/__resumable-cuts/api/chat'}, key);

      const end = ended(listening.chat);
      await listening.chat.send(question);

      const places = await cutPlaces(key);
      await isWhole(listening, end).catch((error: Error) => {
        throw new Error(`${error.message}, cut at ${places.join()}`, {cause: error});
      });
      expect(places).to.have.length(10);
      expect(listening.reconnects).to.have.length(10);
    });

    it('sends two clients the same, including the later one', async function () {
      this.timeout(20_000);
      const key = createKey();
      const endpoint = '/__resumable-memory/api/chat';
      const first = await listen({endpoint}, key);
      const second = await listen({endpoint}, key);

      const ends = [ended(first.chat), ended(second.chat)] as const;
      void first.chat.send(question);
      await until(() => hasMiddle(first));
      void second.chat.send(question);

      await Promise.all([isWhole(first, ends[0]), isWhole(second, ends[1])]);
    });

    it('keeps generating without a client', async function () {
      this.timeout(20_000);
      const key = createKey();
      const endpoint = '/__resumable-memory/api/chat';
      const first = await listen({endpoint}, key);
      void first.chat.send(question);
      await until(() => said(first.chat) !== '');
      first.chat.remove();
      const second = await listen({endpoint}, key);

      const status = async () => (await (await fetch('/__resumable-memory/status')).json()) as InstanceStatus;
      await untilStatus(status, ({listeners}) => listeners === 0);
      expect((await status()).writing).to.equal(1);
      await untilStatus(status, ({writing}) => writing === 0);
      const began = performance.now();
      const end = ended(second.chat);
      await second.chat.send(question);

      await isWhole(second, end);
      expect(performance.now() - began, 'milliseconds for an answer that was there').to.be.below(1500);
    });

    it('stops on request', async function () {
      const key = createKey();
      const base = '/__resumable-memory/api/chat';
      const {chat, reconnects} = await listen({endpoint: base, 'stop-endpoint': `${base}/stop`}, key);
      void chat.send(question);
      await until(() => said(chat).length > 100);

      const end = ended(chat);
      chat.stop();
      const text = said(chat);
      await end;

      const rest = await fetchAnswer(base, key);
      expect(rest.endsWith('data: [DONE]\n\n')).to.be.true;
      const written = textOf(rest);
      expect(written.startsWith(text)).to.be.true;
      expect(written.length, 'what the server wrote until it was told').to.be.below(text.length + 500);
      expect(reconnects).to.have.length(0);
    });

    it('answers 204 to a resume request for an expired answer', async () => {
      const headers = {'content-type': 'application/json', 'last-event-id': '7-0', 'idempotency-key': createKey()};
      const body = JSON.stringify({messages: [{role: 'user', content: question}]});

      const asked = await fetch('/__resumable-memory/api/chat', {method: 'POST', headers, body});
      const listened = await fetch('/__resumable-memory/api/chat/chatcmpl-unknown/stream');

      expect([asked.status, listened.status]).to.deep.equal([204, 204]);
    });
  });

  describe('two instances, Redis and nginx', () => {
    let status: ClusterStatus;

    const counted = async () => {
      const {counters} = await clusterStatus();
      return Object.fromEntries(
        ['generations', 'takeovers'].map((name) => [name, (counters[name] ?? 0) - (status.counters[name] ?? 0)]),
      );
    };

    before(async function () {
      // They may have to be installed first.
      this.timeout(180_000);
      const {missing} = await clusterStatus();
      if (!missing) return;
      console.log(`Skipped: ${missing}`);
      this.skip();
    });

    beforeEach(async function () {
      this.timeout(20_000);
      status = await restart();
    });

    it('streams through an nginx that buffers and compresses', async function () {
      this.timeout(20_000);
      const listening = await listen({endpoint: '/__resumable/api/chat'});
      const times: number[] = [];
      listening.chat.addEventListener('delta', () => times.push(performance.now()));

      const end = ended(listening.chat);
      await listening.chat.send(question);

      await isWhole(listening, end);
      expect(times.at(-1)! - times[0]!, 'milliseconds from the first to the last delta').to.be.above(1000);
      expect(listening.reconnects).to.have.length(0);
      expect(await counted()).to.deep.equal({generations: 1, takeovers: 0});
    });

    it('completes when the instance that writes and sends it is killed', async function () {
      this.timeout(30_000);
      const listening = await listen({endpoint: '/__resumable/api/chat'});
      const end = ended(listening.chat);
      void listening.chat.send(question);
      await until(() => hasMiddle(listening));

      const name = await kill();

      const {instances} = await clusterStatus();
      expect(instances.find((instance) => instance.name === name)!.alive).to.be.false;
      await isWhole(listening, end);
      expect(listening.reconnects).to.not.have.length(0);
      expect(await counted()).to.deep.equal({generations: 1, takeovers: 1});
    });

    it('completes without a reconnection when an instance that does not send it is killed', async function () {
      this.timeout(30_000);
      const key = createKey();
      const writer = await listen({endpoint: '/__resumable-0/api/chat'}, key);
      const reader = await listen({endpoint: '/__resumable-1/api/chat'}, key);
      void writer.chat.send(question);
      await until(() => said(writer.chat) !== '');
      const end = ended(reader.chat);
      void reader.chat.send(question);
      await until(() => hasMiddle(reader));

      expect(await kill()).to.equal('0');
      writer.chat.remove();

      await isWhole(reader, end);
      expect(reader.reconnects).to.have.length(0);
      expect(await counted()).to.deep.equal({generations: 1, takeovers: 1});
    });

    it('completes when both instances are killed, one after the other', async function () {
      this.timeout(40_000);
      const listening = await listen({endpoint: '/__resumable/api/chat'});
      const end = ended(listening.chat);
      void listening.chat.send(question);
      await until(() => said(listening.chat).length > 300);
      await kill();
      await until(() => hasMiddle(listening), 'the other one goes on');

      await kill();
      await restart();

      await isWhole(listening, end);
      expect(await counted()).to.deep.equal({generations: 1, takeovers: 2});
    });

    it('is written once if a suspended instance wakes after another one has taken over', async function () {
      this.timeout(30_000);
      const key = createKey();
      const attributes = {endpoint: '/__resumable/api/chat', 'idle-timeout': '1', 'connect-timeout': '1'};
      const listening = await listen(attributes, key);
      const end = ended(listening.chat);
      void listening.chat.send(question);
      await until(() => hasMiddle(listening));

      await freeze();
      await until(() => listening.reconnects.length > 0);
      const {length} = said(listening.chat);
      await until(() => said(listening.chat).length > length + 50, 'the other one goes on');
      await restart();

      await isWhole(listening, end);
      expect(textOf(await fetchAnswer('/__resumable/api/chat', key))).to.equal(whole);
      expect(await counted()).to.deep.equal({generations: 1, takeovers: 1});
    });

    it('stops if another instance receives the request to stop', async function () {
      this.timeout(20_000);
      const key = createKey();
      const stopEndpoint = '/__resumable-1/api/chat/stop';
      const {chat} = await listen({endpoint: '/__resumable-0/api/chat', 'stop-endpoint': stopEndpoint}, key);
      void chat.send(question);
      await until(() => said(chat).length > 100);

      const end = ended(chat);
      chat.stop();
      const text = said(chat);
      await end;

      const rest = await fetchAnswer('/__resumable/api/chat', key);
      expect(rest.endsWith('data: [DONE]\n\n')).to.be.true;
      expect(textOf(rest).length, 'what was written until the stop').to.be.below(text.length + 500);
      await untilStatus(clusterStatus, ({instances}) => instances.every(({writing}) => writing === 0));
    });

    it('fails without a second model call when its writer is killed and the model cannot resume', async function () {
      this.timeout(40_000);
      const {counters} = await restart('openai');
      const {chat, reconnects} = await listen({endpoint: '/__resumable-openai/api/chat'});
      const end = ended(chat);
      void chat.send(question);
      await until(() => said(chat).length > 500);
      const text = said(chat);

      await kill('openai');

      const event = await end;
      expect(event.type).to.equal('error');
      expect((event as AnswerErrorEvent).detail.error.code).to.equal('provider');
      expect((event as AnswerErrorEvent).detail.error.message).to.contain('was lost');
      expect(reconnects).to.not.have.length(0);
      expect(said(chat).startsWith(text)).to.be.true;
      expect((await clusterStatus('openai')).counters.asked! - counters.asked!).to.equal(1);
    });

    it('resumes from the URL of the answer', async function () {
      this.timeout(30_000);
      const base = '/__resumable/api/chat';
      const listening = await listen({endpoint: base, resume: `${base}/{id}/stream`});
      const requests = collect(listening.chat, 'request');
      const end = ended(listening.chat);
      void listening.chat.send(question);
      await until(() => hasMiddle(listening));

      await kill();

      await isWhole(listening, end);
      expect(requests.at(-1)!.detail.url).to.match(/\/api\/chat\/chatcmpl-\w+\/stream$/);
    });
  });
});

/** All events of the answer under this key, as they were sent. */
async function fetchAnswer(endpoint: string, key: string): Promise<string> {
  const headers = {'content-type': 'application/json', 'idempotency-key': key};
  const response = await fetch(endpoint, {method: 'POST', headers, body: '{"messages": []}'});
  return response.text();
}

/** Resolves when the condition of a status holds. Rejects after ten seconds. */
async function untilStatus<T>(get: () => Promise<T>, condition: (status: T) => boolean): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (condition(await get())) return;
    await aTimeout(100);
  }
  throw new Error(`It did not come true: ${String(condition)}`);
}

/** The text of an answer in OpenAI's format. */
function textOf(events: string): string {
  return [...events.matchAll(/^data: (\{.*)$/gm)]
    .map(([, json]) => (JSON.parse(json!) as {choices: {delta: {content?: string}}[]}).choices[0]!.delta.content ?? '')
    .join('');
}
