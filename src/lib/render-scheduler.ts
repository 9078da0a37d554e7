/** How long a frame is waited for, in milliseconds, up to twice: frames stop in hidden pages and in frames out of view. */
const maxFrameWait = 250;
/** Longest pause after a frame that took long, in milliseconds. */
const maxPause = 60;

/** What is drawn, and how. */
export interface RenderJob {
  /** Draws. `inFrame`: layout and paint follow in the same task. Returns whether something is left. */
  draw(inFrame: boolean): boolean;

  /** Called in the frame that shows what was drawn, before it is painted. */
  beforePaint(): void;
}

/**
 * Runs a callback at most once a frame, however often it is asked to, and also where no frames come. What a run leaves
 * is drawn in tasks between the frames: drawing and layout together would take too long for one.
 */
export class RenderScheduler {
  #job: RenderJob;
  #pending = false;
  /** A run left something, and goes on by itself. */
  #hasMore = false;
  /** What a task drew is to be shown by the next frame, which draws no more. */
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

  /** Asks for a run in the next frame. */
  request(): void {
    if (this.#hasMore) return;
    // A message comes at once even where timers are slowed down to one a second, or a minute. That is asked each time:
    // listening to `visibilitychange` costs more than drawing.
    if (document.hidden) return this.#post();
    this.#isRequested = true;
    if (this.#pending) return;
    const pause = this.#earliestRun - performance.now();
    // Asked for in each frame, frames would cost although nothing is drawn.
    if (pause <= 0) return this.#requestFrame();
    this.#pending = true;
    this.#timer = setTimeout(this.#requestFrame, pause);
  }

  /** Runs now, whether or not a run was asked for; unless one goes on, which has its turn. */
  flush(): void {
    if (!this.#hasMore) this.#run(false);
  }

  /** Runs now, and as often as it takes. Resolves when nothing is left. */
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
    const hasMore = (this.#hasMore = this.#job.draw(inFrame));
    const now = performance.now();
    // Where text arrives faster than it is drawn, fewer frames with more in each cost less.
    this.#earliestRun = hasMore ? 0 : now + Math.min(2 * (now - startedAt), maxPause);
    if (!hasMore) for (const resolve of this.#drainResolvers.splice(0)) resolve();
    if (inFrame || document.hidden) return this.#runBeforePaint();
    this.#needsPaint = true;
    this.#requestFrame();
  }

  #runBeforePaint() {
    this.#needsPaint = false;
    this.#job.beforePaint();
    if (this.#hasMore) this.#post();
    else if (this.#isRequested) this.request();
  }

  #requestFrame = () => {
    this.#pending = true;
    this.#frame = requestAnimationFrame(this.#handleFrame);
    if (!this.#fallbackTimer) this.#fallbackTimer = setTimeout(this.#handleMissingFrame, maxFrameWait, this.#frame);
  };

  /** Does without the frame that did not come. One timer looks after many: one for each would cost as much as drawing. */
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
