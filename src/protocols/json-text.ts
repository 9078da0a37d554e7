import type {Delta} from '../model/conversation.js';
import {findErrorMessage, StreamChatError} from '../model/errors.js';
import type {Frame} from '../wire/framing.js';
import {asRecord, asString, type Protocol, type Sample} from './protocol.js';
import {finishReason, isDoneMark, isDoneName, isTextName} from './conventions.js';
import {readProviderError} from './provider-error.js';

const textKeys = [
  'delta',
  'content',
  'text',
  'token',
  'response',
  'answer',
  'chunk',
  'message',
  'data',
  'output',
  'value',
  'generated_text',
  'completion',
  'reply',
  'result',
];
const flagKeys = ['done', 'isComplete', 'isCompleted', 'is_complete', 'complete', 'finished', 'is_final', 'final', 'end'];
/** Consecutive events that extend the previous one, after which they are treated as snapshots of the whole text. */
const snapshotsInRow = 3;
const snapshotLength = 8;

/** Returns the first text at one of the usual keys, or `undefined`. */
export function findText(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    const texts = value.map((item) => findText(item, depth + 1)).filter((text) => text !== undefined);
    return depth < 4 && texts.length > 0 ? texts.join('') : undefined;
  }
  if (depth > 3) return undefined;
  const record = asRecord(value);
  for (const key of textKeys) {
    if (!Object.hasOwn(record, key)) continue;
    const text = findText(record[key], depth + 1);
    if (text !== undefined) return text;
  }
  return undefined;
}

/**
 * Custom JSON formats: `{"content": "…"}` and variants, one per event or line, JSON strings, and a whole answer in one
 * object. Distinguishes snapshots of the whole text from increments.
 */
export const jsonText: Protocol = {
  createDecoder() {
    let text = '';
    let last = '';
    let grown = 0;
    let snapshots = false;
    /** The server sends end markers, so the end of the body alone does not complete the answer. */
    let promised = false;
    let unknown = '';

    function* add(piece: string): Generator<Delta, void, void> {
      grown = piece.length > last.length && last !== '' && piece.startsWith(last) ? grown + 1 : 0;
      last = piece;
      if (!snapshots && grown >= snapshotsInRow && piece.length > snapshotLength) {
        snapshots = true;
        yield {type: 'replace', text: (text = piece)};
      } else if (!snapshots) {
        text += piece;
        if (piece !== '') yield {type: 'text', text: piece};
      } else if (piece.startsWith(text)) {
        if (piece.length > text.length) yield {type: 'text', text: piece.slice(text.length)};
        text = piece;
      } else if (piece !== '') yield {type: 'replace', text: (text = piece)};
    }

    function* read(frame: Frame): Generator<Delta, void, void> {
      const {data, event} = frame;
      if (isDoneMark(data)) return yield {type: 'end'};
      if (!/^\s*[[{"]/.test(data) && frame.maybeJson === undefined) {
        if (event === 'error') return yield {type: 'error', error: readProviderError(data)};
        if (isDoneName(event)) return yield {type: 'end'};
        if (isTextName(event)) yield* add(data);
        return;
      }
      const json = frame.json;
      const record = asRecord(json);
      const type = asString(record['type']) || asString(record['event']);
      const name = event === 'bare' ? '' : event;

      if (name === 'error' || type === 'error' || hasError(record)) {
        return yield {type: 'error', error: readProviderError(record['error'] ?? json)};
      }
      const ended = isDoneName(name) || isDoneName(type) || flagKeys.some((key) => record[key] === true);
      // A server that names its events also names the last one.
      promised ||= flagKeys.some((key) => record[key] === false) || (name !== '' && name !== 'message');
      const usage = record['usage'];
      if (typeof usage === 'object' && usage !== null) yield {type: 'usage', usage: {native: usage}};

      if (isTextName(name) && isTextName(type)) {
        const piece = findText(Object.keys(record).length > 0 ? withoutLabels(record) : json);
        // The last event of some servers repeats the whole answer.
        if (piece === undefined && !ended && !usage) unknown ||= Object.keys(record).join(', ') || data.slice(0, 80);
        if (piece !== undefined && !(ended && piece === text)) yield* add(piece);
      } else if (!ended) {
        unknown ||= name || type || data.slice(0, 80);
        yield {type: 'unknown', event: name || type};
      }

      if (!ended) return;
      const reason = asString(record['reason']) || asString(record['finish_reason']) || asString(record['finishReason']);
      if (reason) yield {type: 'finish', reason: finishReason(reason), native: reason};
      yield {type: 'end'};
    }

    return {
      decode: read,
      end(): Delta[] {
        if (text !== '' || unknown === '') return promised ? [] : [{type: 'end'}];
        const message = `The answer is of no format that is known: it has "${unknown}". Write a protocol for it.`;
        return [{type: 'error', error: new StreamChatError('protocol', message)}];
      },
    };
  },
};

/** `error` may be null, false or empty in servers that always send the key. */
function hasError(record: Readonly<Record<string, unknown>>): boolean {
  const {error} = record;
  return error === true || findErrorMessage(error) !== '';
}

/** Removes the fields that name the event, so that the name in `{"type": "token", "data": "…"}` is not read as text. */
function withoutLabels(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== 'type' && key !== 'event'));
}

const plainTypes = /^(?:|token|content|delta|chunk|text|message|answer|response|done|end)$/;
const plainKeys = new Set([...textKeys, ...flagKeys, 'type', 'id', 'role', 'index', 'finish_reason', 'reason']);

/**
 * An object with text, an error or an end marker at a usual key, or a JSON string. Before the lazy formats are loaded:
 * only an object that has no other keys.
 */
export function detectJsonText({framing, frame, json, headers, allAsked}: Sample): boolean {
  if (framing !== 'sse' && framing !== 'json') return false;
  if (!allAsked && headers.has('x-vercel-ai-ui-message-stream')) return false;
  if (frame.event === 'error') return allAsked === true;
  if (frame.event === 'bare') return frame.maybeJson !== undefined;
  if (/^\s*["[]/.test(frame.data)) return findText(frame.maybeJson) !== undefined;
  const keys = Object.keys(json);
  if (keys.length === 0) return false;
  const type = asString(json['type']);
  if (!allAsked && !(plainTypes.test(type) && keys.every((key) => plainKeys.has(key)))) return false;
  const name = type || asString(json['event']);
  return hasError(json) || isDoneName(name) || findText(withoutLabels(json)) !== undefined;
}
