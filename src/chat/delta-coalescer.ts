import type {Delta} from '../model/conversation.js';

/**
 * So many pieces of text beyond one a millisecond are a burst: what is more is told joined, in pieces of so many
 * characters. Time without any counts for so long, in milliseconds: what came while the page stood still is no burst.
 */
const burst = 200;
const pieceLength = 1024;
const longestStall = 5000;

/** Joins the text of a burst to longer pieces: to tell of each token costs more than to draw it. */
export class BurstJoiner {
  #sink: (delta: Delta) => void;
  #unread: Delta | undefined;
  /** Pieces of text that came, less one for each millisecond, and when that was reckoned. */
  #crowd = 0;
  #reckoned = performance.now();

  constructor(sink: (delta: Delta) => void) {
    this.#sink = sink;
  }

  /** Notes that something came, at `now` of `performance.now()`. */
  reckon(now: number): void {
    this.#crowd = Math.max(-longestStall, this.#crowd + this.#reckoned - now);
    this.#reckoned = now;
  }

  /** Tells the sink of `delta`, at the latest when whoever pushed it waits. */
  push(delta: Delta): void {
    const last = this.#unread;
    const isJoined = (delta.type === 'text' || delta.type === 'reasoning') && this.#crowd++ > burst;
    if (isJoined && last?.type === delta.type && last.text.length < pieceLength) {
      this.#unread = {...delta, text: last.text + delta.text};
      return;
    }
    this.#flush();
    this.#unread = delta;
    // Before whoever pushed, or ended, goes on: they wait for it.
    if (isJoined) queueMicrotask(this.#flush);
    else this.#flush();
  }

  #flush = () => {
    const delta = this.#unread;
    this.#unread = undefined;
    if (delta) this.#sink(delta);
  };
}
