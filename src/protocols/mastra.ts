import type {Frame} from '../wire/framing.js';
import {asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {readFinish} from './finish-reason.js';
import {openaiChat} from './openai-chat.js';
import {readProviderError} from './provider-error.js';
import {createSources} from './sources.js';
import {asText} from './text-of.js';
import {usageDelta} from './usage.js';

type Json = Readonly<Record<string, unknown>>;

const silent =
  /^(?:start|step-start|step-output|step-finish|text-start|text-end|reasoning-start|reasoning-end|reasoning-signature|tool-call-input-streaming-end|response-metadata)$/;

/**
 * The stream of a Mastra agent, `POST /api/agents/{id}/stream`.
 * @see https://mastra.ai/docs/streaming/events
 */
export const mastra: Protocol = {
  encode(messages, settings) {
    const {messages: sent} = openaiChat.encode!(messages, {...settings, system: undefined});
    return {
      messages: (sent as readonly {content: unknown}[]).map((message) => ({
        ...message,
        ...(Array.isArray(message.content) && {content: message.content.map(encodePart)}),
      })),
      system: settings.system,
      modelSettings: {temperature: settings.temperature, topP: settings.topP, maxOutputTokens: settings.maxTokens},
      clientTools: settings.tools?.length
        ? Object.fromEntries(
            settings.tools.map(({name, description, parameters}) => [
              name,
              {id: name, description, inputSchema: parameters},
            ]),
          )
        : undefined,
      structuredOutput: settings.responseFormat && {schema: settings.responseFormat},
    };
  },

  takesFile: () => true,

  createDecoder() {
    const source = createSources();
    const known = new Set<string>();
    let finished = false;

    function* readTool(type: string, payload: Json): Deltas {
      const id = asString(payload['toolCallId']);
      const name = asString(payload['toolName']);
      const piece = asString(payload['argsTextDelta']);
      const whole = type === 'tool-call';
      if (type === 'tool-result' || type === 'tool-error') {
        const failed = type === 'tool-error' || payload['isError'] === true;
        const error = failed ? readProviderError(payload['error'] ?? payload['result']).message : undefined;
        return yield {
          type: 'tool-result',
          id,
          result: payload['result'] ?? null,
          ...(error !== undefined && {error}),
        };
      }
      yield {
        type: 'tool-call',
        key: id,
        ...(!known.has(id) && {id}),
        ...(name && {name}),
        ...(payload['providerExecuted'] === true && {server: true}),
        ...(piece && {arguments: piece}),
        ...(whole && {input: JSON.stringify(payload['args'] ?? {}), complete: true}),
      };
      known.add(id);
    }

    function* finish(payload: Json): Deltas {
      finished = true;
      const native = asRecord(payload['output'])['usage'];
      const usage = asRecord(native);
      if (native) {
        yield usageDelta(native, {
          inputTokens: usage['inputTokens'] ?? usage['promptTokens'],
          outputTokens: usage['outputTokens'] ?? usage['completionTokens'],
          totalTokens: usage['totalTokens'],
          reasoningTokens: usage['reasoningTokens'],
          cachedTokens: usage['cachedInputTokens'],
        });
      }
      const ends = readFinish(asRecord(payload['stepResult'])['reason']);
      if (ends.length > 0) yield* ends;
      else yield {type: 'finish', reason: 'stop'};
    }

    return {
      *decode(frame: Frame): Deltas {
        if (frame.data.trim() === '[DONE]') return yield {type: 'end'};
        if (frame.event === 'bare' || frame.data === '') return;
        const event = asRecord(frame.json);
        const type = asString(event['type']);
        const payload = asRecord(event['payload']);
        const text = asText(payload['text']);
        if (type === 'text-delta' || type === 'reasoning-delta') {
          if (text) yield {type: type === 'text-delta' ? 'text' : 'reasoning', text};
        } else if (/^tool-(?:call$|call-delta|call-input-streaming-start|result|error)/.test(type)) {
          yield* readTool(type, payload);
        } else if (type === 'source') yield* source(payload['url'], payload['title']);
        else if (type === 'file') {
          const mediaType = asString(payload['mimeType']) || asString(payload['mediaType']);
          const data = asString(payload['data']) || asString(payload['base64']);
          yield {type: 'file', mediaType, url: `data:${mediaType};base64,${data}`};
        } else if (type === 'finish') yield* finish(payload);
        else if (type === 'abort') {
          finished = true;
          yield {type: 'finish', reason: 'aborted', native: type};
        } else if (type === 'error' || type === 'tripwire') {
          yield {type: 'error', error: readProviderError(payload['error'] ?? payload['reason'] ?? payload)};
        } else if (!silent.test(type)) yield {type: 'unknown', event: type};
      },
      end: () => (finished ? [{type: 'end'}] : []),
      isWhole: () => finished,
    };
  },
};

/** Encodes a content part. Mastra uses the messages of the AI SDK with other names for files. */
function encodePart(part: unknown): unknown {
  const {type, image_url: image, file} = asRecord(part);
  if (type === 'image_url') return {type: 'image', image: asRecord(image)['url']};
  const {filename, file_data: data} = asRecord(file);
  const mimeType = /^data:([^;,]+)/.exec(asString(data))?.[1];
  return type === 'file' ? {type: 'file', data, filename, mimeType, mediaType: mimeType} : part;
}
