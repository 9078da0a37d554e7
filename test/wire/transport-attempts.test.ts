import {expect} from '@open-wc/testing';

import {StreamChatError} from '../../src/model/errors.js';
import {notifyStopped, stream, type AnswerSink, type Attempt, type TransportRequest} from '../../src/wire/transport.js';
import {installClock, type Clock} from '../helpers/clock.js';
import {installNetwork, type Network} from '../helpers/exchange.js';

type Changeable<T> = {-readonly [K in keyof T]: T[K]};
type Sink = Changeable<AnswerSink> & {isComplete: boolean};

const limits = {connectTimeout: 30, idleTimeout: 45, retries: 8};
const html = {'content-type': 'text/html'};

describe('transport: attempts, by a clock that stands still', () => {
  let clock: Clock;
  let network: Network;
  /** What the transport did, in its order. */
  let log: string[];
  let attempts: Attempt[];
  let delays: number[];
  let outcome: 'pending' | 'resolved' | StreamChatError;
  let abort: AbortController;
  const {random} = Math;
  let restores: (() => void)[];

  beforeEach(() => {
    clock = installClock();
    network = installNetwork();
    log = [];
    attempts = [];
    delays = [];
    restores = [];
    outcome = 'pending';
    abort = new AbortController();
    Math.random = () => 0.5;
  });
  afterEach(() => {
    abort.abort();
    Math.random = random;
    for (const restore of restores) restore();
  });

  function override(target: object, name: string, get: () => unknown) {
    const before = Object.getOwnPropertyDescriptor(target, name);
    Object.defineProperty(target, name, {configurable: true, get});
    restores.push(() => (before ? Object.defineProperty(target, name, before) : Reflect.deleteProperty(target, name)));
  }

  function createSink(changes: Partial<Sink> = {}, request: Partial<TransportRequest> = {}): Sink {
    const sink: Sink = {
      isComplete: false,
      ended: false,
      failure: undefined,
      progress: 0,
      hasStarted: false,
      hasResumed: false,
      retry: undefined,
      canRefreshHeaders: false,
      canRetry: true,
      async request(attempt) {
        attempts.push(attempt);
        log.push(`request ${attempt.number}`);
        return {
          url: 'https://server.test/api',
          method: 'POST',
          headers: new Headers({accept: 'text/event-stream'}),
          body: '{"a":1}',
          credentials: 'same-origin',
          mode: 'initial',
          ...request,
        };
      },
      open: (response) => void log.push(`open ${response.status}`),
      push: (text) => void log.push(`push ${text}`),
      async end(clean) {
        log.push(`end ${clean}`);
        sink.ended = sink.isComplete;
        return sink.ended;
      },
      retrying(attempt, delay, cause) {
        delays.push(delay);
        log.push(`retrying ${attempt} ${cause.code}`);
      },
      state: (state) => void log.push(state),
    };
    return Object.assign(sink, changes);
  }

  async function start(sink: Sink, changes: Partial<typeof limits> = {}) {
    const {signal} = abort;
    // The answer of an earlier test ends when that does.
    const finish = (result: typeof outcome) => {
      if (signal === abort.signal) outcome = result;
    };
    stream(sink, {...limits, ...changes}, signal).then(
      () => finish('resolved'),
      (error: unknown) => finish(error as StreamChatError),
    );
    await clock.settle();
  }

  /** The error that ended the answer. */
  function failure(): StreamChatError {
    expect(outcome).to.be.instanceOf(StreamChatError);
    return outcome as StreamChatError;
  }

  const refuse = (status: number, headers: Record<string, string> = {}, body = '') =>
    network.exchanges.at(-1)!.respond(new Response(body, {status, headers}));

  /** Answers each request as long as there are any. Returns their number. */
  async function answerAll(answer: () => void, most = 20): Promise<number> {
    let answered = 0;
    while (answered < network.exchanges.length && answered < most) {
      answered = network.exchanges.length;
      answer();
      await clock.advance(20_000);
    }
    return answered;
  }

  it('a whole answer: each step in its order, and nothing behind it', async () => {
    const sink = createSink();
    await start(sink);
    const exchange = network.nth(1);
    expect(log).to.deep.equal(['connecting', 'request 0']);

    exchange.open();
    await clock.settle();
    exchange.write('a');
    await clock.settle();
    exchange.write('b');
    await clock.settle();
    sink.isComplete = true;
    exchange.close();
    await clock.settle();

    expect(log).to.deep.equal(['connecting', 'request 0', 'open 200', 'push a', 'push b', 'push ', 'end true']);
    expect(outcome).to.equal('resolved');
    expect(exchange.init.signal!.aborted, 'released').to.be.true;
    expect(clock.timers).to.deep.equal([]);
    expect(attempts).to.deep.equal([{number: 0, unauthorised: false}]);
    await clock.advance(600_000);
    network.nth(1);
  });

  it('the request is sent as it was built, is not cached, and follows no redirect', async () => {
    await start(createSink({}, {method: 'PUT', credentials: 'include'}));

    const {url, init} = network.nth(1);
    expect(url).to.equal('https://server.test/api');
    expect(init).to.deep.include({method: 'PUT', body: '{"a":1}', credentials: 'include', cache: 'no-store', redirect: 'manual'});
    expect(new Headers(init.headers).get('accept')).to.equal('text/event-stream');
  });

  it('a request without a body has none', async () => {
    await start(createSink({}, {method: 'GET', body: undefined}));

    expect(network.nth(1).init).to.not.have.property('body');
  });

  it('nothing is requested for an answer that is stopped already', async () => {
    abort.abort();

    await start(createSink());

    network.nth(0);
    expect(log).to.deep.equal([]);
    expect(outcome).to.equal('resolved');
  });

  describe('stopping', () => {
    it('while the request is built sends none', async () => {
      const sink = createSink();
      const {request} = sink;
      sink.request = async (attempt) => {
        const built = await request(attempt);
        abort.abort();
        return built;
      };

      await start(sink);

      network.nth(0);
      expect(outcome).to.equal('resolved');
      expect(clock.timers).to.deep.equal([]);
    });

    it('before the headers releases the connection and opens nothing', async () => {
      await start(createSink());

      abort.abort();
      await clock.settle();

      expect(network.nth(1).isReleased).to.be.true;
      expect(outcome).to.equal('resolved');
      expect(log).to.deep.equal(['connecting', 'request 0']);
      expect(clock.timers).to.deep.equal([]);
    });

    it('in the body releases the connection and pushes nothing more', async () => {
      await start(createSink());
      const exchange = network.nth(1);
      exchange.open();
      exchange.write('a');
      await clock.settle();

      abort.abort();
      await clock.settle();

      expect(exchange.isReleased).to.be.true;
      expect(outcome).to.equal('resolved');
      expect(log.at(-1)).to.equal('push a');
      expect(clock.timers).to.deep.equal([]);
      await clock.advance(600_000);
      network.nth(1);
    });

    it('in an error body makes no error of it', async () => {
      await start(createSink());
      network.nth(1).open({'content-type': 'application/json'}, 500);
      await clock.settle();

      abort.abort();
      await clock.settle();

      expect(outcome).to.equal('resolved');
      expect(delays).to.deep.equal([]);
      expect(clock.timers).to.deep.equal([]);
    });

    it('in a delay ends it, and leaves no timer', async () => {
      await start(createSink());
      refuse(429);
      await clock.advance(1);
      expect(log.at(-1)).to.equal('waiting');

      abort.abort();
      await clock.settle();

      expect(outcome).to.equal('resolved');
      expect(clock.timers).to.deep.equal([]);
      await clock.advance(600_000);
      network.nth(1);
    });

    it('between two slices of a large chunk pushes no more of it', async () => {
      const sink = createSink();
      sink.push = (text) => {
        log.push(`push ${text.length}`);
        clock.suspend(10);
        abort.abort();
      };
      await start(sink);
      network.nth(1).open();
      network.nth(1).write('x'.repeat(100_000));
      await clock.settle();

      expect(log.filter((line) => line.startsWith('push'))).to.deep.equal(['push 4096']);
      expect(outcome).to.equal('resolved');
    });
  });

  describe('delays', () => {
    it('double with each failure up to 15 s, in the middle of the jitter, and are kept to the millisecond', async () => {
      await start(createSink());
      const expected = [0.25, 0.5, 1, 2, 4, 7.5, 7.5, 7.5];
      for (const [index, delay] of expected.entries()) {
        network.nth(index + 1);
        refuse(429);
        await clock.advance(delay * 1000 - 1);
        network.nth(index + 1);
        expect(log.at(-1)).to.equal('waiting');
        await clock.advance(1);
      }
      refuse(429);
      await clock.settle();

      expect(delays).to.deep.equal(expected);
      expect(failure().code).to.equal('rate-limit');
      network.nth(9);
      expect(attempts.map(({number}) => number)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      expect(log.filter((line) => line.startsWith('retrying'))[7]).to.equal('retrying 8 rate-limit');
    });

    it('are spread over all of the time by the random number', async () => {
      Math.random = () => 0.25;
      await start(createSink());
      refuse(429);
      await clock.settle();

      expect(delays).to.deep.equal([0.125]);
    });

    for (const [retry, delay] of [[0, 0.05], [100, 0.05], [200, 0.1], [1, 0.05], [2000, 1], [1e9, 7.5]] as const) {
      it(`start from the server's retry: ${retry}, but not from less than 0.1 s`, async () => {
        await start(createSink({retry}));
        refuse(429);
        await clock.settle();

        expect(delays).to.deep.equal([delay]);
      });
    }

    it('start again after progress, and not without it', async () => {
      const sink = createSink();
      await start(sink);
      refuse(429);
      await clock.advance(250);
      refuse(429);
      await clock.advance(500);
      sink.progress = 3;
      refuse(429);
      await clock.advance(250);
      refuse(429);
      await clock.settle();

      expect(delays).to.deep.equal([0.25, 0.5, 0.25, 0.5]);
    });

    it('are those of the server if it names one: in seconds, and never without any', async () => {
      await start(createSink());
      refuse(429, {'retry-after': '7'});
      await clock.settle();
      expect(delays).to.deep.equal([7.35]);
      await clock.advance(7350);
      refuse(429, {'retry-after': '0'});
      await clock.settle();
      expect(delays).to.deep.equal([7.35, 0.5]);
    });

    it('end when the network comes back', async () => {
      await start(createSink());
      refuse(429, {'retry-after': '50'});
      await clock.advance(1000);
      network.nth(1);

      dispatchEvent(new Event('online'));
      await clock.settle();

      network.nth(2);
      expect(clock.timers, 'only that of the connection').to.deep.equal([30_000]);
    });
  });

  describe('numbers of attempts', () => {
    for (const retries of [0, 1, 2, 8]) {
      it(`${retries + 1} for retries=${retries}, of a server that is busy`, async () => {
        await start(createSink(), {retries});

        expect(await answerAll(() => refuse(429))).to.equal(retries + 1);
        expect(delays).to.have.length(retries);
        expect(failure()).to.include({code: 'rate-limit', status: 429});
      });
    }

    it('three of a server that never responded', async () => {
      await start(createSink());

      expect(await answerAll(() => network.exchanges.at(-1)!.lose())).to.equal(3);
      expect(failure().code).to.equal('network');
    });

    const cases: {name: string; sink?: Partial<Sink>; request?: Partial<TransportRequest>; end: 'timeout' | '500' | 'html' | 'refused' | '503 later'; count: number}[] = [
      {name: 'a first request that timed out, for which the model may have run', end: 'timeout', count: 2},
      {name: 'a first request that ended in 500', end: '500', count: 2},
      {name: 'a first request that ended in 503 with a time', end: '503 later', count: 9},
      {name: 'one that has started, and is not repeated but resumed', sink: {hasStarted: true}, end: 'timeout', count: 9},
      {name: 'one that has started, and failed by the provider', sink: {hasStarted: true, failure: new StreamChatError('provider', 'Busy.', {status: 503})}, end: '500', count: 2},
      {name: 'one that failed by the provider, although the request was refused', sink: {failure: new StreamChatError('rate-limit', 'Busy.')}, end: 'refused', count: 2},
      {name: 'a resume by GET', request: {mode: 'cursor', method: 'GET'}, sink: {hasStarted: true}, end: 'timeout', count: 9},
      {name: 'a replay by GET', request: {mode: 'replay', method: 'GET'}, sink: {hasStarted: true}, end: '500', count: 9},
      {name: 'a resume by POST that the server has not proved', request: {mode: 'cursor', method: 'POST'}, sink: {hasStarted: true}, end: 'timeout', count: 2},
      {name: 'a resume by POST that it has proved', request: {mode: 'cursor', method: 'POST'}, sink: {hasStarted: true, hasResumed: true}, end: 'timeout', count: 9},
    ];
    for (const {name, sink, request, end, count} of cases) {
      it(`${count} of ${name}`, async () => {
        await start(createSink(sink, request));

        const number = await answerAll(() => {
          if (end === '500') refuse(500);
          else if (end === 'refused') refuse(429);
          else if (end === '503 later') refuse(503, {'retry-after': '1'});
          else clock.suspend(29_999);
        });
        // Those that time out were not answered, and take 30 s.
        expect(number).to.equal(count);
        expect(outcome).to.be.instanceOf(StreamChatError);
      });
    }

    it('two of a first request whose response was lost', async () => {
      await start(createSink());

      const count = await answerAll(() => {
        const exchange = network.exchanges.at(-1)!;
        exchange.open();
        exchange.lose();
      });

      expect(count).to.equal(2);
      expect(failure()).to.include({code: 'network', message: 'The connection was lost.'});
    });

    it('one where nothing may be repeated, with the error as it was before any content', async () => {
      await start(createSink({canRetry: false}));
      refuse(500);
      await clock.advance(60_000);

      network.nth(1);
      expect(failure()).to.include({code: 'http', status: 500});
      expect(delays).to.deep.equal([]);
    });

    for (const [status, code] of [[500, 'http'], [429, 'rate-limit'], [401, 'auth']] as const) {
      it(`one where nothing may be repeated: ${code} after content is an interruption, with its cause`, async () => {
        await start(createSink({canRetry: false, hasStarted: true}));
        refuse(status);
        await clock.settle();

        expect(failure().code).to.equal('interrupted');
        expect((failure().cause as StreamChatError).code).to.equal(code);
        expect(failure().message).to.equal(`${(failure().cause as StreamChatError).message} The answer is not complete.`);
      });
    }

    it('a connection that is lost after content, too, and a timeout', async () => {
      await start(createSink({canRetry: false, hasStarted: true}));
      network.nth(1).open();
      await clock.advance(45_000);

      expect(failure()).to.include({code: 'interrupted', message: 'Nothing came from the server for 45 s. The answer is not complete.'});
    });

    it('an error of the protocol after content stays what it is', async () => {
      const sink = createSink({canRetry: false, hasStarted: true});
      sink.push = () => {
        throw new StreamChatError('protocol', 'Broken.');
      };
      await start(sink);
      network.nth(1).open();
      network.nth(1).write('x');
      await clock.settle();

      expect(failure()).to.include({code: 'protocol', message: 'Broken.'});
      expect(network.nth(1).isReleased).to.be.true;
      expect(clock.timers).to.deep.equal([]);
    });

    it('an error of the provider after content stays, whatever became of the connection', async () => {
      const sink = createSink({canRetry: false, hasStarted: true});
      sink.push = () => void (sink.failure = new StreamChatError('http', 'From the provider.'));
      await start(sink);
      network.nth(1).open();
      network.nth(1).write('x');
      await clock.settle();
      network.nth(1).lose();
      await clock.settle();

      expect(outcome).to.equal(sink.failure);
    });

    it('a request that cannot be built ends the answer with its error', async () => {
      const sink = createSink();
      sink.request = () => Promise.reject(new StreamChatError('config', 'No endpoint.'));
      await start(sink);
      await clock.advance(60_000);

      expect(failure()).to.include({code: 'config', message: 'No endpoint.'});
      network.nth(0);
    });
  });

  describe('401', () => {
    it('refreshes the headers at once and once', async () => {
      await start(createSink({canRefreshHeaders: true}));
      refuse(401);
      await clock.advance(0);
      network.nth(2);
      refuse(401);
      await clock.advance(60_000);

      network.nth(2);
      expect(attempts).to.deep.equal([
        {number: 0, unauthorised: false},
        {number: 1, unauthorised: true},
      ]);
      expect(failure()).to.include({code: 'auth', status: 401});
      expect(log).to.not.include('waiting');
    });

    it('does not mark the attempt after the refreshed one', async () => {
      await start(createSink({canRefreshHeaders: true}));
      refuse(401);
      await clock.advance(0);
      refuse(429);
      await clock.advance(250);

      expect(attempts.map(({unauthorised}) => unauthorised)).to.deep.equal([false, true, false]);
      expect(delays).to.deep.equal([0.25]);
    });

    it('ends the answer if there is nothing to refresh, and so does 403', async () => {
      await start(createSink());
      refuse(401);
      await clock.advance(60_000);
      network.nth(1);
      expect(failure().code).to.equal('auth');

      await start(createSink({canRefreshHeaders: true}));
      refuse(403);
      await clock.advance(60_000);
      network.nth(2);
      expect(failure()).to.include({code: 'auth', status: 403});
    });
  });

  describe('timeouts', () => {
    it('until the headers: at the second that was set, not before, and not after they came', async () => {
      await start(createSink({canRetry: false}));
      await clock.advance(29_999);
      expect(outcome).to.equal('pending');
      await clock.advance(1);
      expect(failure()).to.include({code: 'timeout', message: 'The server did not answer within 30 s.'});
      expect(network.nth(1).isReleased).to.be.true;
      expect(clock.timers).to.deep.equal([]);

      outcome = 'pending';
      await start(createSink({canRetry: false}));
      await clock.advance(29_000);
      network.nth(2).open();
      await clock.advance(44_000);
      expect(outcome).to.equal('pending');
    });

    it('without a byte: counted from the last one', async () => {
      await start(createSink({canRetry: false}));
      network.nth(1).open();
      for (let i = 0; i < 3; i++) {
        await clock.advance(44_999);
        expect(outcome).to.equal('pending');
        network.nth(1).write(':');
      }
      await clock.advance(44_999);
      expect(outcome).to.equal('pending');
      expect(log).to.not.include('end false');
      await clock.advance(1);

      expect(failure()).to.include({code: 'timeout', message: 'Nothing came from the server for 45 s.'});
      expect(log.at(-1)).to.equal('end false');
      expect(network.nth(1).isReleased).to.be.true;
    });

    it('a body that stalls after a complete answer completes it', async () => {
      const sink = createSink();
      await start(sink);
      network.nth(1).open();
      network.nth(1).write('all');
      await clock.settle();
      sink.isComplete = true;
      await clock.advance(45_000);

      expect(log.at(-1)).to.equal('end false');
      expect(outcome).to.equal('resolved');
    });

    it('of an error body: five seconds, or less if the idle timeout is; the status counts', async () => {
      for (const [idleTimeout, time] of [[45, 5000], [2, 2000]] as const) {
        outcome = 'pending';
        await start(createSink({canRetry: false}), {idleTimeout});
        const exchange = network.exchanges.at(-1)!;
        exchange.open({'content-type': 'text/plain'}, 500);
        exchange.write('Out of memory');
        await clock.advance(time - 1);
        expect(outcome).to.equal('pending');
        await clock.advance(1);

        expect(failure()).to.include({code: 'http', status: 500});
        expect(failure().message).to.equal('The server failed (500). It said: Out of memory');
        expect(clock.timers).to.deep.equal([]);
      }
    });
  });

  describe('refusals', () => {
    it('of an error body, 4096 characters are read, and the connection is released', async () => {
      await start(createSink({canRetry: false}));
      const exchange = network.nth(1);
      exchange.open({'content-type': 'text/plain'}, 400);
      for (let i = 0; i < 4; i++) exchange.write('x'.repeat(1024));
      await clock.settle();

      expect(failure().status).to.equal(400);
      expect(exchange.isReleased).to.be.true;
    });

    it('4095 characters are not yet enough to stop reading', async () => {
      await start(createSink({canRetry: false}));
      const exchange = network.nth(1);
      exchange.open({'content-type': 'text/plain'}, 400);
      exchange.write('x'.repeat(4095));
      await clock.settle();
      expect(outcome).to.equal('pending');
      exchange.close();
      await clock.settle();

      expect(failure().status).to.equal(400);
    });

    it('a message that is cut by a lost connection is kept', async () => {
      await start(createSink({canRetry: false}));
      const exchange = network.nth(1);
      exchange.open({'content-type': 'text/plain'}, 400);
      exchange.write('Out of mem');
      await clock.settle();
      exchange.lose();
      await clock.settle();

      expect(failure().message).to.equal('The endpoint refused the request (400). It said: Out of mem…');
    });

    it('characters that are split between two chunks of a message stay whole', async () => {
      await start(createSink({canRetry: false}));
      const exchange = network.nth(1);
      exchange.open({'content-type': 'text/plain'}, 400);
      for (const byte of new TextEncoder().encode('Größe')) exchange.write(new Uint8Array([byte]));
      exchange.close();
      await clock.settle();

      expect(failure().message).to.contain('Größe');
    });

    for (const status of [204, 205]) {
      it(`${status} is no answer`, async () => {
        await start(createSink());
        network.nth(1).respond(new Response(null, {status}));
        await clock.advance(60_000);

        expect(failure()).to.include({code: 'http', status, retryable: false, message: `The endpoint has no answer (${status}).`});
        network.nth(1);
      });
    }

    for (const status of [200, 201, 206]) {
      it(`${status} may be one`, async () => {
        await start(createSink());
        network.nth(1).open({'content-type': 'text/event-stream'}, status);
        await clock.settle();

        expect(log.at(-1)).to.equal(`open ${status}`);
      });
    }

    it('a redirect is not followed', async () => {
      await start(createSink());
      const response = new Response('', {headers: {'content-type': 'text/event-stream'}});
      Object.defineProperty(response, 'type', {value: 'opaqueredirect'});
      network.nth(1).respond(response);
      await clock.advance(60_000);

      expect(failure()).to.include({code: 'http', retryable: false});
      expect(failure().message).to.contain('redirect');
      network.nth(1);
    });

    it('a type that is no answer is named, with what the body says', async () => {
      await start(createSink());
      network.nth(1).respond(new Response('{"error":"No model."}', {headers: {'content-type': 'image/png'}}));
      await clock.advance(60_000);

      expect(failure()).to.include({code: 'http', status: 200, retryable: false});
      expect(failure().message).to.contain('"image/png"');
      network.nth(1);
    });

    it('a web page is named as one, and its text is not', async () => {
      await start(createSink());
      network.nth(1).respond(new Response('<!doctype html><p>Hello', {headers: html}));
      await clock.advance(60_000);

      expect(failure()).to.include({code: 'http', status: 200, retryable: false});
      expect(failure().message).to.contain('a web page');
      expect(failure().message).to.not.contain('Hello');
      network.nth(1);
    });

    it('an answer under the type of a web page is passed on whole', async () => {
      const sink = createSink();
      await start(sink);
      network.nth(1).open(html);
      network.nth(1).write('data: a\n\n');
      await clock.settle();
      network.nth(1).write('data: b\n\n');
      await clock.settle();
      sink.isComplete = true;
      network.nth(1).close();
      await clock.settle();

      expect(log.filter((line) => line.startsWith('push')).join('')).to.equal('push data: a\n\npush data: b\n\npush ');
      expect(outcome).to.equal('resolved');
    });
  });

  describe('offline', () => {
    let onLine = false;
    beforeEach(() => {
      onLine = false;
      override(navigator, 'onLine', () => onLine);
    });

    it('it waits for the network, without counting the failure', async () => {
      await start(createSink());
      network.nth(1).lose();
      await clock.advance(14_000);
      network.nth(1);
      expect(log.at(-1)).to.equal('offline');
      expect(delays).to.deep.equal([]);

      onLine = true;
      dispatchEvent(new Event('online'));
      await clock.settle();

      network.nth(2);
      expect(log.at(-2)).to.equal('connecting');
      expect(clock.timers).to.deep.equal([30_000]);
    });

    it('it attempts every 15 s, as the browser may be wrong', async () => {
      await start(createSink());
      for (let count = 1; count < 6; count++) {
        network.nth(count).lose();
        await clock.advance(14_999);
        network.nth(count);
        await clock.advance(1);
      }

      network.nth(6);
      expect(outcome).to.equal('pending');
    });

    it('it does not wait twice', async () => {
      await start(createSink());
      network.nth(1).lose();
      await clock.advance(15_000);
      onLine = true;
      network.nth(2).lose();
      await clock.advance(250);

      network.nth(3);
      expect(log.filter((line) => line === 'offline')).to.have.length(1);
      expect(delays).to.deep.equal([0.25]);
    });

    it('with retries="0" it fails at once, as offline', async () => {
      await start(createSink(), {retries: 0});
      network.nth(1).lose();
      await clock.advance(60_000);

      network.nth(1);
      expect(failure()).to.include({code: 'offline', message: 'You are offline.'});
      expect((failure().cause as StreamChatError).code).to.equal('network');
    });

    it('with retries="1" it waits', async () => {
      await start(createSink(), {retries: 1});
      network.nth(1).lose();
      await clock.advance(1);

      expect(log.at(-1)).to.equal('offline');
    });

    it('a request for which the model may have run is repeated once', async () => {
      await start(createSink());
      for (let count = 1; count <= 2; count++) {
        network.nth(count).open();
        await clock.settle();
        network.nth(count).lose();
        await clock.advance(15_000);
      }

      network.nth(2);
      expect(failure().code).to.equal('offline');
    });

    it('a status that the server sent is no matter of the network', async () => {
      await start(createSink());
      refuse(429);
      await clock.advance(250);

      network.nth(2);
      expect(log).to.not.include('offline');
    });

    it('stopping ends it', async () => {
      await start(createSink());
      network.nth(1).lose();
      await clock.advance(1000);

      abort.abort();
      await clock.settle();

      expect(outcome).to.equal('resolved');
      expect(clock.timers).to.deep.equal([]);
      dispatchEvent(new Event('online'));
      await clock.advance(60_000);
      network.nth(1);
    });
  });

  describe('the body', () => {
    it('that ends too early is an interruption', async () => {
      await start(createSink({canRetry: false}));
      network.nth(1).open();
      network.nth(1).close();
      await clock.settle();

      expect(log.at(-1)).to.equal('end true');
      expect(failure()).to.include({code: 'interrupted', message: 'The answer was interrupted.'});
    });

    it('is not read after the end of the answer, and is not ended twice', async () => {
      const sink = createSink();
      sink.push = (text) => {
        log.push(`push ${text}`);
        sink.ended = text === 'b';
      };
      await start(sink);
      network.nth(1).open();
      for (const text of ['a', 'b', 'c']) {
        network.nth(1).write(text);
        await clock.settle();
      }

      expect(log.slice(3)).to.deep.equal(['push a', 'push b']);
      expect(outcome).to.equal('resolved');
      expect(network.nth(1).isReleased).to.be.true;
      expect(clock.timers).to.deep.equal([]);
    });

    it('may be missing', async () => {
      const sink = createSink({isComplete: true});
      await start(sink);
      network.nth(1).respond(new Response(null, {headers: {'content-type': 'text/event-stream'}}));
      await clock.settle();

      expect(log.slice(-2)).to.deep.equal(['push ', 'end true']);
      expect(outcome).to.equal('resolved');
    });

    it('keeps characters whole that are split between chunks, and marks the one that is cut at the end', async () => {
      const sink = createSink();
      let text = '';
      sink.push = (chunk) => void (text += chunk);
      await start(sink);
      network.nth(1).open();
      const bytes = new TextEncoder().encode('\ufeffa€😀b€');
      for (const byte of bytes.slice(0, -1)) {
        network.nth(1).write(new Uint8Array([byte]));
        await clock.settle();
      }
      network.nth(1).close();
      await clock.settle();

      expect(text, 'the byte order mark is for the framer').to.equal('\ufeffa€😀b\ufffd');
    });

    it('waits for a push that takes time before it reads on', async () => {
      const sink = createSink();
      let release = () => {};
      sink.push = (text) => {
        log.push(`push ${text}`);
        return new Promise<void>((resolve) => void (release = resolve));
      };
      await start(sink);
      network.nth(1).open();
      network.nth(1).write('a');
      await clock.settle();
      network.nth(1).write('b');
      await clock.settle();
      expect(log.at(-1)).to.equal('push a');

      release();
      await clock.settle();
      expect(log.at(-1)).to.equal('push b');
    });

    it('in one large chunk is pushed in slices that double up to 32 KB, whole', async () => {
      const sink = createSink();
      const sizes: number[] = [];
      sink.push = (text) => void sizes.push(text.length);
      await start(sink);
      network.nth(1).open();
      network.nth(1).write('x'.repeat(150_000));
      await clock.settle();

      expect(sizes).to.deep.equal([4096, 8192, 16_384, 32_768, 32_768, 32_768, 150_000 - 126_976]);
    });

    it('leaves the task to others after 4 ms at first and after 8 ms then', async () => {
      const sink = createSink();
      const steps: string[] = [];
      let time = 4;
      sink.push = () => {
        clock.suspend(time);
        steps.push('push');
        // Runs before the next slice only if the task ends: engines do not agree on the order of tasks.
        const leave = (microtasks: number) => {
          if (microtasks === 0) steps.push('task');
          else queueMicrotask(() => leave(microtasks - 1));
        };
        leave(50);
      };
      const run = async () => {
        steps.length = 0;
        network.exchanges.at(-1)!.write('x'.repeat(4096 * 3));
        await clock.settle();
        return steps.join(' ');
      };
      await start(sink);
      network.nth(1).open();
      await clock.settle();
      expect(await run(), 'the first after 4 ms').to.equal('push task push task');
      time = 3;
      network.exchanges.at(-1)!.write('x'.repeat(32_768 * 5));
      steps.length = 0;
      await clock.settle();
      expect(steps.join(' ')).to.match(/^push push task .*push push push task/);
    });

    it('is read for two seconds more after an error in it: usage may follow', async () => {
      const sink = createSink({canRetry: false});
      sink.push = (text) => {
        log.push(`push ${text}`);
        if (text === 'error') sink.failure = new StreamChatError('provider', 'Broken.');
      };
      await start(sink);
      network.nth(1).open();
      network.nth(1).write('error');
      await clock.advance(1500);
      network.nth(1).write('usage');
      await clock.advance(499);
      expect(outcome).to.equal('pending');
      expect(log.at(-1)).to.equal('push usage');
      await clock.advance(1);

      expect(outcome).to.equal(sink.failure);
      expect(network.nth(1).isReleased).to.be.true;
      expect(clock.timers).to.deep.equal([]);
    });

    it('that ends after an error in it fails by that', async () => {
      const sink = createSink({canRetry: false, isComplete: true});
      sink.push = (text) => {
        if (text) sink.failure = new StreamChatError('provider', 'Broken.');
      };
      await start(sink);
      network.nth(1).open();
      network.nth(1).write('error');
      network.nth(1).close();
      await clock.settle();

      expect(outcome).to.equal(sink.failure);
      expect(clock.timers).to.deep.equal([]);
    });
  });

  it('showing the tab again while the answer runs requests nothing', async () => {
    await start(createSink());
    network.nth(1).open();
    await clock.settle();
    for (const hidden of [true, false]) {
      override(document, 'hidden', () => hidden);
      document.dispatchEvent(new Event('visibilitychange'));
      await clock.settle();
    }
    network.nth(1).write('still');
    await clock.settle();

    network.nth(1);
    expect(log.at(-1)).to.equal('push still');
  });

  it('the signal of the caller keeps no listener', async () => {
    const {signal} = abort;
    let listeners = 0;
    const {addEventListener, removeEventListener} = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners++;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners--;
      removeEventListener.apply(signal, args);
    };
    const sink = createSink({isComplete: true});
    await start(sink);
    expect(listeners).to.be.greaterThan(0);
    network.nth(1).open();
    network.nth(1).close();
    await clock.settle();

    expect(outcome).to.equal('resolved');
    expect(listeners).to.equal(0);
  });

  it('a host that cannot be reached is named, with a hint that fits', async () => {
    await start(createSink({canRetry: false}));
    network.nth(1).lose();
    await clock.settle();
    expect(failure()).to.include({code: 'network', message: 'https://server.test cannot be reached. Is the server running, and does it allow this page (CORS)?'});

    await start(createSink({canRetry: false}, {url: '/api'}));
    network.nth(2).lose();
    await clock.settle();
    expect(failure().message).to.equal(`${location.origin} cannot be reached. Is the server running?`);
  });

  describe('the notice that an answer was stopped', () => {
    it('survives the page, follows no redirect, and is JSON', async () => {
      void notifyStopped('https://server.test/stop', {id: 'a'}, 'include', () => Promise.resolve(new Headers({authorization: 'b'})));
      await clock.settle();

      const {url, init} = network.nth(1);
      expect(url).to.equal('https://server.test/stop');
      expect(init).to.deep.include({method: 'POST', body: '{"id":"a"}', credentials: 'include', keepalive: true, redirect: 'error'});
      expect(Object.fromEntries(new Headers(init.headers))).to.deep.equal({authorization: 'b', 'content-type': 'application/json'});
    });

    it('that fails is only logged', async () => {
      const {warn} = console;
      const warnings: unknown[] = [];
      console.warn = (...args) => void warnings.push(args[0]);
      try {
        const notice = notifyStopped('https://server.test/stop', {}, 'omit', () => Promise.reject(new Error('no headers')));
        await notice;
      } finally {
        console.warn = warn;
      }

      network.nth(0);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.contain('https://server.test/stop');
    });
  });
});
