import {isDoneMark, isTextName} from '../protocols/conventions.js';
import type {Frame, Framing} from '../wire/framing.js';

/** Number of frames with output after which a guessed format is final, and of frames in all. */
const maxFramesWithOutput = 3;
const maxFrames = 256;

/**
 * Whether the wire format of an answer is only a guess, which a documented format may still correct: a server may send
 * status events of its own before the stream of its provider. Final after some frames, so that a guess costs no memory.
 */
export class FormatGuess {
  /** Whether a documented format may still correct the guess. */
  isOpen: boolean;

  #frames = 0;
  #framesWithOutput = 0;

  constructor(isOpen = false) {
    this.isOpen = isOpen;
  }

  /** Counts a frame. Returns whether the guess becomes final with it. */
  becomesFinal(hasOutput: boolean): boolean {
    if (!this.isOpen) return false;
    this.#frames++;
    if (hasOutput) this.#framesWithOutput++;
    this.isOpen = this.#framesWithOutput <= maxFramesWithOutput && this.#frames <= maxFrames;
    return !this.isOpen;
  }
}

/** Whether an event is a token of raw text: after an event of JSON without output, such as the ID of the conversation. */
export function isRawToken({data, event}: Frame, framing: Framing | undefined): boolean {
  return framing === 'sse' && isTextName(event) && !isDoneMark(data) && !/^\s*(?:[[{"]|$)/.test(data);
}
