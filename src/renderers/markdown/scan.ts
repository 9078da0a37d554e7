/** What a scanner answers where the construct is not there. */
export const NO_MATCH = -1;

/** What a scanner answers where the text ends before it is known: more text may still complete the construct. */
export const NEED_MORE = -2;

/** Backslash escapes work before these only. */
export const ESCAPABLE = /[!-/:-@[-`{-~]/;

/**
 * A text in which a terminator that is not there is looked for once only. Without it, a text of 10,000
 * `<!--` would be searched to its end 10,000 times.
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

/** Returns where a match of the sticky `regex` at `from` ends, or `NO_MATCH`. */
export function matchEnd(regex: RegExp, text: string, from: number): number {
  regex.lastIndex = from;
  return regex.test(text) ? regex.lastIndex : NO_MATCH;
}

/** Returns where the run of spaces and tabs at `from` ends. */
export function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

/**
 * Returns where `text` ends when the run of `characters` at its end is left out. Regular expressions for that
 * take quadratic time when such runs are in the middle of the text.
 */
export function endBefore(text: string, characters: string): number {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] ?? '')) end--;
  return end;
}

/** Returns where white space with at most one line break in it ends. */
export function skipSpacesAndBreak(text: string, from: number): number {
  const at = skipSpaces(text, from);
  return text[at] === '\n' ? skipSpaces(text, at + 1) : at;
}

/** Scans `[label]`. A label has at most 999 characters and no bracket that is not escaped. */
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

/** Makes labels comparable: case and white space do not count. */
export function normalizeLabel(label: string): string {
  // Both ways, as only the upper case of "ẞ" and of "ss" agree.
  return label
    .trim()
    .replace(/[ \t\r\n]+/g, ' ')
    .toLowerCase()
    .toUpperCase();
}

/**
 * Scans a link destination, `<…>` or bare. A bare one may be empty, and it may end where the text ends:
 * what must follow is for the caller to see.
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
    // The limit is that of cmark: it keeps `[a](b` repeated linear.
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
