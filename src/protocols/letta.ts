import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, serverCall} from './event-format.js';
import {readFinish} from './finish-reason.js';
import {readProviderError} from './provider-error.js';
import {textOf} from './text-of.js';
import {anyUsage} from './usage.js';

/**
 * Letta agents: messages of an agent, whole or in pieces.
 * @see https://docs.letta.com/guides/agents/streaming
 */
export const letta: Protocol = createEventFormat(() => {
  const inputs = new Map<string, string>();

  return function* (event): Deltas {
    const type = asString(event['message_type']);
    switch (type) {
      case 'reasoning_message':
        return yield {type: 'reasoning', text: textOf(event['reasoning'] ?? event['content'])};
      case 'assistant_message':
        return yield {type: 'text', text: textOf(event['content'])};
      case 'approval_request_message':
      case 'tool_call_message':
        for (const call of [event['tool_call'], ...asArray(event['tool_calls'])].map(asRecord)) {
          const id = asString(call['tool_call_id']) || asString(call['id']);
          if (!id) continue;
          // In pieces, each has a part of the arguments.
          const input = (inputs.get(id) ?? '') + asString(call['arguments']);
          inputs.set(id, input);
          yield serverCall({id, name: asString(call['name']), input, complete: false});
        }
        return;
      case 'tool_return_message': {
        const id = asString(event['tool_call_id']);
        const result = event['tool_return'];
        if (inputs.has(id)) yield serverCall({id});
        return yield {type: 'tool-result', id, result, ...(event['status'] === 'error' && {error: textOf(result)})};
      }
      case 'stop_reason':
        return yield* readFinish(event['stop_reason']);
      case 'usage_statistics':
        return yield* anyUsage(event);
      case 'error':
      case 'error_message':
        return yield {type: 'error', error: readProviderError(event)};
      default:
        if (!/^(?:ping|hidden_reasoning_message|user_message|system_message|event_message|summary_message)$/.test(type)) yield {type: 'unknown', event: type};
    }
  };
});
