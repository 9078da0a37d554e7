import {stripInvisible} from '../../lib/strip-invisible.js';
import type {RenderContext, Renderer} from '../renderer.js';
import {BlockParser} from './block-parser.js';
import type {DocumentContext} from './document-context.js';
import {isStructureKnown} from './is-structure-known.js';
import {createElement, type MarkdownStats} from './elements.js';
import {Footnotes} from './footnotes.js';
import type {DrawFormula} from './formula.js';
import type {HighlightCode} from './highlight-code.js';
import {shouldReparse} from './should-reparse.js';
import {References} from './references.js';
import {Sections} from './sections.js';

/** Options of a document in addition to its context. */
export interface MarkdownOptions {
  /** Highlights code blocks. */
  readonly highlight?: HighlightCode | undefined;
  /** Draws formulas; without it, they are shown as source. */
  readonly math?: DrawFormula | undefined;
  /** Counts the cost of drawing. */
  readonly stats?: MarkdownStats;
}

/** Creates a renderer that draws one growing Markdown text into `container`. */
export function createMarkdownDocument(
  container: HTMLElement,
  context: RenderContext,
  options: MarkdownOptions = {},
): Renderer {
  return new MarkdownDocument(container, context, options);
}

class MarkdownDocument implements Renderer {
  readonly #container: HTMLElement;
  readonly #documentContext: DocumentContext;
  #blocks: BlockParser;
  /** The start of a line whose block structure is not known yet. */
  #held = '';
  #seenLength = 0;
  /** Whether the structure of the line is known and the line is incomplete. */
  #isInLine = false;
  /** Whether the last character was a carriage return: a line feed after it is ignored. */
  #isAfterReturn = false;

  constructor(container: HTMLElement, context: RenderContext, {highlight, math, stats}: MarkdownOptions) {
    const counted = stats ?? {charsParsed: 0, nodesTouched: 0, faults: 0};
    const references = new References();
    const footnotes = new Footnotes(container, context, counted, references);
    this.#container = container;
    // Each block has a `dir` of its own. With `auto` on the container, each block that is added would cost as much as
    // there are blocks.
    container.removeAttribute('dir');
    this.#documentContext = {
      context,
      stats: counted,
      references,
      footnotes,
      sections: new Sections(),
      outline: [],
      highlight,
      math,
    };
    this.#blocks = new BlockParser(this.#documentContext, container);
  }

  write(text: string): void {
    const clean = this.#normalize(text);
    let start = 0;
    for (let end = clean.indexOf('\n'); end >= 0; end = clean.indexOf('\n', start)) {
      this.#guarded(clean.slice(start, end), true);
      start = end + 1;
    }
    if (start < clean.length) this.#guarded(clean.slice(start), false);
    this.#draw();
  }

  end(): void {
    if (this.#held || this.#isInLine) this.#guarded('', true);
    this.#attempt(() => this.#blocks.end());
    this.#draw(true);
  }

  #normalize(text: string): string {
    const rest = this.#isAfterReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text) this.#isAfterReturn = text.endsWith('\r');
    const lines = rest.includes('\r') ? rest.replace(/\r\n?/g, '\n') : rest;
    return stripInvisible(lines.replaceAll('\0', '\ufffd'));
  }

  /** Adds `text` to the line. */
  #add(text: string, isLineEnd: boolean): void {
    const {stats} = this.#documentContext;
    if (this.#isInLine) {
      stats.charsParsed += text.length;
      this.#blocks.extendLine(text);
    } else {
      this.#held += text;
      if (!isLineEnd && !this.#isStructureKnown()) return;
      stats.charsParsed += this.#held.length;
      const line = this.#held;
      this.#held = '';
      this.#seenLength = 0;
      this.#blocks.startLine(line);
      this.#isInLine = true;
    }
    if (!isLineEnd) return;
    this.#isInLine = false;
    this.#blocks.endLine();
  }

  #isStructureKnown(): boolean {
    if (!shouldReparse(this.#seenLength, this.#held.length)) return false;
    this.#seenLength = this.#held.length;
    this.#documentContext.stats.charsParsed += this.#held.length;
    // A line of `<details>` may end it.
    if (this.#blocks.isInDetails && !this.#blocks.openFence) return false;
    return isStructureKnown(this.#held, this.#blocks.openFence);
  }

  #draw(isFinal = false): void {
    this.#attempt(() => {
      this.#blocks.draw();
      this.#documentContext.references.rerenderStale(isFinal);
      this.#documentContext.footnotes.update(isFinal);
    });
  }

  #guarded(text: string, isLineEnd: boolean): void {
    const line = this.#held + text;
    this.#attempt(() => this.#add(text, isLineEnd), line);
  }

  /** Runs `draw`. An exception must neither stop the stream nor lose text: `text` is then shown as it was written. */
  #attempt(draw: () => void, text = ''): void {
    try {
      draw();
    } catch {
      this.#documentContext.stats.faults++;
      this.#held = '';
      this.#isInLine = false;
      this.#blocks.attach();
      this.#blocks = new BlockParser(this.#documentContext, this.#container);
      const paragraph = createElement(this.#documentContext.stats, 'p', {dir: 'auto'});
      paragraph.textContent = text;
      if (text) this.#container.insertBefore(paragraph, this.#documentContext.footnotes.section);
    }
  }
}
