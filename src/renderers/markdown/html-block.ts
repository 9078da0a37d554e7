import {NEED_MORE, NO_MATCH, SearchMemo} from './scan.js';
import {scanHtml} from './scan-html.js';

const blockNames =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|' +
  'fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|' +
  'menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|' +
  'track|ul';

/** How an HTML block begins, and in which line it ends; without an end, before a blank line. */
const kinds: readonly (readonly [start: RegExp, cut: RegExp, end: RegExp | undefined])[] = [
  [
    /^<(?:script|pre|textarea|style)(?:\s|>|$)/i,
    /^<(?:script|pre|textarea|style)[\s>]/i,
    /<\/(?:script|pre|textarea|style)>/i,
  ],
  [/^<!--/, /^<!--/, /-->/],
  [/^<[?]/, /^<[?]/, /\?>/],
  [/^<![A-Za-z]/, /^<![A-Za-z]/, />/],
  [/^<!\[CDATA\[/, /^<!\[CDATA\[/, /\]\]>/],
  [
    new RegExp(`^</?(?:${blockNames})(?:\\s|/?>|$)`, 'i'),
    new RegExp(`^</?(?:${blockNames})(?:\\s|/?>)`, 'i'),
    undefined,
  ],
];

/** Where an HTML block that begins with the line `content` ends. */
export interface HtmlStart {
  readonly end: RegExp | undefined;
  /** It begins with a tag that is not a block's: then it cannot interrupt a paragraph. */
  readonly isWeak: boolean;
}

/** Reads the begin of an HTML block. If the line is cut and more of it may change the answer, that is `NEED_MORE`. */
export function readHtmlStart(content: string, isCut: boolean): HtmlStart | typeof NEED_MORE | undefined {
  for (const [start, cut, end] of kinds) if ((isCut ? cut : start).test(content)) return {end, isWeak: false};
  const end = /^<[A-Za-z/]/.test(content) || isCut ? scanHtml(new SearchMemo(content), 0) : NO_MATCH;
  if (end === NEED_MORE) return isCut ? NEED_MORE : undefined;
  if (end < 0 || content.slice(end).trim()) return undefined;
  return isCut ? NEED_MORE : {end: undefined, isWeak: true};
}
