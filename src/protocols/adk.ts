import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, createMessageText, serverCall} from './event-format.js';
import {readFinish} from './finish-reason.js';
import {readProviderError} from './provider-error.js';
import {createSources} from './sources.js';
import {asText} from './text-of.js';
import {anyUsage} from './usage.js';

/**
 * Google's Agent Development Kit, `/run_sse` and `/run`: pieces of a message are `partial`, and a whole message follows
 * them. The agent runs its tools itself. No event marks the end.
 * @see https://google.github.io/adk-docs/api-reference/rest/
 */
export const adk: Protocol = createEventFormat(
  () => {
    const message = createMessageText();
    const source = createSources();
    let named = false;
    let calls = 0;

    return function* (event): Deltas {
      const id = asString(event['invocationId'] ?? event['invocation_id']);
      if (id && !named) yield {type: 'response-id', id};
      named ||= id !== '';
      const failure = event['errorCode'] ?? event['error_code'] ?? event['errorMessage'] ?? event['error'];
      const content = asRecord(event['content']);
      const parts = asArray(content['parts']).map(asRecord);
      const isPartial = event['partial'] === true;
      const textOf = (isThought: boolean) =>
        parts.map((part) => ((part['thought'] === true) === isThought ? asText(part['text']) : '')).join('');

      if (content['role'] !== 'user') {
        for (const [type, text] of [['reasoning', textOf(true)], ['text', textOf(false)]] as const) {
          yield* isPartial ? message.add(type, text) : message.settle(type, text);
        }
      }
      for (const part of parts) {
        const call = asRecord(part['functionCall'] ?? part['function_call']);
        const response = asRecord(part['functionResponse'] ?? part['function_response']);
        if (call['name'] && !isPartial) yield serverCall({id: asString(call['id']) || `call-${++calls}`, name: asString(call['name']), input: call['args'] ?? {}});
        if (response['name']) yield {type: 'tool-result', id: asString(response['id']) || `call-${calls}`, result: response['response']};
        const file = asRecord(part['inlineData'] ?? part['inline_data']);
        const mediaType = asString(file['mimeType'] ?? file['mime_type']);
        if (mediaType && !isPartial) yield {type: 'file', mediaType, url: `data:${mediaType};base64,${asString(file['data'])}`};
      }
      const grounding = asRecord(event['groundingMetadata'] ?? event['grounding_metadata']);
      for (const chunk of asArray(grounding['groundingChunks'])) {
        const {uri, title} = asRecord(asRecord(chunk)['web']);
        yield* source(uri, title);
      }
      yield* anyUsage(event['usageMetadata'] ?? event['usage_metadata']);
      if (failure) yield {type: 'error', error: readProviderError(event['errorMessage'] ?? event['error_message'] ?? failure)};
      else if (!isPartial) yield* readFinish(event['finishReason'] ?? event['finish_reason']);
    };
  },
  {endsWithBody: true},
);
