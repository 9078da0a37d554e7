import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, frameOf} from './event-format.js';
import {readFinish} from './finish-reason.js';
import {openaiChat} from './openai-chat.js';
import {readProviderError} from './provider-error.js';
import {createSources, listSources} from './sources.js';
import {asText} from './text-of.js';
import {anyUsage} from './usage.js';

/**
 * Alibaba Cloud Model Studio (DashScope, Bailian) in its own format: models and applications, incremental or with all
 * text so far in each event, as events or as the chunks of its SDK.
 * @see https://help.aliyun.com/zh/model-studio/stream
 */
export const dashscope: Protocol = createEventFormat(
  () => {
    const chat = openaiChat.createDecoder!();
    const source = createSources();
    const thoughts = new Map<number, string>();

    return function* (event, frame): Deltas {
      const output = asRecord(event['output']);
      const {choices, text} = output;
      if (event['code'] && !choices && !text) return yield {type: 'error', error: readProviderError(event)};
      const search = asRecord(output['search_info'])['search_results'];
      yield* listSources(source, search);
      yield* listSources(source, output['doc_references']);
      // Each event has all steps of an application so far.
      for (const [index, step] of asArray(output['thoughts']).map(asRecord).entries()) {
        const thought = asString(step['thought']);
        const before = thoughts.get(index) ?? '';
        thoughts.set(index, thought);
        const piece = thought.startsWith(before) ? thought.slice(before.length) : thought;
        if (piece) yield {type: 'reasoning', text: piece};
      }
      if (asArray(choices).length > 0) {
        // Named as whole messages, which they are not.
        const deltas = asArray(choices).map(asRecord).map((choice) => ({...choice, delta: choice['message'] ?? choice['delta'], message: undefined}));
        yield* chat.decode(frameOf({choices: deltas}, frame));
      } else {
        const piece = asText(text);
        if (piece) yield {type: 'text', text: piece};
        yield* readFinish(output['finish_reason']);
      }
      const {models} = asRecord(event['usage']);
      yield* anyUsage(asArray(models)[0] ?? event['usage']);
    };
  },
  {mayBeCumulative: true, headers: {'X-DashScope-SSE': 'enable'}},
);
