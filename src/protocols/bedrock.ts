import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, createMessageText} from './event-format.js';
import {readFinish} from './finish-reason.js';
import {readProviderError} from './provider-error.js';
import {asText, textOf} from './text-of.js';
import {createToolCalls} from './tool-calls.js';
import {anyUsage} from './usage.js';

type Json = Readonly<Record<string, unknown>>;

/**
 * Amazon Bedrock: the events of ConverseStream as JSON, as AgentCore sends them (`{"event": …}`), and the events of the
 * Strands Agents SDK, which repeats them in its own shape. Strands and AgentCore run the tools on the server.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 * @see https://strandsagents.com/latest/documentation/docs/user-guide/concepts/streaming/
 */
export const bedrock: Protocol = createEventFormat(
  () => {
    const message = createMessageText();
    const calls = createToolCalls();
    const ids = new Set<string>();
    /** The shape that carries the text: Strands sends each piece in both. */
    let shape: 'converse' | 'strands' | undefined;
    let runsTools = false;

    function* readDelta(delta: Json, from: 'converse' | 'strands', index?: unknown): Deltas {
      const {reasoningContent, toolUse} = delta;
      const pieces = {text: asText(delta['text']), reasoning: asText(asRecord(reasoningContent)['text'])};
      if (pieces.text || pieces.reasoning) shape ??= from;
      if (shape === from) {
        yield* message.add('text', pieces.text);
        yield* message.add('reasoning', pieces.reasoning);
      }
      if (toolUse) yield* own(calls.add({index, arguments: asRecord(toolUse)['input']}));
    }

    function* own(deltas: Deltas): Deltas {
      for (const delta of deltas) yield delta.type === 'tool-call' && runsTools ? {...delta, server: true} : delta;
    }

    function* readConverse(event: Json): Deltas {
      const start = asRecord(event['contentBlockStart']);
      const {toolUseId, name} = asRecord(asRecord(start['start'])['toolUse']);
      if (toolUseId) {
        ids.add(asString(toolUseId));
        yield* own(calls.add({index: start['contentBlockIndex'], id: toolUseId, name}));
      }
      const delta = asRecord(event['contentBlockDelta']);
      yield* readDelta(asRecord(delta['delta']), 'converse', delta['contentBlockIndex']);
      if (event['messageStop']) {
        yield* own(calls.complete());
        yield* readFinish(asRecord(event['messageStop'])['stopReason']);
      }
      yield* anyUsage(asRecord(event['metadata'])['usage']);
      const failure = Object.keys(event).find((key) => /Exception$/.test(key));
      if (failure) yield {type: 'error', error: readProviderError({type: failure, ...asRecord(event[failure])})};
    }

    /** A whole message of Strands: of the model, or with the results of its calls. */
    function* readMessage(whole: Json): Deltas {
      for (const part of asArray(whole['content']).map(asRecord)) {
        const {toolUseId: id, name, input, content, status} = asRecord(part['toolUse'] ?? part['toolResult']);
        if (part['toolUse'] && !ids.has(asString(id))) yield* own(calls.add({id, name, arguments: input}));
        if (part['toolUse']) yield* own(calls.complete());
        if (!part['toolResult']) continue;
        const result = asArray(content).map((one) => asRecord(one)['json'] ?? asRecord(one)['text']);
        const text = textOf(content) || JSON.stringify(result);
        yield {type: 'tool-result', id: asString(id), result: text, ...(status === 'error' && {error: text})};
      }
      if (whole['role'] !== 'assistant') return;
      const texts = asArray(whole['content']).map((part) => asText(asRecord(part)['text']));
      yield* message.settle('text', texts.join(''));
    }

    return function* (event): Deltas {
      const converse = asRecord(event['event']);
      runsTools ||= 'event' in event || 'data' in event || 'current_tool_use' in event || 'init_event_loop' in event;
      if (Object.keys(converse).length > 0) return yield* readConverse(converse);
      if (typeof event['data'] === 'string') return yield* readDelta({text: event['data']}, 'strands');
      if (typeof event['reasoningText'] === 'string') return yield* readDelta({reasoningContent: {text: event['reasoningText']}}, 'strands');
      if (event['error']) return yield {type: 'error', error: readProviderError(event)};
      if (event['message']) return yield* readMessage(asRecord(event['message']));
      const {result} = event;
      if (result && typeof result === 'object') {
        yield* readFinish(asRecord(result)['stop_reason']);
        if (!message.hasText) yield* readMessage(asRecord(asRecord(result)['message']));
        return;
      }
      yield* readConverse(event);
    };
  },
  {endsWithBody: true},
);
