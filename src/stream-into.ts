import {noChange} from 'lit';
import {directive, Directive, type ElementPart} from 'lit/directive.js';

import type {CreateRenderer, RenderContext, Renderer} from './renderer.js';

class StreamIntoDirective extends Directive {
  #createRenderer?: CreateRenderer;
  #context?: RenderContext;
  #renderer?: Renderer | undefined;
  #written = '';
  #ended = false;

  render(_text: string, _ended: boolean, _createRenderer: CreateRenderer, _context: RenderContext) {
    return noChange;
  }

  override update(part: ElementPart, [text, ended, createRenderer, context]: Parameters<this['render']>) {
    const isOther = createRenderer !== this.#createRenderer || context !== this.#context;
    if (isOther || (this.#ended && !ended) || !text.startsWith(this.#written)) {
      part.element.replaceChildren();
      this.#renderer = undefined;
      this.#written = '';
      this.#ended = false;
    }
    this.#createRenderer = createRenderer;
    this.#context = context;
    this.#renderer ??= createRenderer(part.element as HTMLElement, context);
    const drawable = ended ? text : text.slice(0, wholeLength(text));
    if (drawable.length > this.#written.length) {
      this.#renderer.write(drawable.slice(this.#written.length));
      this.#written = drawable;
    }
    if (ended && !this.#ended) {
      this.#ended = true;
      this.#renderer.end();
    }
    return noChange;
  }
}

/** Length of the text without half a surrogate pair at its end: servers cut there too. */
function wholeLength(text: string): number {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.length - 1 : text.length;
}

/** Draws a text into an element, giving its renderer only what is new. A text that does not continue is drawn anew. */
export const streamInto = directive(StreamIntoDirective);
