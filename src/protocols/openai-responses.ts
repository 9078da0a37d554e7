import type {Message} from '../model/conversation.js';
import type {Frame} from '../wire/framing.js';
import {encodeSegment} from './path-segment.js';
import {asArray, asNumber, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {emptySchema, strictness} from './openai-chat.js';
import {readProviderError} from './provider-error.js';
import {filesOf, resultText, roundsOf, withoutFailed} from './rounds.js';
import {createSources} from './sources.js';
import {asText} from './text-of.js';
import {openaiUsage} from './usage.js';

type Json = Readonly<Record<string, unknown>>;

const reasoningDelta = /^response\.reasoning(?:_summary)?_text\.delta$/;
const argumentsDelta = /^response\.(?:function_call_arguments|mcp_call_arguments|custom_tool_call_input)\.delta$/;
const argumentsDone = /^response\.(?:function|mcp)_call_arguments\.done$/;
const terminal = /^response\.(?:completed|incomplete|failed|cancelled)$/;
/** Events whose content is also in an event that is decoded. */
const silent = /^keepalive$|^response\..*(?:done|added|progress|queued|ed|ing|code\.delta|image)$/;

/**
 * OpenAI Responses. Items are identified by `output_index`, because some servers change item IDs during the stream.
 * @see https://platform.openai.com/docs/api-reference/responses-streaming
 */
export const openaiResponses: Protocol = {
  encode: (messages, settings) => ({
    model: settings.model,
    instructions: settings.system,
    input: withoutFailed(messages).flatMap(encodeMessage),
    stream: true,
    temperature: settings.temperature,
    top_p: settings.topP,
    max_output_tokens: settings.maxTokens,
    tools: settings.tools?.length
      ? settings.tools.map(({name, description, parameters}) => ({
          type: 'function',
          name,
          description,
          parameters: parameters ?? emptySchema,
          strict: false,
        }))
      : undefined,
    text: settings.responseFormat && {
      format: {type: 'json_schema', name: 'answer', schema: settings.responseFormat, ...strictness(settings)},
    },
  }),

  takesFile: ({mediaType}) => /^image\/(?!svg)|\/(?:pdf|rtf|msword|vnd\.)/.test(mediaType),

  idOf({maybeJson}) {
    const number = asNumber(asRecord(maybeJson)['sequence_number']);
    return number === undefined ? undefined : String(number);
  },

  // Only a response with `background: true` emits its ID.
  resume: ({endpoint, responseId, lastDataId}) =>
    responseId && lastDataId
      ? {url: resumeUrl(endpoint, responseId, lastDataId), method: 'GET', mode: 'cursor'}
      : undefined,

  createDecoder() {
    /** Emitted text of each unfinished output, to find what its final event adds. */
    const emitted = new Map<unknown, string>();
    const done = new Set<unknown>();
    const source = createSources();
    let text = '';
    let fromStart = false;
    let named = false;
    let failed = false;
    let ended = false;
    let called = false;

    function* say(type: 'text' | 'reasoning' | 'refusal', index: unknown, piece: string): Deltas {
      if (piece === '') return;
      if (type === 'text') text += piece;
      if (fromStart || emitted.has(index)) emitted.set(index, (emitted.get(index) ?? '') + piece);
      yield {type, text: piece};
    }

    /** Emits what an item's complete text adds to the text already emitted. */
    function* settle(type: 'text' | 'reasoning', index: unknown, whole: string): Deltas {
      const before = emitted.get(index);
      if (before !== undefined && whole.startsWith(before)) yield* say(type, index, whole.slice(before.length));
    }

    function* begin(index: unknown, item: Json): Deltas {
      const type = asString(item['type']);
      emitted.set(index, emitted.get(index) ?? '');
      const isPage = type === 'function_call' || type === 'custom_tool_call';
      if (!isPage && !/_call$|^mcp_approval_request$/.test(type)) return;
      called ||= isPage;
      yield {
        type: 'tool-call',
        key: String(index),
        id: asString(item['call_id']) || asString(item['id']),
        name: asString(item['name']) || type.replace(/_call$/, ''),
        ...(!isPage && {server: true}),
      };
    }

    function* finish(index: unknown, item: Json): Deltas {
      if (done.has(index)) return;
      done.add(index);
      // Some servers send only the final event of an item. The beginning of a resumed text is not known here.
      const isSaid = item['type'] === 'message' || item['type'] === 'reasoning';
      if (isSaid ? fromStart : !emitted.has(index)) yield* begin(index, item);
      if (item['type'] === 'message') {
        const parts = asArray(item['content']).map(asRecord);
        yield* settle('text', index, parts.map((part) => asText(part['text']) || asText(part['refusal'])).join(''));
        for (const part of parts) {
          for (const annotation of asArray(part['annotations'])) yield* cite(annotation);
        }
      } else if (item['type'] === 'reasoning') {
        const parts = [...asArray(item['summary']), ...asArray(item['content'])];
        if (emitted.get(index) === '') {
          yield* settle('reasoning', index, parts.map((part) => asText(asRecord(part)['text'])).join(''));
        }
        if (item['encrypted_content']) yield {type: 'native', value: item};
      } else yield* finishCall(index, item);
      emitted.delete(index);
    }

    function* finishCall(index: unknown, item: Json): Deltas {
      const key = String(index);
      const {type, input, code, action, output, outputs, results, error} = item;
      const id = asString(item['call_id']) || asString(item['id']);
      if (type === 'function_call' || type === 'custom_tool_call' || type === 'mcp_approval_request') {
        const whole = type === 'custom_tool_call' ? JSON.stringify(asString(input)) : asString(item['arguments']);
        return yield {type: 'tool-call', key, ...(whole && {input: whole}), complete: true};
      }
      if (!/_call$/.test(asString(type))) return;
      const wanted = asString(item['arguments']) || JSON.stringify(action ?? (code ? {code} : {}));
      yield {type: 'tool-call', key, server: true, input: wanted, complete: true};
      if (type === 'image_generation_call' && item['result']) {
        yield {type: 'file', mediaType: 'image/png', url: `data:image/png;base64,${asString(item['result'])}`};
      }
      const words = error ? readProviderError(error).message : undefined;
      yield {
        type: 'tool-result',
        id,
        result: output ?? outputs ?? results ?? null,
        ...(words !== undefined && {error: words}),
      };
    }

    function* cite(annotation: unknown): Deltas {
      yield* source(asRecord(annotation)['url'], asRecord(annotation)['title']);
    }

    function* fail(value: unknown): Deltas {
      if (!failed) yield {type: 'error', error: readProviderError(value)};
      failed = true;
    }

    function* conclude(response: Json): Deltas {
      ended = true;
      const status = asString(response['status']);
      const outputs = asArray(response['output']).map(asRecord);
      // Nothing arrived before, as in an answer that is not streamed.
      const isWhole = fromStart && emitted.size + done.size === 0;
      for (const [index, item] of outputs.entries()) {
        if (emitted.has(index) || isWhole) yield* finish(index, item);
      }
      const whole = outputs
        .filter(({type}) => type === 'message')
        .flatMap(({content}) => asArray(content).map((part) => asText(asRecord(part)['text'])))
        .join('');
      if (fromStart && whole.startsWith(text)) yield* say('text', undefined, whole.slice(text.length));

      if (response['usage']) yield openaiUsage(response['usage']);
      const why = asString(asRecord(response['incomplete_details'])['reason']);
      const reason =
        status === 'cancelled'
          ? 'aborted'
          : status === 'incomplete'
            ? why === 'content_filter'
              ? 'content-filter'
              : 'length'
            : called
              ? 'tool-calls'
              : 'stop';
      yield {type: 'finish', reason, native: why || status};
      if (status === 'failed') yield* fail(response['error'] ?? response);
      yield {type: 'end'};
    }

    return {
      *decode(frame: Frame): Deltas {
        if (frame.data.trim() === '[DONE]') return yield {type: 'end'};
        if (frame.event === 'bare' || ended) return;
        if (frame.data === '') return yield {type: 'unknown', event: frame.event};
        const event = asRecord(frame.json);
        const type = asString(event['type']) || frame.event;
        const {output_index: index, delta} = event;
        const response = asRecord(event['response']);
        const item = asRecord(event['item']);
        const piece = asText(delta);

        if (event['object'] === 'response') {
          fromStart = true;
          return yield* conclude(event);
        }
        if (type === 'error') return yield* fail(event['error'] ? event : {...event, type: ''});
        if (type === 'response.output_text.delta') return yield* say('text', index, piece);
        if (type === 'response.refusal.delta') return yield* say('refusal', index, piece);
        if (reasoningDelta.test(type)) return yield* say('reasoning', index, piece);
        if (type === 'response.output_item.added') return yield* begin(index, item);
        if (type === 'response.output_item.done') return yield* finish(index, item);
        if (type === 'response.output_text.annotation.added') return yield* cite(event['annotation']);
        if (argumentsDelta.test(type)) {
          if (piece && emitted.has(index)) yield {type: 'tool-call', key: String(index), arguments: piece};
          return;
        }
        if (argumentsDone.test(type)) {
          const input = asString(event['arguments']);
          if (emitted.has(index)) yield {type: 'tool-call', key: String(index), ...(input && {input}), complete: true};
          return;
        }
        if (terminal.test(type)) return yield* conclude({status: type.slice('response.'.length), ...response});
        if (/^response\.(?:created|queued|in_progress)$/.test(type)) {
          fromStart = true;
          const id = asString(response['id']);
          if (response['background'] === true && id && !named) yield {type: 'response-id', id};
          named ||= response['background'] === true;
        } else if (!silent.test(type)) yield {type: 'unknown', event: type};
      },
    };
  },
};

function resumeUrl(endpoint: string, id: string, after: string): string {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${encodeSegment(id)}`;
  url.searchParams.set('stream', 'true');
  url.searchParams.set('starting_after', after);
  return url.href;
}

function encodeMessage(message: Message): object[] {
  const {role, text} = message;
  if (role === 'assistant') return roundsOf(message).flatMap(encodeRound);
  const files = filesOf(message).map(({url, name, mediaType}) =>
    mediaType.startsWith('image/')
      ? {type: 'input_image', image_url: url}
      : {type: 'input_file', filename: name ?? 'file', file_data: url},
  );
  return [{role, content: files.length > 0 ? [...(text ? [{type: 'input_text', text}] : []), ...files] : text}];
}

function encodeRound({parts, calls}: ReturnType<typeof roundsOf>[number]): object[] {
  const items = parts.flatMap((part): object[] => {
    if (part.type === 'native') return asRecord(part.value)['type'] === 'reasoning' ? [asRecord(part.value)] : [];
    if (part.type === 'text' || part.type === 'refusal') return [{role: 'assistant', content: part.text}];
    if (part.type !== 'tool-call' || part.server) return [];
    return [{type: 'function_call', call_id: part.id, name: part.name, arguments: part.arguments || '{}'}];
  });
  return [
    ...items,
    ...calls.map((call) => ({type: 'function_call_output', call_id: call.id, output: resultText(call)})),
  ];
}
