import type {Frame} from '../wire/framing.js';
import {asArray, asRecord, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {readFinish} from './finish-reason.js';
import {readProviderError} from './provider-error.js';
import {asText} from './text-of.js';
import {usageDelta} from './usage.js';

/**
 * IBM watsonx text generation. Its chat API is compatible with `openai-chat`.
 * @see https://cloud.ibm.com/apidocs/watsonx-ai#text-generation-stream
 */
export const watsonx: Protocol = {
  encode: (messages, settings) => ({
    model_id: settings.model,
    input: messages.findLast(({role}) => role === 'user')?.text ?? '',
    parameters: {
      temperature: settings.temperature,
      top_p: settings.topP,
      max_new_tokens: settings.maxTokens,
    },
  }),

  createDecoder() {
    let inputTokens: unknown;
    let finished = false;
    return {
      *decode(frame: Frame): Deltas {
        if (frame.event === 'bare' || frame.data === '' || frame.data === '[DONE]') return;
        const event = asRecord(frame.json);
        if (frame.event === 'error' || event['errors']) {
          return yield {type: 'error', error: readProviderError(asArray(event['errors'])[0] ?? event)};
        }
        if (!('results' in event)) return yield {type: 'unknown', event: frame.event};
        for (const result of asArray(event['results']).map(asRecord)) {
          const {
            generated_text: text,
            stop_reason: reason,
            input_token_count: input,
            generated_token_count: output,
          } = result;
          yield {type: 'text', text: asText(text)};
          inputTokens ||= input;
          const ends = readFinish(reason);
          if (ends.length === 0) continue;
          finished = true;
          const usage = {input_token_count: inputTokens, generated_token_count: output};
          yield usageDelta(usage, {inputTokens, outputTokens: output});
          yield* ends;
        }
      },
      end: () => (finished ? [{type: 'end'}] : []),
      isWhole: () => finished,
    };
  },
};
