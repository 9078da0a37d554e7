import {characterAt, characterBefore, isCjk} from './flanking.js';

// One idea: what tells a formula from a price, a variable of a shell, an escaped bracket or a regular expression.

const word = /[\p{L}\p{N}]/u;
/** What only a formula contains: a command, an index, a relation, or an operator between two terms. */
const operator = /\\[A-Za-z]{2}|\\\\|[\^_={}]|[\p{L}\p{N})\]]\s*[+<>]\s*[\p{L}\p{N}([\\]/u;
/** A word in lower case of three letters or more. */
const proseWord = /\p{L}*\p{Ll}\p{L}*/gu;
/** Classes and groups of regular expressions. */
const regex = /^[?^]|\\[dswbDSWB](?![A-Za-z])|\.[*+?]/;
/** Two words one after the other. */
const twoWords = /\p{L}{2,}\s+\p{L}{2,}/u;

/** Returns whether the character at the position is a letter or digit of a script that has spaces between words. */
function isWord(character: string): boolean {
  return word.test(character) && !isCjk(character);
}

/**
 * Returns whether a single dollar sign at `at` can open a formula: no letter or digit is before it, and neither a space
 * nor what closes or separates is after it.
 */
export function canOpenDollar(text: string, at: number): boolean {
  if (isWord(characterBefore(text, at))) return false;
  const next = text.slice(at + 1, at + 3);
  return next !== '' && !/^[\s)},;:!?'"’”»，。、；：！？）】」』/#@&%_]|^\.(?!\d)|^\](?![\w\\-])/.test(next);
}

/**
 * Returns whether a single dollar sign before `end` can close the formula that one at `start` opens: no letter or digit
 * is after it, also not behind a full stop or in the brackets of a call, as in `$.a,$.b`, `${a}${b}` and `$(a)/$(b)`.
 * `undefined` if that is not known yet.
 */
export function canCloseDollar(text: string, start: number, end: number, final: boolean): boolean | undefined {
  const opensBracket = text[start + 1] === '(';
  const next = characterAt(text, end);
  const isStart = next === '.' || next === '_' || next === '(';
  if (!final && (end >= text.length || (isStart && end + 1 >= text.length))) return undefined;
  if (isWord(next) || next === '{') return false;
  const second = characterAt(text, end + 1);
  if (next === '(') return !opensBracket && !/['"#]/.test(second);
  return !((next === '.' || next === '_') && isWord(second));
}

/** Returns whether the text between dollar signs is a formula: neither only punctuation, nor prose, nor code. */
export function isDollarFormula(tex: string, isSingle: boolean): boolean {
  if (!/[\p{L}\p{N}\p{S}]/u.test(tex.replace(/\$/g, ''))) return false;
  // A code span is code. GitLab and GitHub write $`x`$.
  if (isSingle ? tex.includes('`') && !/^`[^`]+`$/.test(tex) : /`[^`\n]+`/.test(tex)) return false;
  if (isSingle && (/\]\(|\s$/.test(tex) || (/[([{]$/.test(tex) && !/^\]/.test(tex)))) return false;
  if (operator.test(tex)) return true;
  if (!isSingle) return !/\p{L}{2,}\s+\S/u.test(tex);
  return !twoWords.test(tex) && !/^\d.*?(?:\s\p{L}{2}|[\u2e80-\u9fff\uac00-\ud7a3])/su.test(tex);
}

/**
 * Returns whether the text from `at` in escaped brackets, `\(…\)` or `\[…\]`, is a formula: brackets are also escaped as
 * brackets, as in `\[x\]`, `\(group\)`, `f\(x\)` or `C:\(backup\)`.
 */
export function isBracketFormula(tex: string, text: string, at: number): boolean {
  if (!/[\p{L}\p{N}]/u.test(tex) || regex.test(tex)) return false;
  // A letter of a drive.
  if (/(?<![A-Za-z])[A-Za-z]:$/.test(text.slice(Math.max(0, at - 3), at))) return false;
  if (operator.test(tex)) return true;
  const isProse = tex.match(proseWord)?.some(({length}) => length > 2) ?? false;
  if (isProse || /\p{Lo}{2}/u.test(tex)) return false;
  return text[at + 1] === '(' ? !isWord(characterBefore(text, at)) : /^\s/.test(tex);
}
