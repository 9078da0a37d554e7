import type {Frame} from '../wire/framing.js';
import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {readFinish} from './finish-reason.js';
import {openaiChat} from './openai-chat.js';
import {readProviderError} from './provider-error.js';
import {createSources} from './sources.js';
import {asText} from './text-of.js';
import {createToolCalls} from './tool-calls.js';
import {usageDelta} from './usage.js';

/**
 * Cohere Chat API, version 2.
 * @see https://docs.cohere.com/v2/docs/streaming
 */
export const cohere: Protocol = {
  encode(messages, settings) {
    const {model, messages: sent, tools} = openaiChat.encode!(messages, settings);
    return {
      model,
      messages: sent,
      tools,
      stream: true,
      temperature: settings.temperature,
      p: settings.topP,
      max_tokens: settings.maxTokens,
      response_format: settings.responseFormat && {type: 'json_object', json_schema: settings.responseFormat},
    };
  },

  takesFile: ({mediaType}) => /^image\/(?!svg)/.test(mediaType),

  createDecoder() {
    const calls = createToolCalls();
    const source = createSources();
    return {
      *decode(frame: Frame): Deltas {
        if (frame.event === 'bare' || frame.data === '' || frame.data === '[DONE]') return;
        const event = asRecord(frame.json);
        const type = asString(event['type']) || frame.event;
        const delta = asRecord(event['delta']);
        const message = asRecord(delta['message']);
        const {text, thinking} = asRecord(message['content']);
        switch (type) {
          case 'content-start':
          case 'content-delta':
            yield {type: 'reasoning', text: asText(thinking)};
            return yield {type: 'text', text: asText(text)};
          case 'tool-plan-delta':
            return yield {type: 'reasoning', text: asText(message['tool_plan'])};
          case 'tool-call-start':
          case 'tool-call-delta': {
            const {id, function: call} = asRecord(message['tool_calls']);
            const {name, arguments: piece} = asRecord(call);
            return yield* calls.add({index: event['index'], id, name, arguments: piece});
          }
          case 'citation-start':
            for (const cited of asArray(asRecord(message['citations'])['sources'])) {
              const {url, title} = asRecord(asRecord(cited)['document']);
              yield* source(url, title);
            }
            return;
          case 'message-end': {
            yield* calls.complete();
            const {usage, finish_reason: reason} = delta;
            const tokens = asRecord(asRecord(usage)['tokens']);
            if (usage) {
              yield usageDelta(usage, {inputTokens: tokens['input_tokens'], outputTokens: tokens['output_tokens']});
            }
            if (delta['error']) yield {type: 'error', error: readProviderError(delta['error'])};
            yield* readFinish(reason, calls.size > 0);
            return yield {type: 'end'};
          }
          case 'message-start':
          case 'content-end':
          case 'tool-call-end':
          case 'citation-end':
            return;
          default:
            yield {type: 'unknown', event: type};
        }
      },
    };
  },
};
