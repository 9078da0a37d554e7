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

/** Number of rows in each group of a long table. */
const MAX_ROWS = 64;

const roles: Readonly<Record<string, string>> = {
  table: 'table',
  thead: 'rowgroup',
  tbody: 'rowgroup',
  tr: 'row',
  th: 'columnheader',
  td: 'cell',
};

/**
 * Draws a table row by row. Only the cell that is being written is drawn again. A browser lays out a table as a whole when
 * something is added to it, so a long one consists of groups of rows that are tables to the style. The widths of its
 * columns are those that the first rows have, in which a long word is then broken.
 */
export class TableView {
  readonly element: HTMLElement;
  readonly #documentContext: DocumentContext;
  readonly #footnote: Footnote | undefined;
  readonly #table: HTMLTableElement;
  readonly #align: readonly Align[];
  #body: HTMLElement | undefined;
  #rowCount = 0;
  /** The widths of the columns, once the table is long. */
  #widths: readonly number[] | undefined;
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
    if (this.#rowCount === MAX_ROWS && !this.#widths) this.#makeLong();
    // A table that is not shown yet has no widths, and costs no layout.
    if (this.#rowCount === MAX_ROWS && this.#widths) this.#body = undefined;
    if (!this.#body) {
      this.#body = createElement(this.#documentContext.stats, 'tbody', this.#widths && {role: 'rowgroup'});
      this.#table.append(this.#body);
    }
    if (this.#rowCount === MAX_ROWS) this.#rowCount = 0;
    this.#rowCount++;
    this.#startRow(this.#body, text);
  }

  /** Fixes the widths of the columns. */
  #makeLong(): void {
    const heads = [...this.#table.querySelectorAll('th')];
    const widths = heads.map((head) => Math.round(head.getBoundingClientRect().width * 100) / 100);
    if (!widths[0]) return;
    this.#widths = widths;
    this.#table.classList.add('long');
    for (const element of [this.#table, ...this.#table.querySelectorAll('thead, tbody, tr, th, td')])
      element.setAttribute('role', roles[element.localName] ?? '');
    for (const cells of [heads, this.#table.querySelectorAll('tbody > tr:first-child > td')])
      for (const [index, cell] of cells.entries()) cell.setAttribute('width', String(widths[index]));
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
    this.#row = createElement(this.#documentContext.stats, 'tr', this.#widths && {role: 'row'});
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
      const cell = (this.#cells[index] ??= this.#createCell(tag, index));
      const isLast = !isFinal && index === texts.length - 1;
      if (cell.text !== text) cell.view.setText(text);
      cell.text = text;
      cell.view.draw(!isLast);
    }
  }

  #createCell(tag: 'td' | 'th', index: number): {view: TextView; text: string} {
    const align = this.#align[index];
    const width = this.#rowCount === 1 ? this.#widths?.[index] : undefined;
    const element = createElement(this.#documentContext.stats, tag, {
      ...(align && {class: `align-${align}`}),
      ...(tag === 'th' && {scope: 'col'}),
      ...(this.#widths && {role: 'cell'}),
      ...(width && {width: String(width)}),
    });
    this.#row?.append(element);
    return {view: new TextView(this.#documentContext, element, this.#footnote, false), text: ''};
  }
}
