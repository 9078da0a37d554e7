import {canCloseDollar, canOpenDollar, isBracketFormula, isDollarFormula} from './math-reasons.js';
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

/** The environments of LaTeX that are a formula without further delimiters. */
const environments =
  'equation|align|alignat|aligned|array|cases|CD|eqnarray|flalign|gather|gathered|multline|split|[bBpvV]?matrix|smallmatrix';
const environment = new RegExp(`^\\\\begin\\{(?:${environments})\\*?\\}`);
const BEGIN = '\\begin{';
const longestName = 12;

/** The TeX between the delimiters of a formula, and the start of the text after it. */
interface Scanned {
  readonly tex: string;
  readonly end: number;
}

type Result = Scanned | typeof NO_MATCH | typeof NEED_MORE;

/**
 * Scans the formula at `from`, the position of `$`, `$$`, `\(`, `\[` or `\begin{`. A single dollar sign opens only
 * before and closes only after a character that is no space, and no letter or digit touches the two from outside:
 * `$5 and $10` is money, `$PATH:$HOME` a shell.
 */
export function scanMath(text: string, from: number, final: boolean): Result {
  if (text[from] === '$') return scanDollars(text, from, final);
  return text[from + 1] === 'b' ? scanEnvironment(text, from, final) : scanBrackets(text, from, final);
}

function scanDollars(text: string, from: number, final: boolean): Result {
  const isSingle = text[from + 1] !== '$';
  const width = isSingle ? 1 : 2;
  const start = from + width;
  const last = from + (isSingle ? MAX_INLINE : MAX_FORMULA);
  if (isSingle && !canOpenDollar(text, from)) return NO_MATCH;
  dollars.lastIndex = start;
  for (let match = dollars.exec(text); match && match.index <= last; match = dollars.exec(text)) {
    if (!match[0].startsWith(isSingle ? '$' : '$$')) continue;
    const end = match.index + width;
    const tex = text.slice(start, match.index);
    if (!isDollarFormula(tex, isSingle)) return NO_MATCH;
    const closes = !isSingle || canCloseDollar(text, from, end, final);
    return closes ? {tex, end} : closes === undefined ? NEED_MORE : NO_MATCH;
  }
  const isCode = isSingle && text.slice(start + 1, last).includes('`') && !/^`[^`]*`?$/.test(text.slice(start, last));
  return final || isCode || text.length > last + 2 ? NO_MATCH : NEED_MORE;
}

function scanBrackets(text: string, from: number, final: boolean): Result {
  const start = from + 2;
  const opener = text[from + 1];
  const closer = opener === '(' ? ')' : ']';
  escapes.lastIndex = start;
  for (let match = escapes.exec(text); match && match.index <= from + MAX_FORMULA; match = escapes.exec(text)) {
    const [mark] = match;
    // Brackets of the same kind do not nest.
    if (mark[1] === opener) return NO_MATCH;
    if (mark[1] !== closer) continue;
    const end = match.index + 2;
    const tex = text.slice(start, match.index);
    if (!isBracketFormula(tex, text, from)) return NO_MATCH;
    // An escaped link: `\[a_b\](url)`.
    const mayBeLink = closer === ']' && !/^\s/.test(tex);
    if (mayBeLink && end === text.length && !final) return NEED_MORE;
    return mayBeLink && text[end] === '(' ? NO_MATCH : {tex, end};
  }
  return final || text.length > from + MAX_FORMULA + 2 ? NO_MATCH : NEED_MORE;
}

function scanEnvironment(text: string, from: number, final: boolean): Result {
  const opener = environment.exec(text.slice(from, from + BEGIN.length + longestName))?.[0];
  if (!opener) return isEnvironmentCut(text, from) && !final ? NEED_MORE : NO_MATCH;
  const closer = opener.replace('begin', 'end');
  const last = from + MAX_FORMULA;
  const end = text.slice(from, last).indexOf(closer);
  if (end < 0) return final || text.length > last ? NO_MATCH : NEED_MORE;
  const inner = text.slice(from + opener.length, from + end);
  // Prose may name both ends.
  if (!/[\\^_=&<>+\d]/.test(inner)) return NO_MATCH;
  return {tex: text.slice(from, from + end + closer.length), end: from + end + closer.length};
}

/** Returns whether the text ends where the name of an environment may still come. */
export function isEnvironmentCut(text: string, from: number): boolean {
  const rest = text.slice(from, from + BEGIN.length + longestName + 2);
  return from + rest.length === text.length && (BEGIN.startsWith(rest) || /^\\begin\{[A-Za-z]*\*?$/.test(rest));
}

/** Returns whether the start of a possible formula is shown as its source. A price rarely becomes a formula. */
export function isMathShown(text: string, from: number): boolean {
  const next = text[from + 1] ?? '';
  return text[from] === '\\' || next === '$' || (text.length - from < MAX_SHOWN && !/\d/.test(next));
}

/** Returns the closing delimiter of the formula that a line opens at its start or end, and leaves open. */
export function findOpenMath(line: string): string | undefined {
  const begin = environment.exec(line)?.[0];
  if (begin) {
    const end = begin.replace('begin', 'end');
    return line.includes(end) ? undefined : end;
  }
  const opener = /^(?:\$\$|\\\[)|(?:\$\$|\\\[)$/.exec(line)?.[0];
  const closer = opener?.replace('[', ']');
  const isOpen = opener === closer ? line.split('$$').length % 2 === 0 : !line.includes(closer ?? '');
  return isOpen ? closer : undefined;
}
