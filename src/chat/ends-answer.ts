import type {Protocol} from '../protocols/protocol.js';
import type {Frame, Framing} from '../wire/framing.js';
import type {FrameDecoder} from './frame-decoder.js';

/** Whether a frame completes an answer, by itself. Reads it with a decoder of its own, so that no state changes. */
export function endsAnswer(
  constructor: typeof FrameDecoder,
  protocol: Protocol | undefined,
  frame: Frame,
  framing: Framing | undefined,
): boolean {
  const decoder = protocol?.createDecoder?.();
  if (!decoder) return false;
  const deltas = new constructor().decode(decoder, frame, framing);
  return deltas.some(({type}) => type === 'end') || decoder.isWhole?.() === true;
}
