/** The tags without attributes that are drawn as elements; all others are text. In lower case only: `List<B>` is a type. */
export type InlineTag = 'b' | 'i' | 's' | 'u' | 'kbd' | 'mark' | 'sub' | 'sup';

/** Maximum length of the content of a tag. Longer content is text after the tag as it was written. */
const MAX_CONTENT = 500;

const opening = /<(b|i|s|u|kbd|mark|sub|sup)>/y;
const names = ['b', 'i', 's', 'u', 'kbd', 'mark', 'sub', 'sup', 'br', 'br ', 'br/', 'br /'];

/** Matches a line break in HTML: cells of tables have no other. */
export const lineBreakTag = /<br ?\/?>/y;

/** A tag with its content. */
export interface TagSpan {
  readonly name: InlineTag;
  readonly start: number;
  /** End of the content; -1 if the closing tag may still come. */
  readonly close: number;
}

/** Reads the tag at `from`, if its closing tag follows, or may follow unless `final`. */
export function readTagSpan(text: string, from: number, final: boolean): TagSpan | undefined {
  opening.lastIndex = from;
  const name = opening.exec(text)?.[1] as InlineTag | undefined;
  if (!name) return undefined;
  const start = from + name.length + 2;
  const length = text.slice(start, start + MAX_CONTENT).indexOf(`</${name}>`);
  if (length >= 0) return {name, start, close: start + length};
  return final || text.length - start >= MAX_CONTENT ? undefined : {name, start, close: -1};
}

/** Returns whether the text ends inside of what may become a tag that is drawn. */
export function isTagCut(text: string, from: number): boolean {
  const rest = text.slice(from + 1, from + 8);
  const name = rest.startsWith('/') ? rest.slice(1) : rest;
  return from + 8 > text.length && names.some((known) => known.startsWith(name));
}
