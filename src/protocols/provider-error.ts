import {findErrorMessage, StreamChatError} from '../model/errors.js';
import {isFailedStatus} from './conventions.js';
import {asArray, asNumber, asRecord, asString} from './protocol.js';

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

const words = ['message', 'msg', 'error_msg', 'errmsg', 'error_message', 'errorMessage', 'status_msg', 'detail', 'title'];
const textKeys = ['data', 'content', 'text', 'answer', 'response', 'output', 'result', 'choices'];

/**
 * Returns the error that JSON of no documented format reports, or `undefined` if it reports none: an `error`, or an
 * envelope such as `{"code": 500, "message": "…"}`, `{"success": false, …}` or `{"base_resp": {"status_code": …}}`.
 * Servers send it with HTTP 200, also in the middle of a stream.
 */
export function findFailure(value: unknown): StreamChatError | undefined {
  const record = asRecord(value);
  const {error, last_error: last} = record;
  if (error === true || findErrorMessage(error) !== '') return readProviderError(typeof error === 'object' ? error : record);
  const [first] = asArray(record['errors']);
  if (first !== undefined && findErrorMessage(first) !== '') return readProviderError(first);
  if (isFailure(asRecord(last))) return readProviderError(last);
  const nested = [record['base_resp'], record['header'], record['status']].map(asRecord).find(isFailure);
  if (nested) return readProviderError(nested);
  return isFailure(record) ? readProviderError(record) : undefined;
}

function isFailure(record: Readonly<Record<string, unknown>>): boolean {
  if (record['errorType'] || record['error_msg'] || record['errorMessage'] || record['error_message']) return true;
  const {success, ok, status, code, statusCode, status_code: snake, error_code: errorCode, errcode, detail} = record;
  if (success === false || ok === false || isFailedStatus(status)) return true;
  if (Object.keys(record).length === 1 && detail !== undefined && findErrorMessage(detail) !== '') return true;
  if (!words.some((key) => findErrorMessage(record[key]) !== '')) return false;
  if ([code, status, statusCode, snake].some((one) => Number(one) >= 400 && Number(one) < 600)) return true;
  return [code, snake, errorCode, errcode].some(isErrorCode) && textKeys.every((key) => !record[key]);
}

/** Neither 0, nor 2xx, nor a word such as `OK`. */
function isErrorCode(code: unknown): boolean {
  if (typeof code !== 'number' && typeof code !== 'string') return false;
  if (code === '' || /^(?:ok|success|0+|2\d\d+)$/i.test(String(code))) return false;
  return typeof code === 'number' || /^[\w.-]+$/.test(code);
}
