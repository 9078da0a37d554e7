import {stripBom, type Framing} from './framing.js';

const eventStream = 'text/event-stream';
const acceptedTypes = new Set([
  eventStream,
  'text/plain',
  'application/json',
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/jsonlines',
  'application/x-jsonlines',
  'application/json-seq',
  'application/stream+json',
  'application/x-json-stream',
  'application/octet-stream',
  'binary/octet-stream',
  '',
]);

/** Returns the MIME type without its parameters, in lower case; empty if there is none. */
export function mimeEssence(contentType: string | null): string {
  return (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

/** Returns whether a body of this MIME type may be an answer. A web page, an image or a misspelt type is none. */
export function isAnswerType(contentType: string | null): boolean {
  return acceptedTypes.has(mimeEssence(contentType));
}

const fields = ['data:', 'event:', 'id:', 'retry:', 'message:'];
const aiSdkLine = /^[0-9a-k]:["[{]/;
/** Such a line as the data of an event. */
const aiSdkEvent = /^data: ?[0-9a-k]:["[{]/;
const aiSdkEventStart = /^data:(?: |$)?(?:[0-9a-k]:?)?$/;
/** Maximum number of lines of an event stream to inspect before it counts as plain text. */
const maxUnknownLines = 8;
/** Maximum length of a `text/plain` body whose first brace is still open, in characters; a longer one is text. */
const maxOpenText = 65_536;

/**
 * Returns the framing of a body, detected from its first characters, or `undefined` while they are not conclusive.
 * The bytes decide, because servers send every format under every MIME type. `ended`: the body has no more characters.
 */
export function sniffFraming(start: string, contentType: string | null, ended: boolean): Framing | undefined {
  const essence = mimeEssence(contentType);
  const text = stripBom(start).trimStart();
  if (text === '') return ended ? 'text' : undefined;

  if (text.startsWith('{') || text.startsWith('[')) return sniffJson(text, essence, ended);
  if (text.length < 3 && !ended && /^[0-9a-k](?::|$)/.test(text)) return undefined;
  if (essence !== eventStream && aiSdkLine.test(text)) return 'lines';
  return sniffLines(text, essence, ended);
}

/** Sniffs a body that begins with a brace: an object of a stream, or the text of a model that answers with JSON. */
function sniffJson(text: string, essence: string, ended: boolean): Framing | undefined {
  if (essence !== 'text/plain' && essence !== eventStream) return 'json';
  const next = /^[[{]\s*(\S)/.exec(text)?.[1];
  if (next === undefined) return ended ? 'text' : undefined;
  const opens = text.startsWith('{') ? next === '"' || next === '}' : next === '{';
  return opens && text.length < maxOpenText ? 'json' : 'text';
}

/** Sniffs a body by its lines: a field name at the beginning of a line means server-sent events. */
function sniffLines(text: string, essence: string, ended: boolean): Framing | undefined {
  const lines = text.split(/\r\n|\r|\n/);
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    if (aiSdkEvent.test(line)) return 'lines';
    if (isLast && !ended && aiSdkEventStart.test(line)) return undefined;
    if (fields.some((field) => line.startsWith(field))) return 'sse';
    if (isLast && line !== '' && fields.some((field) => field.startsWith(line))) {
      if (!ended) return undefined;
      if (essence === eventStream) return 'sse';
    }
    // Many event streams begin with comments; plain text may begin with a colon too.
    if (line === '' || line.startsWith(':')) continue;
    if (essence !== eventStream || index >= maxUnknownLines) return 'text';
  }
  return ended ? 'text' : undefined;
}
