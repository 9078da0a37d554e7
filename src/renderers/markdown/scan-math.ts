import {NEED_MORE, NO_MATCH} from './scan.js';

/**
 * Maximum length of a formula. Longer text between two delimiters is none, so that text after an open delimiter settles
 * eventually.
 */
export const MAX_FORMULA = 4000;
const MAX_INLINE = 1000;

/** Maximum length of text after a single dollar sign that is shown as the source of a formula. */
const MAX_SHOWN = 200;

const dollars = /\\[^]|\$+/g;
const escapes = /\\[^]/g;

/** The TeX between the delimiters of a formula, and the start of the text after it. */
interface Scanned {
  readonly tex: string;
  readonly end: number;
}

/**
 * Scans the formula at `from`, the position of `$`, `$$`, `\(` or `\[`. As in Pandoc, a single dollar sign opens only
 * before and closes only after a character that is no space, and it does not close before a digit: `$5 and $10` is
 * money.
 */
export function scanMath(text: string, from: number, final: boolean): Scanned | typeof NO_MATCH | typeof NEED_MORE {
  const isDollar = text[from] === '$';
  const isSingle = isDollar && text[from + 1] !== '$';
  const width = isSingle ? 1 : 2;
  const start = from + width;
  const last = from + (isSingle ? MAX_INLINE : MAX_FORMULA);
  if (isSingle && /\s/.test(text[start] ?? ' ')) return NO_MATCH;

  const opener = text[from + 1];
  const closer = opener === '(' ? ')' : ']';
  const marks = isDollar ? dollars : escapes;
  marks.lastIndex = start;
  for (let match = marks.exec(text); match && match.index <= last; match = marks.exec(text)) {
    const [mark] = match;
    const isClosing = isDollar ? mark.startsWith(isSingle ? '$' : '$$') : mark[1] === closer;
    // Brackets of the same kind do not nest.
    if (!isDollar && mark[1] === opener) return NO_MATCH;
    if (!isClosing) continue;
    const end = match.index + width;
    const tex = text.slice(start, match.index);
    if (isSingle) {
      if (/\s$|\]\(/.test(tex)) return NO_MATCH;
      if (end === text.length && !final) return NEED_MORE;
      return /\d/.test(text[end] ?? '') ? NO_MATCH : {tex, end};
    }
    return tex.trim() === '' || (!isDollar && closer === ']' && isProse(tex)) ? NO_MATCH : {tex, end};
  }
  return final || text.length > last + 2 ? NO_MATCH : NEED_MORE;
}

/** Returns whether the start of a possible formula is shown as its source. A price rarely becomes a formula. */
export function isMathShown(text: string, from: number): boolean {
  const next = text[from + 1] ?? '';
  return text[from] === '\\' || next === '$' || (text.length - from < MAX_SHOWN && !/\d/.test(next));
}

/** Returns whether text in escaped brackets is not a formula, but words, a number or only punctuation. */
function isProse(text: string): boolean {
  if (!/[\p{L}\p{N}]/u.test(text)) return true;
  if (/^\s|[\\^_={}+<>*/|]/.test(text)) return false;
  return /\p{L}{3}|^[\d\s,;.–-]+$/u.test(text);
}

/** Returns the closing delimiter of the formula that a line opens at its start or end, and leaves open. */
export function findOpenMath(line: string): string | undefined {
  const opener = /^(?:\$\$|\\\[)|(?:\$\$|\\\[)$/.exec(line)?.[0];
  const closer = opener?.replace('[', ']');
  const isOpen = opener === closer ? line.split('$$').length % 2 === 0 : !line.includes(closer ?? '');
  return isOpen ? closer : undefined;
}
