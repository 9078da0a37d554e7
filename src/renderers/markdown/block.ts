import type {CodeView} from './code-view.js';
import type {Footnote} from './footnotes.js';
import type {ParagraphView} from './paragraph-view.js';
import type {RawView} from './raw-view.js';
import type {TableView} from './table-view.js';
import type {TextView} from './text-view.js';

/** What decides whether a list item continues a list. */
export interface Marker {
  readonly isOrdered: boolean;
  /** `-`, `+`, `*`, `.` or `)`. */
  readonly char: string;
  readonly start: number;
  /** How far the item's content is indented. */
  readonly width: number;
}

/** The opening fence of a code block. */
export interface Fence {
  readonly char: string;
  readonly length: number;
  readonly indent: number;
  readonly info: string;
}

/** The lines of a formula that is open in a paragraph, and what will end it. */
export interface OpenMath {
  readonly close: string;
  readonly lines: string[];
  length: number;
}

/** What a block is, with what only its kind has. */
export type Kind =
  | {readonly type: 'document' | 'block-quote' | 'thematic-break'}
  | {readonly type: 'list'; readonly marker: Marker}
  | {readonly type: 'list-item'; readonly marker: Marker}
  | {readonly type: 'footnote'; readonly footnote: Footnote}
  | {
      readonly type: 'paragraph';
      readonly view: ParagraphView;
      lastLine: string;
      /** How far the last line is indented. */
      indent: number;
      lines: number;
      math: OpenMath | undefined;
    }
  | {readonly type: 'heading'; readonly view: TextView}
  | {readonly type: 'code'; readonly fence: Fence | undefined; readonly view: CodeView; blankLines: string}
  | {readonly type: 'html'; readonly end: RegExp | undefined; readonly view: RawView; lastLine: string}
  | {readonly type: 'table'; readonly view: TableView};

/** A block. Only what is open, and the last child of it, is kept. */
export interface Block {
  readonly kind: Kind;
  readonly parent: Block | undefined;
  /** Where its children are drawn. */
  readonly element: HTMLElement;
  readonly depth: number;
  readonly startLine: number;
  /** The last line that is its own: with its text or its mark. */
  endLine: number;
  isOpen: boolean;
  last: Block | undefined;
  prev: Block | undefined;
}

/** A block of one kind. */
export type BlockOf<T extends Kind['type']> = Block & {readonly kind: Extract<Kind, {readonly type: T}>};

export function isKind<T extends Kind['type']>(block: Block, type: T): block is BlockOf<T> {
  return block.kind.type === type;
}

/** Whether the block holds other blocks. */
export function isContainer({kind: {type}}: Block): boolean {
  return (
    type === 'document' || type === 'block-quote' || type === 'list' || type === 'list-item' || type === 'footnote'
  );
}

/** The last line of the block, with what is in it. */
export function endOf(block: Block): number {
  let end = block.endLine;
  for (let last = block.last; last; last = last.last) end = Math.max(end, last.endLine);
  return end;
}
