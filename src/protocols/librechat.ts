import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, createMessageText, serverCall} from './event-format.js';
import {readProviderError} from './provider-error.js';
import {textOf} from './text-of.js';

/**
 * LibreChat: steps of an agent with their increments, and the whole message at the end. The server runs the tools.
 * @see https://github.com/danny-avila/LibreChat
 */
export const librechat: Protocol = createEventFormat(() => {
  const message = createMessageText();

  return function* (event, frame): Deltas {
    const type = asString(event['event']);
    const data = asRecord(event['data']);
    const delta = asRecord(data['delta']);
    const texts = (name: string) => asArray(delta['content']).map((part) => textOf(asRecord(part)[name])).join('');
    if (frame.event === 'error') return yield {type: 'error', error: readProviderError(event)};
    if (type === 'on_message_delta') yield* message.add('text', texts('text'));
    else if (type === 'on_reasoning_delta') yield* message.add('reasoning', texts('think'));
    else if (type === 'on_run_step') {
      for (const call of asArray(asRecord(data['stepDetails'])['tool_calls']).map(asRecord)) {
        const id = asString(call['id']);
        if (id) yield serverCall({id, name: asString(call['name']), input: call['args'], complete: false});
      }
    } else if (type === 'on_run_step_completed') {
      const {id, name, args, output} = asRecord(asRecord(data['result'])['tool_call']);
      yield serverCall({id: asString(id), name: asString(name), input: args});
      yield {type: 'tool-result', id: asString(id), result: output ?? null};
    } else if (event['final'] === true) {
      const answer = asRecord(event['responseMessage']);
      if (!message.hasText) yield* message.add('text', asString(answer['text']) || textOf(answer['content']));
      if (answer['error'] === true) yield {type: 'error', error: readProviderError(asString(answer['text']))};
      yield {type: 'finish', reason: 'stop', native: 'final'};
    }
  };
});
