import {StreamChatError} from '../model/errors.js';

/** Longest `Retry-After` that is waited for, in seconds; a longer one ends the answer with an error. */
export const maxRetryAfter = 60;
/** Delays of the backoff, in seconds. */
const defaultBaseDelay = 0.5;
const maxDelay = 15;
/** Maximum number of automatic repeats where no response came: a request that is refused costs nothing. */
const maxUnreachedRepeats = 2;
/** Maximum number of automatic repeats of a request for which the model may have run: each may be billed. */
const maxBilledRepeats = 1;

/** State of an answer after a failed attempt. */
export interface RetryState {
  /** Number of failed attempts since the last progress. */
  readonly failures: number;
  /** Maximum number of these. */
  readonly maxRetries: number;
  /** Whether the server has responded before, so that it exists and a network error passes. */
  readonly isReachable: boolean;
  /** Whether the model may have run for the attempt that failed; see `mayHaveRun`. Always false for a resume. */
  readonly mayHaveRun: boolean;
  /** Number of automatic repeats after attempts for which the model may have run. */
  readonly billedRepeats: number;
  /** Base of the backoff in seconds, if the server sent one (`retry:`). */
  readonly baseDelay?: number | undefined;
}

/**
 * Returns the seconds to wait before the next attempt, or `undefined` if there must be none. `random` is between 0 and
 * 1: full jitter, so that the clients of a server that comes back do not all come at once.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function retryDelay(error: StreamChatError, state: RetryState, random: number): number | undefined {
  const {failures, maxRetries, isReachable, mayHaveRun, billedRepeats, baseDelay = defaultBaseDelay} = state;
  if (!isRetryable(error) || failures >= maxRetries) return undefined;
  if (mayHaveRun && billedRepeats >= maxBilledRepeats) return undefined;
  if (error.code === 'network' && !isReachable && failures >= maxUnreachedRepeats) return undefined;
  const backoff = random * Math.min(maxDelay, baseDelay * 2 ** failures);
  const {retryAfter} = error;
  if (retryAfter === undefined) return backoff;
  if (retryAfter > maxRetryAfter) return undefined;
  // A server that asks for no wait at all, or for one that is over, is not requested without any.
  return Math.max(backoff, retryAfter + random * Math.min(1, retryAfter / 10));
}

/** Statuses by which a server that took no part in the answer refuses it: busy, or overloaded (529, Anthropic). */
const refusals = new Set([408, 425, 429, 529]);

/**
 * Whether the model may have run for an attempt that failed, although nothing of its answer arrived: the server took the
 * request and did not answer in time, or its gateway gave up on it. `hasResponse`: a response of 2xx came. A connection
 * that was refused, and a status that refuses the request, cost nothing.
 */
export function mayHaveRun({code, status, retryAfter}: StreamChatError, hasResponse: boolean): boolean {
  if (code === 'rate-limit' || (status !== undefined && refusals.has(status))) return false;
  if (status === 503 && retryAfter !== undefined) return false;
  if (hasResponse || code === 'timeout') return true;
  return status !== undefined && status >= 500;
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
