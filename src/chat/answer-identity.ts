import {asRecord} from '../protocols/protocol.js';
import type {Frame} from '../wire/framing.js';

/** The identity of an answer, as plain data. */
export interface SavedIdentity {
  /** Kind of ID, and the ID; empty where the server used several. */
  readonly ids: readonly (readonly [kind: string, id: string])[];
  readonly opening: string | undefined;
}

/**
 * Distinguishes an answer from another one by the IDs and the opening in its frames: a server that cannot resume responds
 * to a resume request with another answer, whose event IDs may all be new.
 */
export interface AnswerIdentity {
  /** Begins a connection: `cursor`, if the server should continue the answer, `replay`, if it should begin it again. */
  connect(mode: 'initial' | 'cursor' | 'replay'): void;

  /** Whether a new frame belongs to another answer than the frames before. */
  isForeign(frame: Frame): boolean;

  /** Records a frame that was applied. `hasContent`: it brought text, reasoning, a tool call or a file. */
  record(frame: Frame, hasContent: boolean): void;

  save(): SavedIdentity;
}

/** Longest opening frame that is kept, in characters. */
const maxOpening = 4096;

/** Creates the record of one answer. */
export function createAnswerIdentity(saved?: SavedIdentity): AnswerIdentity {
  const ids = new Map<string, string>(saved?.ids);
  let opening = saved?.opening;
  let isFirst = saved === undefined;
  let isUnchecked = false;
  let isFirstResumed = false;

  return {
    connect(mode) {
      isUnchecked = mode !== 'initial';
      isFirstResumed = mode === 'cursor';
    },
    isForeign(frame) {
      if (!isUnchecked) return false;
      // An answer begins once: the frame that opened it, and brought no text, opens another one.
      if (isFirstResumed && opening !== undefined && frame.data === opening) return true;
      isFirstResumed = false;
      const named = readAnswerId(frame);
      if (!named) return false;
      isUnchecked = false;
      // Agents may name each of their steps: only if all frames had the same ID does a different one mean another answer.
      const known = ids.get(named[0]);
      return known !== undefined && known !== '' && known !== named[1];
    },
    record(frame, hasContent) {
      if (isFirst && !hasContent && frame.data.length <= maxOpening && isObject(frame)) opening = frame.data;
      else if (frame.data === opening) opening = undefined;
      isFirst = false;
      const named = readAnswerId(frame);
      if (!named) return;
      const [kind, id] = named;
      if ((ids.get(kind) ?? id) !== id) ids.set(kind, '');
      else ids.set(kind, id);
    },
    save: () => ({ids: [...ids], opening}),
  };
}

function isObject({data}: Frame): boolean {
  return data.startsWith('{');
}

/**
 * Returns the ID by which a server names the answer in a frame, and what kind of ID it is: that of a chunk (OpenAI: `id`
 * next to `choices`), a response (Responses: `response.id`, Gemini: `responseId`), a message (Anthropic: `message.id`,
 * AI SDK and AG-UI: `messageId`, Dify: `message_id`) or a run (LangGraph: `run_id`, AG-UI: `runId`).
 */
export function readAnswerId(frame: Frame): readonly [kind: string, id: string] | undefined {
  if (!isObject(frame)) return undefined;
  const json = asRecord(frame.maybeJson);
  const candidates: Record<string, unknown> = {
    chunk: Array.isArray(json['choices']) ? json['id'] : undefined,
    start: json['type'] === 'message_start' ? asRecord(json['message'])['id'] : undefined,
    response: asRecord(json['response'])['id'] ?? json['responseId'],
    message: json['messageId'] ?? json['message_id'],
    run: json['run_id'] ?? json['runId'],
  };
  for (const [kind, id] of Object.entries(candidates)) if (typeof id === 'string' && id !== '') return [kind, id];
  return undefined;
}
