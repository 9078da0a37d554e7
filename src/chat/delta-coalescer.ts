import type {Delta} from '../model/conversation.js';

/** Deltas above one per millisecond that are emitted separately. What exceeds them is a burst and coalesced. */
const bucketCapacity = 200;
/** Length up to which deltas are coalesced, in characters. */
const maxDeltaLength = 1024;
/** Longest idle time that earns credit, in milliseconds: a backlog from a stalled page is not a burst. */
const maxCredit = 5000;

/**
 * Leaky bucket that drains one delta per millisecond. Above its capacity, deltas are coalesced into longer ones, because
 * dispatching an event per token costs more than rendering it.
 */
export class DeltaCoalescer {
  #sink: (delta: Delta) => void;
  #pending: Delta | undefined;
  /** Deltas received, less one per millisecond; and the time of that level. */
  #bucketLevel = 0;
  #updatedAt = performance.now();

  constructor(sink: (delta: Delta) => void) {
    this.#sink = sink;
  }

  /** Drains the bucket until `now`, in `performance.now()` milliseconds. */
  advanceTo(now: number): void {
    this.#bucketLevel = Math.max(-maxCredit, this.#bucketLevel + this.#updatedAt - now);
    this.#updatedAt = now;
  }

  /** Emits `delta` to the sink, at the latest in the next microtask. */
  push(delta: Delta): void {
    const last = this.#pending;
    const isJoined = (delta.type === 'text' || delta.type === 'reasoning') && this.#bucketLevel++ > bucketCapacity;
    if (isJoined && last?.type === delta.type && last.text.length < maxDeltaLength) {
      this.#pending = {...delta, text: last.text + delta.text};
      return;
    }
    this.#flush();
    this.#pending = delta;
    // A microtask, so that it is emitted before the caller of `push` or `end`, who awaits it, continues.
    if (isJoined) queueMicrotask(this.#flush);
    else this.#flush();
  }

  #flush = () => {
    const delta = this.#pending;
    this.#pending = undefined;
    if (delta) this.#sink(delta);
  };
}
