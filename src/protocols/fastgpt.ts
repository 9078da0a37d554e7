import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, serverCall} from './event-format.js';
import {openaiChat} from './openai-chat.js';
import {readProviderError} from './provider-error.js';

/**
 * FastGPT with `detail: true`: Chat Completions in named events, and events about the tools and nodes of the workflow.
 * @see https://doc.fastgpt.io/docs/openapi/chat
 */
export const fastgpt: Protocol = createEventFormat(() => {
  const chat = openaiChat.createDecoder!();
  const inputs = new Map<string, string>();

  return function* (event, frame): Deltas {
    const tool = asRecord(event['tool']);
    const id = asString(tool['id']);
    switch (frame.event) {
      case 'toolCall':
        inputs.set(id, asString(tool['params']));
        return yield serverCall({id, name: asString(tool['toolName']) || asString(tool['functionName']), complete: false});
      case 'toolParams': {
        const input = (inputs.get(id) ?? '') + asString(tool['params']);
        inputs.set(id, input);
        return yield serverCall({id, input, complete: false});
      }
      case 'toolResponse':
        yield serverCall({id});
        return yield {type: 'tool-result', id, result: tool['response']};
      case 'error':
        return yield {type: 'error', error: readProviderError(event)};
      case 'flowNodeStatus':
      case 'flowNodeResponse':
      case 'flowResponses':
      case 'updateVariables':
      case 'workflowDuration':
        return;
    }
    if (asArray(event['choices']).length === 0) return yield {type: 'unknown', event: frame.event};
    yield* chat.decode(frame);
  };
});
