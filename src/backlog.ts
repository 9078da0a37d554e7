/** What a frame may take for drawing while more waits, and for drawing and layout, in milliseconds. */
const drawTime = 14;
const frameTime = 28;
/** Characters that are drawn without looking at the clock. */
export const sliceLength = 2048;
const least = sliceLength;
const most = 65_536;

/** A text of which a part is not drawn yet. */
export interface Drawing {
  readonly element: Element;
  /** Draws more of it, as far as `backlog` allows. Returns whether all is drawn. */
  draw(backlog: Backlog): boolean;
}

/**
 * What is left for later frames, as one frame may not draw it all: a task that takes longer than 50 ms is felt.
 * How much a frame may draw is learnt from what the frames before it took.
 */
export class Backlog {
  #drawings = new Set<Drawing>();
  #allowance = 4 * least;
  #left = 0;
  #begun = 0;

  /** Whether the frame has drawn what it may. */
  get isSpent(): boolean {
    return this.#left <= 0 || performance.now() - this.#begun > drawTime;
  }

  get isEmpty(): boolean {
    return this.#drawings.size === 0;
  }

  /** Begins a frame. */
  begin(): void {
    this.#left = this.#allowance;
    this.#begun = performance.now();
  }

  /** Notes that so many characters were drawn. */
  take(length: number): void {
    this.#left -= length;
  }

  /** Draws what the frame still may of what is left in `box`. */
  draw(box: Element): void {
    for (const drawing of this.#drawings) {
      if (this.isSpent) return;
      if (!box.contains(drawing.element) || drawing.draw(this)) this.#drawings.delete(drawing);
    }
  }

  /** Leaves the rest of a text for later. */
  add(drawing: Drawing): void {
    this.#drawings.add(drawing);
  }

  /** Ends a frame that left something in `box`: its layout is what costs most, and done here it is known. */
  end(box: HTMLElement): void {
    void box.offsetHeight;
    const took = performance.now() - this.#begun;
    const factor = Math.min(2, Math.max(0.5, frameTime / took));
    this.#allowance = Math.min(most, Math.max(least, this.#allowance * factor));
  }
}
