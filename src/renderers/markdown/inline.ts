/** The kinds of inline content. `html` and unknown things are `text`. */
export type InlineType = 'text' | 'code' | 'em' | 'strong' | 'del' | 'link' | 'image' | 'break' | 'footnote' | 'math';

/** One piece of inline content. While a text is parsed, pieces are linked; afterwards they are lists. */
export class Inline {
  /** Text of `text` and `code`, alternative text of an image, label of a footnote reference, source of a formula. */
  text = '';
  /** Destination of a link or image, decoded and not yet judged; undefined while it is incomplete. */
  url: string | undefined;
  title = '';
  /** What stands between the marks of a formula; undefined while it is incomplete. */
  tex: string | undefined;
  /** How far into its text the piece begins: the order of footnote references. */
  at = 0;
  children: Inline[] = [];
  /** What it was drawn as. */
  dom: Node | undefined;

  prev: Inline | undefined;
  next: Inline | undefined;
  first: Inline | undefined;

  constructor(readonly type: InlineType) {}

  /** Moves the siblings between `this` and `end` (to the last one, if there is none) into `parent`. */
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

/** Encodes, as CommonMark does, what a URL parser would take for something else: a backslash for a slash. */
export function encodeUrl(url: string): string {
  return url.replace(/[\\[\]]/g, encodeURIComponent);
}
