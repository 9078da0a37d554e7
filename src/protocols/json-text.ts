import {findErrorMessage} from '../model/errors.js';
import type {Frame} from '../wire/framing.js';
import {asRecord, asString, type Protocol, type Sample} from './protocol.js';
import {hasDoneWord, isDoneMark, isDoneName, isFailedName, isReasoningName, isTextName} from './conventions.js';
import {flagKeys, isPlainJson} from './plain-json.js';
import type {Deltas} from './deltas.js';
import {findFinish, findReasoning, findText, lowerKeys} from './find-text.js';
import {readFinish} from './finish-reason.js';
import {findFailure, readProviderError} from './provider-error.js';
import {createSources, listSources, sourceKeys} from './sources.js';
import {anyUsage} from './usage.js';

/** Names of events of which a failure does not end the answer. */
const partNames = /tool|step|node|function|search|retriev/i;

/**
 * Custom JSON formats: `{"content": "…"}` and variants, one per event or line, JSON strings, and a whole answer in one
 * object.
 */
export const jsonText: Protocol = {
  createDecoder() {
    let text = '';
    /** The server sends end markers, so the end of the body alone does not complete the answer. */
    let promised = false;
    /** A finish reason, or an event name that marks an end, arrived after the last text. */
    let finished = false;

    const source = createSources();
    /** A message beside a status, while it is not known whether it is the answer: `{"status": "ok", "message": "…"}`. */
    let status: string | undefined;
    let isStatusText = false;

    function* emit(piece: string): Deltas {
      if (piece === '') return;
      text += piece;
      finished = false;
      yield {type: 'text', text: piece};
    }

    function* end(): Deltas {
      // Nothing else came: it is the answer.
      if (status !== undefined && text === '') yield* emit(status);
      yield {type: 'end'};
    }

    /** An event whose data is not JSON. */
    function* readPlain({data, event}: Frame): Deltas {
      if (event === 'error' || isFailedName(event)) return yield {type: 'error', error: readProviderError(data)};
      if (isDoneName(event)) return yield* end();
      finished ||= hasDoneWord(event);
      if (event !== '' && isTextName(event)) yield* emit(data);
      else if (!finished) yield {type: 'unknown', event: event || data.slice(0, 80)};
    }

    function* read(frame: Frame): Deltas {
      const {data, event} = frame;
      if (isDoneMark(data)) return yield* end();
      const json = event === 'bare' ? readBare(frame) : frame.maybeJson;
      if (json === undefined && !/^\s*[[{"]/.test(data)) return yield* readPlain(frame);
      const record = lowerKeys(json ?? frame.json);
      const type = asString(record['type']) || asString(record['event']);
      const name = event === 'bare' ? '' : event;

      const hasFailed = [name, type].some((one) => isFailedName(one) && !partNames.test(one));
      const error = findFailure(json) ?? (hasFailed ? readProviderError(findErrorMessage(json) ? json : `The provider reported "${name || type}".`) : undefined);
      if (error) return yield {type: 'error', error};
      const ended = isDoneName(name) || isDoneName(type) || flagKeys.some((key) => record[key] === true);
      // A server that names its events also names the last one.
      promised ||= flagKeys.some((key) => record[key] === false) || (name !== '' && name !== 'message');
      const usage = record['usage'] ?? record['metrics'];
      yield* anyUsage(usage);
      for (const key of sourceKeys) yield* listSources(source, record[key]);

      const content = Object.keys(record).length > 0 ? withoutLabels(record) : json;
      const isReasoning = isReasoningName(name) || isReasoningName(type);
      const thought = isReasoning ? (findText(content) ?? '') : findReasoning(record);
      if (thought) yield {type: 'reasoning', text: thought};

      const reason = findFinish(record) || (ended ? asString(record['reason']) : '');
      const ends = readFinish(reason);
      const isWhole = hasDoneWord(name) || hasDoneWord(type);
      if (!isReasoning && isTextName(name) && isTextName(type)) {
        const piece = findText(content);
        // Some servers put the end marker where the text stands.
        if (piece !== undefined && isDoneMark(piece)) return yield* end();
        if (piece && isStatus(record) && !isStatusText) {
          if (text !== '') return;
          isStatusText = status !== undefined;
          const first = status ?? '';
          status = piece;
          if (!isStatusText) return;
          yield* emit(first);
        } else status = undefined;
        // The last event of some servers repeats the whole answer.
        if (piece !== undefined && !(ended && piece === text)) yield* emit(piece);
        else if (piece === undefined && !ended && !usage && !thought && ends.length === 0) {
          yield {type: 'unknown', event: type || name || Object.keys(record).join(', ') || data.slice(0, 80)};
        }
      } else if (isWhole && !isReasoning) {
        if (text === '' && ![name, type].some((one) => partNames.test(one))) yield* emit(findText(content) ?? '');
      } else if (!ended && !isReasoning) yield {type: 'unknown', event: name || type};

      finished ||= isWhole || ends.length > 0;
      yield* ends;
      if (ended) yield* end();
    }

    return {
      mayBeCumulative: true,
      decode: read,
      *end(): Deltas {
        if (finished || !promised) yield* end();
      },
      isWhole: () => finished,
    };
  },
};

/** Returns whether an object is the report of a server about its work: a status of success, and a message. */
function isStatus(record: Readonly<Record<string, unknown>>): boolean {
  const {status, success, message, msg, ...others} = record;
  const isDone = /^(?:ok|success(?:ful)?|done|completed?|finished)$/i.test(asString(status)) || success === true;
  return isDone && typeof (message ?? msg) === 'string' && findText(others) === undefined;
}

/** Returns the JSON of what stands between objects: a value, or items of an array of strings. */
function readBare({data, maybeJson}: Frame): unknown {
  if (maybeJson !== undefined) return maybeJson;
  try {
    return JSON.parse(`[${data.trim().replace(/^[[,]|[\],]$/g, '')}]`);
  } catch {
    // Text between objects.
    return undefined;
  }
}

/** Removes the fields that name the event, so that the name in `{"type": "token", "data": "…"}` is not read as text. */
function withoutLabels(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key, value]) => key !== 'type' && (key !== 'event' || typeof value === 'object')));
}

/**
 * An object with text, an error or an end marker at a usual key, or a JSON string. Before the lazy formats are loaded:
 * only an object that has no other keys.
 */
export function detectJsonText({framing, frame, json, headers, allAsked}: Sample): boolean {
  if (framing !== 'sse' && framing !== 'json') return false;
  if (!allAsked && headers.has('x-vercel-ai-ui-message-stream')) return false;
  if (frame.event === 'error') return allAsked === true;
  // Under this type a model may have written JSON itself.
  if (/^text\/plain/i.test(headers.get('content-type') ?? '') && !isPlainJson(json) && !findFailure(json)) return false;
  if (frame.event === 'bare') return readBare(frame) !== undefined;
  if (/^\s*["[]/.test(frame.data)) return findText(frame.maybeJson) !== undefined;
  if (Object.keys(json).length === 0 || (!allAsked && !isPlainJson(json))) return false;
  const type = asString(json['type']);
  const name = type || asString(json['event']);
  if (findFailure(json) || isDoneName(name)) return true;
  return isTextName(frame.event) && isTextName(type) && Boolean(findText(withoutLabels(asRecord(json))));
}
