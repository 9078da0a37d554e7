/** Longest wait for a frame, in milliseconds: frames stop in hidden pages and in frames out of view. */
const longestWait = 250;

/** Runs a callback at most once a frame, however often it is asked to, and also where no frames come. */
export class FrameBuffer {
  #callback: () => void;
  #pending = false;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #channel: MessageChannel | undefined;

  constructor(callback: () => void) {
    this.#callback = callback;
  }

  /** Asks for a run in the next frame. */
  request(): void {
    if (this.#pending) return;
    this.#pending = true;
    // A message comes at once even where timers are slowed down to one a second, or a minute.
    if (document.hidden) this.#post();
    else {
      this.#frame = requestAnimationFrame(this.#run);
      this.#timer = setTimeout(this.#run, longestWait);
      document.addEventListener('visibilitychange', this.#post);
    }
  }

  /** Runs now, whether or not a run was asked for. */
  flush(): void {
    this.cancel();
    this.#callback();
  }

  /** Forgets a run that was asked for. */
  cancel(): void {
    this.#pending = false;
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#post);
    this.#channel?.port1.close();
    this.#channel = undefined;
  }

  #run = () => {
    if (this.#pending) this.flush();
  };

  #post = () => {
    if (this.#channel) return;
    this.#channel = new MessageChannel();
    this.#channel.port1.onmessage = this.#run;
    this.#channel.port2.postMessage(null);
  };
}
