import {findErrorMessage} from '../model/errors.js';
import {mimeEssence} from './sniff.js';

/** Returns the message of an error body: of JSON its message, of HTML none, of text its beginning. */
export function readErrorBody(body: string, contentType: string | null): string {
  const text = body.trim();
  if (text === '' || mimeEssence(contentType) === 'text/html' || /^<(?:!doctype|html)/i.test(text)) return '';
  const message = /^[[{"]/.test(text) ? readJsonMessage(text) : text;
  return message.length > 300 ? `${message.slice(0, 300)}…` : message;
}

function readJsonMessage(text: string): string {
  try {
    return findErrorMessage(JSON.parse(text)) || text;
  } catch {
    // Truncated at the limit, or not JSON after all, so its text is all there is to show.
    return text;
  }
}
