/** A timer that is this late did not measure silence: the page was frozen or the machine asleep. */
const lateness = 1000;
/** What is granted then, so that what arrived meanwhile can be read. */
const grace = 5000;

/** Barks when nothing happened for a while. Every sign of life arms it anew, cheaply. */
export class Watchdog {
  #timeout: number;
  #bark: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = 0;
  #sleptOnce = false;

  /** `timeout` is in milliseconds; infinite: it never barks. */
  constructor(timeout: number, bark: () => void) {
    this.#timeout = timeout;
    this.#bark = bark;
    this.alive();
    if (Number.isFinite(timeout)) this.#wait(timeout);
  }

  /** Says that something happened. */
  alive(): void {
    this.#due = performance.now() + this.#timeout;
    this.#sleptOnce = false;
  }

  /** Ends the watch. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#due = Infinity;
  }

  #wait(milliseconds: number) {
    const rings = performance.now() + milliseconds;
    this.#timer = setTimeout(() => {
      const now = performance.now();
      if (this.#due > now) return this.#wait(this.#due - now);
      if (now - rings > lateness && !this.#sleptOnce) {
        this.#sleptOnce = true;
        return this.#wait(grace);
      }
      this.#bark();
    }, milliseconds);
  }
}
