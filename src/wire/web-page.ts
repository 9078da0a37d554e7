import {StreamChatError} from '../model/errors.js';
import {mimeEssence} from './sniff.js';

const page = /^\s*<(?:!doctype html|html)\b/i;
const pageStart = /^\s*<[!a-z ]{0,13}$/i;

/** Returns whether a body begins as a web page, such as that of a proxy; `undefined` while it may. */
export function isWebPage(start: string, contentType: string | null): boolean | undefined {
  if (mimeEssence(contentType) === 'text/plain') return false;
  return pageStart.test(start) ? undefined : page.test(start);
}

/** Returns the error of a response that is a web page. */
export function webPageError(): StreamChatError {
  return new StreamChatError(
    'http',
    'The endpoint answered with a web page, not with a stream. Check its URL, or let it send text/event-stream.',
    {retryable: false},
  );
}
