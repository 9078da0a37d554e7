import {stripBom, type Framing} from './framing.js';

const eventStream = 'text/event-stream';
/** Types of event streams, and what servers write in their place. */
const eventTypes = /^(?:text|application)\/(?:x-)?(?:event[-_]?stream|stream)$/;
/** Types of JSON, one object or many. */
const jsonTypes = /^(?:text|application)\/(?:(?:x-)?(?:nd-?json|json(?:-?l|-?lines|-?seq|-stream)?|ldjson)|(?:[\w.-]+\+)json|stream\+json)$/;
const otherTypes = new Set(['text/plain', 'text/markdown', 'application/octet-stream', 'binary/octet-stream', '']);
const html = 'text/html';

/**
 * Returns the MIME type without its parameters, in lower case; empty if there is none. Proxies and frameworks send lists:
 * of these it is the event stream, or else the last one.
 */
export function mimeEssence(contentType: string | null): string {
  const types = (contentType ?? '').split(',').map((type) => type.split(';', 1)[0]!.trim().toLowerCase());
  return types.includes(eventStream) ? eventStream : (types.findLast((type) => type !== '') ?? '');
}

/** Returns whether a body of this MIME type may be an answer. A web page, an image or a misspelt type is none. */
export function isAnswerType(contentType: string | null): boolean {
  const essence = mimeEssence(contentType);
  return otherTypes.has(essence) || eventTypes.test(essence) || jsonTypes.test(essence);
}

/** Returns whether a body of this MIME type is probably an event stream. PHP and Flask send those as `text/html`. */
export function isEventType(contentType: string | null): boolean {
  const essence = mimeEssence(contentType);
  return essence === html || eventTypes.test(essence);
}

/**
 * Returns whether a body of the type `text/html`, which many frameworks send by default, is an answer instead of a web
 * page, or `undefined` while its first characters are not conclusive. Warnings of PHP may come before the events.
 */
export function isAnswerInHtml(start: string, ended: boolean): boolean | undefined {
  const text = stripBom(start).trimStart();
  if (text === '') return ended ? false : undefined;
  if (!text.startsWith('<')) return true;
  if (/[\r\n](?:data|event|id):/.test(text)) return true;
  return ended || text.length > maxOpenLine || !'<br'.startsWith(text.slice(0, 3)) ? false : undefined;
}

const fields = ['data:', 'event:', 'id:', 'retry:', 'message:'];
/** Those in a body of the type of an event stream: llama.cpp has a field for errors. */
const eventFields = [...fields, 'error:'];
const aiSdkLine = /^[0-9a-k]:["[{]/;
/** Such a line as the data of an event. */
const aiSdkEvent = /^data: ?[0-9a-k]:["[{]/;
const aiSdkEventStart = /^data:(?: |$)?(?:[0-9a-k]:?)?$/;
/** Maximum number of lines of an event stream to inspect before it counts as plain text. */
const maxUnknownLines = 8;
/** Maximum length of these lines, in characters. */
const maxOpenLine = 4096;
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
  if (!eventTypes.test(essence) && aiSdkLine.test(text)) return 'lines';
  return sniffLines(text, essence, ended);
}

/** Sniffs a body that begins with a brace: an object of a stream, or the text of a model that answers with JSON. */
function sniffJson(text: string, essence: string, ended: boolean): Framing | undefined {
  if (essence !== 'text/plain' && !eventTypes.test(essence)) return 'json';
  const next = /^[[{]\s*(\S)/.exec(text)?.[1];
  if (next === undefined) return ended ? 'text' : undefined;
  const opens = text.startsWith('{') ? next === '"' || next === '}' : next === '{';
  return opens && text.length < maxOpenText ? 'json' : 'text';
}

/**
 * Sniffs a body by its lines: a field name at the beginning of a line means server-sent events. Under a type of these, the
 * first lines may be noise of the server, such as warnings, so that `text` may turn out to be wrong: see `isTextFinal`.
 */
function sniffLines(text: string, essence: string, ended: boolean): Framing | undefined {
  const isEvents = isEventType(essence);
  const names = isEvents ? eventFields : fields;
  const lines = text.split(/\r\n|\r|\n/);
  let isText = false;
  let isUnknown = false;
  let offset = 0;
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    if (isUnknown && offset > maxOpenLine) return 'text';
    offset += line.length + 1;
    if (aiSdkEvent.test(line)) return 'lines';
    if (isLast && !ended && aiSdkEventStart.test(line)) return undefined;
    if (names.some((name) => line.startsWith(name))) return 'sse';
    if (isLast && line !== '' && names.some((name) => name.startsWith(line))) {
      if (!ended) return undefined;
      if (isEvents) return 'sse';
    }
    // Many event streams begin with comments; plain text may begin with a colon too.
    if (line === '' || line.startsWith(':')) continue;
    if (!isEvents || index >= maxUnknownLines) return 'text';
    isUnknown = true;
    isText ||= !line.startsWith('<');
  }
  return ended || isText || (isUnknown && offset > maxOpenLine) ? 'text' : undefined;
}

/** Returns whether a body that was sniffed as text under the type of an event stream stays text, whatever follows. */
export function isTextFinal(start: string): boolean {
  return start.length > maxOpenLine + 'message:'.length || start.split(/\r\n|\r|\n/).length > maxUnknownLines + 1;
}
