import {asRecord, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, frameOf} from './event-format.js';
import {openaiChat} from './openai-chat.js';
import {readProviderError} from './provider-error.js';
import {createSources, listSources} from './sources.js';

/**
 * Tencent Hunyuan in its own format: Chat Completions with keys such as `FinishReason`.
 * @see https://cloud.tencent.com/document/product/1729/105701
 */
export const hunyuan: Protocol = createEventFormat(() => {
  const chat = openaiChat.createDecoder!();
  const source = createSources();

  return function* (event, frame): Deltas {
    // An answer that is not streamed stands in `Response`.
    const body = asRecord(toSnakeCase(event['Response'] ?? event));
    const error = body['error_msg'] ?? body['error'];
    if (error) return yield {type: 'error', error: readProviderError(error)};
    yield* listSources(source, asRecord(body['search_info'])['search_results']);
    yield* chat.decode(frameOf(body, frame));
  };
});

/** Returns JSON with `PascalCase` keys in `snake_case`. */
function toSnakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSnakeCase);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase(),
    toSnakeCase(item),
  ]);
  return Object.fromEntries(entries);
}
