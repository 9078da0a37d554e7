/** A timer that is this late did not measure silence: the page was frozen or the machine asleep. */
const suspendThreshold = 1000;
/** What is granted then, so that what arrived meanwhile can be read. */
const grace = 5000;

/** Barks when nothing happened for a while. Every sign of life arms it anew, cheaply. */
export class Watchdog {
  #timeout: number;
  #onTimeout: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #deadline = 0;
  #wasSuspended = false;

  /** `timeout` is in milliseconds; infinite: it never barks. */
  constructor(timeout: number, onTimeout: () => void) {
    this.#timeout = timeout;
    this.#onTimeout = onTimeout;
    this.reset();
    if (Number.isFinite(timeout)) this.#wait(timeout);
  }

  /** Says that something happened. */
  reset(): void {
    this.#deadline = performance.now() + this.#timeout;
    this.#wasSuspended = false;
  }

  /** Ends the watch. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#deadline = Infinity;
  }

  #wait(milliseconds: number) {
    const firesAt = performance.now() + milliseconds;
    this.#timer = setTimeout(() => {
      const now = performance.now();
      if (this.#deadline > now) return this.#wait(this.#deadline - now);
      if (now - firesAt > suspendThreshold && !this.#wasSuspended) {
        this.#wasSuspended = true;
        return this.#wait(grace);
      }
      this.#onTimeout();
    }, milliseconds);
  }
}
