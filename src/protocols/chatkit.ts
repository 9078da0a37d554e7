import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, createMessageText, serverCall} from './event-format.js';
import {readProviderError} from './provider-error.js';
import {createSources} from './sources.js';
import {asText} from './text-of.js';

type Json = Readonly<Record<string, unknown>>;

/**
 * Thread events of OpenAI's ChatKit servers: increments of an item, and whole items. No event marks the end.
 * @see https://openai.github.io/chatkit-python/api/chatkit/types/
 */
export const chatkit: Protocol = createEventFormat(
  () => {
    const message = createMessageText();
    const source = createSources();
    const thoughts = new Map<string, string>();

    function* cite(annotation: unknown): Deltas {
      const {url, title} = asRecord(asRecord(annotation)['source'] ?? annotation);
      yield* source(url, title);
    }

    /** A task of a workflow: a thought is sent whole each time. */
    function* readTask(key: string, task: Json): Deltas {
      if (task['type'] !== 'thought') return;
      const content = asText(task['content']);
      const before = thoughts.get(key) ?? '';
      thoughts.set(key, content);
      if (content.startsWith(before) && content !== before) yield {type: 'reasoning', text: content.slice(before.length)};
    }

    function* readItem(item: Json): Deltas {
      const id = asString(item['call_id']) || asString(item['id']);
      if (item['type'] === 'assistant_message') {
        const parts = asArray(item['content']).map(asRecord);
        yield* message.settle('text', parts.map((part) => asText(part['text'])).join(''));
        for (const {annotations} of parts) for (const one of asArray(annotations)) yield* cite(one);
      } else if (item['type'] === 'client_tool_call') {
        yield serverCall({id, name: asString(item['name']), input: item['arguments'] ?? {}});
        if (item['status'] === 'completed') yield {type: 'tool-result', id, result: item['output'] ?? null};
      } else if (item['type'] === 'workflow') {
        for (const [index, task] of asArray(asRecord(item['workflow'])['tasks']).entries()) yield* readTask(`${id} ${index}`, asRecord(task));
      }
    }

    return function* (event): Deltas {
      const type = asString(event['type']);
      if (type === 'error') return yield {type: 'error', error: readProviderError(event)};
      if (type === 'thread.item.done' || type === 'thread.item.replaced') return yield* readItem(asRecord(event['item']));
      if (type === 'thread.item.updated') {
        const update = asRecord(event['update']);
        const what = asString(update['type']);
        if (what === 'assistant_message.content_part.text_delta') yield* message.add('text', asText(update['delta']));
        else if (what === 'assistant_message.content_part.annotation_added') yield* cite(update['annotation']);
        else if (/^workflow\.task\./.test(what)) yield* readTask(`${asString(event['item_id'])} ${String(update['task_index'])}`, asRecord(update['task']));
        return;
      }
      if (!/^(?:thread\.|progress_update|stream_options|notice|client_effect)/.test(type)) yield {type: 'unknown', event: type};
    };
  },
  {endsWithBody: true},
);
