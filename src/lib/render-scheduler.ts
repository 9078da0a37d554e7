import {readDocument} from './read-document.js';

/**
 * Time to wait for an animation frame, in milliseconds, up to twice as long. Animation frames stop in hidden pages and in
 * off-screen iframes.
 */
const maxFrameWait = 250;
/** Longest pause after a slow animation frame, in milliseconds. */
const maxPause = 60;

/** Callbacks of a render scheduler. */
export interface RenderJob {
  /** Renders. `inFrame`: layout and paint follow in the same task. Returns whether work is left. */
  draw(inFrame: boolean): boolean;

  /** Called in the animation frame that paints the rendered content, before the paint. */
  beforePaint(): void;
}

/**
 * Runs a callback at most once per animation frame; where no animation frames arrive (hidden page, off-screen iframe),
 * from a timer or message task. Work left over continues in tasks between animation frames, because rendering and layout
 * together would take too long for one.
 */
export class RenderScheduler {
  #job: RenderJob;
  #pending = false;
  /** Whether the last run left work, which continues without a request. */
  #hasMore = false;
  /** Whether the next animation frame only paints what a task rendered. */
  #needsPaint = false;
  #isRequested = false;
  #frame = 0;
  #fallbackTimer: ReturnType<typeof setTimeout> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #channel: MessageChannel | undefined;
  #drainResolvers: (() => void)[] = [];
  #earliestRun = 0;

  constructor(job: RenderJob) {
    this.#job = job;
  }

  /** Requests a run in the next animation frame. */
  request(): void {
    if (this.#hasMore) return;
    // A message arrives at once even where timers are throttled to one per second, or per minute. `hidden` is read each
    // time, because listening to `visibilitychange` costs more than rendering.
    if (readDocument('hidden')) return this.#post();
    this.#isRequested = true;
    if (this.#pending) return;
    const pause = this.#earliestRun - performance.now();
    // Requesting every animation frame has a cost even if nothing is rendered.
    if (pause <= 0) return this.#requestFrame();
    this.#pending = true;
    this.#timer = setTimeout(this.#requestFrame, pause);
  }

  /** Runs now, requested or not, unless earlier work is still continuing. */
  flush(): void {
    if (!this.#hasMore) this.#run(false);
  }

  /** Runs now, and repeatedly until no work is left. Then resolves. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.#drainResolvers.push(resolve);
      this.flush();
    });
  }

  #run(inFrame: boolean) {
    this.#cancel();
    this.#isRequested = false;
    const startedAt = performance.now();
    let hasMore = false;
    try {
      hasMore = this.#job.draw(inFrame);
    } catch (error) {
      // Reported as that of an event listener: thrown here, it would keep `drain()` from ever resolving.
      reportError(error);
    }
    this.#hasMore = hasMore;
    const now = performance.now();
    // If text arrives faster than it is rendered, fewer animation frames with more text in each cost less.
    this.#earliestRun = hasMore ? 0 : now + Math.min(2 * (now - startedAt), maxPause);
    if (!hasMore) for (const resolve of this.#drainResolvers.splice(0)) resolve();
    if (inFrame || readDocument('hidden')) return this.#runBeforePaint();
    this.#needsPaint = true;
    this.#requestFrame();
  }

  #runBeforePaint() {
    this.#needsPaint = false;
    try {
      this.#job.beforePaint();
    } catch (error) {
      reportError(error);
    }
    if (this.#hasMore) this.#post();
    else if (this.#isRequested) this.request();
  }

  #requestFrame = () => {
    this.#pending = true;
    this.#frame = requestAnimationFrame(this.#handleFrame);
    if (!this.#fallbackTimer) this.#fallbackTimer = setTimeout(this.#handleMissingFrame, maxFrameWait, this.#frame);
  };

  /**
   * Runs without the animation frame that did not arrive. One timer covers many, because one for each would cost as much
   * as rendering.
   */
  #handleMissingFrame = (frame: number) => {
    this.#fallbackTimer = undefined;
    if (frame === this.#frame) this.#handleFrame();
    else if (this.#frame) this.#fallbackTimer = setTimeout(this.#handleMissingFrame, maxFrameWait, this.#frame);
  };

  #handleFrame = () => {
    this.#cancel();
    if (this.#needsPaint) this.#runBeforePaint();
    else this.#run(true);
  };

  #post() {
    this.#pending = true;
    if (this.#channel) return;
    this.#channel = new MessageChannel();
    this.#channel.port1.onmessage = () => this.#run(false);
    this.#channel.port2.postMessage(null);
  }

  #cancel() {
    this.#pending = false;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    clearTimeout(this.#timer);
    this.#channel?.port1.close();
    this.#channel = undefined;
  }
}
