import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, createMessageText, serverCall} from './event-format.js';
import {readProviderError} from './provider-error.js';
import {textOf} from './text-of.js';
import {anyUsage} from './usage.js';

/**
 * AutoGen (AgentChat): messages and events of agents as JSON. The question comes first, and a whole message follows its
 * chunks. The agents run their tools themselves.
 * @see https://microsoft.github.io/autogen/stable/reference/python/autogen_agentchat.messages.html
 */
export const autogen: Protocol = createEventFormat(
  () => {
    const message = createMessageText();

    return function* (event): Deltas {
      const type = asString(event['type']);
      const {content} = event;
      yield* anyUsage(event['models_usage']);
      if (/^user(?:_proxy)?$/i.test(asString(event['source']))) return;
      switch (type) {
        case 'ModelClientStreamingChunkEvent':
          return yield* message.add('text', textOf(content));
        case 'TextMessage':
        case 'MultiModalMessage':
        case 'StructuredMessage':
          return yield* message.settle('text', textOf(content));
        case 'ToolCallSummaryMessage':
          return yield* message.settle('text', textOf(content));
        case 'ThoughtEvent':
          return yield* message.settle('reasoning', textOf(content));
        case 'ToolCallRequestEvent':
          message.next();
          for (const {id, name, arguments: input} of asArray(content).map(asRecord)) {
            yield serverCall({id: asString(id), name: asString(name), input: input ?? {}});
          }
          return;
        case 'ToolCallExecutionEvent':
          for (const {call_id: id, content: result, is_error: failed} of asArray(content).map(asRecord)) {
            yield {type: 'tool-result', id: asString(id), result, ...(failed === true && {error: textOf(result)})};
          }
          return;
        case 'TaskResult':
          return yield {type: 'finish', reason: 'stop', native: asString(event['stop_reason']) || type};
        case 'error':
          return yield {type: 'error', error: readProviderError(event)};
        default:
          if (!/Event$|Message$/.test(type)) yield {type: 'unknown', event: type};
      }
    };
  },
  {endsWithBody: true},
);
