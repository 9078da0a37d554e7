import type {DocumentContext} from './document-context.js';
import {createElement} from './elements.js';
import {GrowingText} from './growing-text.js';
import {endBefore} from './scan.js';

/** Draws raw HTML as text. */
export class RawView {
  readonly element: HTMLElement;
  readonly #text: GrowingText;
  #pending = '';
  #breaks = 0;

  constructor(documentContext: DocumentContext) {
    this.element = createElement(documentContext.stats, 'p', {class: 'html'});
    this.#text = new GrowingText(this.element, documentContext.stats);
  }

  append(text: string): void {
    this.#pending += text;
  }

  /** Draws the new text. A line break at the end is deferred until a line follows. */
  draw(): void {
    const end = endBefore(this.#pending, '\n');
    const text = end > 0 ? '\n'.repeat(this.#breaks) + this.#pending.slice(0, end) : '';
    this.#breaks = this.#pending.length - end + (end > 0 ? 0 : this.#breaks);
    this.#pending = '';
    this.#text.append(text);
  }
}
