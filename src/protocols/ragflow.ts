import {asArray, asNumber, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, createMessageText} from './event-format.js';
import {readProviderError} from './provider-error.js';
import {createSources} from './sources.js';
import {asText} from './text-of.js';

/**
 * RAGFlow: chats (`{"code": 0, "data": {"answer": …}}`, with all text so far in each event or incremental), and agents
 * (`{"event": "message", "data": {"content": …}}`). Marks in the events begin and end reasoning.
 * @see https://ragflow.io/docs/http_api_reference
 */
export const ragflow: Protocol = createEventFormat(
  () => {
    const source = createSources();
    const message = createMessageText();
    let isThinking = false;
    let named = false;

    function* cite(reference: unknown): Deltas {
      const {chunks} = asRecord(reference);
      const list = Array.isArray(chunks) ? (chunks as unknown[]) : Object.values(asRecord(chunks));
      for (const {url, document_name: name} of list.map(asRecord)) yield* source(url, name);
    }

    /** A piece with the marks around it. */
    function* readPiece(data: Readonly<Record<string, unknown>>, text: string): Deltas {
      if (data['start_to_think'] === true) isThinking = true;
      // The text of the event that ends reasoning is that of the answer.
      if (data['end_to_think'] === true) isThinking = false;
      yield* message.add(isThinking ? 'reasoning' : 'text', text);
    }

    return function* (event): Deltas {
      const code = asNumber(event['code'] ?? event['retcode']) ?? 0;
      if (code !== 0) return yield {type: 'error', error: readProviderError(event)};
      if (event['data'] === true) return yield {type: 'end'};
      const data = asRecord(event['data']);
      const name = asString(event['event']);
      const id = asString(data['id']) || asString(event['message_id']);
      if (id && !named) yield {type: 'response-id', id};
      named ||= id !== '';

      if (name === '') {
        const text = asText(data['answer']);
        // The last event of the incremental form has the whole answer, with its citations.
        if (data['final'] === true) yield* message.settle('text', text.replace(/^\s*<think>[^]*?<\/think>\s*/, ''));
        else yield* readPiece(data, text);
        yield* cite(data['reference']);
      } else if (name === 'message') yield* readPiece(data, asText(data['content']));
      else if (name === 'message_end') yield* cite(data['reference']);
      else if (/^(?:workflow|node)_finished$/.test(name)) {
        const {error} = data;
        if (name === 'workflow_finished') yield {type: 'finish', reason: 'stop', native: name};
        if (typeof error === 'string' && error !== '') yield {type: 'error', error: readProviderError(error)};
      } else if (name === 'user_inputs') yield* message.add('text', asArray([data['tips']]).map(asText).join(''));
      else if (!/^(?:workflow|node)_started$|_logs?$/.test(name)) yield {type: 'unknown', event: name};
    };
  },
  {mayBeCumulative: true, endsWithBody: true},
);
