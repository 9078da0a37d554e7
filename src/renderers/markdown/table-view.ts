import type {DocumentContext} from './document-context.js';
import {createElement} from './elements.js';
import type {Footnote} from './footnotes.js';
import {shouldReparse} from './should-reparse.js';
import {type Align, splitRow} from './table-row.js';
import {TextView} from './text-view.js';

/**
 * Maximum number of columns of a table in which missing cells are added; in wider tables a short text could create
 * millions of them.
 */
const MAX_FILLED = 64;

/** Draws a table row by row. Only the cell that is being written is drawn again. */
export class TableView {
  readonly element: HTMLElement;
  readonly #documentContext: DocumentContext;
  readonly #footnote: Footnote | undefined;
  readonly #table: HTMLTableElement;
  readonly #align: readonly Align[];
  #body: HTMLElement | undefined;
  #row: HTMLElement | undefined;
  #rowText = '';
  #drawnLength = 0;
  #cells: {readonly view: TextView; text: string}[] = [];

  constructor(documentContext: DocumentContext, head: string, align: readonly Align[], footnote: Footnote | undefined) {
    this.#documentContext = documentContext;
    this.#footnote = footnote;
    this.#align = align;
    const label = documentContext.context.strings.table;
    // A wide table scrolls in its box. The keyboard can scroll it only if it is focusable.
    this.element = createElement(documentContext.stats, 'div', {
      part: 'table',
      tabindex: '0',
      role: 'group',
      'aria-label': label,
    });
    this.#table = createElement(documentContext.stats, 'table', align.length > 2 ? {class: `columns-${Math.min(align.length, 8)}`} : {});
    this.element.append(this.#table);
    const thead = createElement(documentContext.stats, 'thead');
    this.#table.append(thead);
    this.#startRow(thead, head);
    this.#drawRow(true, 'th');
  }

  /** Starts a row with `text`. */
  startRow(text: string): void {
    if (!this.#body) this.#table.append((this.#body = createElement(this.#documentContext.stats, 'tbody')));
    this.#startRow(this.#body, text);
  }

  append(text: string): void {
    this.#rowText += text;
  }

  endRow(): void {
    if (this.#row) this.#drawRow(true, 'td');
    this.#row = undefined;
  }

  draw(): void {
    if (!this.#row || this.#rowText.length === this.#drawnLength) return;
    if (shouldReparse(this.#drawnLength, this.#rowText.length)) this.#drawRow(false, 'td');
  }

  #startRow(parent: HTMLElement, text: string): void {
    this.#row = createElement(this.#documentContext.stats, 'tr');
    parent.append(this.#row);
    this.#rowText = text;
    this.#cells = [];
    this.#drawnLength = 0;
  }

  #drawRow(isFinal: boolean, tag: 'td' | 'th'): void {
    // A backslash at the end may escape a pipe that follows.
    const text = isFinal ? this.#rowText : this.#rowText.replace(/\\$/, '');
    this.#drawnLength = this.#rowText.length;
    this.#documentContext.stats.charsParsed += text.length;
    const texts = splitRow(text, isFinal);
    if (isFinal && this.#align.length <= MAX_FILLED) while (texts.length < this.#align.length) texts.push('');
    // A pipe turned out to be in a formula.
    for (const {view} of this.#cells.splice(texts.length)) view.drop();
    for (const [index, text] of texts.entries()) {
      const cell = (this.#cells[index] ??= this.#createCell(tag, this.#align[index]));
      const isLast = !isFinal && index === texts.length - 1;
      if (cell.text !== text) cell.view.setText(text);
      cell.text = text;
      cell.view.draw(!isLast);
    }
  }

  #createCell(tag: 'td' | 'th', align: Align): {view: TextView; text: string} {
    const element = createElement(this.#documentContext.stats, tag, {
      ...(align && {class: `align-${align}`}),
      ...(tag === 'th' && {scope: 'col'}),
    });
    this.#row?.append(element);
    return {view: new TextView(this.#documentContext, element, this.#footnote, false), text: ''};
  }
}
