/** Longest that text is held back, in milliseconds; what is over it is due a frame sooner. */
const longestHold = 400;
const frame = 50;
/** In this time what waits is caught up with, in milliseconds. */
const catchUp = 200;
/** For so long the rate of arrival is measured, in milliseconds. */
const measured = 2000;
/** Characters that come at once only in a burst or a replay: they are shown at once, too. */
const burst = 1000;
/** The longest step between two frames, in milliseconds. */
const longestStep = 100;

const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

/** Shows a text at the rate at which it arrives, and not in the jerks of the network. */
export class Pace {
  #arrivals: {readonly time: number; readonly length: number}[] = [];
  #arrived = 0;
  #shown = 0;
  #at = 0;

  /**
   * Returns how much of a text of `length` is to be shown at the time `now`, in milliseconds. All of it where nobody
   * looks, where motion is not wanted, and of what came in a burst.
   */
  limit(length: number, now: number): number {
    const isBurst = length - this.#arrived > burst;
    if (length !== this.#arrived) this.#arrivals.push({time: now, length});
    this.#arrived = length;
    if (isBurst || length < this.#shown || document.hidden || reducedMotion.matches) this.#shown = length;
    while (this.#arrivals[1] && now - this.#arrivals[1].time > measured) this.#arrivals.shift();

    const step = Math.min(now - this.#at, longestStep);
    const [first] = this.#arrivals;
    const rate = first && now > first.time ? (length - first.length) / (now - first.time) : 0;
    const speed = Math.max(rate, (length - this.#shown) / catchUp);
    const due = this.#arrivals.findLast(({time}) => now - time >= longestHold - frame)?.length ?? 0;
    this.#shown = Math.min(length, Math.max(due, this.#shown + step * speed));
    this.#at = now;
    return Math.ceil(this.#shown);
  }
}
