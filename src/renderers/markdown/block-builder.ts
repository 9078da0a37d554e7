import type {Block, BlockOf, Kind} from './block.js';
import type {DocumentContext} from './document-context.js';
import type {Footnote} from './footnotes.js';
import type {Line} from './line.js';

/**
 * The kind of a block that a line started: a container, in which more blocks may start; a leaf, whose text is the rest
 * of the line; or one that used up the line.
 */
export type Started = 'container' | 'leaf' | 'done';

/** The part of the block parser that block starts use. */
export interface BlockBuilder {
  readonly documentContext: DocumentContext;
  /** The line being parsed. */
  readonly line: Line;
  /** The innermost open block. */
  readonly tip: Block;
  /** Whether the line can be a lazy continuation of a paragraph whose containers it does not continue. */
  readonly maybeLazy: boolean;
  /** The footnote that contains the innermost open block. */
  readonly footnote: Footnote | undefined;

  /** Closes the blocks that the line does not continue. */
  closeUnmatched(): void;
  /** Adds a block to the innermost open one that can contain it. */
  addBlock(kind: Kind, element: HTMLElement): Block;
  /** Replaces the paragraph by the block that it turned out to be. */
  replaceParagraph(paragraph: BlockOf<'paragraph'>, kind: Kind, element: HTMLElement): void;
  /** Removes from the document what was drawn of the paragraph. */
  removeDrawn(paragraph: BlockOf<'paragraph'>): void;
  /** Closes the block, and the open blocks in it. */
  closeBlock(block: Block): void;
  /** Sets the block to which the rest of the line is appended. */
  setLineBlock(block: Block): void;
}
