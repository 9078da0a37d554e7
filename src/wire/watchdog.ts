/** A timer that fires later than this, in milliseconds, did not measure idle time: the page or the machine was suspended. */
const suspendThreshold = 1000;
/** Extra time after a suspension, in milliseconds, to receive the data that arrived meanwhile. */
const grace = 5000;

/** Calls back after a period without activity. `reset()` is cheap: it moves the deadline and keeps the timer. */
export class Watchdog {
  #timeout: number;
  #onTimeout: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #deadline = 0;
  #wasSuspended = false;

  /** `timeout` is in milliseconds; if it is infinite, `onTimeout` is never called. */
  constructor(timeout: number, onTimeout: () => void) {
    this.#timeout = timeout;
    this.#onTimeout = onTimeout;
    this.reset();
    if (Number.isFinite(timeout)) this.#wait(timeout);
  }

  /** Restarts the period. Call it on each activity. */
  reset(): void {
    this.#deadline = performance.now() + this.#timeout;
    this.#wasSuspended = false;
  }

  /** Stops the timer. */
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
