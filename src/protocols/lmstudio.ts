import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, createMessageText, serverCall} from './event-format.js';
import {readProviderError} from './provider-error.js';
import {asText, textOf} from './text-of.js';
import {anyUsage} from './usage.js';

/**
 * REST API v1 of LM Studio: events of the model, of the tools that LM Studio runs, and the whole answer at the end.
 * @see https://lmstudio.ai/docs/developer/rest/streaming-events
 */
export const lmstudio: Protocol = createEventFormat(() => {
  const message = createMessageText();
  let calls = 0;

  return function* (event, frame): Deltas {
    const type = asString(event['type']) || frame.event;
    const id = `call-${calls}`;
    switch (type) {
      case 'reasoning.delta':
        return yield* message.add('reasoning', asText(event['content']));
      case 'message.delta':
        return yield* message.add('text', asText(event['content']));
      case 'tool_call.start':
        return yield serverCall({id: `call-${++calls}`, name: asString(event['tool']), complete: false});
      case 'tool_call.arguments':
        return yield serverCall({id, input: event['arguments']});
      case 'tool_call.success':
      case 'tool_call.result':
        return yield {type: 'tool-result', id, result: event['output']};
      case 'tool_call.failure': {
        const error = asString(event['reason']) || 'The call failed.';
        return yield {type: 'tool-result', id, result: null, error};
      }
      case 'error':
        return yield {type: 'error', error: readProviderError(event)};
      case 'chat.end': {
        const result = asRecord(event['result']);
        const said = asArray(result['output']).map(asRecord).filter((item) => item['type'] === 'message');
        yield* message.settle('text', said.map(({content}) => textOf(content)).join(''));
        yield* anyUsage(result['stats']);
        yield {type: 'finish', reason: 'stop', native: type};
        return yield {type: 'end'};
      }
      default:
        if (!/^(?:chat|model_load|prompt_processing|reasoning|message)\./.test(type)) yield {type: 'unknown', event: type};
    }
  };
});
