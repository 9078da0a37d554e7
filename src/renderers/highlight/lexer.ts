/** A token of a line, and its CSS class, if any. */
export type Token = readonly [text: string, kind: Kind | ''];

/** Keyword, string, comment, number, function or tag, attribute or type, deleted line. */
export type Kind = 'k' | 's' | 'c' | 'n' | 'f' | 'a' | 'd';

/** The tokens of a language. The sources are regular expressions, tried in this order. */
export interface Language {
  /** Constructs that may span lines: the start, and the text that ends them. */
  readonly spans?: readonly (readonly [kind: Kind, begin: string, end: string])[];
  readonly rules?: readonly (readonly [kind: Kind, source: string])[];
  /** Keywords, separated by spaces. */
  readonly words?: string;
  readonly ignoreCase?: boolean;
}

/** Maximum length of a line that is highlighted; a longer one is data. */
const MAX_LINE = 2000;

/**
 * Creates a function that splits the lines of a code block, one after the other, into tokens. The only state between
 * lines is whether a comment or a string is open, so no line is processed twice.
 */
export function createLexer({
  spans = [],
  rules = [],
  words = '',
  ignoreCase = false,
}: Language): (line: string) => Token[] {
  const fold = (word: string) => (ignoreCase ? word.toLowerCase() : word);
  const keywords = new Set(words.split(' ').filter(Boolean));
  const sources = [
    ...spans.map(([, begin]) => begin),
    ...rules.map(([, source]) => source),
    '[$@]?[\\p{L}_][\\p{L}\\p{N}_]*',
  ];
  const any = new RegExp(sources.map((source) => `(${source})`).join('|'), ignoreCase ? 'giu' : 'gu');
  /** Index of the open span, or -1. */
  let open = -1;

  /** Returns the end of the open span in the line, or -1. */
  const endOf = (line: string, from: number) => {
    const end = spans[open]![2];
    for (let at = line.indexOf(end, from); at >= 0; at = line.indexOf(end, at + 1)) {
      let slashes = 0;
      while (line[at - 1 - slashes] === '\\') slashes++;
      if (slashes % 2 === 0 || spans[open]![0] === 'c') return at + end.length;
    }
    return -1;
  };

  return (line) => {
    if (line.length > MAX_LINE) return [[line, '']];
    const tokens: Token[] = [];
    let plain = 0;
    let at = 0;
    const add = (from: number, to: number, kind: Kind | '') => {
      if (from > plain) tokens.push([line.slice(plain, from), '']);
      if (to > from) tokens.push([line.slice(from, to), kind]);
      plain = at = to;
    };
    const addSpan = (from: number, inside: number) => {
      const end = endOf(line, inside);
      add(from, end < 0 ? line.length : end, spans[open]![0]);
      if (end >= 0) open = -1;
    };
    if (open >= 0) addSpan(0, 0);
    while (at < line.length && open < 0) {
      any.lastIndex = at;
      const match = any.exec(line);
      if (!match) break;
      const index = match.findIndex((group, i) => i > 0 && group !== undefined) - 1;
      const end = match.index + match[0].length;
      if (index < spans.length) {
        open = index;
        addSpan(match.index, end);
      } else if (index < spans.length + rules.length) {
        add(match.index, Math.max(end, match.index + 1), rules[index - spans.length]![0]);
      } else if (keywords.has(fold(match[0]))) add(match.index, end, 'k');
      else if (/^\s?\(/.test(line.slice(end, end + 2)) && words) add(match.index, end, 'f');
      else at = end;
    }
    add(line.length, line.length, '');
    return tokens;
  };
}
