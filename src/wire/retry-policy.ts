import {StreamChatError} from '../model/errors.js';

/** Longest `Retry-After` that is waited for, in seconds; a longer one ends the answer with an error. */
export const maxRetryAfter = 60;
/** Delays of the backoff, in seconds. */
const defaultBaseDelay = 0.5;
const maxDelay = 15;
/** Maximum number of retries if the server never responded and the POST is not known to be safe to repeat. */
const unsafeRetries = 2;

/** Retry state of an answer after a failed attempt. */
export interface RetryState {
  /** Consecutive failures since the last progress. */
  readonly failures: number;
  /** Maximum number of consecutive failures that are retried. */
  readonly maxRetries: number;
  /** Whether the server responded before, or the request is known to be safe to repeat. */
  readonly isSafeToRepeat: boolean;
  /** Base of the backoff in seconds, if the server sent a reconnection time (`retry:`). */
  readonly baseDelay?: number | undefined;
}

/**
 * Returns the delay before the next attempt in seconds, or `undefined` if there must be none. `random` is between
 * 0 and 1: full jitter, so that the clients of a recovering server do not all reconnect at once.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function retryDelay(error: StreamChatError, state: RetryState, random: number): number | undefined {
  if (!isRetryable(error)) return undefined;
  const limit = error.code === 'network' && !state.isSafeToRepeat ? Math.min(state.maxRetries, unsafeRetries) : state.maxRetries;
  if (state.failures >= limit) return undefined;
  if (error.retryAfter !== undefined) {
    if (error.retryAfter > maxRetryAfter) return undefined;
    return error.retryAfter + random * Math.min(1, error.retryAfter / 10);
  }
  return random * Math.min(maxDelay, (state.baseDelay ?? defaultBaseDelay) * 2 ** state.failures);
}

const retryableStatus = new Set([408, 425, 429]);

function isRetryable({code, status}: StreamChatError): boolean {
  if (code === 'network' || code === 'timeout' || code === 'interrupted') return true;
  if (code === 'rate-limit') return true;
  return (code === 'http' || code === 'provider') && status !== undefined && isRetryableStatus(status);
}

function isRetryableStatus(status: number): boolean {
  return retryableStatus.has(status) || (status >= 500 && status !== 501 && status !== 505);
}

/**
 * Returns how long the server asks to wait, in seconds: from `retry-after-ms`, or from `Retry-After` in seconds or as a
 * date.
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

/** Creates the error for a response outside 2xx. `serverMessage`: the message in its body, if there is one. */
export function statusError(status: number, serverMessage: string, retryAfter: number | undefined): StreamChatError {
  const quote = serverMessage ? ` It said: ${serverMessage}` : '';
  const options = {status, retryAfter, retryable: isRetryableStatus(status)};
  if (status === 401 || status === 403) {
    const summary = status === 401 ? 'The endpoint requires authentication (401).' : 'The endpoint refuses this request (403).';
    return new StreamChatError('auth', `${summary}${quote}`, {...options, retryable: true});
  }
  if (status === 429) return new StreamChatError('rate-limit', `Too many requests (429).${quote}`, options);
  if (status === 404) {
    return new StreamChatError('http', `The endpoint was not found (404). Check its URL.${quote}`, options);
  }
  if (status === 405) {
    return new StreamChatError(
      'http',
      `The endpoint does not support this method (405). Check the attributes "endpoint" and "method".${quote}`,
      options,
    );
  }
  const summary = status >= 500 ? `The server failed (${status}).` : `The endpoint refused the request (${status}).`;
  return new StreamChatError('http', `${summary}${quote}`, options);
}
