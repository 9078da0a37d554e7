import {readDocument} from '../lib/read-document.js';

/** Maximum delay of received text, in milliseconds; text is due one frame earlier. */
const maxDelay = 400;
const frameAllowance = 50;
/** Time in which buffered text is caught up with, in milliseconds. */
const catchUpTime = 200;
/** Period over which the rate of arrival is measured, in milliseconds. */
const measuredTime = 2000;
/** Number of characters that arrive at once only in a burst or a replay, which is shown at once. */
const burstLength = 1000;
/** Maximum time step between two animation frames, in milliseconds. */
const maxStep = 100;

const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

/** Reveals a text at its measured rate of arrival, which smooths the bursts of the network. */
export class Pace {
  #arrivals: {readonly time: number; readonly length: number}[] = [];
  #receivedLength = 0;
  #shownLength = 0;
  #updatedAt = 0;

  /**
   * Returns how many characters of a text of `length` to show at the time `now`, in milliseconds. All of them if the page
   * is hidden, if the user prefers reduced motion, or after a burst.
   */
  limit(length: number, now: number): number {
    const isBurst = length - this.#receivedLength > burstLength;
    if (length !== this.#receivedLength) this.#arrivals.push({time: now, length});
    this.#receivedLength = length;
    if (isBurst || length < this.#shownLength || readDocument('hidden') || reducedMotion.matches) this.#shownLength = length;
    while (this.#arrivals[1] && now - this.#arrivals[1].time > measuredTime) this.#arrivals.shift();

    const step = Math.min(now - this.#updatedAt, maxStep);
    const [first] = this.#arrivals;
    const rate = first && now > first.time ? (length - first.length) / (now - first.time) : 0;
    const speed = Math.max(rate, (length - this.#shownLength) / catchUpTime);
    const due = this.#arrivals.findLast(({time}) => now - time >= maxDelay - frameAllowance)?.length ?? 0;
    this.#shownLength = Math.min(length, Math.max(due, this.#shownLength + step * speed));
    this.#updatedAt = now;
    return Math.ceil(this.#shownLength);
  }
}
