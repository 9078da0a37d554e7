/** Longest wait for a frame, in milliseconds: frames stop in hidden pages and in frames out of view. */
const longestWait = 250;
/** Longest pause after a frame that took long, in milliseconds. */
const longestPause = 60;

/** Runs a callback at most once a frame, however often it is asked to, and also where no frames come. */
export class FrameBuffer {
  #callback: () => boolean;
  #pending = false;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #channel: MessageChannel | undefined;
  #waiting: (() => void)[] = [];
  #notBefore = 0;

  /** `callback` returns whether it left something for the next frame. */
  constructor(callback: () => boolean) {
    this.#callback = callback;
  }

  /** Asks for a run in the next frame. */
  request(): void {
    // A message comes at once even where timers are slowed down to one a second, or a minute. That is asked each time:
    // listening to `visibilitychange` costs more than drawing.
    if (document.hidden) return this.#post();
    if (this.#pending) return;
    this.#pending = true;
    this.#frame = requestAnimationFrame(this.#runFrame);
    this.#timer = setTimeout(this.#run, longestWait);
  }

  /** Runs now, whether or not a run was asked for. */
  flush(): void {
    this.cancel();
    const begun = performance.now();
    const isLeft = this.#callback();
    const now = performance.now();
    // Where text arrives faster than it is drawn, fewer frames with more in each cost less.
    this.#notBefore = isLeft ? 0 : now + Math.min(2 * (now - begun), longestPause);
    if (isLeft) return this.request();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Runs now, and in as many frames as it takes. Resolves when nothing is left. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.flush();
    });
  }

  /** Forgets a run that was asked for. */
  cancel(): void {
    this.#pending = false;
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#channel?.port1.close();
    this.#channel = undefined;
  }

  #run = () => {
    if (this.#pending) this.flush();
  };

  #runFrame = () => {
    if (performance.now() < this.#notBefore) this.#frame = requestAnimationFrame(this.#runFrame);
    else this.#run();
  };

  #post() {
    this.#pending = true;
    if (this.#channel) return;
    this.#channel = new MessageChannel();
    this.#channel.port1.onmessage = this.#run;
    this.#channel.port2.postMessage(null);
  }
}
