import {expect} from '@open-wc/testing';

import {StreamChatError} from '../../src/model/errors.js';
import {readRetryAfter, retryDelay, statusError} from '../../src/wire/retry-policy.js';

const state = {failures: 0, maxRetries: 6, isSafeToRepeat: true};
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
    expect(retryDelay(network, {...state, isSafeToRepeat: false, failures: 1}, 1)).to.equal(1);
    expect(retryDelay(network, {...state, isSafeToRepeat: false, failures: 2}, 1)).to.be.undefined;
  });

  it('respects Retry-After up to a minute', () => {
    expect(retryDelay(statusError(429, '', 3), state, 0)).to.equal(3);
    expect(retryDelay(statusError(503, '', 60), state, 0)).to.equal(60);
    expect(retryDelay(statusError(429, '', 61), state, 0)).to.be.undefined;
  });

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
  it('prefers milliseconds', () => expect(read({'retry-after-ms': '250', 'retry-after': '3'})).to.equal(0.25));
  it('ignores invalid values', () => expect(read({'retry-after': 'soon', 'retry-after-ms': '-1'})).to.be.undefined);
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
