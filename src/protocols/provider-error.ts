import {findErrorMessage, StreamChatError} from '../model/errors.js';
import {asNumber, asRecord, asString} from './protocol.js';

const rateLimits = /rate.?limit|too.?many.?requests|resource.?exhausted/i;
const hopeless =
  /invalid|quota|billing|credit|not.?found|permission|denied|auth|filter|policy|unsupported|context.?length/i;

/**
 * Creates the error for a provider error inside a stream: an object with `message`, one with `error`, or a string. Its
 * status and type determine whether a retry may help.
 */
export function readProviderError(value: unknown): StreamChatError {
  const record = asRecord(value);
  const inner = asRecord(record['error']);
  const {code, status, status_code: statusCode, type} = 'message' in inner ? inner : record;
  const number = [status, statusCode, code].map(Number).find((n) => n >= 400 && n < 600);
  const words = [type, code, status].map(asString).join(' ');

  const message = findErrorMessage(value) || 'The provider reported an error without saying which.';
  if (hopeless.test(words) && number !== 429) {
    return new StreamChatError('provider', message, {status: number, retryable: false});
  }
  if (number === 429 || rateLimits.test(words)) {
    const retryAfter = asNumber(record['retry_after']);
    return new StreamChatError('rate-limit', message, {status: number, retryAfter});
  }
  return new StreamChatError('provider', message, {
    status: number,
    retryable: !number || number >= 500 || number === 408,
  });
}
