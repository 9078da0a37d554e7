import type {DocumentContext} from './document-context.js';
import {createElement} from './elements.js';
import type {Footnote} from './footnotes.js';
import {shouldReparse} from './should-reparse.js';
import {NEED_MORE, NO_MATCH} from './scan.js';
import {scanDefinition} from './references.js';
import {splitRow} from './table-row.js';
import {TableView} from './table-view.js';
import {TextView} from './text-view.js';

/** The start of a paragraph that makes its list item a task list item. */
const task = /^\[([ xX])\][ \t\n]+(?=\S)/;
const partialTask = /^\[(?:[ xX](?:\][ \t\n]*)?)?$/;

/** The first line of a block quote that makes it an alert. */
const alert = /^\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|$)?/i;
const partialAlert = /^\[(?:![A-Za-z]{0,9}(?:\][ \t]*)?)?$/;

/** Maximum length of a line that is drawn as the head of a table before the row below it is there. */
const MAX_HEAD = 1000;

/**
 * Draws a paragraph. Link reference definitions at its start are removed first; a paragraph that consists of them is
 * not drawn. Text that may become a definition is hidden until that is known.
 */
export class ParagraphView {
  readonly text: TextView;
  readonly #documentContext: DocumentContext;
  /** The list item or block quote that it starts, if any. */
  readonly #parent: HTMLElement | undefined;
  /** Text that may still be a definition; `undefined` once there is none. */
  #begin: string | undefined = '';
  #seenLength = 0;
  /** Whether it is known if the paragraph is the start of a task or an alert. */
  #isStartKnown = false;
  #isAlert = false;
  #head: HTMLElement | undefined;

  constructor(documentContext: DocumentContext, footnote: Footnote | undefined, parent: HTMLElement | undefined) {
    this.#documentContext = documentContext;
    this.#parent = parent;
    this.text = new TextView(documentContext, createElement(documentContext.stats, 'p'), footnote);
  }

  get element(): HTMLElement {
    return this.text.element;
  }

  append(text: string): void {
    if (this.#begin === undefined) this.text.append(text);
    else if (this.#begin === '' && text.startsWith('\n')) this.#begin = text.slice(1);
    else this.#begin += text;
  }

  /** Removes definitions from the start. Returns whether other text remains, as far as is known. */
  #takeDefinitions(isFinal: boolean): boolean {
    const begin = this.#begin;
    if (begin === undefined) return true;
    if (!isFinal && begin.startsWith('[') && !shouldReparse(this.#seenLength, begin.length)) return false;
    this.#seenLength = begin.length;
    let at = 0;
    while (begin[at] === '[') {
      const definition = scanDefinition(begin, at, isFinal);
      this.#documentContext.stats.charsParsed +=
        typeof definition === 'object' ? definition.end - at : begin.length - at;
      if (definition === NEED_MORE) {
        this.#begin = begin.slice(at);
        return false;
      }
      if (definition === NO_MATCH) break;
      this.#documentContext.references.define(definition.label, definition);
      at = definition.end;
    }
    this.#begin = begin.slice(at);
    if (!this.#begin) return false;
    this.text.append(this.#begin);
    this.#begin = undefined;
    return true;
  }

  /** Removes what is not text, because the paragraph becomes another block. Returns whether text remains. */
  settle(): boolean {
    this.#dropHead();
    return this.#takeDefinitions(true) && this.#readStart(true);
  }

  /** Removes `count` characters from the end. */
  dropEnd(count: number): void {
    this.text.setText(this.text.text.slice(0, -count));
  }

  /** Draws the new text. Returns whether there is something to show. */
  draw(isFinal: boolean): boolean {
    if (!this.#takeDefinitions(isFinal)) return false;
    if (!this.#readStart(isFinal)) return false;
    this.#dropHead();
    if (!isFinal && this.#drawHead()) return true;
    this.text.draw(isFinal);
    return true;
  }

  #dropHead(): void {
    this.#head?.remove();
    this.#head = undefined;
  }

  /** Draws a single line that starts with a pipe speculatively: as the head of a table. */
  #drawHead(): boolean {
    // `text` joins all of a long text.
    if (this.text.isDrawn) return false;
    const {text, footnote} = this.text;
    if (!/^\|[^|]/.test(text) || text.length > MAX_HEAD || text.includes('\n')) return false;
    const align = splitRow(text).map(() => undefined);
    this.#head = new TableView(this.#documentContext, text, align, footnote).element;
    this.element.append(this.#head);
    return true;
  }

  /** Reads the mark of a task or an alert. Returns whether it is known if there is one, and text remains. */
  #readStart(isFinal: boolean): boolean {
    const parent = this.#parent;
    const {text} = this.text;
    if (!parent) return true;
    if (this.#isStartKnown) return !this.#isAlert || text.trim() !== '';
    const isItem = parent.localName === 'li';
    if (!isFinal && (isItem ? partialTask : partialAlert).test(text)) return false;
    this.#isStartKnown = true;
    const match = (isItem ? task : alert).exec(text);
    if (!match) return true;
    this.text.setText(text.slice(match[0].length));
    if (!isItem) return this.#startAlert(parent, (match[1] ?? '').toLowerCase());
    this.text.addTask(match[1] !== ' ');
    parent.className = 'task';
    return true;
  }

  /** Makes the block quote an alert, with its name as the title. Returns whether text remains. */
  #startAlert(quote: HTMLElement, name: string): boolean {
    const {stats} = this.#documentContext;
    this.#isAlert = true;
    quote.className = `alert ${name}`;
    // With a direction of its own, the name does not count for that of the quote.
    const label = createElement(stats, 'span', {dir: 'auto'});
    label.textContent = name.slice(0, 1).toUpperCase() + name.slice(1);
    const title = createElement(stats, 'p', {class: 'alert-title'});
    title.append(label);
    quote.prepend(title);
    return this.text.text.trim() !== '';
  }
}
