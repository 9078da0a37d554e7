import {expect} from '@open-wc/testing';

import {StreamChatError} from '../../src/model/errors.js';
import {mayHaveRun, readRetryAfter, retryDelay, statusError, type RetryState} from '../../src/wire/retry-policy.js';

const state: RetryState = {failures: 0, maxRetries: 6, isReachable: true, mayHaveRun: false, billedRepeats: 0};
const network = new StreamChatError('network', 'gone');

describe('retryDelay', () => {
  it('doubles with every failure, up to 15 seconds, with full jitter', () => {
    const longest = [0, 1, 2, 3, 4, 5].map((failures) => retryDelay(network, {...state, failures}, 1));

    expect(longest).to.deep.equal([0.5, 1, 2, 4, 8, 15]);
    expect(retryDelay(network, state, 0)).to.equal(0);
  });

  it('ends at the maximum number of retries', () => {
    expect(retryDelay(network, {...state, failures: 6}, 0.5)).to.be.undefined;
  });

  it('retries a server that never responded only twice', () => {
    expect(retryDelay(network, {...state, isReachable: false, failures: 1}, 1)).to.equal(1);
    expect(retryDelay(network, {...state, isReachable: false, failures: 2}, 1)).to.be.undefined;
  });

  it('respects Retry-After up to a minute', () => {
    expect(retryDelay(statusError(429, '', 3), state, 0)).to.equal(3);
    expect(retryDelay(statusError(503, '', 60), state, 0)).to.equal(60);
    expect(retryDelay(statusError(429, '', 61), state, 0)).to.be.undefined;
  });

  it('repeats a request once for which the model may have run', () => {
    expect(retryDelay(network, {...state, mayHaveRun: true}, 1)).to.equal(0.5);
    expect(retryDelay(network, {...state, mayHaveRun: true, billedRepeats: 1}, 1)).to.be.undefined;
    expect(retryDelay(network, {...state, billedRepeats: 1}, 1)).to.equal(0.5);
  });

  for (const retryAfter of [0, 0.001]) {
    it(`waits for the backoff where the server asks for ${retryAfter} s`, () => {
      expect(retryDelay(statusError(429, '', retryAfter), {...state, failures: 3}, 1)).to.equal(4);
    });
  }

  for (const status of [408, 425, 429, 500, 502, 503, 504, 529]) {
    it(`retries after ${status}`, () => expect(retryDelay(statusError(status, '', undefined), state, 1)).to.equal(0.5));
  }
  for (const status of [400, 401, 403, 404, 405, 409, 422, 501]) {
    it(`does not retry after ${status}`, () => expect(retryDelay(statusError(status, '', undefined), state, 1)).to.be.undefined);
  }
  for (const code of ['protocol', 'provider', 'config', 'too-large', 'tool'] as const) {
    it(`does not retry after ${code}`, () => expect(retryDelay(new StreamChatError(code, ''), state, 1)).to.be.undefined);
  }
});

describe('readRetryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const read = (headers: Record<string, string>) => readRetryAfter(new Headers(headers), now);

  it('parses seconds', () => expect(read({'retry-after': '3'})).to.equal(3));
  it('parses a date', () => expect(read({'retry-after': 'Thu, 01 Jan 2026 00:00:20 GMT'})).to.equal(20));
  it('parses a past date', () => expect(read({'retry-after': 'Wed, 31 Dec 2025 00:00:20 GMT'})).to.equal(0));
  it('parses a negative number as no wait', () => expect(read({'retry-after': '-5'})).to.be.oneOf([0, undefined]));
  it('prefers milliseconds', () => expect(read({'retry-after-ms': '250', 'retry-after': '3'})).to.equal(0.25));
  it('ignores invalid values', () => expect(read({'retry-after': 'soon', 'retry-after-ms': '-1'})).to.be.undefined);
});

describe('mayHaveRun', () => {
  const timeout = new StreamChatError('timeout', '');
  const interrupted = new StreamChatError('interrupted', '');
  const cases: readonly [string, StreamChatError, boolean, boolean][] = [
    ['a refused connection', network, false, false],
    ['no headers in time', timeout, false, true],
    ['an empty response', interrupted, true, true],
    ['a connection lost after the headers', network, true, true],
    ['silence after the headers', timeout, true, true],
    ...[500, 502, 503, 504, 520, 521, 522, 523, 524].map((status): [string, StreamChatError, boolean, boolean] => [`status ${status}`, statusError(status, '', undefined), false, true]),
    ...[408, 425, 429, 529].map((status): [string, StreamChatError, boolean, boolean] => [`status ${status}`, statusError(status, '', undefined), false, false]),
    ['status 503 with Retry-After', statusError(503, '', 5), false, false],
    ['a rate limit in the stream', new StreamChatError('rate-limit', ''), true, false],
    ['an overloaded provider in the stream', new StreamChatError('provider', '', {status: 529}), true, false],
  ];
  for (const [name, error, hasResponse, expected] of cases) {
    it(`is ${expected} for ${name}`, () => expect(mayHaveRun(error, hasResponse)).to.equal(expected));
  }
});

describe('statusError', () => {
  for (const [status, code] of [[401, 'auth'], [403, 'auth'], [404, 'http'], [422, 'http'], [429, 'rate-limit'], [500, 'http']] as const) {
    it(`names ${status} ${code}`, () => {
      const error = statusError(status, 'Out of tea.', undefined);

      expect(error.code).to.equal(code);
      expect(error.status).to.equal(status);
      expect(error.message).to.contain(String(status)).and.contain('Out of tea.');
    });
  }
});
