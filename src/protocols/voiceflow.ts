import {asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat} from './event-format.js';
import {readProviderError} from './provider-error.js';
import {asText} from './text-of.js';

/**
 * Voiceflow, interact stream: traces of an agent, whose text is whole or comes as a completion in pieces.
 * @see https://docs.voiceflow.com/reference/stream-interact
 */
export const voiceflow: Protocol = createEventFormat(() => {
  let hasText = false;

  return function* (event, frame): Deltas {
    if (frame.event === 'end') return yield {type: 'end'};
    if (frame.event === 'error') return yield {type: 'error', error: readProviderError(event)};
    const type = asString(event['type']);
    const payload = asRecord(event['payload']);
    const whole = type === 'text' || type === 'speak' ? asText(payload['message']) : '';
    const text = type === 'completion' ? asText(payload['content']) : whole && hasText ? `\n\n${whole}` : whole;
    hasText ||= text !== '';
    if (text) yield {type: 'text', text};
    if (type === 'visual') yield {type: 'file', mediaType: 'image/*', url: asString(payload['image'])};
    if (type === 'end') yield {type: 'finish', reason: 'stop', native: type};
  };
});
