import {NEED_MORE, NO_MATCH} from './scan.js';

/** Longer texts between two marks are no formulas: so what follows an open mark is settled some time. */
export const MAX_FORMULA = 4000;
const MAX_INLINE = 1000;

/** What follows a lone dollar is shown as the source of a formula up to this length. */
const MAX_SHOWN = 200;

const dollars = /\\[^]|\$+/g;
const escapes = /\\[^]/g;

/** What stands between the marks of a formula, and where the text behind them begins. */
interface Scanned {
  readonly tex: string;
  readonly end: number;
}

/**
 * Scans the formula that begins at `from`, where `$`, `$$`, `\(` or `\[` stands. As in Pandoc, a single dollar opens
 * only before, and closes only behind what is no space, and it closes not before a digit: `$5 and $10` is money.
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
    // A bracket opens inside of no other of its kind.
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

/** Whether the begin of what may be a formula is shown as its source. A price rarely becomes one. */
export function isMathShown(text: string, from: number): boolean {
  const next = text[from + 1] ?? '';
  return text[from] === '\\' || next === '$' || (text.length - from < MAX_SHOWN && !/\d/.test(next));
}

/** Whether a text in escaped brackets is no formula, but words, a number or nothing but signs. */
function isProse(text: string): boolean {
  if (!/[\p{L}\p{N}]/u.test(text)) return true;
  if (/^\s|[\\^_={}+<>*/|]/.test(text)) return false;
  return /\p{L}{3}|^[\d\s,;.–-]+$/u.test(text);
}

/** What ends the formula that a line opens at its begin or its end, and leaves open. */
export function findOpenMath(line: string): string | undefined {
  const opener = /^(?:\$\$|\\\[)|(?:\$\$|\\\[)$/.exec(line)?.[0];
  const closer = opener?.replace('[', ']');
  const isOpen = opener === closer ? line.split('$$').length % 2 === 0 : !line.includes(closer ?? '');
  return isOpen ? closer : undefined;
}
