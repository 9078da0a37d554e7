import type {FinishReason} from '../model/conversation.js';
import type {Frame} from '../wire/framing.js';
import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {openaiChat} from './openai-chat.js';
import {readProviderError} from './provider-error.js';
import {createSources} from './sources.js';
import {createToolCalls} from './tool-calls.js';
import {usageDelta} from './usage.js';

const reasons: Readonly<Record<string, FinishReason>> = {
  MAX_TOKENS: 'length',
  TOOL_CALL: 'tool-calls',
  ERROR_TOXIC: 'content-filter',
};

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
            if (thinking) yield {type: 'reasoning', text: asString(thinking)};
            if (text) yield {type: 'text', text: asString(text)};
            return;
          case 'tool-plan-delta':
            return yield {type: 'reasoning', text: asString(message['tool_plan'])};
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
            const native = asString(reason);
            if (native) yield {type: 'finish', reason: reasons[native] ?? 'stop', native};
            if (delta['error'] || /^ERROR$|TIMEOUT/.test(native)) {
              yield {type: 'error', error: readProviderError(delta['error'] ?? event)};
            }
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
