/** Result of a scanner if the construct is not there. */
export const NO_MATCH = -1;

/** Result of a scanner if the text ends before the result is known: more text may still complete the construct. */
export const NEED_MORE = -2;

/** The characters that can be escaped by a backslash. */
export const ESCAPABLE = /[!-/:-@[-`{-~]/;

/**
 * A text that is searched only once for a terminator that it does not contain. Otherwise a text of 10,000 `<!--` would
 * be searched to its end 10,000 times.
 */
export class SearchMemo {
  readonly #absent = new Set<string>();

  constructor(readonly text: string) {}

  find(needle: string, from: number): number {
    if (this.#absent.has(needle)) return NO_MATCH;
    const at = this.text.indexOf(needle, from);
    if (at < 0) this.#absent.add(needle);
    return at;
  }
}

/** Returns the end of the match of the sticky `regex` at `from`, or `NO_MATCH`. */
export function matchEnd(regex: RegExp, text: string, from: number): number {
  regex.lastIndex = from;
  return regex.test(text) ? regex.lastIndex : NO_MATCH;
}

/** Returns the end of the run of spaces and tabs at `from`. */
export function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

/**
 * Returns the length of `text` without the run of `characters` at its end. Regular expressions for that take quadratic
 * time if such runs are in the middle of the text.
 */
export function endBefore(text: string, characters: string): number {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] ?? '')) end--;
  return end;
}

/** Returns the end of white space that contains at most one line break. */
export function skipSpacesAndBreak(text: string, from: number): number {
  const at = skipSpaces(text, from);
  return text[at] === '\n' ? skipSpaces(text, at + 1) : at;
}

/** Scans `[label]`. A label has at most 999 characters and contains no unescaped bracket. */
export function scanLabel(text: string, from: number): number {
  let visible = false;
  for (let at = from + 1; at - from <= 1000; at++) {
    const c = text[at];
    if (c === undefined) return NEED_MORE;
    if (c === '[') return NO_MATCH;
    if (c === ']') return visible ? at + 1 : NO_MATCH;
    if (c === '\\') at++;
    if (c > ' ') visible = true;
  }
  return NO_MATCH;
}

/** Normalizes a label: case and white space are ignored. */
export function normalizeLabel(label: string): string {
  // To lower and then to upper case, because only the upper case of "ẞ" and of "ss" is the same.
  return label
    .trim()
    .replace(/[ \t\r\n]+/g, ' ')
    .toLowerCase()
    .toUpperCase();
}

/**
 * Scans a link destination, `<…>` or bare. A bare one may be empty, and it may end where the text ends: callers check
 * what follows.
 */
export function scanDestination(text: string, from: number): number {
  return text[from] === '<' ? scanInAngleBrackets(text, from) : scanBare(text, from);
}

function scanInAngleBrackets(text: string, from: number): number {
  for (let at = from + 1; ; at++) {
    const c = text[at];
    if (c === undefined) return NEED_MORE;
    if (c === '>') return at + 1;
    if (c === '<' || c === '\n') return NO_MATCH;
    if (c === '\\') at++;
  }
}

function scanBare(text: string, from: number): number {
  let depth = 0;
  let at = from;
  for (; ; at++) {
    const c = text[at];
    if (c === undefined) return depth > 0 ? NEED_MORE : at;
    if (c <= ' ' || c === '\x7f') break;
    if (c === '\\' && ESCAPABLE.test(text[at + 1] ?? '')) at++;
    // The same limit as in cmark: it keeps repeated `[a](b` linear.
    else if (c === '(' && ++depth > 32) return NO_MATCH;
    else if (c === ')' && --depth < 0) return at;
  }
  return depth > 0 ? NO_MATCH : at;
}

/** Scans a link title in its quotes or parentheses. */
export function scanTitle(text: string, from: number): number {
  const close = text[from] === '(' ? ')' : text[from];
  for (let at = from + 1; ; at++) {
    const c = text[at];
    if (c === undefined) return NEED_MORE;
    if (c === close) return at + 1;
    if (c === '(' && close === ')') return NO_MATCH;
    if (c === '\\') at++;
  }
}

/** Removes the closing sequence of `#` from the text of a heading. */
export function trimClosingHashes(text: string): string {
  const trimmed = text.trimEnd();
  let end = trimmed.length;
  while (trimmed[end - 1] === '#') end--;
  const isClosing = end < trimmed.length && (end === 0 || /[ \t]/.test(trimmed[end - 1] ?? ''));
  return isClosing ? trimmed.slice(0, end) : text;
}
