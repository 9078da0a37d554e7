import {StreamChatError} from '../model/errors.js';

/** Longest wait that a server may ask for and the person is not told of as an error, in seconds. */
export const maxRetryAfter = 60;
const defaultBaseDelay = 0.5;
const maxDelay = 15;
/** Attempts to reach a server that never answered, where a repeated POST is not known to be harmless. */
const unsafeRetries = 2;

/** Where an answer stands when a connection of it failed. */
export interface RetryState {
  /** Attempts since the last progress. */
  readonly failures: number;
  /** How many there may be. */
  readonly maxRetries: number;
  /** The server was reached, or a repeated request is known to be harmless. */
  readonly isSafeToRepeat: boolean;
  /** Base of the backoff, in seconds, where the server named one (`retry:`). */
  readonly baseDelay?: number | undefined;
}

/**
 * Returns the seconds to wait before the next attempt, or `undefined` where there must be none. `random` is between
 * 0 and 1: full jitter, so that the clients of a server that comes back do not all come at once.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function retryDelay(error: StreamChatError, state: RetryState, random: number): number | undefined {
  if (!mayRetry(error)) return undefined;
  const limit = error.code === 'network' && !state.isSafeToRepeat ? Math.min(state.maxRetries, unsafeRetries) : state.maxRetries;
  if (state.failures >= limit) return undefined;
  if (error.retryAfter !== undefined) {
    if (error.retryAfter > maxRetryAfter) return undefined;
    return error.retryAfter + random * Math.min(1, error.retryAfter / 10);
  }
  return random * Math.min(maxDelay, (state.baseDelay ?? defaultBaseDelay) * 2 ** state.failures);
}

const retryableStatus = new Set([408, 425, 429]);

function mayRetry({code, status}: StreamChatError): boolean {
  if (code === 'network' || code === 'timeout' || code === 'interrupted') return true;
  if (code === 'rate-limit') return true;
  return (code === 'http' || code === 'provider') && status !== undefined && isRetryableStatus(status);
}

function isRetryableStatus(status: number): boolean {
  return retryableStatus.has(status) || (status >= 500 && status !== 501 && status !== 505);
}

/**
 * Reads how long a server asks to wait, in seconds: `retry-after-ms`, then `Retry-After` in seconds or as a date.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function readRetryAfter(headers: Headers, now: number): number | undefined {
  const milliseconds = headers.get('retry-after-ms');
  if (milliseconds !== null && /^\s*\d+(?:\.\d+)?\s*$/.test(milliseconds)) return Number(milliseconds) / 1000;
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

/** Makes the error of a response that is none of 2xx. `said`: the server's own words, if it had any. */
export function statusError(status: number, said: string, retryAfter: number | undefined): StreamChatError {
  const words = said ? ` It said: ${said}` : '';
  const options = {status, retryAfter, retryable: isRetryableStatus(status)};
  if (status === 401 || status === 403) {
    const what = status === 401 ? 'The endpoint wants to know who asks (401).' : 'The endpoint refuses this request (403).';
    return new StreamChatError('auth', `${what}${words}`, {...options, retryable: true});
  }
  if (status === 429) return new StreamChatError('rate-limit', `Too many requests (429).${words}`, options);
  if (status === 404) {
    return new StreamChatError('http', `There is nothing at the endpoint (404): check its URL.${words}`, options);
  }
  if (status === 405) {
    return new StreamChatError(
      'http',
      `The endpoint does not take this method (405): check the attributes "endpoint" and "method".${words}`,
      options,
    );
  }
  const what = status >= 500 ? `The server failed (${status}).` : `The endpoint refused the request (${status}).`;
  return new StreamChatError('http', `${what}${words}`, options);
}
