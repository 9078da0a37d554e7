import type {Timing} from './events.js';

/** Measures an answer: time to the first text, time spent generating and reasoning. */
export class AnswerTimer {
  #startedAt = performance.now();
  #firstDelta: number | undefined;
  #roundStartedAt: number | undefined;
  #reasoningStartedAt = 0;
  #generationTime = 0;
  #chunks = 0;

  /** Records content of the current round; the first starts its generation time. */
  startRound(): void {
    this.#roundStartedAt ??= performance.now();
  }

  /** Ends the generation time of the current round: running tools does not count. */
  endRound(): void {
    if (this.#roundStartedAt !== undefined) this.#generationTime += performance.now() - this.#roundStartedAt;
    this.#roundStartedAt = undefined;
  }

  startReasoning(): void {
    this.#reasoningStartedAt = performance.now();
  }

  /** Records a `delta` event. */
  countDelta(): void {
    this.#chunks++;
    this.#firstDelta ??= performance.now() - this.#startedAt;
  }

  /** Seconds since the reasoning started. */
  get reasoningSeconds(): number {
    return toSeconds(performance.now() - this.#reasoningStartedAt);
  }

  /** Seconds that the model generated, over all rounds; `undefined` if nothing was received. */
  get generationSeconds(): number | undefined {
    return this.#generationTime > 0 ? toSeconds(this.#generationTime) : undefined;
  }

  /** Returns the timing that `done` reports. */
  timing(counts: Pick<Timing, 'reconnects' | 'unknown'>): Timing {
    const total = performance.now() - this.#startedAt;
    return {firstDelta: this.#firstDelta, total, chunks: this.#chunks, ...counts};
  }
}

/** Milliseconds to seconds, rounded to tenths: the precision that is displayed. */
function toSeconds(milliseconds: number): number {
  return Math.round(milliseconds / 100) / 10;
}
