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
    const body: unknown = JSON.parse(text);
    return describeMissingFields(body) || findErrorMessage(body) || text;
  } catch {
    // Truncated at the limit, or not JSON after all, so its text is all there is to show.
    return text;
  }
}

/** Attributes that put the question into a field, by the place that FastAPI names. */
const attributesFor: Readonly<Record<string, (name: string) => string>> = {
  body: (name) => `protocol="prompt" prompt-param="${name}"`,
  query: (name) => `endpoint="…?${name}={prompt}"`,
};

/**
 * Describes what FastAPI reports of a request that does not fit the declaration of its route (422): the fields, and the
 * attributes that send a single missing one. Empty for any other body.
 * https://fastapi.tiangolo.com/tutorial/handling-errors/#use-the-requestvalidationerror-body
 */
function describeMissingFields(body: unknown): string {
  const {detail} = (body ?? {}) as {readonly detail?: unknown};
  if (!Array.isArray(detail)) return '';
  const fields = detail.flatMap((item: {readonly loc?: unknown; readonly msg?: unknown} | null) => {
    const {loc, msg} = item ?? {};
    return Array.isArray(loc) && typeof msg === 'string' ? [{place: String(loc[0]), path: loc.slice(1).map(String), msg}] : [];
  });
  const [first] = fields;
  if (!first) return '';
  const list = fields.map(({place, path, msg}) => `"${path.join('.')}" in the ${place}: ${msg}`).join('; ');
  const attributes = fields.length === 1 && first.path.length === 1 ? attributesFor[first.place]?.(first.path[0]!) : undefined;
  return attributes ? `${list}. To send the question there: ${attributes}.` : list;
}
