import {matchEnd, NEED_MORE, NO_MATCH, type SearchMemo} from './scan.js';

const tagStart = /<[A-Za-z][A-Za-z0-9-]*/y;
const attributeName = /[A-Za-z_:][A-Za-z0-9_.:-]*/y;
const unquotedValue = /[^\s"'=<>`]+/y;
const closeTag = /<\/[A-Za-z][A-Za-z0-9-]*[ \t\n]*/y;
const space = /[ \t\n]*/y;

/**
 * Scans raw inline HTML (a tag, comment, processing instruction, declaration or CDATA section) at `from`.
 * It is shown as text; it is recognised because markdown inside it has no meaning.
 */
export function scanHtml(source: SearchMemo, from: number): number {
  const {text} = source;
  const next = text[from + 1];
  if (next === undefined) return NEED_MORE;
  if (next === '!') return scanMarkup(source, from);
  if (next === '?') return scanTo(source, '?>', from + 2);
  if (next === '/') {
    if (from + 2 === text.length) return NEED_MORE;
    const end = matchEnd(closeTag, text, from);
    return end < 0 ? NO_MATCH : end === text.length ? NEED_MORE : text[end] === '>' ? end + 1 : NO_MATCH;
  }
  const end = matchEnd(tagStart, text, from);
  return end < 0 ? NO_MATCH : scanAttributes(source, end);
}

function scanMarkup(source: SearchMemo, from: number): number {
  const {text} = source;
  const short = /<!---?>/y;
  const end = matchEnd(short, text, from);
  if (end > 0) return end;
  if (text.startsWith('<!--', from)) return scanTo(source, '-->', from + 4);
  if (text.startsWith('<![CDATA[', from)) return scanTo(source, ']]>', from + 9);
  if (/[A-Za-z]/.test(text[from + 2] ?? '')) return scanTo(source, '>', from + 2);
  const rest = text.slice(from, from + 9);
  return from + rest.length === text.length && ('<!--'.startsWith(rest) || '<![CDATA['.startsWith(rest))
    ? NEED_MORE
    : NO_MATCH;
}

function scanTo(source: SearchMemo, terminator: string, from: number): number {
  const at = source.find(terminator, from);
  return at < 0 ? NEED_MORE : at + terminator.length;
}

function scanAttributes(source: SearchMemo, from: number): number {
  const {text} = source;
  let at = from;
  for (;;) {
    const start = at;
    at = matchEnd(space, text, at);
    const c = text[at];
    if (c === undefined) return NEED_MORE;
    if (c === '>') return at + 1;
    if (c === '/') return text[at + 1] === '>' ? at + 2 : at + 1 === text.length ? NEED_MORE : NO_MATCH;
    if (at === start) return NO_MATCH;
    at = matchEnd(attributeName, text, at);
    if (at < 0) return NO_MATCH;
    const equals = matchEnd(space, text, at);
    if (text[equals] === '=') {
      at = scanValue(source, matchEnd(space, text, equals + 1));
      if (at < 0) return at;
    }
  }
}

function scanValue(source: SearchMemo, from: number): number {
  const quote = source.text[from];
  if (quote === undefined) return NEED_MORE;
  if (quote === '"' || quote === "'") return scanTo(source, quote, from + 1);
  return matchEnd(unquotedValue, source.text, from);
}
