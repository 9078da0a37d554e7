import {maxFrameLength, tooLargeError} from '../framing.js';

/** Replaces line breaks that a server wrote as the characters `\` and `n`. */
export interface LiteralBreaks {
  push(text: string): void;
  /** Whether text is held back. */
  readonly isOpen: boolean;
  /** Passes on what is held back, at the end of the body. */
  end(): void;
  /** Begins a new body. */
  reset(): void;
}

/** The first event shows how a server writes its breaks. A longer one counts as correct. */
const maxUndecided = 65_536;
/** Between events, whose text may have escaped breaks too. */
const betweenEvents = /(?:(?:\\r)?\\n){2,}(?=(?:data|event|id|retry):)/g;
/** Between the fields of one event. */
const betweenFields = /(?:(?:\\r)?\\n)+(?=(?:data|event|id|retry):)/g;
const jsonField = /^data: ?(?=["[{])/;
const fieldLength = 'retry:'.length;

/**
 * Creates the replacement of literal line breaks, which PHP writes for `'data: …\n\n'` in single quotes: the body is one
 * line. They count after the JSON of a field, and before the next field, and only if the first event has them. Escapes
 * inside of JSON are left as they are.
 */
export function createLiteralBreaks(onText: (text: string) => void): LiteralBreaks {
  let isLiteral: boolean | undefined;
  let isFirst = true;
  let rest = '';
  let scanner = createJsonScanner();
  let searched = 0;

  const take = (length: number) => {
    const text = rest.slice(0, length);
    rest = rest.slice(length);
    searched = 0;
    scanner = createJsonScanner();
    return text;
  };
  /**
   * Returns the length of the field at the beginning of `rest`, without its break. `undefined`: it may not be complete.
   */
  const fieldEnd = (): number | undefined => {
    const json = jsonField.exec(rest);
    const afterJson = json ? scanner.scan(rest, json[0].length) : -1;
    if (afterJson === undefined) return undefined;
    if (afterJson >= 0) {
      const [blank] = /^[ \t]*/.exec(rest.slice(afterJson, afterJson + 64))!;
      const after = rest.slice(afterJson + blank.length, afterJson + blank.length + 4);
      if (/^(?:\\n|\\r\\n|[\r\n])/.test(after)) return afterJson;
      if (/^(?:\\(?:r(?:\\)?)?)?$/.test(after)) return undefined;
    }
    const pattern = rest.startsWith('data:') || rest.startsWith(':') ? betweenEvents : betweenFields;
    pattern.lastIndex = searched;
    const literal = pattern.exec(rest);
    const real = rest.slice(searched).search(/[\r\n]/);
    if (literal && (real === -1 || literal.index < searched + real)) return literal.index;
    if (real !== -1) return searched + real;
    // The next field may be incomplete. Many breaks in a row are none of a server.
    searched = Math.max(0, rest.length - 8 * fieldLength);
    return undefined;
  };
  const convert = () => {
    for (;;) {
      const [breaks] = /^(?:\\r\\n|\\n|[\r\n])*/.exec(rest)!;
      if (breaks !== '') onText(take(breaks.length).replace(/(?:\\r)?\\n/g, '\n'));
      if (rest === '' || /^\\r?\\?$/.test(rest)) return;
      const end = fieldEnd();
      if (end === undefined) return;
      onText(take(end));
      const [blank] = /^[ \t]*(?=\\|$)/.exec(rest) ?? [''];
      take(blank.length);
      if (end === 0 && blank === '') onText(take(1));
    }
  };
  /** Looks for the first event, and passes on the lines before. */
  const decide = () => {
    while (isLiteral === undefined) {
      const [breaks] = /^[\r\n]*/.exec(rest)!;
      if (breaks !== '') onText(take(breaks.length));
      const end = rest === '' ? undefined : fieldEnd();
      if ((end ?? rest.length) > maxUndecided) isLiteral = false;
      else if (end === undefined) return;
      else if (/^[ \t]*\\/.test(rest.slice(end))) isLiteral = true;
      else if (rest.startsWith('data:')) isLiteral = false;
      else onText(take(end));
    }
    if (isLiteral) convert();
    else if (isLiteral === false) onText(take(rest.length));
  };

  return {
    get isOpen() {
      return rest !== '';
    },
    push(text) {
      if (isLiteral === false) return onText(text);
      if (text === '') return;
      // The mark is removed by whoever splits the lines.
      const mark = isFirst && text.startsWith('\ufeff') ? 1 : 0;
      if (mark > 0) onText('\ufeff');
      isFirst = false;
      rest += text.slice(mark);
      if (isLiteral) convert();
      else decide();
      if (rest.length > maxFrameLength) throw tooLargeError();
    },
    end() {
      if (isLiteral) rest = rest.replace(/(?:\\r)?\\n(?=(?:(?:\\r)?\\n)*\s*$)/g, '\n');
      if (rest !== '') onText(take(rest.length));
    },
    reset() {
      take(rest.length);
      isFirst = true;
      if (isLiteral === false) isLiteral = undefined;
    },
  };
}

/** Finds the end of a JSON value in text that grows at its end. */
function createJsonScanner() {
  let at = 0;
  let depth = 0;
  let inString = false;
  let found: number | undefined;
  return {
    /** Returns the index after the value that begins at `start`, -1 if a line ends inside, `undefined` if text does. */
    scan(text: string, start: number): number | undefined {
      if (found !== undefined) return found;
      for (at ||= start; at < text.length; at++) {
        const char = text[at];
        if (char === '\n' || char === '\r') return (found = -1);
        if (inString) {
          if (char === '\\') {
            // The escaped character may not have come yet.
            if (at + 1 === text.length) return undefined;
            at++;
          } else if (char === '"') {
            inString = false;
            if (depth === 0) return (found = at + 1);
          }
        } else if (char === '"') inString = true;
        else if (char === '{' || char === '[') depth++;
        else if ((char === '}' || char === ']') && --depth === 0) return (found = at + 1);
      }
      return undefined;
    },
  };
}
