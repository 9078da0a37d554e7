import type {Message, Part} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import type {Frame} from '../wire/framing.js';
import {asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {callInput} from './encoding.js';
import {readFinish} from './finish-reason.js';
import {readProviderError} from './provider-error.js';
import {filesOf, withoutFailed} from './rounds.js';
import {createSources} from './sources.js';
import {asText} from './text-of.js';
import {usageDelta} from './usage.js';

/**
 * The data stream of the Vercel AI SDK before version 5: lines of a letter, a colon, and JSON.
 * @see https://v4.ai-sdk.dev/docs/ai-sdk-ui/stream-protocol#data-stream-protocol
 */
export const aiSdkData: Protocol = {
  framing: 'lines',

  encode: (messages, settings) => ({
    id: settings.chatId,
    messages: withoutFailed(messages).map(encodeMessage),
    model: settings.model,
    system: settings.system,
    temperature: settings.temperature,
    topP: settings.topP,
    maxTokens: settings.maxTokens,
  }),

  takesFile: () => true,

  createDecoder() {
    const source = createSources();
    const known = new Set<string>();
    let finished = false;

    function* finish(value: unknown): Deltas {
      const {finishReason: native, usage} = asRecord(value);
      if (usage) {
        const {promptTokens, completionTokens} = asRecord(usage);
        yield usageDelta(usage, {inputTokens: promptTokens, outputTokens: completionTokens});
      }
      yield* readFinish(native);
    }

    function* readTool(code: string, value: unknown): Deltas {
      const {toolCallId, toolName, argsTextDelta, args, result} = asRecord(value);
      const id = asString(toolCallId);
      if (code === 'a') return yield {type: 'tool-result', id, result};
      const name = asString(toolName);
      const piece = asString(argsTextDelta);
      yield {
        type: 'tool-call',
        key: id,
        ...(!known.has(id) && {id}),
        ...(name && {name}),
        ...(piece && {arguments: piece}),
        ...(code === '9' && {input: JSON.stringify(args ?? {}), complete: true}),
      };
      known.add(id);
    }

    return {
      *decode(frame: Frame): Deltas {
        // Some servers put the lines into server-sent events.
        const data = frame.data.replace(/^data: ?/, '');
        if (/^(?:event|id|retry)?:|^\[DONE\]/.test(data)) return;
        if (data.startsWith('{')) return yield {type: 'unknown', event: data.slice(0, 80)};
        const code = data.slice(0, 1);
        const value = parseLine(data);
        switch (code) {
          case '0':
            return yield {type: 'text', text: asText(value)};
          case 'g':
            return yield {type: 'reasoning', text: asText(value)};
          case '3':
            return yield {type: 'error', error: readProviderError(value)};
          case 'h':
            return yield* source(asRecord(value)['url'], asRecord(value)['title']);
          case 'k': {
            const mediaType = asString(asRecord(value)['mimeType']);
            return yield {
              type: 'file',
              mediaType,
              url: `data:${mediaType};base64,${asString(asRecord(value)['data'])}`,
            };
          }
          case 'a':
          case 'b':
          case 'c':
          case '9':
            return yield* readTool(code, value);
          case 'f': {
            const id = asString(asRecord(value)['messageId']);
            if (id) yield {type: 'response-id', id};
            return;
          }
          case 'e':
            // One step of several, unless nothing follows.
            finished = asRecord(value)['isContinued'] === false;
            return yield* finish(value);
          case 'd':
            yield* finish(value);
            return yield {type: 'end'};
          case '2':
          case '8':
          case 'i':
          case 'j':
            return;
          default:
            yield {type: 'unknown', event: code};
        }
      },
      end: () => (finished ? [{type: 'end'}] : []),
    };
  },
};

function parseLine(line: string): unknown {
  let cause: unknown;
  try {
    if (line[1] === ':') return JSON.parse(line.slice(2));
  } catch (error) {
    cause = error;
  }
  throw new StreamChatError('protocol', `The server sent a line that is not of its format: ${line.slice(0, 80)}`, {
    cause,
  });
}

function encodeMessage(message: Message): object {
  const {id, role, text, parts} = message;
  const files = filesOf(message).map(({url, name, mediaType}) => ({name, url, contentType: mediaType}));
  const encoded = parts.flatMap(encodePart);
  return {
    id,
    role,
    content: text,
    parts: encoded.length > 0 ? encoded : [{type: 'text', text}],
    ...(files.length > 0 && {experimental_attachments: files}),
  };
}

function encodePart(part: Part): object[] {
  if (part.type === 'text' || part.type === 'refusal') return [{type: 'text', text: part.text}];
  if (part.type !== 'tool-call' || (part.state !== 'done' && part.state !== 'failed')) return [];
  const {id, name, result, error} = part;
  const invocation = {toolCallId: id, toolName: name, args: callInput(part), result: error ?? result ?? null};
  return [{type: 'tool-invocation', toolInvocation: {state: 'result', ...invocation}}];
}
