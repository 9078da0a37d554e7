import {asArray, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, createMessageText, serverCall} from './event-format.js';
import {lowerKeys} from './find-text.js';
import {readFinish} from './finish-reason.js';
import {readProviderError} from './provider-error.js';
import {asText} from './text-of.js';
import {anyUsage} from './usage.js';

/**
 * `ChatResponseUpdate` of Microsoft.Extensions.AI, and the updates of Microsoft's Agent Framework, as ASP.NET serialises
 * them: a JSON array, or events. Keys may be capitalised. No event marks the end.
 * @see https://learn.microsoft.com/dotnet/api/microsoft.extensions.ai.chatresponseupdate
 */
export const extensionsAi: Protocol = createEventFormat(
  () => {
    const message = createMessageText();
    const called = new Set<string>();

    return function* (event): Deltas {
      const update = lowerKeys(event);
      if (/^(?:user|system)$/i.test(asString(update['role']))) return;
      for (const value of asArray(update['contents'])) {
        const content = lowerKeys(value);
        const id = asString(content['callid']);
        switch (asString(content['$type'])) {
          case 'text':
          case '':
            yield* message.add('text', asText(content['text']));
            break;
          case 'reasoning':
            yield* message.add('reasoning', asText(content['text']));
            break;
          case 'functionCall':
            called.add(id);
            yield serverCall({id, name: asString(content['name']), input: content['arguments'] ?? {}});
            break;
          case 'functionResult':
            if (called.has(id)) yield {type: 'tool-result', id, result: content['result'] ?? null};
            break;
          case 'usage':
            yield* anyUsage(content['details'] ?? content['usage']);
            break;
          case 'uri':
          case 'data': {
            const mediaType = asString(content['mediatype']) || 'application/octet-stream';
            yield {type: 'file', mediaType, url: asString(content['uri'])};
            break;
          }
          case 'error':
            yield {type: 'error', error: readProviderError(content)};
        }
      }
      yield* readFinish(update['finishreason']);
    };
  },
  {endsWithBody: true},
);
