import type {Message} from '../model/conversation.js';
import type {Frame} from '../wire/framing.js';
import {asArray, asNumber, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {base64Of} from './encoding.js';
import {emptySchema} from './openai-chat.js';
import {readProviderError} from './provider-error.js';
import {filesOf, resultText, roundsOf, withoutFailed, type FilePart} from './rounds.js';
import {asText, textOf} from './text-of.js';
import {usageDelta} from './usage.js';

type Json = Readonly<Record<string, unknown>>;

const silent = /^(?:RUN_STARTED|STEP_|STATE_|ACTIVITY_|RAW$|REASONING_|THINKING_|TEXT_MESSAGE_)/;
const reasoningDelta = /^(?:REASONING_MESSAGE_(?:CONTENT|CHUNK)|THINKING_TEXT_MESSAGE_CONTENT|THINKING_CONTENT)$/;

/**
 * AG-UI, used by CopilotKit and agent frameworks.
 * @see https://docs.ag-ui.com/concepts/events
 */
export const agUi: Protocol = {
  // The other encoding, length-prefixed protobuf, is not supported.
  headers: {accept: 'text/event-stream'},

  encode(messages, settings) {
    const last = messages.at(-1);
    const {model, temperature, topP, maxTokens, responseFormat} = settings;
    return {
      threadId: settings.chatId,
      runId: `${last?.id ?? settings.chatId}-${last?.parts.length ?? 0}`,
      state: {},
      messages: [
        ...(settings.system ? [{id: 'system', role: 'system', content: settings.system}] : []),
        ...withoutFailed(messages).flatMap(encodeMessage),
      ],
      tools: (settings.tools ?? []).map(({name, description, parameters}) => ({
        name,
        description: description ?? '',
        parameters: parameters ?? emptySchema,
      })),
      context: [],
      forwardedProps: {model, temperature, topP, maxTokens, responseFormat},
    };
  },

  takesFile: () => true,

  createDecoder() {
    const calls = new Set<string>();
    const answered = new Set<string>();
    /** Messages of other roles: some servers repeat the question. */
    const foreign = new Set<string>();
    let lastCall = '';
    let hasOutput = false;

    function* readCall(type: string, event: Json): Deltas {
      const id = asString(event['toolCallId']) || lastCall;
      if (type === 'TOOL_CALL_RESULT') {
        answered.add(id);
        return yield {type: 'tool-result', id, result: event['content'] ?? null};
      }
      const name = asString(event['toolCallName']);
      const piece = asString(event['delta']);
      lastCall = id;
      if (type === 'TOOL_CALL_END' || name || piece) {
        yield {
          type: 'tool-call',
          key: id,
          ...(!calls.has(id) && {id}),
          ...(name && {name}),
          ...(piece && {arguments: piece}),
          ...(type === 'TOOL_CALL_END' && {complete: true}),
        };
      }
      calls.add(id);
    }

    /** Some agents send their answer only in the snapshot of all messages. */
    function* readSnapshot(messages: readonly unknown[]): Deltas {
      const last = asRecord(messages.at(-1));
      const text = textOf(last['content']);
      if (hasOutput || last['role'] !== 'assistant' || text === '') return;
      hasOutput = true;
      yield {type: 'text', text};
    }

    function* finish(event: Json): Deltas {
      for (const id of calls) if (!answered.has(id)) yield {type: 'tool-call', key: id, complete: true};
      const usage = asArray(event['usage']).map(asRecord);
      const sum = (key: string) => {
        const numbers = usage.map((one) => asNumber(one[key])).filter((n) => n !== undefined);
        return numbers.length > 0 ? numbers.reduce((a, b) => a + b) : undefined;
      };
      if (usage.length > 0) {
        yield usageDelta(event['usage'], {
          inputTokens: sum('inputTokens'),
          outputTokens: sum('outputTokens'),
          totalTokens: sum('totalTokens'),
          reasoningTokens: sum('reasoningTokens'),
          cachedTokens: sum('cachedInputTokens'),
        });
      }
      const native = asString(asRecord(event['outcome'])['type']) || 'success';
      const open = [...calls].some((id) => !answered.has(id));
      yield {type: 'finish', reason: open ? 'tool-calls' : 'stop', native};
      yield {type: 'end'};
    }

    return {
      *decode(frame: Frame): Deltas {
        if (frame.event === 'bare' || frame.data === '' || frame.data === '[DONE]') return;
        const event = asRecord(frame.json);
        const type = asString(event['type']);
        const piece = asText(event['delta']);
        const id = asString(event['messageId']);
        const role = asString(event['role']);
        if (type.startsWith('TEXT_MESSAGE_')) {
          if (role && role !== 'assistant') foreign.add(id);
          if (piece === '' || foreign.has(id)) return;
          hasOutput = true;
          return yield {type: 'text', text: piece};
        }
        if (reasoningDelta.test(type)) {
          if (piece) yield {type: 'reasoning', text: piece};
        } else if (type.startsWith('TOOL_CALL_')) yield* readCall(type, event);
        else if (type === 'MESSAGES_SNAPSHOT') yield* readSnapshot(asArray(event['messages']));
        else if (type === 'RUN_FINISHED') yield* finish(event);
        else if (type === 'RUN_ERROR') {
          yield {type: 'error', error: readProviderError(event)};
          yield {type: 'end'};
        } else if (!silent.test(type)) yield {type: 'unknown', event: type};
      },
    };
  },
};

function encodeMessage(message: Message): object[] {
  const {id, role, text} = message;
  if (role !== 'assistant') {
    const files = filesOf(message).map(encodeFile);
    return [{id, role, content: files.length > 0 ? [...(text ? [{type: 'text', text}] : []), ...files] : text}];
  }
  return roundsOf(message).flatMap(({text, calls}, index) => [
    {
      id: index === 0 ? id : `${id}-${index}`,
      role,
      content: text,
      ...(calls.length > 0 && {
        toolCalls: calls.map((call) => ({
          id: call.id,
          type: 'function',
          function: {name: call.name, arguments: call.arguments || '{}'},
        })),
      }),
    },
    ...calls.map((call) => ({
      id: `${id}-${call.id}`,
      role: 'tool',
      toolCallId: call.id,
      content: resultText(call),
      ...(call.error !== undefined && {error: call.error}),
    })),
  ]);
}

function encodeFile({url, name, mediaType}: FilePart): object {
  const kind = /^(?:image|audio|video)(?=\/)/.exec(mediaType)?.[0] ?? 'document';
  const inline = base64Of(url);
  const source = inline
    ? {type: 'data', value: inline.data, mimeType: inline.mediaType || mediaType}
    : {type: 'url', value: url, mimeType: mediaType};
  return {type: kind, source, ...(name && {metadata: {filename: name}})};
}
