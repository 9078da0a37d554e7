import {NEED_MORE, NO_MATCH, SearchMemo} from './scan.js';
import {scanHtml} from './scan-html.js';

const blockNames =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|' +
  'fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|' +
  'menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|' +
  'track|ul';

/**
 * The kinds of HTML block: start condition, start condition for a cut line, and end condition; without one, the block
 * ends before a blank line.
 */
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

/** The start of an HTML block. */
export interface HtmlStart {
  readonly end: RegExp | undefined;
  /** Whether it starts with a tag that is not block-level: then it cannot interrupt a paragraph. */
  readonly isWeak: boolean;
}

/** Parses the start of an HTML block. Returns `NEED_MORE` if the line is cut and more of it may change the result. */
export function readHtmlStart(content: string, isCut: boolean): HtmlStart | typeof NEED_MORE | undefined {
  for (const [start, cut, end] of kinds) if ((isCut ? cut : start).test(content)) return {end, isWeak: false};
  const end = /^<[A-Za-z/]/.test(content) || isCut ? scanHtml(new SearchMemo(content), 0) : NO_MATCH;
  if (end === NEED_MORE) return isCut ? NEED_MORE : undefined;
  // A line break that is drawn.
  if (end < 0 || content.slice(end).trim() || content.startsWith('<br')) return undefined;
  return isCut ? NEED_MORE : {end: undefined, isWeak: true};
}
