import {expect} from '@open-wc/testing';

import {StreamChatError, type StreamChatErrorCode} from '../../src/model/errors.js';
import {maxRetryAfter, mayHaveRun, readRetryAfter, retryDelay, statusError} from '../../src/wire/retry-policy.js';

const state = {failures: 0, maxRetries: 8, isReachable: true, mayHaveRun: false, billedRepeats: 0};
const wait = (code: StreamChatErrorCode, options: ConstructorParameters<typeof StreamChatError>[2] = {}, changes: Partial<typeof state> & {baseDelay?: number} = {}, random = 0.5) =>
  retryDelay(new StreamChatError(code, '', options), {...state, ...changes}, random);

describe('retry-policy: at each limit', () => {
  it('repeats for a code that passes, and for no other', () => {
    const codes: StreamChatErrorCode[] = ['network', 'offline', 'http', 'auth', 'rate-limit', 'timeout', 'interrupted', 'protocol', 'provider', 'too-large', 'tool', 'config'];
    expect(codes.filter((code) => wait(code) !== undefined)).to.deep.equal(['network', 'rate-limit', 'timeout', 'interrupted']);
  });

  it('repeats for a status that passes, and for no other', () => {
    const statuses = [200, 400, 401, 403, 404, 407, 408, 409, 424, 425, 426, 428, 429, 430, 499, 500, 501, 502, 503, 504, 505, 506, 529];
    const expected = [408, 425, 429, 500, 502, 503, 504, 506, 529];
    for (const code of ['http', 'provider'] as const) {
      expect(statuses.filter((status) => wait(code, {status}) !== undefined)).to.deep.equal(expected);
    }
    expect(statuses.filter((status) => wait('config', {status}) !== undefined)).to.deep.equal([]);
  });

  it('counts failures: one below the maximum, at it, and 0', () => {
    expect(wait('timeout', {}, {failures: 7})).to.not.be.undefined;
    expect(wait('timeout', {}, {failures: 8})).to.be.undefined;
    expect(wait('timeout', {}, {maxRetries: 0})).to.be.undefined;
    expect(wait('timeout', {}, {maxRetries: 1})).to.equal(0.25);
  });

  it('counts repeats that may be billed, and those that reach nothing', () => {
    expect(wait('timeout', {}, {mayHaveRun: true, billedRepeats: 0})).to.equal(0.25);
    expect(wait('timeout', {}, {mayHaveRun: true, billedRepeats: 1})).to.be.undefined;
    expect(wait('timeout', {}, {mayHaveRun: false, billedRepeats: 1})).to.equal(0.25);
    expect(wait('network', {}, {isReachable: false, failures: 1})).to.equal(0.5);
    expect(wait('network', {}, {isReachable: false, failures: 2})).to.be.undefined;
    expect(wait('timeout', {}, {isReachable: false, failures: 2})).to.equal(1);
    expect(wait('network', {}, {isReachable: true, failures: 2})).to.equal(1);
  });

  it('adds up to a tenth of what the server asked for, and up to a second', () => {
    for (const [retryAfter, delay] of [[5, 5.25], [9, 9.45], [10, 10.5], [20, 20.5], [60, 60.5]] as const) {
      expect(wait('rate-limit', {retryAfter})).to.equal(delay);
    }
    expect(wait('rate-limit', {retryAfter: maxRetryAfter + 1})).to.be.undefined;
    expect(wait('rate-limit', {retryAfter: 0.1}), 'the backoff is longer').to.equal(0.25);
    expect(wait('rate-limit', {retryAfter: 5}, {}, 0)).to.equal(5);
  });

  it('a model may have run for a request that was taken, and not for one that was refused', () => {
    const may = (code: StreamChatErrorCode, options: ConstructorParameters<typeof StreamChatError>[2] = {}, hasResponse = false) =>
      mayHaveRun(new StreamChatError(code, '', options), hasResponse);
    expect([408, 425, 429, 529].map((status) => may('http', {status}, true))).to.deep.equal([false, false, false, false]);
    expect([400, 404, 499, 500, 502, 503, 504].map((status) => may('http', {status}))).to.deep.equal([false, false, false, true, true, true, true]);
    expect(may('http', {status: 503, retryAfter: 0})).to.be.false;
    expect(may('http', {status: 500, retryAfter: 1})).to.be.true;
    expect(may('rate-limit', {}, true)).to.be.false;
    expect(may('timeout')).to.be.true;
    expect(may('network')).to.be.false;
    expect(may('network', {}, true)).to.be.true;
  });

  it('Retry-After: milliseconds first, seconds, a date, and nothing else', () => {
    const read = (headers: Record<string, string>) => readRetryAfter(new Headers(headers), Date.UTC(2026, 0, 1));
    expect(read({})).to.be.undefined;
    expect(read({'retry-after': ''})).to.be.undefined;
    expect(read({'retry-after': ' 1.5 '})).to.equal(1.5);
    expect(read({'retry-after': '0'})).to.equal(0);
    expect(read({'retry-after': 'soon'})).to.be.undefined;
    expect(read({'retry-after': '-1 s'})).to.not.equal(-1);
    expect(read({'retry-after-ms': '250', 'retry-after': '9'})).to.equal(0.25);
    expect(read({'retry-after-ms': 'x', 'retry-after': '9'})).to.equal(9);
    expect(read({'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT'})).to.equal(7);
    expect(read({'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT'})).to.equal(0);
  });

  it('each status has its code and words', () => {
    const words = (status: number) => {
      const {code, message, retryable} = statusError(status, 'No.', 3);
      return [code, message, retryable];
    };
    expect(words(401)).to.deep.equal(['auth', 'The endpoint requires authentication (401). It said: No.', true]);
    expect(words(403)).to.deep.equal(['auth', 'The endpoint refuses this request (403). It said: No.', true]);
    expect(words(404)).to.deep.equal(['http', 'The endpoint was not found (404). Check its URL. It said: No.', false]);
    expect(words(405)).to.deep.equal(['http', 'The endpoint does not support this method (405). Check the attributes "endpoint" and "method". It said: No.', false]);
    expect(words(429)).to.deep.equal(['rate-limit', 'Too many requests (429). It said: No.', true]);
    expect(words(499)).to.deep.equal(['http', 'The endpoint refused the request (499). It said: No.', false]);
    expect(words(500)).to.deep.equal(['http', 'The server failed (500). It said: No.', true]);
    expect(words(501)).to.deep.equal(['http', 'The server failed (501). It said: No.', false]);
    expect(statusError(500, '', 3)).to.include({message: 'The server failed (500).', retryAfter: 3, status: 500});
  });
});
