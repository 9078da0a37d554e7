import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat} from './event-format.js';
import {readProviderError} from './provider-error.js';
import {createSources} from './sources.js';
import {asText} from './text-of.js';

/**
 * Activities of Microsoft 365 Agents and Copilot Studio: `typing` activities with all text so far, and a last message.
 * @see https://learn.microsoft.com/microsoftteams/platform/bots/streaming-ux
 */
export const activity: Protocol = createEventFormat(() => {
  const source = createSources();
  let before = '';
  let current = '';

  return function* (event, frame): Deltas {
    if (frame.event === 'end') return yield {type: 'end'};
    const type = asString(event['type']);
    const entities = asArray(event['entities']).map(asRecord);
    const info = asRecord(entities.find((entity) => entity['type'] === 'streaminfo') ?? event['channelData']);
    const kind = asString(info['streamType']);
    const text = asText(event['text']);
    if (type === 'typing' && kind === 'streaming') {
      current = text;
      yield {type: 'replace', text: before + current};
    } else if (type === 'message') {
      current = text || current;
      yield {type: 'replace', text: before + current};
      before += current === '' ? '' : `${current}\n\n`;
      current = '';
      yield {type: 'finish', reason: 'stop', native: kind || type};
    } else if (type === 'error' || frame.event === 'error') yield {type: 'error', error: readProviderError(event)};
    for (const {citation} of entities) {
      for (const one of asArray(citation)) {
        const {url, name} = asRecord(asRecord(one)['appearance']);
        yield* source(url, name);
      }
    }
  };
});
