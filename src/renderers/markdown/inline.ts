import type {InlineTag} from './inline-tags.js';

/** The kinds of inline content. Other raw HTML and unknown syntax are `text`; a `segment` is a part of a long word. */
export type InlineType =
  'text' | 'code' | 'em' | 'strong' | 'del' | 'link' | 'image' | 'break' | 'footnote' | 'math' | 'segment' | InlineTag;

/** A node of inline content. During parsing, nodes are linked lists; afterwards they are arrays. */
export class Inline {
  /**
   * The text of `text`, `segment` and `code`, the alternative text of an image, the label of a footnote reference, or the source
   * of a formula.
   */
  text = '';
  /** Destination of a link or image, decoded and not yet checked; `undefined` while it is incomplete. */
  url: string | undefined;
  title = '';
  /** The TeX between the delimiters of a formula; `undefined` while it is incomplete. */
  tex: string | undefined;
  /** Position in the text, which orders footnote references. */
  at = 0;
  children: Inline[] = [];
  /** The DOM node that shows it. */
  dom: Node | undefined;

  prev: Inline | undefined;
  next: Inline | undefined;
  first: Inline | undefined;

  constructor(readonly type: InlineType) {}

  /** Moves the siblings between this node and `end` (or all that follow) into `parent`. */
  wrap(parent: Inline, end?: Inline): void {
    parent.first = this.next === end ? undefined : this.next;
    if (parent.first) parent.first.prev = undefined;
    if (end?.prev && parent.first) end.prev.next = undefined;
    parent.prev = this;
    parent.next = end;
    this.next = parent;
    if (end) end.prev = parent;
  }
}

/** Encodes, as CommonMark does, what a URL parser would interpret differently: it reads a backslash as a slash. */
export function encodeUrl(url: string): string {
  return url.replace(/[\\[\]]/g, encodeURIComponent);
}
