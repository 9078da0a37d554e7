import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, createMessageText, serverCall} from './event-format.js';
import {readProviderError} from './provider-error.js';
import {createSources} from './sources.js';
import {asText, textOf} from './text-of.js';

/**
 * LlamaIndex: events of workflows as its server sends them (`{"type": "AgentStream", "value": …}`), in lines or events.
 * The agents run their tools themselves.
 * @see https://developers.llamaindex.ai/python/llamaagents/workflows/deployment/
 */
export const llamaindex: Protocol = createEventFormat(
  () => {
    const message = createMessageText();
    const source = createSources();

    return function* (event): Deltas {
      const name = asString(event['type']) || asString(event['qualified_name']);
      const type = name.slice(name.lastIndexOf('.') + 1);
      const value = asRecord(event['value']);
      const id = asString(value['tool_id']);
      switch (type) {
        case 'AgentStream':
          yield* message.add('reasoning', asText(value['thinking_delta']));
          return yield* message.add('text', asText(value['delta']));
        case 'AgentOutput':
          // The whole of what was streamed; text before a call is a message of its own.
          return yield* message.settle('text', textOf(asRecord(value['response'])['blocks'] ?? value['response']));
        case 'ToolCall':
          return yield serverCall({id, name: asString(value['tool_name']), input: value['tool_kwargs'] ?? {}});
        case 'ToolCallResult': {
          const output = asRecord(value['tool_output']);
          const result = output['content'] ?? textOf(output['blocks']);
          return yield {type: 'tool-result', id, result, ...(output['is_error'] === true && {error: asText(result)})};
        }
        case 'SourceNodesEvent':
          for (const node of asArray(value['nodes'])) {
            const {metadata} = asRecord(asRecord(node)['node']);
            yield* source(asRecord(metadata)['url'], asRecord(metadata)['file_name']);
          }
          return;
        case 'WorkflowFailedEvent':
          return yield {type: 'error', error: readProviderError(value['exception_message'] ?? value)};
        case 'StopEvent':
        case 'AgentWorkflowStopEvent': {
          const result = value['result'] ?? value['response'];
          const {response} = asRecord(result);
          const whole = textOf(asRecord(response ?? result)['blocks'] ?? response ?? result);
          if (!message.hasText) yield* message.add('text', whole);
          return yield {type: 'finish', reason: 'stop', native: type};
        }
        default:
          if (!/^(?:Agent|Start|Internal|Input|Workflow|Step|UI|Artifact)/.test(type)) yield {type: 'unknown', event: type};
      }
    };
  },
);
