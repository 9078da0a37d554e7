import type {FinishReason, Message, ToolCallPart} from '../model/conversation.js';
import type {Frame} from '../wire/framing.js';
import {asArray, asRecord, asString, type Protocol, type RequestSettings} from './protocol.js';
import type {Deltas} from './deltas.js';
import {emptySchema} from './openai-chat.js';
import {readProviderError} from './provider-error.js';
import {filesOf, resultText, roundsOf, withoutFailed} from './rounds.js';
import {asText} from './text-of.js';
import {openaiUsage} from './usage.js';

type Json = Readonly<Record<string, unknown>>;

const silent =
  /^(?:session\.|conversation\.|rate_limits\.|input_audio_buffer\.|output_audio_buffer\.|ping$|response\.(?:created|output_item|content_part|output_audio|audio|output_text|text|mcp_))/;
const textDelta = /^response\.(?:output_)?(?:text|audio_transcript)\.delta$/;
const textDone = /^response\.(?:output_)?(?:text|audio_transcript)\.done$/;

/**
 * OpenAI Realtime over a WebSocket, text only; audio is represented by its transcript. One WebSocket message is one
 * frame. An answer ends with `response.done`; the socket stays open.
 * @see https://platform.openai.com/docs/api-reference/realtime-server-events
 */
export const openaiRealtime: Protocol = {
  framing: 'json',

  /** Returns the client events to send on a new socket, in order. */
  encode: (messages, settings) => ({events: realtimeQuestion(messages, settings)}),

  takesFile: ({mediaType}) => /^image\/(?!svg)/.test(mediaType),

  createDecoder() {
    const emitted = new Map<string, string>();
    const calls = new Map<string, string>();

    function* say(item: string, text: string): Deltas {
      emitted.set(item, (emitted.get(item) ?? '') + text);
      if (text !== '') yield {type: 'text', text};
    }

    /** Decodes a call. Some servers do not send its beginning. */
    function* readCall(fields: Json, complete: boolean): Deltas {
      const id = asString(fields['call_id']);
      const key = id || asString(fields['item_id']) || asString(fields['id']);
      const name = asString(fields['name']);
      const input = asString(fields['arguments']);
      const piece = asString(fields['delta']);
      const before = calls.get(key);
      calls.set(key, name || (before ?? ''));
      yield {
        type: 'tool-call',
        key,
        ...(before === undefined && id && {id}),
        ...(name && name !== before && {name}),
        ...(piece && {arguments: piece}),
        ...(input && {input}),
        ...(complete && {complete}),
      };
    }

    function* conclude(response: Json): Deltas {
      for (const item of asArray(response['output']).map(asRecord)) {
        if (item['type'] === 'function_call') yield* readCall(item, true);
      }
      if (response['usage']) yield openaiUsage(response['usage']);
      const status = asString(response['status']);
      const {reason, error} = asRecord(response['status_details']);
      const reasons: Readonly<Record<string, FinishReason>> = {
        cancelled: 'aborted',
        incomplete: reason === 'content_filter' ? 'content-filter' : 'length',
      };
      yield {type: 'finish', reason: reasons[status] ?? (calls.size > 0 ? 'tool-calls' : 'stop'), native: status};
      if (status === 'failed') yield {type: 'error', error: readProviderError(error ?? response)};
      yield {type: 'end'};
    }

    return {
      *decode(frame: Frame): Deltas {
        if (frame.event === 'bare') return;
        const event = asRecord(frame.json);
        const type = asString(event['type']);
        const item = asString(event['item_id']);
        if (textDelta.test(type)) yield* say(item, asText(event['delta']));
        else if (textDone.test(type)) {
          const whole = asText(event['text']) || asText(event['transcript']);
          const before = emitted.get(item) ?? '';
          if (whole.startsWith(before)) yield* say(item, whole.slice(before.length));
        } else if (type === 'response.output_item.added') {
          const added = asRecord(event['item']);
          if (added['type'] === 'function_call') yield* readCall({...added, arguments: ''}, false);
        } else if (type === 'response.function_call_arguments.delta') yield* readCall(event, false);
        else if (type === 'response.function_call_arguments.done') yield* readCall(event, true);
        else if (type === 'response.created') {
          const id = asString(asRecord(event['response'])['id']);
          if (id) yield {type: 'response-id', id};
        } else if (type === 'response.done') yield* conclude(asRecord(event['response']));
        else if (type === 'error') yield {type: 'error', error: readProviderError(event)};
        else if (!silent.test(type)) yield {type: 'unknown', event: type};
      },
    };
  },
};

/** Returns the client events that configure a new socket, add the conversation, and request the answer. */
export function realtimeQuestion(messages: readonly Message[], settings: RequestSettings): readonly object[] {
  return [realtimeSession(settings), ...withoutFailed(messages).flatMap(realtimeItems), {type: 'response.create'}];
}

/** Returns the client event that sets instructions, tools, and text as the output. */
export function realtimeSession({system, tools, maxTokens}: RequestSettings): object {
  return {
    type: 'session.update',
    session: {
      type: 'realtime',
      output_modalities: ['text'],
      instructions: system,
      max_output_tokens: maxTokens,
      tools: tools?.map(({name, description, parameters}) => ({
        type: 'function',
        name,
        description,
        parameters: parameters ?? emptySchema,
      })),
    },
  };
}

/** Returns the client events that add a message to the conversation of the socket. */
export function realtimeItems(message: Message): readonly object[] {
  if (message.role === 'assistant') {
    return roundsOf(message).flatMap(({text, calls}) => [
      ...(text ? [createItem({type: 'message', role: 'assistant', content: [{type: 'output_text', text}]})] : []),
      ...calls.map(({id, name, arguments: input}) =>
        createItem({type: 'function_call', call_id: id, name, arguments: input || '{}'}),
      ),
      ...calls.map(realtimeResult),
    ]);
  }
  const {role, text} = message;
  const images = filesOf(message)
    .filter(({mediaType}) => mediaType.startsWith('image/'))
    .map(({url}) => ({type: 'input_image', image_url: url}));
  return [createItem({type: 'message', role, content: [...(text ? [{type: 'input_text', text}] : []), ...images]})];
}

/** Returns the client event with the result of a call. `response.create` has to follow the last one. */
export function realtimeResult(call: ToolCallPart): object {
  return createItem({type: 'function_call_output', call_id: call.id, output: resultText(call)});
}

/** Returns the client event that cancels the answer. */
export function realtimeCancel(): object {
  return {type: 'response.cancel'};
}

function createItem(item: object): object {
  return {type: 'conversation.item.create', item};
}
