import type {ChildGroups} from './child-groups.js';
import type {CodeView} from './code-view.js';
import type {Footnote} from './footnotes.js';
import type {ParagraphView} from './paragraph-view.js';
import type {RawView} from './raw-view.js';
import type {TableView} from './table-view.js';
import type {TextView} from './text-view.js';

/** The marker of a list item, which decides whether the item continues a list. */
export interface Marker {
  readonly isOrdered: boolean;
  /** `-`, `+`, `*`, `.` or `)`. */
  readonly char: string;
  readonly start: number;
  /** Indentation of the item's content, in columns. */
  readonly width: number;
}

/** The opening fence of a code block. */
export interface Fence {
  readonly char: string;
  readonly length: number;
  readonly indent: number;
  readonly info: string;
}

/** The lines of the open formula of a paragraph, and its closing delimiter. */
export interface OpenMath {
  readonly close: string;
  readonly lines: string[];
  length: number;
}

/** The kind of a block, with the fields that only this kind has. */
export type Kind =
  | {readonly type: 'document' | 'block-quote' | 'thematic-break'}
  | {readonly type: 'list'; readonly marker: Marker}
  | {readonly type: 'list-item'; readonly marker: Marker}
  | {readonly type: 'footnote'; readonly footnote: Footnote}
  | {
      readonly type: 'paragraph';
      readonly view: ParagraphView;
      lastLine: string;
      /** Indentation of the last line. */
      indent: number;
      lines: number;
      math: OpenMath | undefined;
    }
  | {readonly type: 'heading'; readonly view: TextView}
  | {
      readonly type: 'code';
      readonly fence: Fence | undefined;
      readonly view: CodeView;
      blankLines: string;
      /** Whether a fence inside of Markdown is open: the next closing fence is its own. */
      isInnerOpen?: boolean;
    }
  | {readonly type: 'details'; /** Whether its closing tag came. */ isEnded: boolean}
  | {readonly type: 'summary'; readonly view: TextView}
  | {readonly type: 'html'; readonly end: RegExp | undefined; readonly view: RawView; lastLine: string}
  | {readonly type: 'table'; readonly view: TableView};

/** A block. Only open blocks, and the last child of each, are kept. */
export interface Block {
  readonly kind: Kind;
  readonly parent: Block | undefined;
  /** The element that contains its children. */
  readonly element: HTMLElement;
  readonly depth: number;
  readonly startLine: number;
  /** The last line with text or a marker of the block itself. */
  endLine: number;
  isOpen: boolean;
  last: Block | undefined;
  prev: Block | undefined;
  /** Attaches the elements of its children; `undefined` until there is one. */
  groups?: ChildGroups;
}

/** A block of one kind. */
export type BlockOf<T extends Kind['type']> = Block & {readonly kind: Extract<Kind, {readonly type: T}>};

export function isKind<T extends Kind['type']>(block: Block, type: T): block is BlockOf<T> {
  return block.kind.type === type;
}

/** Returns whether the block is a container block. */
export function isContainer({kind: {type}}: Block): boolean {
  return (
    type === 'document' ||
    type === 'block-quote' ||
    type === 'list' ||
    type === 'list-item' ||
    type === 'footnote' ||
    type === 'details'
  );
}

/** Returns the last line of the block, its children included. */
export function endOf(block: Block): number {
  let end = block.endLine;
  for (let last = block.last; last; last = last.last) end = Math.max(end, last.endLine);
  return end;
}
