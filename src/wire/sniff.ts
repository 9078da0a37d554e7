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

/** Whether a body of this MIME type may be an answer. A web page, an image or a misspelt type is none. */
export function isAnswerType(contentType: string | null): boolean {
  return acceptedTypes.has(mimeEssence(contentType));
}

const fields = ['data:', 'event:', 'id:', 'retry:', 'message:'];
const aiSdkLine = /^[0-9a-k]:["[{]/;
/** Lines of an event stream that are looked at before it is taken for plain text. */
const maxUnknownLines = 8;
/** Characters of a `text/plain` body that may wait for their brace to close before they are taken for text. */
const maxOpenText = 65_536;

/**
 * Returns how a body is cut into frames, from its first characters, or `undefined` while they do not tell.
 * The bytes decide: servers send every format under every MIME type. `ended`: nothing more will come.
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

/** A brace may begin an object of a stream, or the text of a model that answers with one. */
function sniffJson(text: string, essence: string, ended: boolean): Framing | undefined {
  if (essence !== 'text/plain' && essence !== eventStream) return 'json';
  const next = /^[[{]\s*(\S)/.exec(text)?.[1];
  if (next === undefined) return ended ? 'text' : undefined;
  const opens = text.startsWith('{') ? next === '"' || next === '}' : next === '{';
  return opens && text.length < maxOpenText ? 'json' : 'text';
}

/** A field name at the beginning of a line makes a stream of server-sent events. */
function sniffLines(text: string, essence: string, ended: boolean): Framing | undefined {
  const lines = text.split(/\r\n|\r|\n/);
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    if (fields.some((field) => line.startsWith(field))) return 'sse';
    if (isLast && line !== '' && fields.some((field) => field.startsWith(line))) {
      if (!ended) return undefined;
      if (essence === eventStream) return 'sse';
    }
    // Comments come first in many event streams; a text may begin with a colon too.
    if (line === '' || line.startsWith(':')) continue;
    if (essence !== eventStream || index >= maxUnknownLines) return 'text';
  }
  return ended ? 'text' : undefined;
}
