import type {Message, Part} from '../model/conversation.js';
import {findErrorMessage} from '../model/errors.js';
import type {Frame} from '../wire/framing.js';
import {encodeSegment} from './path-segment.js';
import {asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {callInput} from './encoding.js';
import {readFinish} from './finish-reason.js';
import {readProviderError} from './provider-error.js';
import {withoutFailed} from './rounds.js';
import {createSources} from './sources.js';
import {asText} from './text-of.js';
import {usageDelta} from './usage.js';

type Json = Readonly<Record<string, unknown>>;

const silent =
  /^(?:start-step|finish-step|step-start|step-finish|text-start|text-end|reasoning-start|reasoning-end|reasoning-signature|redacted-reasoning|tool-approval-response|source-document|message-metadata|stream-start|response-metadata|raw)$/;

/**
 * The UI message stream of the Vercel AI SDK, `ai` 5 to 7, and the parts of `fullStream` of `ai` 4 to 7 where a server sends
 * them as they are: their text, tools and usage have other names.
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
 */
export const aiSdkUi: Protocol = {
  encode(messages, settings) {
    const sent = withoutFailed(messages).map(encodeMessage);
    const last = messages.at(-1);
    return {
      id: settings.chatId,
      messages: sent,
      trigger: 'submit-message',
      ...(last?.role === 'assistant' && {messageId: last.id}),
      // Not part of the format; the server may use or ignore these.
      model: settings.model,
      system: settings.system,
      temperature: settings.temperature,
      topP: settings.topP,
      maxOutputTokens: settings.maxTokens,
      tools: settings.tools?.length
        ? Object.fromEntries(settings.tools.map(({name, description, parameters}) => [name, {description, parameters}]))
        : undefined,
    };
  },

  takesFile: () => true,

  // The server replays the whole message, or responds with 204 if nothing is running.
  resume({endpoint, chatId}) {
    if (chatId === undefined) return undefined;
    const url = new URL(endpoint);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${encodeSegment(chatId)}/stream`;
    return {url: url.href, method: 'GET', mode: 'replay'};
  },

  createDecoder() {
    const source = createSources();
    const known = new Set<string>();
    let text = '';
    let reasoning = '';
    let atStep = {text: '', reasoning: ''};
    let finished = false;

    function* say(type: 'text' | 'reasoning', piece: string): Deltas {
      if (piece === '') return;
      if (type === 'text') text += piece;
      else reasoning += piece;
      yield {type, text: piece};
    }

    function* readTool(type: string, part: Json): Deltas {
      const id = asString(part['toolCallId']) || asString(part['id']);
      const name = asString(part['toolName']);
      if (/^tool-(?:input-|call)/.test(type)) {
        const whole = /^tool-(?:input-(?:available|error|end)|call)$/.test(type);
        const piece = asString(part['inputTextDelta'] ?? part['argsTextDelta'] ?? part['delta']);
        const input = part['input'] ?? part['args'];
        yield {
          type: 'tool-call',
          key: id,
          ...(!known.has(id) && {id}),
          ...(name && {name}),
          ...(part['providerExecuted'] === true && {server: true}),
          ...(piece && {arguments: piece}),
          ...(whole && input !== undefined && {input: type === 'tool-call' && typeof input === 'string' ? input : JSON.stringify(input)}),
          ...(whole && {complete: true}),
        };
        known.add(id);
        if (type !== 'tool-input-error') return;
      }
      if (type === 'tool-output-available' || type === 'tool-result') {
        if (part['preliminary'] !== true) yield {type: 'tool-result', id, result: part['output'] ?? part['result']};
      } else {
        const error = asString(part['errorText']) || findErrorMessage(part['error']) || 'The call was denied.';
        yield {type: 'tool-result', id, result: null, error};
      }
    }

    /** The format has no usage; servers put it into the message metadata. */
    function* readUsage(metadata: Json): Deltas {
      const native = metadata['usage'] ?? metadata['totalUsage'];
      const usage = asRecord(native);
      if (Object.keys(usage).length > 0) {
        yield usageDelta(native, {
          inputTokens: usage['inputTokens'] ?? usage['promptTokens'],
          outputTokens: usage['outputTokens'] ?? usage['completionTokens'],
          totalTokens: usage['totalTokens'],
          reasoningTokens: usage['reasoningTokens'],
          cachedTokens: usage['cachedInputTokens'],
        });
      }
    }

    return {
      *decode(frame: Frame): Deltas {
        if (frame.data.trim() === '[DONE]') return yield {type: 'end'};
        if (frame.event === 'bare' || frame.data === '') return;
        const part = asRecord(frame.json);
        const type = asString(part['type']);
        // `fullStream`, sent as it is, has `text`, and in version 4 `textDelta`.
        const piece = asText(part['delta'] ?? part['text'] ?? part['textDelta']);
        if (part['messageMetadata']) yield* readUsage(asRecord(part['messageMetadata']));

        if (type === 'text-delta') yield* say('text', piece);
        else if (type === 'reasoning-delta' || type === 'reasoning') yield* say('reasoning', piece);
        else if (/^tool-(?:input-|output-|call|result$|error$)/.test(type)) yield* readTool(type, part);
        else if (type === 'source-url' || type === 'source') {
          const {url, title} = asRecord(part['source'] ?? part);
          yield* source(url, title);
        } else if (type === 'file' || type === 'reasoning-file') {
          const file = asRecord(part['file'] ?? part);
          const data = asString(file['base64Data'] ?? file['base64']);
          const mediaType = asString(file['mediaType'] ?? file['mimeType']);
          yield {type: 'file', url: data ? `data:${mediaType};base64,${data}` : asString(file['url']), mediaType};
        } else if (type === 'start') {
          const id = asString(part['messageId']);
          if (id) yield {type: 'response-id', id};
        } else if (type === 'start-step') atStep = {text, reasoning};
        else if (type === 'reset-step') {
          ({text, reasoning} = atStep);
          yield {type: 'replace', text};
          yield {type: 'replace', text: reasoning, kind: 'reasoning'};
        } else if (type === 'error') yield {type: 'error', error: readProviderError(part)};
        else if (type === 'abort') {
          finished = true;
          yield {type: 'finish', reason: 'aborted', native: 'abort'};
        } else if (type === 'finish') {
          finished = true;
          yield* readUsage(part);
          yield* readFinish(asRecord(part['finishReason'])['unified'] ?? part['finishReason']);
        } else if (!silent.test(type)) yield {type: 'unknown', event: type};
      },
      // Servers in other languages often omit `[DONE]`.
      end: () => (finished ? [{type: 'end'}] : []),
      isWhole: () => finished,
    };
  },
};

function encodeMessage({id, role, text, parts}: Message): object {
  const encoded = parts.flatMap(encodePart);
  return {id, role, parts: encoded.length > 0 ? encoded : [{type: 'text', text}]};
}

function encodePart(part: Part, index: number, parts: readonly Part[]): object[] {
  const before = parts[index - 1];
  const begins = before?.type === 'tool-call' && (part.type !== 'tool-call' || part.round !== before.round);
  const content = encodeContent(part);
  return content && begins ? [{type: 'step-start'}, content] : content ? [content] : [];
}

function encodeContent(part: Part): object | undefined {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return {type: 'text', text: part.text};
    case 'reasoning':
      return {type: 'reasoning', text: part.text};
    case 'file':
      return {type: 'file', mediaType: part.mediaType, url: part.url, ...(part.name && {filename: part.name})};
    case 'tool-call': {
      const {id: toolCallId, name, result, error} = part;
      if (part.state !== 'done' && part.state !== 'failed') return undefined;
      return {
        type: `tool-${name}`,
        toolCallId,
        input: callInput(part),
        ...(part.server && {providerExecuted: true}),
        ...(error === undefined
          ? {state: 'output-available', output: result ?? null}
          : {state: 'output-error', errorText: error}),
      };
    }
    default:
      return undefined;
  }
}
