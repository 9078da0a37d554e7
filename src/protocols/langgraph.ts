import type {Delta} from '../model/conversation.js';
import type {Frame} from '../wire/framing.js';
import {encodeSegment} from './path-segment.js';
import {asArray, asNumber, asRecord, asString, type Protocol, type ResumeContext} from './protocol.js';
import type {Deltas} from './deltas.js';
import {readFinish} from './finish-reason.js';
import {readHandmade} from './langgraph-handmade.js';
import {encodeLangChain, readLangChainMessage, type LangChainMessage} from './langchain.js';
import {readProviderError} from './provider-error.js';
import {createToolCalls} from './tool-calls.js';
import {openaiUsage} from './usage.js';

/** State of one message of the graph. */
interface Seen {
  text: string;
  reasoning: string;
  /** Kind of event that carries its chunks: each stream mode sends all messages. */
  readonly kind: string;
  finish: string;
  usage: Readonly<Record<string, unknown>> | undefined;
}

/**
 * LangGraph server, all stream modes. Requests the mode `messages-tuple`, whose events are increments. Without a thread
 * in the endpoint, the whole conversation is sent; for `/threads/{id}/runs/stream`, where the server stores it, set
 * `history-limit="1"`.
 * @see https://docs.langchain.com/langsmith/streaming
 */
export const langgraph: Protocol = {
  encode: (messages, settings) => ({
    assistant_id: settings.model ?? 'agent',
    input: {messages: encodeLangChain(messages, settings.system)},
    stream_mode: ['messages-tuple'],
    stream_resumable: true,
    config: {
      configurable: {temperature: settings.temperature, top_p: settings.topP, max_tokens: settings.maxTokens},
    },
  }),

  takesFile: ({mediaType}) => /^image\/(?!svg)|\/pdf$/.test(mediaType),

  resume(context) {
    const url = context.lastEventId === '' ? undefined : streamUrl(context);
    return url === undefined ? undefined : {url, method: 'GET', mode: 'cursor'};
  },

  createDecoder() {
    const seen = new Map<string, Seen>();
    const calls = createToolCalls();
    const callIds = new Set<string>();
    const inputs = new Map<string, string>();
    const answered = new Set<string>();
    let failed = false;

    const find = (id: string, kind: string) => {
      let message = seen.get(id);
      if (!message) {
        message = {text: '', reasoning: '', kind, finish: '', usage: undefined};
        seen.set(id, message);
      }
      return message;
    };

    /** Emits what a complete message adds to the text already emitted. */
    function* settle(message: Seen, type: 'text' | 'reasoning', whole: string): Deltas {
      const before = message[type];
      if (whole === before || (whole === '' && type === 'reasoning')) return;
      message[type] = whole;
      if (whole.startsWith(before)) return yield {type, text: whole.slice(before.length)};
      yield {type: 'replace', text: [...seen.values()].map((one) => one[type]).join(''), kind: type};
    }

    function* readPiece({id, text, reasoning, fields}: LangChainMessage, kind: string): Deltas {
      const message = find(id, kind);
      if (message.kind !== kind) return;
      message.text += text;
      message.reasoning += reasoning;
      if (reasoning) yield {type: 'reasoning', text: reasoning};
      if (text) yield {type: 'text', text};
      const chunks = asArray(fields['tool_call_chunks']).map(asRecord);
      for (const {id} of chunks) callIds.add(asString(id));
      yield* calls.add(...chunks.map(({index, id, name, args}) => ({index, id, name, arguments: args})));
      yield* readEnd(message, fields, true);
    }

    function* readWhole({id, text, reasoning, fields}: LangChainMessage, kind: string, done: boolean): Deltas {
      const message = find(id, kind);
      yield* settle(message, 'reasoning', reasoning);
      yield* settle(message, 'text', text);
      for (const call of asArray(fields['tool_calls']).map(asRecord)) {
        const callId = asString(call['id']);
        const input = JSON.stringify(call['args'] ?? {});
        if (callIds.has(callId) || (inputs.get(callId) === input && !done)) continue;
        const name = asString(call['name']);
        yield {type: 'tool-call', key: `id:${callId}`, id: callId, name, input, ...(done && {complete: true})};
        inputs.set(callId, input);
        if (done) callIds.add(callId);
      }
      if (done) yield* calls.complete();
      yield* readEnd(message, fields, false);
    }

    function* readEnd(message: Seen, fields: LangChainMessage['fields'], isPiece: boolean): Deltas {
      const metadata = asRecord(fields['response_metadata']);
      const native = asString(metadata['finish_reason']) || asString(metadata['stop_reason']);
      if (native && native !== message.finish) {
        message.finish = native;
        yield* calls.complete();
        // A call that the graph answered itself is not one for the page.
        yield* readFinish(native, calls.size > answered.size);
      }
      const usage = fields['usage_metadata'];
      if (!usage || JSON.stringify(usage) === JSON.stringify(message.usage)) return;
      const before = isPiece ? message.usage : undefined;
      message.usage = addUsage(before, asRecord(usage));
      yield totalUsage(seen, usage);
    }

    function* readTool({fields, text}: LangChainMessage): Deltas {
      yield* calls.complete();
      const failure = fields['status'] === 'error';
      answered.add(asString(fields['tool_call_id']));
      yield {
        type: 'tool-result',
        id: asString(fields['tool_call_id']),
        result: text,
        ...(failure && {error: text}),
      };
    }

    /** Decodes a message from an event of this kind. */
    function* readMessage(value: unknown, kind: string, done: boolean): Deltas {
      const message = readLangChainMessage(value);
      if (message.role === 'tool') yield* readTool(message);
      else if (message.role === 'assistant') {
        if (kind === 'messages' || kind === 'events') yield* readPiece(message, kind);
        else yield* readWhole(message, kind, done);
      }
    }

    /** Decodes the messages of the graph's state after the last question. */
    function* readState(value: unknown, kind: string): Deltas {
      const list = Array.isArray(value) ? (value as unknown[]) : [value];
      const question = list.findLastIndex((one) => readLangChainMessage(one).role === 'user');
      for (const one of list.slice(question + 1)) yield* readMessage(one, kind, true);
    }

    return {
      *decode(frame: Frame): Deltas {
        // Events of subgraphs have names such as `messages|agent:uuid`.
        let kind = frame.event.split('|', 1)[0]!;
        if (kind === 'end' || frame.data.trim() === '[DONE]') return yield {type: 'end'};
        if (frame.data === '' || kind === 'bare') return;
        let json = frame.json;
        const handmade = readHandmade(frame.event, json);
        if (handmade) ({kind, json} = handmade);
        const record = asRecord(json);
        if (kind === 'metadata') {
          const id = asString(record['run_id']);
          if (id) yield {type: 'response-id', id};
        } else if (kind === 'error') {
          failed = true;
          const words = asString(record['message']) || record;
          yield {type: 'error', error: readProviderError(words)};
        } else if (kind === 'messages') yield* readMessage(asArray(json)[0], kind, false);
        else if (kind === 'messages/partial' || kind === 'messages/complete') {
          for (const one of asArray(json)) yield* readMessage(one, kind, kind === 'messages/complete');
        } else if (kind === 'values') yield* readState(record['messages'], kind);
        else if (kind === 'updates') {
          for (const update of Object.values(record)) {
            const messages = asRecord(update)['messages'];
            if (messages) yield* readState(messages, kind);
          }
        } else if (kind === 'events') {
          if (record['event'] !== 'on_chat_model_stream') return;
          yield* readMessage(asRecord(record['data'])['chunk'], kind, false);
        } else if (kind !== 'messages/metadata') yield {type: 'unknown', event: kind};
      },
      *end(): Deltas {
        yield* calls.complete();
        if (!failed) yield {type: 'end'};
      },
    };
  },
};

function addUsage(before: Seen['usage'], usage: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const counts = ['input_tokens', 'output_tokens', 'total_tokens'];
  const sums = counts.map((key) => [key, (asNumber(before?.[key]) ?? 0) + (asNumber(usage[key]) ?? 0)]);
  return before ? {...usage, ...(Object.fromEntries(sums) as Record<string, number>)} : {...usage};
}

/** Returns the summed usage of all messages of the run, with the last native object. */
function totalUsage(seen: ReadonlyMap<string, Seen>, native: unknown): Delta {
  const total = [...seen.values()].reduce<Record<string, unknown> | undefined>(
    (sum, {usage}) => (usage ? addUsage(sum, usage) : sum),
    undefined,
  );
  const delta = openaiUsage(total);
  return delta.type === 'usage' ? {type: 'usage', usage: {...delta.usage, native}} : delta;
}

/** Returns the URL to join a run: from the response headers, otherwise from the thread of the endpoint. */
function streamUrl({endpoint, headers, responseId}: ResumeContext): string | undefined {
  const url = new URL(endpoint);
  const prefix = url.pathname.split(/\/(?:threads|runs)(?:\/|$)/, 1)[0]!;
  const location = headers.get('content-location') ?? headers.get('location');
  const thread = /\/threads\/[^/]+\/runs/.exec(url.pathname)?.[0];
  const path = location
    ? new URL(location, url).pathname
    : thread && responseId && `${thread}/${encodeSegment(responseId)}`;
  if (!path) return undefined;
  url.pathname = `${path.startsWith(prefix) ? '' : prefix}${path.replace(/\/(?:stream)?$/, '')}/stream`;
  url.search = '';
  return url.href;
}
