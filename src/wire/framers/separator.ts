import {Frame} from '../framing.js';

/** Receives the lines of an event stream, and where an event ends. */
export interface SeparatorSink {
  /** Called with each line except blank ones. */
  line(line: string): void;
  /**
   * Called at the end of an event. `isSeparated`: there was no blank line. `name`: that of an event without data,
   * otherwise empty.
   */
  dispatch(isSeparated: boolean, name: string): void;
}

/** Finds the ends of events. */
export interface Separator {
  push(this: void, line: string): void;
  /** The first line of data, if the body begins with several that are no JSON, and no blank line has come. */
  readonly openText: string | undefined;
  /** Begins a new body. Whether the server separates its events is kept. */
  reset(): void;
}

const fieldLine = /^(data|event|id)(?::|$)/;

/** Returns the value of a field, as the standard reads it. */
export function fieldValue(line: string, name: string): string {
  return line.slice(name.length + 1).replace(/^ /, '');
}

/** Returns whether data is an event by itself: `[DONE]`, or JSON. */
export function isCompleteData(data: string): boolean {
  return data === '[DONE]' || new Frame(data).maybeJson !== undefined;
}

/** Data that marks the end of an answer. */
export const endMarker = /^\s*\[(?:done|end|stop|finished|eos)\]\s*$/i;

/** Returns whether data is an end marker, or JSON of an object or array. */
function isUnit(data: string): boolean {
  return endMarker.test(data) || (/^\s*[[{]/.test(data) && isCompleteData(data));
}

/**
 * Creates the finder of the ends of events. They end at a blank line, as the standard says. Many servers write only one
 * line feed after an event, so that by the standard the whole answer is one event, which is no JSON. Therefore an event
 * also ends before a line of data
 * - if the data before is JSON by itself, because the two lines together are not,
 * - if it is an end marker, or if it is JSON by itself and the data before does not begin like JSON,
 * - if a second `event:` or `id:` stands between it and the data before.
 * In a body where this happened, each line that is JSON by itself is an event, at once.
 */
export function createSeparator(sink: SeparatorSink): Separator {
  let isUnseparated = false;
  let hasBlank = false;

  // Of the event.
  let first = '';
  let count = 0;
  let hasData = false;
  let name = '';
  let hasName = false;
  let hasId = false;
  /** The fields after the data: they belong to the next event, if data follows. */
  let held: string[] = [];
  let isNext = false;

  const clear = () => {
    first = name = '';
    count = 0;
    hasData = hasName = hasId = isNext = false;
  };
  const dispatch = (isSeparated: boolean) => {
    const ownName = hasData ? '' : name;
    clear();
    sink.dispatch(isSeparated, ownName);
  };
  const pass = (line: string) => {
    const [, field] = fieldLine.exec(line) ?? [];
    if (field === 'event') {
      name = fieldValue(line, 'event').trim();
      hasName = true;
    } else if (field === 'id') hasId = true;
    sink.line(line);
  };
  const release = () => {
    const lines = held;
    held = [];
    lines.forEach(pass);
  };

  const endsBefore = (value: string): boolean => {
    if (count === 0 || value.trim() === '') return false;
    if (isNext || endMarker.test(value)) return true;
    if (count === 1 && isUnit(first)) return true;
    // JSON strings, one per line.
    if (count === 1 && /^\s*"/.test(first) && /^\s*"/.test(value)) return isCompleteData(first) && isCompleteData(value);
    return !/^\s*[[{"]/.test(first) && isUnit(value);
  };
  const readData = (line: string) => {
    const value = fieldValue(line, 'data');
    if (endsBefore(value)) {
      isUnseparated = true;
      dispatch(true);
    }
    release();
    isNext = false;
    hasData = true;
    if (value.trim() !== '' && count++ === 0) first = value;
    sink.line(line);
    if (isUnseparated && count === 1 && isUnit(value)) dispatch(true);
  };

  return {
    get openText() {
      return !hasBlank && !isUnseparated && count > 1 && !/^\s*[[{"]/.test(first) ? first : undefined;
    },
    push(line) {
      if (line === '') {
        hasBlank ||= hasData;
        release();
        return dispatch(false);
      }
      const [, field] = fieldLine.exec(line) ?? [];
      if (field === 'data') return readData(line);
      if (field === undefined || count === 0) return pass(line);
      isNext ||= field === 'event' ? hasName : hasId;
      held.push(line);
    },
    reset() {
      clear();
      held = [];
      hasBlank = false;
    },
  };
}
