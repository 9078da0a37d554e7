import {noChange} from 'lit';
import {directive, Directive, type ElementPart} from 'lit/directive.js';

import type {PendingText, RenderQueue} from './render-queue.js';
import type {Pace} from './pace.js';
import {plain} from '../renderers/plain.js';
import type {CreateRenderer, RenderContext, Renderer} from '../renderers/renderer.js';

class StreamIntoDirective extends Directive implements PendingText {
  element!: Element;
  #createRenderer?: CreateRenderer;
  #context?: RenderContext;
  #renderer?: Renderer | undefined;
  #text = '';
  #isComplete = false;
  #writtenLength = 0;
  #hasEnded = false;
  #pace: Pace | undefined;
  /** Whether the renderer has thrown, and the text is drawn as plain text. */
  #isFaulty = false;

  render(_text: string, _isComplete: boolean, _createRenderer: CreateRenderer, _context: RenderContext, _queue: RenderQueue) {
    return noChange;
  }

  override update(part: ElementPart, [text, isComplete, createRenderer, context, queue]: Parameters<this['render']>) {
    this.element = part.element;
    // Twelve times as fast as `startsWith`.
    const continues = text.slice(0, this.#text.length) === this.#text;
    const isOtherRenderer = createRenderer !== this.#createRenderer || context !== this.#context;
    if (isOtherRenderer || (this.#hasEnded && !isComplete) || !continues) {
      this.#restart();
      if (isOtherRenderer && this.#isFaulty) {
        part.element.classList.remove('plain');
        this.#isFaulty = false;
      }
    }
    this.#createRenderer = createRenderer;
    this.#context = context;
    this.#text = text;
    this.#isComplete = isComplete;
    // Text that is complete from the start is shown at once.
    if (!isComplete && queue.Pace) this.#pace ??= new queue.Pace();
    if (!this.draw(queue)) queue.pendingTexts.add(this);
    return noChange;
  }

  draw(queue: RenderQueue): boolean {
    const text = this.#text;
    const length = this.#pace ? Math.max(this.#writtenLength, this.#pace.limit(text.length, performance.now())) : text.length;
    const isAll = length === text.length;
    const end = isAll && this.#isComplete ? length : wholeLength(text, length);
    try {
      this.#renderer ??= (this.#isFaulty ? plain : this.#createRenderer!)(this.element as HTMLElement, this.#context!);
      while (this.#writtenLength < end) {
        if (queue.isSpent) return false;
        const to = end - this.#writtenLength > queue.sliceLength ? wholeLength(text, this.#writtenLength + queue.sliceLength) : end;
        this.#renderer.write(text.slice(this.#writtenLength, to));
        queue.spend(to - this.#writtenLength);
        this.#writtenLength = to;
      }
      if (this.#isComplete && isAll && !this.#hasEnded) {
        this.#hasEnded = true;
        this.#pace = undefined;
        this.#renderer.end();
      }
      return isAll;
    } catch (cause) {
      if (this.#isFaulty) throw cause;
      this.#isFaulty = true;
      queue.onFault?.(cause);
      this.#restart();
      this.element.classList.add('plain');
      return this.draw(queue);
    }
  }

  /** Removes what is drawn, so that the text is drawn again from its start. */
  #restart() {
    this.element.replaceChildren();
    this.#renderer = undefined;
    this.#writtenLength = 0;
    this.#hasEnded = false;
  }
}

/** Returns the length up to `end` without half a surrogate pair there, because servers split pairs too. */
function wholeLength(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}

/**
 * Renders a growing text into an element by passing only the new text to its renderer. Text that does not continue
 * what was rendered before is re-rendered from scratch. What exceeds the budget of a frame stays in the render queue. If
 * the renderer throws, the text is drawn as plain text.
 */
export const streamInto = directive(StreamIntoDirective);
