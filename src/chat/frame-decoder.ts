import type {Delta} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import {isDoneMark, readErrorMark} from '../protocols/conventions.js';
import {isKeepAlive} from '../protocols/plain-json.js';
import {createNormalizer} from '../protocols/normalize.js';
import {asRecord, type Decoder} from '../protocols/protocol.js';
import {findFailure, readProviderError} from '../protocols/provider-error.js';
import {Frame, type Framing} from '../wire/framing.js';

/** Deltas that a user can see. */
const outputTypes: ReadonlySet<Delta['type']> = new Set(['text', 'reasoning', 'refusal', 'tool-call', 'file']);

/**
 * Decodes the frames of one answer with any decoder, and holds the rules that are the same for every format: failures
 * that no format has are reported, frames that cannot be parsed are skipped, and an answer without output is an error.
 */
export class FrameDecoder {
  /** Whether there was text, reasoning, a refusal, a tool call or a file. */
  hasOutput = false;

  #normalize: ReturnType<typeof createNormalizer> | undefined;
  #lastReasoning = '';
  /** Whether the answer failed or was ended for a reason that the user is shown. */
  #hasReason = false;
  #unknown: string | undefined;
  #broken: StreamChatError | undefined;
  /** Whether a frame after the first output was cut: text may be missing. */
  #isLossy = false;

  /** Returns the deltas of a frame. */
  decode(decoder: Decoder, frame: Frame, framing: Framing | undefined): readonly Delta[] {
    if (isKeepAlive(frame.event)) return [];
    const deltas: Delta[] = [];
    this.#normalize ??= createNormalizer(!decoder.mayBeCumulative);
    // Text between the frames may be an error of the server or its proxy.
    const failure = frame.event === 'bare' ? findFailure(frame.maybeJson) : undefined;
    if (failure) this.#add({type: 'error', error: failure}, frame, deltas);
    // A line of plain text between the events of any format.
    const words = framing === 'sse' || framing === 'json' ? readErrorMark(frame.data) : undefined;
    if (words !== undefined) {
      this.#add({type: 'error', error: readProviderError(words)}, frame, deltas);
      return deltas;
    }
    try {
      // Some servers write the end marker in lower case or as a JSON string.
      const isMark = (framing === 'sse' || framing === 'json') && isDoneMark(frame.data);
      const marked = isMark ? new Frame('[DONE]', frame.event, frame.id, frame.note) : frame;
      this.#addFrame([...decoder.decode(marked)], decoder, frame, deltas);
    } catch (cause) {
      const error = StreamChatError.from(cause, 'protocol');
      if (error.code !== 'protocol') throw cause;
      this.#broken ??= error;
      this.#isLossy ||= this.hasOutput && /^\s*\{"/.test(frame.data);
      this.#add({type: 'unknown', event: frame.event || frame.data.slice(0, 80)}, frame, deltas);
    }
    return deltas;
  }

  /** Returns the deltas at a clean end of the body. */
  end(decoder: Decoder): readonly Delta[] {
    const deltas: Delta[] = [];
    for (const delta of decoder.end?.() ?? []) this.#add(delta, undefined, deltas);
    return deltas;
  }

  /** Returns the error of an answer that is complete, or else of one whose body ended, or `undefined`. */
  verdict(isComplete: boolean): StreamChatError | undefined {
    if (this.#isLossy) return this.#broken;
    if (this.hasOutput || this.#hasReason) return undefined;
    if (this.#broken) return this.#broken;
    if (this.#unknown === undefined) return isComplete ? new StreamChatError('provider', 'No answer came.') : undefined;
    return new StreamChatError(
      'protocol',
      `The answer is of no format that is known: it has "${this.#unknown}". Write a protocol for it.`,
    );
  }

  /** Adds the deltas of a frame, without reasoning that a snapshot of the text carries along. */
  #addFrame(decoded: readonly Delta[], {mayBeCumulative}: Decoder, frame: Frame, deltas: Delta[]) {
    const hasText = mayBeCumulative === true && decoded.some(({type}) => type === 'text');
    for (const delta of decoded) {
      const isRepeated = hasText && delta.type === 'reasoning' && delta.text === this.#lastReasoning;
      if (delta.type === 'reasoning') this.#lastReasoning = delta.text;
      if (!isRepeated) this.#add(delta, frame, deltas);
    }
  }

  #add(delta: Delta, frame: Frame | undefined, deltas: Delta[]) {
    if (delta.type === 'unknown' && frame) {
      const error = findUnknownFailure(frame);
      if (error) delta = {type: 'error', error};
      else this.#unknown ??= delta.event || Object.keys(asRecord(frame.maybeJson)).join(', ');
    }
    // An interrupt of AG-UI asks the host page for input.
    const isReason = delta.type === 'finish' && (delta.reason !== 'stop' || delta.native === 'interrupt');
    this.#hasReason ||= isReason || delta.type === 'error';
    for (const one of this.#normalize?.(delta) ?? [delta]) {
      this.hasOutput ||= outputTypes.has(one.type) || (one.type === 'replace' && one.text !== '');
      deltas.push(one);
    }
  }
}

/** Returns the failure that a frame unknown to its format reports. */
function findUnknownFailure(frame: Frame): StreamChatError | undefined {
  if (frame.event === 'error') return readProviderError(frame.maybeJson ?? frame.data);
  return findFailure(frame.maybeJson);
}
