/** Allowlist of the elements of an answer and of their attributes. A test checks all output against it. */
export const allowed = {
  a: ['href', 'target', 'rel', 'referrerpolicy', 'title', 'class', 'role', 'tabindex'],
  b: [],
  blockquote: ['dir', 'class'],
  br: [],
  button: ['type', 'part', 'aria-label'],
  code: [],
  del: [],
  details: ['dir', 'open'],
  div: ['part', 'class', 'role', 'tabindex', 'aria-label', 'dir'],
  em: [],
  h3: ['dir', 'aria-level'],
  h4: ['dir', 'aria-level'],
  h5: ['dir', 'aria-level'],
  h6: ['dir', 'aria-level'],
  hr: [],
  i: [],
  img: ['src', 'alt', 'title', 'referrerpolicy', 'loading', 'decoding'],
  input: ['type', 'disabled', 'checked', 'aria-label'],
  kbd: [],
  li: ['dir', 'class', 'role', 'tabindex', 'value'],
  mark: [],
  ol: ['dir', 'class', 'role', 'start'],
  p: ['dir', 'class'],
  pre: ['dir', 'role', 'tabindex', 'aria-label', 'hidden'],
  s: [],
  section: ['part', 'role', 'aria-label'],
  span: ['part', 'dir', 'class', 'role', 'tabindex', 'aria-label', 'title', 'hidden'],
  strong: [],
  sub: [],
  summary: [],
  sup: [],
  table: ['class', 'role'],
  tbody: ['role'],
  td: ['class', 'role', 'width'],
  th: ['class', 'role', 'scope', 'width'],
  thead: ['role'],
  tr: ['role'],
  u: [],
  ul: ['dir', 'class', 'role'],
} as const;

/** The name of an allowed element. */
export type Tag = keyof typeof allowed;

/** The attributes that an element may have, except URLs: these have a type of their own. */
export type Attributes<T extends Tag> = {readonly [A in Exclude<(typeof allowed)[T][number], 'href' | 'src'>]?: string};

/** The cost of drawing, counted for tests. */
export interface MarkdownStats {
  /** Number of characters passed to the block and the inline parser. */
  charsParsed: number;
  /** Number of nodes created or changed. */
  nodesTouched: number;
  /** Number of exceptions after which text was shown as it was written. */
  faults: number;
}

/** Creates an element of the allowlist. */
export function createElement<T extends Tag>(
  stats: MarkdownStats,
  tag: T,
  attributes: Attributes<T> = {},
): HTMLElementTagNameMap[T] {
  stats.nodesTouched++;
  const element = document.createElement(tag);
  for (const name in attributes) {
    const value = (attributes as Record<string, string | undefined>)[name];
    if (value !== undefined) element.setAttribute(name, value);
  }
  return element;
}
