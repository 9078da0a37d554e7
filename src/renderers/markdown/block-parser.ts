// Over 300 lines because one pass decides for each line which open block it continues, ends or begins.
import {type Block, type BlockOf, endOf, isContainer, isKind, type Kind} from './block.js';
import type {BlockBuilder, Started} from './block-builder.js';
import {BlockGroups} from './block-groups.js';
import {starts} from './block-starts.js';
import {ChildGroups} from './child-groups.js';
import type {DocumentContext} from './document-context.js';
import {continueBlock} from './continue-block.js';
import {continueSummary, findDetails, findDetailsEnd} from './details-block.js';
import type {Footnote} from './footnotes.js';
import {Line} from './line.js';
import {ParagraphView} from './paragraph-view.js';
import {trimClosingHashes} from './scan.js';
import {findOpenMath, MAX_FORMULA} from './scan-math.js';

// One idea: the block structure as state machine over lines. Which block a line starts or continues, how blocks are
// grouped and drawn is decided in other files; the state here (open blocks, the line, the block that receives its text)
// is changed in each step of a line.

/** Matches Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * Parses the block structure of a document line by line, as in CommonMark's appendix: the open blocks consume their
 * markers from a line, new blocks start, and the rest is added to the innermost one. Each block is drawn as it grows,
 * and forgotten when it is closed, so every line costs the same.
 * https://spec.commonmark.org/0.31.2/#appendix-a-parsing-strategy
 */
export class BlockParser implements BlockBuilder {
  readonly documentContext: DocumentContext;
  readonly #document: Block;
  /** The innermost open block. */
  tip: Block;
  /** The innermost block that the line continues. */
  #matched: Block;
  #isAllClosed = false;
  /** Direction of the open top-level block, given by its first letter. */
  #direction = '';
  #lineNumber = 0;
  readonly #groups: BlockGroups;
  #line = new Line('');
  /** The block to which the rest of the line is added. */
  #lineBlock: Block | undefined;
  /** Whether lines are parsed again that turned out not to be a formula. */
  #isReplaying = false;

  constructor(documentContext: DocumentContext, container: HTMLElement) {
    this.documentContext = documentContext;
    this.#groups = new BlockGroups(documentContext, container);
    this.#document = {
      kind: {type: 'document'},
      parent: undefined,
      element: container,
      depth: 0,
      startLine: 0,
      endLine: 0,
      isOpen: true,
      last: undefined,
      prev: undefined,
    };
    this.tip = this.#matched = this.#document;
  }

  get line(): Line {
    return this.#line;
  }

  /** Whether the line can be a lazy continuation of a paragraph whose blocks it does not continue. */
  get maybeLazy(): boolean {
    return this.tip !== this.#matched && isKind(this.tip, 'paragraph');
  }

  /** The footnote that contains the innermost open block. */
  get footnote(): Footnote | undefined {
    for (let block: Block | undefined = this.tip; block; block = block.parent)
      if (isKind(block, 'footnote')) return block.kind.footnote;
    return undefined;
  }

  get isInDetails(): boolean {
    return findDetails(this.tip) !== undefined;
  }

  /** The character of the fence of the open code block. */
  get openFence(): string | undefined {
    return isKind(this.tip, 'code') ? this.tip.kind.fence?.char : undefined;
  }

  /** Starts a line with `text`, which is the whole line or enough to know its block structure. */
  startLine(text: string): void {
    const mayEnd = !isKind(this.tip, 'code') && (this.isInDetails || text.includes('<details'));
    const end = mayEnd ? findDetailsEnd(text) : -1;
    this.#structure(end < 0 ? text : text.slice(0, end));
    this.#detectDirection(text.replace(/<[^>]*>|\[!\w+\]/g, ''));
    const details = end < 0 ? undefined : findDetails(this.tip);
    if (!details) return end < 0 ? undefined : this.extendLine(text.slice(end));
    this.endLine();
    this.#structure(text.slice(end), details);
  }

  /** Appends `text` to the line. */
  extendLine(text: string): void {
    const block = this.#lineBlock;
    if (!block) return;
    this.#detectDirection(text);
    const {kind} = block;
    if (kind.type === 'paragraph' || kind.type === 'html') kind.lastLine += text;
    if ('view' in kind) kind.view.append(text);
  }

  /** Ends the line. */
  endLine(): void {
    const block = this.#lineBlock;
    this.#lineBlock = undefined;
    if (!block) return;
    const {kind} = block;
    if (kind.type === 'heading') this.#close(block);
    else if (isKind(block, 'paragraph')) this.#trackMath(block);
    else if (kind.type === 'table') kind.view.endRow();
    else if (kind.type === 'code') kind.view.append('\n');
    else if (kind.type === 'html') {
      kind.view.append('\n');
      if (kind.end?.test(kind.lastLine)) this.#close(block);
    }
  }

  /** Draws the new text of the open block. */
  draw(): void {
    this.#drawBlock(this.tip, false);
    const outermost = this.#document.last;
    if (outermost?.isOpen && this.#direction) this.#setDirection(outermost, this.#direction);
    this.attach();
  }

  /** Attaches what was drawn to the document. */
  attach(): void {
    this.#groups.attach();
  }

  /** Closes all open blocks. */
  end(): void {
    if (isKind(this.tip, 'paragraph')) this.#dropMath(this.tip);
    while (this.tip !== this.#document) this.#close(this.tip);
  }

  /** Adds a block to the innermost open one that can contain it. */
  addBlock(kind: Kind, element: HTMLElement, startLine = this.#lineNumber): Block {
    const isItem = kind.type === 'list-item';
    while (!isContainer(this.tip) || isKind(this.tip, 'list') !== isItem) this.#close(this.tip);
    const parent = this.tip;
    const block: Block = {
      kind,
      parent,
      element,
      depth: parent.depth + 1,
      startLine,
      endLine: this.#lineNumber,
      isOpen: true,
      last: undefined,
      prev: parent.last,
    };
    parent.last = block;
    this.tip = block;
    if (parent === this.#document) this.#direction = '';
    // A paragraph may turn out to consist of definitions only.
    if (kind.type === 'paragraph') return block;
    this.#attach(block, element);
    this.#loosen(block);
    return block;
  }

  /** Closes the blocks that the line does not continue. */
  closeUnmatched(): void {
    // Only once per line: afterwards, new blocks are open.
    if (this.#isAllClosed) return;
    this.#isAllClosed = true;
    while (this.tip !== this.#matched) this.#close(this.tip);
  }

  /** Replaces the paragraph by the block that it turned out to be. */
  replaceParagraph(paragraph: BlockOf<'paragraph'>, kind: Kind, element: HTMLElement): void {
    const {startLine} = paragraph;
    this.removeDrawn(paragraph);
    this.#forget(paragraph);
    this.#lineBlock = this.addBlock(kind, element, startLine);
  }

  /** Removes from the document what was drawn of the paragraph. */
  removeDrawn({parent, element}: BlockOf<'paragraph'>): void {
    if (element.parentNode) (parent === this.#document ? this.#groups : parent?.groups)?.forget();
    element.remove();
  }

  /** Closes the block, and the open blocks in it. */
  closeBlock(block: Block): void {
    while (block.isOpen) this.#close(this.tip);
  }

  /** Sets the block to which the rest of the line is added. */
  setLineBlock(block: Block): void {
    this.#lineBlock = block;
  }

  /** Determines which blocks a line that starts with `text` continues, closes and opens. */
  #structure(text: string, from = this.#document): void {
    this.#line = new Line(text);
    this.#lineNumber++;
    this.#lineBlock = undefined;
    let container = this.#continueBlocks(from);
    if (isKind(this.tip, 'paragraph') && this.tip.kind.math) {
      // A line that looks like a list item may be part of a sum.
      if (container === this.tip) return this.#addToParagraph(this.tip);
      this.#dropMath(this.tip);
      this.#line = new Line(text);
      container = this.#continueBlocks(from);
    }
    if (!container) return;
    this.#matched = container;
    this.#isAllClosed = false;

    let isLeaf = isKind(container, 'code') || isKind(container, 'html') || isKind(container, 'summary');
    while (!isLeaf) {
      const started = this.#startBlock(container);
      if (!started) break;
      container = this.tip;
      if (started === 'done') return;
      isLeaf = started === 'leaf';
    }
    if (
      this.tip !== this.#matched &&
      !this.#line.isBlank &&
      isKind(this.tip, 'paragraph') &&
      container === this.#matched
    ) {
      this.#addToParagraph(this.tip);
      return;
    }
    this.closeUnmatched();
    this.#addRest(container);
  }

  /** Lets the open blocks consume their markers. Returns the last block that the line continues. */
  #continueBlocks(from: Block): Block | undefined {
    let container = from;
    while (container.last?.isOpen) {
      const child = container.last;
      const continues = continueBlock(child, this.#line);
      if (continues === 'ends') {
        while (this.tip !== child) this.#close(this.tip);
        child.endLine = this.#lineNumber;
        this.#close(child);
        return undefined;
      }
      if (!continues) break;
      if (isKind(child, 'block-quote')) child.endLine = this.#lineNumber;
      container = child;
    }
    return container;
  }

  #detectDirection(text: string): void {
    if (this.#direction) return;
    const letter = /\p{L}/u.exec(text)?.[0];
    if (letter) this.#direction = rightToLeft.test(letter) ? 'rtl' : 'ltr';
  }

  #startBlock(container: Block): Started | undefined {
    // Most lines start with a letter: of all blocks, only a table can start so.
    const mayStart = this.#line.isIndented || /^[#`~*+_=<>\d[|:-]/.test(this.#line.text[this.#line.nextNonspace] ?? '');
    if (!mayStart) return undefined;
    for (const start of starts) {
      const answer = start(this, container);
      if (answer) return answer;
    }
    return undefined;
  }

  #addRest(container: Block): void {
    const line = this.#line;
    const {kind} = container;
    if (kind.type === 'code') this.#addToCode(container as BlockOf<'code'>);
    else if (kind.type === 'html') {
      kind.lastLine = line.rest;
      kind.view.append(line.rest);
      if (!line.isBlank) container.endLine = this.#lineNumber;
      this.#lineBlock = container;
    } else if (kind.type === 'summary') {
      const rest = continueSummary(kind.view, line.content);
      if (rest === undefined) return;
      this.closeBlock(container);
      if (rest.trim()) this.#structure(rest, container.parent);
    } else if (line.isBlank || !container.isOpen) return;
    else if (kind.type === 'paragraph') this.#addToParagraph(container as BlockOf<'paragraph'>);
    else if (kind.type === 'table') {
      kind.view.startRow(line.content);
      container.endLine = this.#lineNumber;
      this.#lineBlock = container;
    } else if (isContainer(container)) {
      const isFirst = (isKind(container, 'list-item') || isKind(container, 'block-quote')) && !container.last;
      const view = new ParagraphView(this.documentContext, this.footnote, isFirst ? container.element : undefined);
      const block = this.addBlock(
        {type: 'paragraph', view, lastLine: '', indent: 0, lines: 0, math: undefined},
        view.element,
      );
      this.#addToParagraph(block as BlockOf<'paragraph'>);
    }
  }

  #addToParagraph(block: BlockOf<'paragraph'>): void {
    const {kind} = block;
    kind.lastLine = this.#line.content;
    kind.indent = this.#line.indent;
    kind.view.append(kind.lines > 0 ? `\n${kind.lastLine}` : kind.lastLine);
    kind.lines++;
    block.endLine = this.#lineNumber;
    this.#lineBlock = block;
  }

  /** Tracks whether the line opens, continues or ends a formula. */
  #trackMath(block: BlockOf<'paragraph'>): void {
    const {kind} = block;
    const {math, lastLine} = kind;
    if (math && !lastLine.includes(math.close)) {
      math.lines.push(' '.repeat(kind.indent) + lastLine);
      math.length += lastLine.length + 1;
      if (math.length > MAX_FORMULA) this.#dropMath(block);
      return;
    }
    const close = math || this.#isReplaying ? undefined : findOpenMath(lastLine);
    kind.math = close ? {close, lines: [], length: 0} : undefined;
  }

  /** Abandons the open formula: its lines are parsed again without it. */
  #dropMath(block: BlockOf<'paragraph'>): void {
    const {kind, parent} = block;
    const {lines = [], length = 0} = kind.math ?? {};
    kind.math = undefined;
    if (length === 0 || !kind.view.settle()) return;
    const lineNumber = this.#lineNumber;
    kind.view.dropEnd(length);
    kind.lines -= lines.length;
    kind.lastLine = kind.view.text.text.split('\n').pop() ?? '';
    this.#lineNumber = block.endLine -= lines.length;
    this.#isReplaying = true;
    for (const text of lines) {
      this.#structure(text, parent);
      this.endLine();
    }
    this.#isReplaying = false;
    this.#lineNumber = lineNumber;
  }

  #addToCode(block: BlockOf<'code'>): void {
    const {kind} = block;
    const line = this.#line;
    this.#lineBlock = block;
    if (kind.fence) {
      kind.view.append(line.rest);
      block.endLine = this.#lineNumber;
    } else if (line.isBlank) {
      // Blank lines belong to indented code only if more code follows.
      kind.blankLines += `${line.rest}\n`;
      this.#lineBlock = undefined;
    } else {
      kind.view.append(kind.blankLines + line.rest);
      kind.blankLines = '';
      block.endLine = this.#lineNumber;
    }
  }

  #drawBlock(block: Block, isFinal: boolean): void {
    const {kind} = block;
    switch (kind.type) {
      case 'paragraph':
        if (kind.view.draw(isFinal) && !kind.view.element.parentNode) {
          this.#attach(block, kind.view.element);
          this.#loosen(block);
        }
        break;
      case 'heading':
        kind.view.draw(isFinal, trimClosingHashes);
        if (isFinal) this.documentContext.sections.define(block.element);
        break;
      case 'summary':
        kind.view.draw(isFinal);
        break;
      case 'html':
      case 'table':
        kind.view.draw();
        break;
      case 'code':
        if (isFinal) kind.view.close();
        else kind.view.draw();
        break;
      default:
    }
  }

  #close(block: Block): void {
    this.#drawBlock(block, true);
    // Without its end, it may contain the rest of the answer.
    if (isKind(block, 'details') && !block.kind.isEnded) block.element.setAttribute('open', '');
    const isEmpty = isKind(block, 'paragraph') && !block.kind.view.element.parentNode;
    if (isEmpty) this.#forget(block);
    block.isOpen = false;
    block.prev = undefined;
    if (block.parent === this.#document && !isEmpty) this.#setDirection(block, 'auto');
    this.tip = block.parent ?? this.#document;
  }

  /**
   * Sets the direction of a top-level block. Only of these: a nested block with a `dir` does not count for the
   * direction of its container. `auto` only once it is closed: with `auto`, each child that is added costs as much as
   * there are children.
   */
  #setDirection(block: Block, direction: string): void {
    const {type} = block.kind;
    if (type === 'thematic-break' || type === 'code') return;
    const element = isKind(block, 'footnote') ? block.kind.footnote.item : block.element;
    if (element.dir !== direction) element.dir = direction;
  }

  /** Removes `block`, the last child of its parent, from it. */
  #forget(block: Block): void {
    if (!block.parent) return;
    block.parent.last = block.prev;
    block.isOpen = false;
    this.tip = block.parent;
  }

  #attach(block: Block, element: HTMLElement): void {
    const parent = block.parent ?? this.#document;
    if (isKind(block, 'footnote')) return;
    if (parent === this.#document) return this.#groups.append(element);
    const start = isKind(parent, 'list') && parent.kind.marker.isOrdered ? parent.kind.marker.start : undefined;
    parent.groups ??= new ChildGroups(this.documentContext.stats, parent.element, start);
    parent.groups.append(element);
  }

  /** Marks a list as loose if a blank line separates two items, or two blocks of one item. */
  #loosen(block: Block): void {
    const {parent, prev} = block;
    if (!parent || !prev) return;
    const list = isKind(parent, 'list') ? parent : isKind(parent, 'list-item') ? parent.parent : undefined;
    if (list && list.element.className && block.startLine > endOf(prev) + 1) list.element.removeAttribute('class');
  }
}
