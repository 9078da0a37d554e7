import {Frame} from '../framing.js';

/** Unwraps event streams inside of event streams, line by line. */
export interface Unwrapper {
  push(this: void, line: string): void;
  /** Whether the events are known to be wrapped, or may be. */
  readonly isWrapped: boolean;
  /** Passes on what is held back, at the end of the body. */
  end(): void;
  /** Begins a new body. */
  reset(): void;
}

const dataLine = /^data: ?/;
const innerField = /^(?:data|event|id|retry):/;
const innerJson = /^data: ?["[{]/;

/**
 * Creates the unwrapper of streams whose events are wrapped twice (`data: data: {…}`), because a framework adds the
 * fields that the handler has written already. The first line of data shows it. Text that begins with `data:` may be the
 * model's, so it is held back until the next line of data begins so too.
 */
export function createUnwrapper(onLine: (line: string) => void): Unwrapper {
  let isWrapped: boolean | undefined;
  let held: string[] = [];
  let wasBlank = false;

  const emit = (line: string) => {
    // Both the inner and the outer blank line end the same event.
    if (line === '' && wasBlank) return;
    wasBlank = line === '';
    onLine(line);
  };
  const unwrap = (line: string) => {
    const [prefix] = dataLine.exec(line) ?? [];
    if (prefix === undefined) return emit(line);
    const value = line.slice(prefix.length);
    if (value.trim() === '') emit('');
    else if (value.startsWith(':') || innerField.test(value)) emit(value);
    else if (quoted(value) !== undefined) quoted(value)!.split(/\r\n|\r|\n/).forEach(emit);
    else emit(line);
  };
  const decide = (isSo: boolean) => {
    isWrapped = isSo;
    const lines = held;
    held = [];
    lines.forEach(isSo ? unwrap : onLine);
  };

  return {
    get isWrapped() {
      return isWrapped ?? held.length > 0;
    },
    push(line) {
      if (isWrapped === false) return onLine(line);
      if (isWrapped) return unwrap(line);
      const value = dataLine.test(line) ? line.replace(dataLine, '') : '';
      if (value.trim() === '') {
        if (held.length > 0) held.push(line);
        else onLine(line);
        return;
      }
      const isField = innerField.test(value) || quoted(value) !== undefined;
      const isFirst = held.length === 0;
      held.push(line);
      if (!isField) decide(false);
      else if (!isFirst || !innerField.test(value) || innerJson.test(value)) decide(true);
    },
    end() {
      // A single event is wrapped if its data ends with the blank line of the inner event.
      if (held.length > 0) decide(held.some((line) => dataLine.test(line) && line.replace(dataLine, '') === ''));
    },
    reset() {
      held = [];
      wasBlank = false;
      if (isWrapped === false) isWrapped = undefined;
    },
  };
}

/** Returns the event that a JSON string holds, or `undefined`. */
function quoted(value: string): string | undefined {
  if (!/^"(?:data|event|id):/.test(value)) return undefined;
  const json = new Frame(value).maybeJson;
  return typeof json === 'string' && /[\r\n]$/.test(json) ? json : undefined;
}
