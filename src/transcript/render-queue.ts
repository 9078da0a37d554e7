import type {Pace} from './pace.js';

/** What drawing may take in a frame, which lays out and paints in the same task, and in a task of its own; in milliseconds. */
const frameTime = 12;
const taskTime = 24;
/** What the layout of that may take, in milliseconds. */
const layoutTime = 16;
/** Characters that are drawn without looking at the clock: each time the open end is drawn, too. */
const frameSlice = 512;
const taskSlice = 2048;
/** Characters that may be drawn: in a frame; in a task at least, in the first one, and at most. */
const inFrame = 512;
const least = 2048;
const first = 8192;
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
  /** What says how much of a growing text is shown; where nothing does, all is. */
  Pace: typeof Pace | undefined;

  /** The texts of which something is left. */
  readonly drawings = new Set<Drawing>();

  /** Characters to be drawn at once. */
  sliceLength = frameSlice;

  #allowance = first;
  #left = 0;
  #until = 0;

  /** Whether the frame has drawn what it may. */
  get isSpent(): boolean {
    return this.#left <= 0 || performance.now() > this.#until;
  }

  /** Begins to draw, in a frame or in a task between two. */
  begin(isFrame: boolean): void {
    this.sliceLength = isFrame ? frameSlice : taskSlice;
    this.#left = isFrame ? inFrame : this.#allowance;
    this.#until = performance.now() + (isFrame ? frameTime : taskTime);
  }

  /** Notes that so many characters were drawn. */
  take(length: number): void {
    this.#left -= length;
  }

  /** Draws what the frame still may of what is left in `box`. */
  draw(box: Element): void {
    for (const drawing of this.drawings) {
      if (this.isSpent) return;
      if (!box.contains(drawing.element) || drawing.draw(this)) this.drawings.delete(drawing);
    }
  }

  /** Lays out what was drawn in `box`, and learns from what that takes how much may be drawn. */
  layOut(box: HTMLElement): void {
    const begun = performance.now();
    void box.offsetHeight;
    const factor = Math.min(2, Math.max(0.5, layoutTime / (performance.now() - begun)));
    this.#allowance = Math.min(most, Math.max(least, this.#allowance * factor));
  }
}
