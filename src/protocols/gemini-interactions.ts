import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, serverCall} from './event-format.js';
import {readFinish} from './finish-reason.js';
import {readProviderError} from './provider-error.js';
import {createSources, listSources} from './sources.js';
import {textOf} from './text-of.js';
import {anyUsage} from './usage.js';

type Json = Readonly<Record<string, unknown>>;

/**
 * Interactions API of Gemini: steps (`step.delta`), and the contents of its first version (`content.delta`). An
 * interaction that is stored resumes behind `event_id`.
 * @see https://ai.google.dev/gemini-api/docs/interactions
 */
export const geminiInteractions: Protocol = createEventFormat(
  () => {
    const source = createSources();
    /** Type of the step at each index, and the key of its call. */
    const steps = new Map<unknown, string>();
    let calls = 0;

    function* readCall(index: unknown, call: Json): Deltas {
      const input = call['arguments'];
      const whole = Object.keys(asRecord(input)).length > 0;
      const id = asString(call['id']) || `call-${++calls}`;
      const isPage = call['type'] === 'function_call';
      // Its first event may have neither.
      if (!isPage && !call['id'] && !whole) return;
      if (!isPage) return yield serverCall({id, name: asString(call['type']).replace(/_call$/, ''), input: input ?? {}});
      steps.set(index, id);
      yield {type: 'tool-call', key: id, id, name: asString(call['name']), ...(whole && {input: JSON.stringify(input)})};
    }

    /** A content or the increment of one: both have a type, and the text at its name. */
    function* readContent(index: unknown, content: Json): Deltas {
      const type = asString(content['type']);
      const key = steps.get(index);
      if (type === 'text' || type === 'model_output') {
        const text = textOf(content['text'] ?? content['content']);
        if (text) yield {type: 'text', text};
        const parts = [content, ...asArray(content['content']).map(asRecord)];
        for (const {annotations} of parts) yield* listSources(source, annotations);
      } else if (/^thought/.test(type) && type !== 'thought_signature') {
        const text = textOf(content['text'] ?? content['content'] ?? content['summary'] ?? content['thought']);
        if (text) yield {type: 'reasoning', text};
      } else if (type === 'text_annotation') yield* listSources(source, content['annotations']);
      else if (type === 'arguments_delta') {
        if (key !== undefined) yield {type: 'tool-call', key, arguments: asString(content['arguments'])};
      } else if (/_call$/.test(type)) yield* readCall(index, content);
      else if (/_result$/.test(type)) {
        yield* listSources(source, content['result']);
        const id = asString(content['call_id']);
        if (id) yield {type: 'tool-result', id, result: content['result'] ?? null};
      } else if (type === 'image' && content['data']) {
        const mediaType = asString(content['mime_type']) || 'image/png';
        yield {type: 'file', mediaType, url: `data:${mediaType};base64,${asString(content['data'])}`};
      }
    }

    function* conclude(interaction: Json): Deltas {
      yield* anyUsage(interaction['usage']);
      const status = asString(interaction['status']);
      const error = interaction['error'] ?? asArray(interaction['errors'])[0];
      if (status === 'requires_action') yield {type: 'finish', reason: 'tool-calls', native: status};
      else if (error) yield {type: 'error', error: readProviderError(error)};
      else yield* readFinish(status === 'incomplete' ? 'length' : status || 'completed');
    }

    return function* (event, frame): Deltas {
      const type = asString(event['event_type']) || frame.event;
      const {index, delta, interaction} = event;
      const [scope, name = ''] = type.split('.');
      if (scope === 'interaction') {
        const id = asString(asRecord(interaction)['id']);
        if (/^(?:created|start)$/.test(name) && id) yield {type: 'response-id', id};
        else if (/^(?:completed?|failed|cancelled|requires_action)$/.test(name)) yield* conclude(asRecord(interaction));
      } else if (name === 'delta') yield* readContent(index, asRecord(delta));
      else if (name === 'start') yield* readContent(index, asRecord(event['step'] ?? event['content']));
      else if (name === 'stop') {
        const key = steps.get(index);
        if (key !== undefined) yield {type: 'tool-call', key, complete: true};
        steps.delete(index);
      } else if (type === 'error') yield {type: 'error', error: readProviderError(event['error'] ?? event)};
      else yield {type: 'unknown', event: type};
    };
  },
  {
    idOf: ({maybeJson}) => asString(asRecord(maybeJson)['event_id']) || undefined,
    resume({endpoint, responseId, lastDataId}) {
      if (!responseId || !lastDataId) return undefined;
      const url = new URL(endpoint);
      url.pathname = `${url.pathname.replace(/\/$/, '')}/${encodeURIComponent(responseId)}`;
      url.searchParams.set('stream', 'true');
      url.searchParams.set('last_event_id', lastDataId);
      return {url: url.href, method: 'GET', mode: 'cursor'};
    },
  },
);
