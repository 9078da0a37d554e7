import {asNumber, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, createMessageText, serverCall} from './event-format.js';
import {findErrorMessage} from '../model/errors.js';
import {readProviderError} from './provider-error.js';
import {anyUsage} from './usage.js';

type Json = Readonly<Record<string, unknown>>;

/** Returns JSON that stands in a string, or the value itself. */
function inner(value: unknown): unknown {
  try {
    return JSON.parse(asString(value));
  } catch {
    // Some versions send text.
    return value;
  }
}

/**
 * Coze: chats (v3), and workflows whose messages carry `node_title`. Follow-up questions and the notes of the server about
 * its answer (`verbose`) are not part of the answer.
 * @see https://www.coze.cn/open/docs/developer_guides/chat_v3
 */
export const coze: Protocol = createEventFormat(() => {
  const message = createMessageText();
  let callId = '';
  let calls = 0;

  function* readMessage(data: Json, isWhole: boolean): Deltas {
    const type = asString(data['type']);
    const content = asString(data['content']);
    if (type === 'answer' && !isWhole) {
      yield* message.add('reasoning', asString(data['reasoning_content']));
      yield* message.add('text', content);
    } else if (type === 'answer') {
      yield* message.settle('reasoning', asString(data['reasoning_content']));
      yield* message.settle('text', content);
    } else if (type === 'function_call' && isWhole) {
      const call = asRecord(inner(content));
      callId = `call-${++calls}`;
      const name = asString(call['name']) || asString(call['api_name']) || asString(call['plugin_name']);
      yield serverCall({id: callId, name, input: call['arguments'] ?? {}});
    } else if (/^tool_(?:response|output)$/.test(type) && isWhole) {
      yield {type: 'tool-result', id: callId, result: content};
    }
  }

  function* fail(data: Json): Deltas {
    const error = [data['last_error'], data].find((one) => findErrorMessage(one) !== '');
    yield {type: 'error', error: readProviderError(error ?? 'The chat failed.')};
  }

  return function* (data, frame): Deltas {
    const event = frame.event;
    const id = asString(data['id']);
    switch (event) {
      case 'conversation.chat.created':
        if (id) yield {type: 'response-id', id};
        return;
      case 'conversation.message.delta':
      case 'conversation.message.completed':
        return yield* readMessage(data, event.endsWith('completed'));
      case 'conversation.chat.completed':
        yield* anyUsage(data['usage']);
        return yield {type: 'finish', reason: 'stop', native: 'completed'};
      case 'conversation.chat.requires_action':
        return yield {type: 'finish', reason: 'tool-calls', native: 'requires_action'};
      case 'Message':
        yield* message.add('text', asString(data['content']));
        return yield* anyUsage(data['usage']);
      case 'conversation.chat.failed':
      case 'error':
      case 'Error':
        return yield* fail(data);
      case 'done':
      case 'Done':
        return yield {type: 'end'};
      default:
        if (asNumber(data['code'])) yield* fail(data);
        else if (!/^conversation\.(?:chat\.in_progress|audio\.)|^PING$/.test(event)) yield {type: 'unknown', event};
    }
  };
});
