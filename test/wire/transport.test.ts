import {aTimeout, expect} from '@open-wc/testing';

import {isAnswerType} from '../../src/wire/sniff.js';
import {Watchdog} from '../../src/wire/watchdog.js';
import {collect, createChat, ended, next, shownAnswer, until} from '../helpers/chat.js';
import {json, openai, openaiChunk, openaiFinish, script, sse, type ScriptedResponse} from '../helpers/server.js';
import {shared} from '../helpers/shared.js';

const chunk = (text: string) => `data: ${openaiChunk(text)}\n\n`;

/** Overrides a read-only property of a browser object until the test ends. */
const overridden: (() => void)[] = [];
function override(target: object, name: string, get: () => unknown) {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, {configurable: true, get});
  overridden.push(() => (before ? Object.defineProperty(target, name, before) : Reflect.deleteProperty(target, name)));
}
afterEach(() => {
  for (const restore of overridden.splice(0)) restore();
});

describe('transport: handling of each failure', () => {
  async function failure(responses: readonly ScriptedResponse[], attributes: Record<string, string> = {}) {
    const server = await script(responses);
    const chat = await createChat({endpoint: server.url, retries: '1', ...attributes});
    const end = ended(chat);
    void chat.send('Go.');
    const event = await end;
    const {requests} = await server.waitFor(({open}) => open === 0);
    return {error: event.type === 'error' ? (event as Awaited<ReturnType<typeof next<'error'>>>).detail.error : undefined, requests, chat};
  }

  it('response types: which may be an answer', async function () {
    const cases: {name: string; content_type: string | null; expected: string}[] = await (
      await shared(this, 'sse-response-cases.json')
    ).json();

    for (const {name, content_type: type, expected} of cases.filter(({name}) => name.startsWith('mime'))) {
      const response = {headers: {'content-type': type ?? ''}, steps: [{write: `${chunk('ok')}data: [DONE]\n\n`}]};
      const {error, requests, chat} = await failure([response]);
      expect(error === undefined, `${name}: ${error?.message}`).to.equal(expected.startsWith('open'));
      expect(requests).to.have.length(1);
      if (!error) expect(chat.messages.at(-1)!.text).to.equal('ok');
    }
  });

  const answerTypes = [
    'application/json', 'Application/X-NDJSON; charset=utf-8', 'text/plain', null, '', 'text/stream', 'text/x-event-stream',
    'application/stream+json', 'application/jsonl', 'application/problem+json', 'application/x-event-stream',
    'application/json, text/event-stream; charset=utf-8', 'text/event-stream, text/event-stream', 'text/html, text/event-stream',
  ];
  for (const type of answerTypes) {
    it(`accepts "${type}" as an answer`, () => expect(isAnswerType(type)).to.be.true);
  }
  for (const type of ['text/html', 'image/png', 'text/css', 'text/event-streams', 'text/plain, image/png']) {
    it(`rejects "${type}"`, () => expect(isAnswerType(type)).to.be.false);
  }

  const inHtml = {
    'an event stream': `${chunk('ok')}data: [DONE]\n\n`,
    'an event stream after a comment': `: open\n\n${chunk('ok')}data: [DONE]\n\n`,
    'an event stream after warnings of PHP': `<br />\n<b>Warning</b>: x in a.php on line 1<br />\n${chunk('ok')}data: [DONE]\n\n`,
    'a JSON object': '{"choices":[{"message":{"content":"ok"},"finish_reason":"stop"}]}',
    'plain text': 'ok',
  };
  for (const [name, body] of Object.entries(inHtml)) {
    it(`accepts ${name} as text/html`, async () => {
      const headers = {'content-type': 'text/html; charset=utf-8'};
      for (const steps of [[{write: body}], [...body].map((write) => ({write}))]) {
        const {error, chat} = await failure([{headers, steps}]);
        expect(error?.message).to.be.undefined;
        expect(chat.messages.at(-1)).to.include({text: 'ok', status: 'done'});
      }
    });
  }
  for (const page of ['<!DOCTYPE html>\n<html><body>data: x</body></html>', '\n <html lang="en">', '<h1>Not found</h1>', '<br />\n<b>Fatal error</b>', '']) {
    it(`rejects a web page as text/html: ${JSON.stringify(page)}`, async () => {
      const {error, requests} = await failure([{headers: {'content-type': 'text/html'}, steps: [{write: page}]}]);
      expect(error).to.include({code: 'http'});
      expect(error!.message).to.include('a web page');
      expect(requests).to.have.length(1);
    });
  }

  for (const status of [408, 425, 429, 500, 502, 503, 504, 529]) {
    it(`${status} is retried`, async () => {
      const {error, requests, chat} = await failure([{status, headers: {'retry-after-ms': '5'}}, openai('ok')]);

      expect(error).to.be.undefined;
      expect(requests).to.have.length(2);
      expect(chat.messages.at(-1)!.text).to.equal('ok');
    });
  }

  for (const status of [400, 403, 404, 409, 422, 501]) {
    it(`${status} is not retried`, async () => {
      const {error, requests} = await failure([json({detail: 'No.'}, status), openai('ok')]);

      expect(error).to.include({status});
      expect(requests).to.have.length(1);
    });
  }

  it('Retry-After may be a date', async () => {
    const date = new Date(Date.now() + 1500).toUTCString();
    const began = performance.now();

    const {requests} = await failure([{status: 503, headers: {'retry-after': date}}, openai('ok')]);

    expect(requests).to.have.length(2);
    expect(performance.now() - began).to.be.greaterThan(300);
  });

  it('401 refreshes headers once, and not twice', async () => {
    const server = await script([json({}, 401), openai('ok')]);
    const chat = await createChat({endpoint: server.url});
    const asked: boolean[] = [];
    chat.headers = ({unauthorised}) => {
      asked.push(unauthorised);
      return {authorization: unauthorised ? 'fresh' : 'stale'};
    };

    const message = await chat.send('Go.');

    expect(message!.text).to.equal('ok');
    expect(asked).to.deep.equal([false, true]);
    expect((await server.log()).requests.map(({headers}) => headers['authorization'])).to.deep.equal(['stale', 'fresh']);

    const always = await script(json({}, 401));
    chat.endpoint = always.url;
    expect((await chat.send('Go.'))!.error!.code).to.equal('auth');
    expect((await always.log()).requests).to.have.length(2);
  });

  it('204 has no answer', async () => {
    const {error, requests} = await failure([{status: 204}]);

    expect(error).to.include({code: 'http', status: 204});
    expect(requests).to.have.length(1);
  });

  it('another origin that does not allow the page', async () => {
    const server = await script(openai('ok'));
    const chat = await createChat({endpoint: server.strangerUrl, retries: '0'});

    const message = await chat.send('Go.');

    expect(message!.error!.code).to.equal('network');
    expect(message!.error!.message).to.contain('CORS');
  });

  it('another origin that allows it: no custom header causes a preflight', async () => {
    const server = await script(openai('ok'), {cors: {allowHeaders: ['content-type']}});
    const chat = await createChat({endpoint: server.crossUrl});

    expect((await chat.send('Go.'))!.text).to.equal('ok');
  });

  it('an unreachable host', async () => {
    const chat = await createChat({endpoint: 'http://nowhere.invalid/api', retries: '0'});

    const message = await chat.send('Go.');

    expect(message!.error).to.include({code: 'network', retryable: true});
    expect(message!.error!.message).to.contain('http://nowhere.invalid');
  });

  it('a provider error before any content is retried', async () => {
    const busy = sse('{"error": {"message": "Overloaded.", "status": 503}}');
    const {error, requests, chat} = await failure([busy, openai('ok')]);

    expect(error).to.be.undefined;
    expect(requests).to.have.length(2);
    expect(chat.messages.at(-1)!.text).to.equal('ok');
  });

  it('a provider error in the middle is not retried', async () => {
    const {error, requests} = await failure([sse(openaiChunk('half'), '{"error": {"message": "Overloaded.", "status": 503}}')]);

    expect(error).to.include({code: 'provider', message: 'Overloaded.'});
    expect(requests).to.have.length(1);
  });

  it('data after the end is not read, and the connection is released', async () => {
    const {error, requests, chat} = await failure([
      {steps: [{write: `${chunk('all')}data: [DONE]\n\n${chunk(' too much')}`}, {repeat: 1000, write: ': noise\n\n', wait: 20}]},
    ]);

    expect(error).to.be.undefined;
    expect(chat.messages.at(-1)!.text).to.equal('all');
    expect(requests[0]!.closed).to.equal('client');
  });

  it('an error inside a stream that stays open does not wait for its end', async () => {
    const server = await script({steps: [{write: 'data: {"error": {"message": "Broken."}}\n\n'}, {silence: true}]});
    const chat = await createChat({endpoint: server.url});
    const began = performance.now();

    const message = await chat.send('Go.');

    expect(message!.error).to.include({code: 'provider', message: 'Broken.'});
    expect(performance.now() - began).to.be.lessThan(5000);
  });

  it('half a JSON answer is not retried', async () => {
    const half = {headers: {'content-type': 'application/json'}, steps: [{write: '{"choices": [{"message": {"content": "ha'}]};
    const {error, requests} = await failure([half]);

    expect(error!.code).to.equal('interrupted');
    expect(requests).to.have.length(1);
  });

  it('a malformed line of NDJSON is reported', async () => {
    const lines = {headers: {'content-type': 'application/x-ndjson'}, steps: [{write: '{"content":"a"}\n{"content":"b"}\n{"content": oops\n{"content":"c"}\n'}]};
    const {error, chat} = await failure([lines]);

    expect(error!.code).to.equal('protocol');
    expect(chat.messages.at(-1)!.text, 'what can be parsed is kept').to.equal('abc');
  });

  it('a stream of unknown format is reported', async () => {
    const {error} = await failure([sse('{"weather": 21}', '{"weather": 22}')]);

    expect(error!.code).to.equal('protocol');
    expect(error!.message).to.contain('weather');
  });

  it('events with custom names need their end marker', async () => {
    const server = await script([
      {steps: [{write: 'event: content\ndata: {"text":"whole"}\n\nevent: done\ndata: {"reason":"stop"}\n\n'}]},
      {steps: [{write: 'event: content\ndata: {"text":"half"}\n\n'}]},
    ]);
    const chat = await createChat({endpoint: server.url});

    expect(await chat.send('Go.')).to.include({text: 'whole', status: 'done'});
    expect((await chat.send('Go.'))!.error!.code).to.equal('interrupted');
  });

  it('a server that sent an end marker once must send it again', async () => {
    const server = await script([sse('one', '[DONE]'), sse('half')]);
    const chat = await createChat({endpoint: server.url});

    expect(await chat.send('Go.')).to.include({text: 'one', status: 'done'});
    expect((await chat.send('Go.'))!.error!.code).to.equal('interrupted');
  });
});

describe('transport: connections are released', () => {
  it('20 failed answers leave connections for the next', async function () {
    this.timeout(40_000);
    const endings: ScriptedResponse[] = [
      {steps: [{write: chunk('x')}, {silence: true}]},
      {status: 400, steps: [{repeat: 1000, write: 'x'.repeat(1000), wait: 20}]},
      {headers: {'content-type': 'text/html'}, steps: [{repeat: 1000, write: '<p>'.repeat(300), wait: 20}]},
      {steps: [{write: `${chunk('x')}data: {"choices": [oops\n\n`}]},
      {steps: [{write: `${chunk('x')}data: [DONE]\n\n`}, {silence: true}]},
    ];
    for (let round = 0; round < 4; round++) {
      for (const ending of endings) {
        const server = await script(ending);
        const chat = await createChat({endpoint: server.url});
        const end = ended(chat);
        void chat.send('Go.');
        if (ending === endings[0]) {
          await until(() => shownAnswer(chat) === 'x');
          chat.stop();
        }
        await end;
        await server.waitFor(({open}) => open === 0);
      }
    }

    const server = await script(openai('free'));
    const chat = await createChat({endpoint: server.url});
    expect((await chat.send('Go.'))!.text).to.equal('free');
  });

  it('no listener and no timer is left after 300 answers', async function () {
    this.timeout(60_000);
    const server = await script([openai('a', 'b')]);
    const chat = await createChat({endpoint: server.url});
    await chat.send('Warm up.');
    const listeners = new Map<EventTarget, number>();
    const timers = new Map<unknown, string>();
    const {addEventListener, removeEventListener} = EventTarget.prototype;
    const {setTimeout: set, clearTimeout: clear} = window;
    const count = (target: EventTarget, by: number) => listeners.set(target, (listeners.get(target) ?? 0) + by);
    EventTarget.prototype.addEventListener = function (...args: Parameters<typeof addEventListener>) {
      if (this === window || this === document) count(this, 1);
      return addEventListener.apply(this, args);
    };
    EventTarget.prototype.removeEventListener = function (...args: Parameters<typeof removeEventListener>) {
      if (this === window || this === document) count(this, -1);
      return removeEventListener.apply(this, args);
    };
    window.setTimeout = ((handler: () => void, ms?: number) => {
      const id = set(() => {
        timers.delete(id);
        handler();
      }, ms);
      timers.set(id, new Error(`${ms} ms`).stack ?? '');
      return id;
    }) as typeof setTimeout;
    window.clearTimeout = ((id: number) => {
      timers.delete(id);
      clear(id);
    }) as typeof clearTimeout;

    try {
      for (let i = 0; i < 300; i++) {
        await chat.send('Go.');
        if (i % 10 === 9) chat.clear();
      }
    } finally {
      Object.assign(EventTarget.prototype, {addEventListener, removeEventListener});
      Object.assign(window, {setTimeout: set, clearTimeout: clear});
    }

    expect([...listeners.values()].every((n) => n <= 0), JSON.stringify([...listeners.values()])).to.be.true;
    // Some run out by themselves, such as that of the announcer.
    await until(() => timers.size < 3).catch(() => expect(timers.size, [...timers.values()].join('\n')).to.be.lessThan(3));
    expect((await server.log()).open).to.equal(0);
  });
});

describe('transport: hidden, offline and moved pages', () => {
  it('a hidden page continues, renders without animation frames, sends one request, and completes in time', async () => {
    const server = await script({
      steps: [{repeat: 20, write: chunk('w{i} '), wait: 10}, {write: `data: ${openaiFinish}\n\ndata: [DONE]\n\n`}],
    });
    const chat = await createChat({endpoint: server.url});
    const done = next(chat, 'done');
    void chat.send('Go.');
    await until(() => shownAnswer(chat).includes('w1'));

    override(document, 'hidden', () => true);
    override(document, 'visibilityState', () => 'hidden');
    // No animation frame arrives in a hidden page.
    override(window, 'requestAnimationFrame', () => () => 0);
    document.dispatchEvent(new Event('visibilitychange'));
    await done;

    const text = Array.from({length: 20}, (_, i) => `w${i} `).join('');
    expect(chat.messages.at(-1)!.text).to.equal(text);
    expect(shownAnswer(chat)).to.equal(text.trim());
    document.dispatchEvent(new Event('visibilitychange'));
    await aTimeout(50);
    expect((await server.log()).requests).to.have.length(1);
  });

  it('offline waits for the network, counts no attempt, and aborts no stream', async () => {
    const server = await script(openai('back'));
    const chat = await createChat({endpoint: server.url, retries: '1'});
    // Browsers block this port, so that no request leaves them.
    chat.addEventListener('request', ({detail}) => {
      if (detail.attempt < 2) detail.url = 'http://127.0.0.1:9/';
    });
    const states = collect(chat, 'statechange');
    let online = false;
    override(navigator, 'onLine', () => online);
    const done = next(chat, 'done');
    void chat.send('Go.');

    for (let i = 1; i <= 2; i++) {
      await until(() => states.filter(({detail}) => detail.state === 'offline').length === i, `offline ${i}`);
      if (i === 2) online = true;
      window.dispatchEvent(new Event('online'));
    }
    await done;

    expect(chat.messages.at(-1)!.text).to.equal('back');
  });

  it('going offline does not end a stream that continues', async () => {
    const server = await script({steps: [{write: chunk('a')}, {until: 'go'}, {write: `${chunk('b')}data: [DONE]\n\n`}]});
    const chat = await createChat({endpoint: server.url});
    const done = next(chat, 'done');
    void chat.send('Go.');
    await until(() => shownAnswer(chat) === 'a');

    override(navigator, 'onLine', () => false);
    window.dispatchEvent(new Event('offline'));
    await server.release('go');
    await done;

    expect(chat.messages.at(-1)!.text).to.equal('ab');
  });

  it('moveBefore does not end a stream', async function () {
    if (!('moveBefore' in Element.prototype)) return this.skip();
    const server = await script({steps: [{write: chunk('a')}, {until: 'go'}, {write: `${chunk('b')}data: [DONE]\n\n`}]});
    const chat = await createChat({endpoint: server.url});
    const done = next(chat, 'done');
    void chat.send('Go.');
    await until(() => shownAnswer(chat) === 'a');

    const other = document.createElement('div');
    chat.parentElement!.append(other);
    (other as unknown as {moveBefore(node: Node, child: Node | null): void}).moveBefore(chat, null);
    await aTimeout(20);
    await server.release('go');
    await done;

    expect(shownAnswer(chat)).to.equal('ab');
    expect((await server.log()).requests).to.have.length(1);
  });
});

describe('Watchdog', () => {
  it('times out when idle, and not while there is activity', async () => {
    let timeouts = 0;
    const watchdog = new Watchdog(80, () => timeouts++);

    for (let i = 0; i < 5; i++) {
      await aTimeout(40);
      watchdog.reset();
    }
    expect(timeouts).to.equal(0);
    await until(() => timeouts === 1);
    watchdog.stop();
  });

  it('grants extra time if its timer fires late, as after a suspension', async () => {
    let timeouts = 0;
    const watchdog = new Watchdog(100, () => timeouts++);

    // The page is frozen.
    const wakes = performance.now() + 1300;
    while (performance.now() < wakes);
    await aTimeout(50);

    expect(timeouts).to.equal(0);
    watchdog.stop();
  });
});
