import {matchEnd, NO_MATCH, type SearchMemo} from './scan.js';

const uri = /<[A-Za-z][A-Za-z0-9.+-]{1,31}:[^<>\p{Cc} ]*>/uy;
const email =
  /<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*>/y;
const partial = /<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,100}(?:[@:][^<>\p{Cc} ]*)?$/uy;
const domain = /(?:[\p{L}\p{N}_-]+\.)*[\p{L}\p{N}_-]+/uy;
// Full stops and commas of Chinese and Japanese directly follow a URL; GFM would include them.
const path = /[^\s<\u3000-\u3011\uff01-\uff20]*/y;
const pathInBrackets = /[^\s<\]\u3000-\u3011\uff01-\uff20]*/y;
const emailEnd = /@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+/y;

/** A link whose text is its URL. */
export interface Autolink {
  readonly text: string;
  readonly url: string;
  readonly end: number;
}

/** Parses `<https://…>` or `<me@example.com>`. */
export function readAutolink(source: SearchMemo, from: number): Autolink | undefined {
  const {text} = source;
  const uriEnd = matchEnd(uri, text, from);
  const end = uriEnd > 0 ? uriEnd : matchEnd(email, text, from);
  if (end < 0) return undefined;
  const content = text.slice(from + 1, end - 1);
  return {text: content, url: uriEnd > 0 ? content : `mailto:${content}`, end};
}

/** Returns whether the text ends inside of what may become `<https://…>`. */
export function isPartialAutolink(source: SearchMemo, from: number): boolean {
  return matchEnd(partial, source.text, from) > 0;
}

/** Parses a bare URL (GFM) from its `www.` or `http` on. The end of the text may cut it off: callers check that. */
export function readBareUrl(text: string, from: number, inBrackets: boolean): Autolink | undefined {
  const isWww = text[from] === 'w';
  const scheme = isWww ? 0 : text.indexOf('://', from) + 3 - from;
  const domainEnd = matchEnd(domain, text, from + scheme);
  if (domainEnd < 0) return undefined;
  const labels = text.slice(from + scheme, domainEnd).split('.');
  if (labels.slice(-2).some((label) => label.includes('_')) || (isWww && labels.length < 2)) return undefined;
  const end = trimEnd(text, from, matchEnd(inBrackets ? pathInBrackets : path, text, domainEnd));
  if (end <= from + scheme) return undefined;
  const url = text.slice(from, end);
  return {text: url, url: isWww ? `http://${url}` : url, end};
}

/** Returns whether the text ends inside of the bare URL that starts at `from`. */
export function isBareUrlCut(text: string, from: number): boolean {
  return matchEnd(path, text, from) === text.length;
}

/**
 * Returns the end of a bare URL without what does not belong to it: punctuation, an entity, and a closing parenthesis
 * without its opening one.
 */
function trimEnd(text: string, from: number, to: number): number {
  let end = to;
  let surplus: number | undefined;
  for (; end > from; end--) {
    const c = text[end - 1] ?? '';
    if (c === ')') {
      surplus ??= surplusOfClosing(text.slice(from, end));
      if (surplus-- <= 0) break;
    } else if (c === ';') {
      const tail = /&[A-Za-z0-9]{1,32};$/.exec(text.slice(Math.max(from, end - 34), end));
      if (tail) end -= tail[0].length - 1;
    } else if (!'?!.,:*_~\'"'.includes(c)) break;
  }
  return end;
}

function surplusOfClosing(url: string): number {
  return url.split(')').length - url.split('(').length;
}

/** Calls `found` with the start and end of each email address in `text`, in order. */
export function findEmails(text: string, found: (start: number, end: number) => void): void {
  let last = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > last && /[A-Za-z0-9.+_-]/.test(text[start - 1] ?? '')) start--;
    const end = start < at ? matchEnd(emailEnd, text, at) : NO_MATCH;
    if (end < 0 || /[-_]/.test(text[end - 1] ?? '')) continue;
    found(start, end);
    last = end;
  }
}
