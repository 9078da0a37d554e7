import type {Pace} from './pace.js';

/** Time budget for drawing: in an animation frame, which also lays out and paints, and in a task of its own; in milliseconds. */
const frameTime = 12;
const taskTime = 24;
/** Target duration of the layout after a task, in milliseconds. */
const layoutTime = 16;
/** Characters drawn between two reads of the clock. Each slice also draws the open end of the text again. */
const frameSlice = 512;
const taskSlice = 2048;
/** Maximum number of characters drawn in an animation frame. */
const maxFrameChars = 512;
/** Characters drawn in a task: the minimum, the value for the first task, and the maximum. */
const minTaskChars = 2048;
const initialTaskChars = 8192;
const maxTaskChars = 65_536;

/** A text that is not completely drawn yet. */
export interface PendingText {
  readonly element: Element;
  /** Draws more of the text, within the budget of `queue`. Returns whether everything is drawn. */
  draw(queue: RenderQueue): boolean;
}

/**
 * Queue of text still to be rendered, with a time budget per task, because tasks over 50 ms are noticeable.
 * The budget adapts to the measured layout time.
 */
export class RenderQueue {
  /** The class that limits how much of a growing text is shown; `undefined` shows everything received. */
  Pace: typeof Pace | undefined;

  /** Called when a renderer has thrown, and its text is drawn as plain text. */
  onFault: ((cause: unknown) => void) | undefined;

  /** Texts that are not completely drawn. */
  readonly pendingTexts = new Set<PendingText>();

  /** Number of characters to draw at once. */
  sliceLength = frameSlice;

  #taskChars = initialTaskChars;
  #charsLeft = 0;
  #deadline = 0;

  /** Whether the budget of the current frame or task is used up. */
  get isSpent(): boolean {
    return this.#charsLeft <= 0 || performance.now() > this.#deadline;
  }

  /** Starts a slice of work with a new budget, in an animation frame or in a task between two frames. */
  startSlice(inAnimationFrame: boolean): void {
    this.sliceLength = inAnimationFrame ? frameSlice : taskSlice;
    this.#charsLeft = inAnimationFrame ? maxFrameChars : this.#taskChars;
    this.#deadline = performance.now() + (inAnimationFrame ? frameTime : taskTime);
  }

  /** Subtracts drawn characters from the budget. */
  spend(length: number): void {
    this.#charsLeft -= length;
  }

  /** Draws pending texts inside `box` until the budget is used up. */
  draw(box: Element): void {
    for (const text of this.pendingTexts) {
      if (this.isSpent) return;
      if (!box.contains(text.element) || text.draw(this)) this.pendingTexts.delete(text);
    }
  }

  /** Forces layout of `box`, and adapts the budget of the next task to the time that took. */
  forceLayout(box: HTMLElement): void {
    const startedAt = performance.now();
    void box.offsetHeight;
    const factor = Math.min(2, Math.max(0.5, layoutTime / (performance.now() - startedAt)));
    this.#taskChars = Math.min(maxTaskChars, Math.max(minTaskChars, this.#taskChars * factor));
  }
}
