import {asRecord, asString} from './protocol.js';
import {asText} from './text-of.js';

type Json = Readonly<Record<string, unknown>>;

/** Keys of text in custom JSON formats, in lower case, in order of precedence. */
const textKeys = [
  'delta', 'textdelta', 'content', 'text', 'token', 'response', 'answer', 'chunk', 'message', 'data', 'output', 'value',
  'generated_text', 'completion', 'reply', 'result', 'parts', 'choices', 'payload', 'contentblockdelta', 'event',
  'textresponse', 'msg',
];
const reasoningKeys = /^(?:reasoning|thinking|thoughts?|think)(?:_?(?:content|text|delta))?$/;
const finishKeys = /^(?:finish|stop|done)_?reason$/;
/** Keys of objects and lists that hold the text, in which reasoning and finish reasons are searched too. */
const containers = [
  'delta', 'message', 'data', 'output', 'result', 'choices', 'payload', 'contentblockdelta', 'messagestop', 'event',
];
const maxDepth = 5;

/** Returns JSON as an object with keys in lower case: .NET and some providers capitalise them. */
export function lowerKeys(value: unknown): Json {
  return Object.fromEntries(Object.entries(asRecord(value)).map(([key, one]) => [key.toLowerCase(), one]));
}

/** Returns the text of JSON at one of the usual keys, `''` if it is empty, or `undefined` if it has no such key. */
export function findText(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string' || typeof value === 'number') return asText(value);
  if (depth > maxDepth) return undefined;
  if (Array.isArray(value)) {
    const texts = value.map((item) => findText(item, depth + 1)).filter((text) => text !== undefined);
    return texts.length > 0 ? texts.join('') : undefined;
  }
  const record = lowerKeys(value);
  if (record['special'] === true) return '';
  // A message of another role, such as the question repeated.
  if (/^(?:user|you|me|human|system|tool)$/i.test(asString(record['role'] ?? record['sender']))) return undefined;
  // In an envelope with a code or with the text in `data`, the message is a status.
  const data = typeof record['data'] === 'object' ? findText(record['data'], depth + 1) : undefined;
  const isEnvelope = data !== undefined || ('code' in record && ('message' in record || 'msg' in record));
  let empty: string | undefined;
  for (const key of textKeys) {
    if (!(key in record) || (isEnvelope && (key === 'message' || key === 'msg'))) continue;
    const text = key === 'data' && data !== undefined ? data : findText(record[key], depth + 1);
    if (text) return text;
    empty ??= text;
  }
  return empty;
}

/** Returns the reasoning of JSON at one of the usual keys. */
export function findReasoning(value: unknown): string {
  return findAt(value, reasoningKeys, 0);
}

/** Returns the finish reason of JSON at one of the usual keys. */
export function findFinish(value: unknown): string {
  return findAt(value, finishKeys, 0);
}

function findAt(value: unknown, keys: RegExp, depth: number): string {
  if (depth > maxDepth) return '';
  const record = lowerKeys(Array.isArray(value) ? value[0] : value);
  for (const key of Object.keys(record)) {
    const found = keys.test(key) && (asString(record[key]) || asString(asRecord(record[key])['text']));
    if (found) return found;
  }
  for (const key of containers) {
    const found = typeof record[key] === 'object' ? findAt(record[key], keys, depth + 1) : '';
    if (found) return found;
  }
  return '';
}
