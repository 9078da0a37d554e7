/** Longest wait for a frame, in milliseconds: frames stop in hidden pages and in frames out of view. */
const longestWait = 250;
/** Longest pause after a frame that took long, in milliseconds. */
const longestPause = 60;

/** What is drawn, and how. */
export interface FrameWork {
  /** Draws. `inFrame`: layout and paint follow in the same task. Returns whether something is left. */
  draw(inFrame: boolean): boolean;

  /** Called in the frame that shows a draw which left something. */
  settle?(): void;
}

/**
 * Runs a callback at most once a frame, however often it is asked to, and also where no frames come. What a run leaves
 * is drawn in tasks between the frames: drawing and layout together would take too long for one.
 */
export class FrameBuffer {
  #work: FrameWork;
  #pending = false;
  /** A run left something, and goes on by itself. */
  #goesOn = false;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #channel: MessageChannel | undefined;
  #waiting: (() => void)[] = [];
  #notBefore = 0;

  constructor(work: FrameWork) {
    this.#work = work;
  }

  /** Asks for a run in the next frame. */
  request(): void {
    if (this.#goesOn) return;
    // A message comes at once even where timers are slowed down to one a second, or a minute. That is asked each time:
    // listening to `visibilitychange` costs more than drawing.
    if (document.hidden) return this.#post();
    if (this.#pending) return;
    this.#pending = true;
    const pause = this.#notBefore - performance.now();
    // Asked for in each frame, frames would cost although nothing is drawn.
    if (pause > 0) this.#timer = setTimeout(this.#requestFrame, pause);
    else this.#requestFrame();
  }

  /** Runs now, whether or not a run was asked for; unless one goes on, which has its turn. */
  flush(inFrame = false): void {
    if (this.#goesOn) return;
    this.cancel();
    const begun = performance.now();
    const isLeft = this.#work.draw(inFrame);
    const now = performance.now();
    // Where text arrives faster than it is drawn, fewer frames with more in each cost less.
    this.#notBefore = isLeft ? 0 : now + Math.min(2 * (now - begun), longestPause);
    if (isLeft) return this.#goOn();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Runs now, and as often as it takes. Resolves when nothing is left. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.flush();
    });
  }

  /** Forgets a run that was asked for. */
  cancel(): void {
    this.#pending = this.#goesOn = false;
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#channel?.port1.close();
    this.#channel = undefined;
  }

  #run = () => {
    if (!this.#pending) return;
    this.#goesOn = false;
    this.flush();
  };

  #requestFrame = () => {
    this.#frame = requestAnimationFrame(() => this.flush(true));
    this.#timer = setTimeout(this.#run, longestWait);
  };

  /** Lets what was drawn be shown, then draws what is left. */
  #goOn() {
    this.#pending = this.#goesOn = true;
    if (document.hidden) return this.#post();
    this.#timer = setTimeout(this.#run, longestWait);
    this.#frame = requestAnimationFrame(() => {
      this.#work.settle?.();
      this.#post();
    });
  }

  #post() {
    this.#pending = true;
    if (this.#channel) return;
    this.#channel = new MessageChannel();
    this.#channel.port1.onmessage = this.#run;
    this.#channel.port2.postMessage(null);
  }
}
