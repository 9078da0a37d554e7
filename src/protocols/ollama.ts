import type {Message} from '../model/conversation.js';
import type {Frame} from '../wire/framing.js';
import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {base64Of, callInput} from './encoding.js';
import {readFinish} from './finish-reason.js';
import {emptySchema} from './openai-chat.js';
import {readProviderError} from './provider-error.js';
import {filesOf, resultText, roundsOf, withoutFailed} from './rounds.js';
import {asText, textOf} from './text-of.js';
import {createThinkTags} from './think-tags.js';
import {usageDelta} from './usage.js';

/**
 * Ollama's native API: `/api/chat`, and answers of `/api/generate`.
 * @see https://github.com/ollama/ollama/blob/main/docs/api.md
 */
export const ollama: Protocol = {
  encode: (messages, settings) => ({
    model: settings.model,
    messages: [
      ...(settings.system ? [{role: 'system', content: settings.system}] : []),
      ...withoutFailed(messages).flatMap(encodeMessage),
    ],
    stream: true,
    tools: settings.tools?.length
      ? settings.tools.map(({name, description, parameters}) => ({
          type: 'function',
          function: {name, description, parameters: parameters ?? emptySchema},
        }))
      : undefined,
    format: settings.responseFormat,
    options: {temperature: settings.temperature, top_p: settings.topP, num_predict: settings.maxTokens},
  }),

  takesFile: ({mediaType, url}) => /^image\/(?!svg)/.test(mediaType) && url.startsWith('data:'),

  createDecoder() {
    const think = createThinkTags();
    let calls = 0;

    return {
      *decode(frame: Frame): Deltas {
        if (frame.event === 'bare' || frame.data === '' || frame.data === '[DONE]') return;
        const line = asRecord(frame.json);
        if (line['error']) return yield {type: 'error', error: readProviderError(line)};
        const message = asRecord(line['message']);
        if (typeof line['message'] !== 'object' && !('response' in line) && !('done' in line)) {
          return yield {type: 'unknown', event: asString(line['type'])};
        }
        const reasoning = asText(message['thinking']) || asText(line['thinking']);
        if (reasoning) yield {type: 'reasoning', text: reasoning};
        yield* think.push(textOf(message['content'] ?? line['response']));

        for (const call of asArray(message['tool_calls']).map(asRecord)) {
          const {name, arguments: input} = asRecord(call['function']);
          const id = asString(call['id']);
          yield {
            type: 'tool-call',
            key: String(calls++),
            ...(id && {id}),
            name: asString(name),
            input: typeof input === 'string' ? input : JSON.stringify(input ?? {}),
            complete: true,
          };
        }
        if (line['done'] !== true) return;

        yield* think.flush();
        const {prompt_eval_count: input, eval_count: output} = line;
        if (input !== undefined || output !== undefined) {
          const native = {
            ...(input !== undefined && {prompt_eval_count: input}),
            ...(output !== undefined && {eval_count: output}),
          };
          yield usageDelta(native, {inputTokens: input, outputTokens: output});
        }
        const ends = readFinish(line['done_reason'], calls > 0);
        if (ends.length > 0) yield* ends;
        else yield {type: 'finish', reason: calls > 0 ? 'tool-calls' : 'stop'};
        yield {type: 'end'};
      },
    };
  },
};

function encodeMessage(message: Message): object[] {
  const {role, text} = message;
  if (role !== 'assistant') {
    const images = filesOf(message).flatMap(({url}) => base64Of(url)?.data ?? []);
    return [{role, content: text, ...(images.length > 0 && {images})}];
  }
  return roundsOf(message).flatMap((round) => [
    {
      role,
      content: round.text,
      ...(round.calls.length > 0 && {
        tool_calls: round.calls.map((call) => ({function: {name: call.name, arguments: callInput(call)}})),
      }),
    },
    ...round.calls.map((call) => ({role: 'tool', tool_name: call.name, content: resultText(call)})),
  ]);
}
