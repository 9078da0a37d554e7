import type {DocumentContext} from './document-context.js';
import {createElement} from './elements.js';
import {endBefore} from './scan.js';

/** Draws raw HTML as text. */
export class RawView {
  readonly element: HTMLElement;
  readonly #documentContext: DocumentContext;
  #node: Text | undefined;
  #pending = '';
  #breaks = 0;

  constructor(documentContext: DocumentContext) {
    this.#documentContext = documentContext;
    this.element = createElement(documentContext.stats, 'p', {class: 'html'});
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
    if (!text) return;
    this.#documentContext.stats.nodesTouched++;
    if (this.#node) this.#node.appendData(text);
    else this.element.append((this.#node = document.createTextNode(text)));
  }
}
