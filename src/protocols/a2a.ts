import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat} from './event-format.js';
import {readProviderError} from './provider-error.js';
import {asText} from './text-of.js';

type Json = Readonly<Record<string, unknown>>;

/**
 * Agent2Agent (A2A) 0.2 to 1.0: tasks, their artifacts and status, and messages; in the envelope of JSON-RPC, or bare as
 * over HTTP. Messages of a working agent are its notes: reasoning, unless it sends no other text.
 * @see https://a2a-protocol.org/latest/specification/
 */
export const a2a: Protocol = createEventFormat(() => {
  const artifacts = new Map<string, string>();
  let notes = '';
  let hasText = false;

  const textIn = (message: unknown) =>
    asArray(asRecord(message)['parts'])
      .map((part) => asText(asRecord(part)['text'] ?? asRecord(asRecord(part)['root'])['text']))
      .join('');

  function* say(text: string): Deltas {
    hasText ||= text !== '';
    if (text) yield {type: 'text', text};
  }

  function* readParts(parts: unknown): Deltas {
    for (const part of asArray(parts).map(asRecord)) {
      const file = asRecord(part['file'] ?? part);
      const mediaType = asString(file['mimeType'] ?? file['mediaType']) || 'application/octet-stream';
      const data = asString(file['bytes'] ?? file['raw']);
      const url = asString(file['uri'] ?? file['url']) || (data && `data:${mediaType};base64,${data}`);
      if (url) yield {type: 'file', mediaType, url, ...(typeof file['name'] === 'string' && {name: file['name']})};
    }
  }

  function* readArtifact(artifact: Json, append: boolean): Deltas {
    const id = asString(artifact['artifactId']);
    const text = textIn(artifact);
    const isFirst = !artifacts.has(id);
    artifacts.set(id, append ? (artifacts.get(id) ?? '') + text : text);
    if (append || isFirst) yield* say(text);
    else yield {type: 'replace', text: [...artifacts.values()].join('')};
    yield* readParts(artifact['parts']);
  }

  function* readStatus(status: Json, isFinal: boolean): Deltas {
    const state = asString(status['state']).replace(/^TASK_STATE_/, '').replace(/_/g, '-').toLowerCase();
    const text = textIn(status['message']);
    const ends = isFinal || /^(?:completed|failed|canceled|rejected|input-required|auth-required)$/.test(state);
    if (/^(?:failed|rejected)$/.test(state)) {
      return yield {type: 'error', error: readProviderError(text || `The task is ${state}.`)};
    }
    if (!ends) {
      notes += text;
      if (text) yield {type: 'reasoning', text};
      return;
    }
    // The last message may be the answer, or repeat it.
    if (text && !hasText) yield* say(text);
    else if (notes && !hasText) {
      yield {type: 'replace', text: '', kind: 'reasoning'};
      yield* say(notes);
    }
    yield {type: 'finish', reason: state === 'canceled' ? 'aborted' : 'stop', native: state};
  }

  return function* (event): Deltas {
    if (event['error']) return yield {type: 'error', error: readProviderError(event['error'])};
    const result = asRecord(event['result'] ?? event);
    const kind = asString(result['kind']);
    const inner = (name: string, key: string) => (kind === name ? result : result[key]);
    const task = asRecord(inner('task', 'task'));
    const message = asRecord(inner('message', 'message'));
    const status = asRecord(inner('status-update', 'statusUpdate'));
    const update = asRecord(inner('artifact-update', 'artifactUpdate'));

    if (task['id']) yield {type: 'response-id', id: asString(task['id'])};
    for (const artifact of asArray(task['artifacts'])) yield* readArtifact(asRecord(artifact), false);
    if (task['status']) yield* readStatus(asRecord(task['status']), false);
    if (update['artifact']) yield* readArtifact(asRecord(update['artifact']), update['append'] === true);
    if (status['status']) yield* readStatus(asRecord(status['status']), status['final'] === true);
    if (message['parts'] && !/user/i.test(asString(message['role']))) {
      yield* say(textIn(message));
      yield* readParts(message['parts']);
      yield {type: 'finish', reason: 'stop', native: 'message'};
    }
  };
});
