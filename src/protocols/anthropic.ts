import type {Message} from '../model/conversation.js';
import type {Frame} from '../wire/framing.js';
import {asArray, asNumber, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {base64Of, callInput, systemText} from './encoding.js';
import {readFinish} from './finish-reason.js';
import {emptySchema} from './openai-chat.js';
import {readProviderError} from './provider-error.js';
import {filesOf, resultText, roundsOf, withoutFailed} from './rounds.js';
import {createSources} from './sources.js';
import {asText, textOf} from './text-of.js';
import {usageDelta} from './usage.js';

type Json = Readonly<Record<string, unknown>>;

/** Maximum number of tokens if the host page sets none: the format requires a value. */
const defaultMaxTokens = 4096;
const maxIndex = 4096;

/**
 * Anthropic Messages.
 * @see https://docs.anthropic.com/en/docs/build-with-claude/streaming
 */
export const anthropic: Protocol = {
  headers: {'anthropic-version': '2023-06-01'},

  encode: (messages, settings) => ({
    model: settings.model,
    max_tokens: settings.maxTokens ?? defaultMaxTokens,
    system: systemText(messages, settings.system) || undefined,
    messages: withoutFailed(messages)
      .filter(({role}) => role !== 'system')
      .flatMap(encodeMessage),
    stream: true,
    temperature: settings.temperature,
    top_p: settings.topP,
    tools: settings.tools?.length
      ? settings.tools.map(({name, description, parameters}) => ({
          name,
          description,
          input_schema: parameters ?? emptySchema,
        }))
      : undefined,
    output_config: settings.responseFormat && {format: {type: 'json_schema', schema: settings.responseFormat}},
  }),

  takesFile: ({mediaType}) => /^image\/(?:jpeg|png|gif|webp)$|\/pdf$/.test(mediaType),

  createDecoder() {
    const source = createSources();
    let blocks = new Map<number, Block>();
    let usage: Record<string, unknown> = {};
    let hasOutput = false;
    let attempt = 0;
    let finished = false;

    function* start(message: Json): Deltas {
      // A proxy retried and appended a second answer to the first, which is void.
      if (hasOutput) yield {type: 'restart'};
      attempt++;
      hasOutput = finished = false;
      blocks = new Map();
      usage = {};
      yield* count(message['usage']);
      yield* readWhole(message);
    }

    /** Decodes a whole answer in one object, from a server that does not stream. */
    function* readWhole(message: Json): Deltas {
      for (const [index, block] of asArray(message['content']).entries()) {
        yield* open(index, asRecord(block));
        yield* close(index);
      }
      if (message['stop_reason']) yield* stop(message);
    }

    function* count(native: unknown): Deltas {
      for (const [key, value] of Object.entries(asRecord(native))) {
        if (value !== null && key !== '__proto__') usage[key] = value;
      }
      if (Object.keys(usage).length === 0) return;
      yield usageDelta(
        {...usage},
        {
          inputTokens: usage['input_tokens'],
          outputTokens: usage['output_tokens'],
          reasoningTokens: asRecord(usage['output_tokens_details'])['thinking_tokens'],
          cachedTokens: usage['cache_read_input_tokens'],
        },
      );
    }

    function* open(index: number, block: Json): Deltas {
      const type = asString(block['type']);
      const key = `${attempt}.${index}`;
      const isThinking = type === 'thinking' || type === 'redacted_thinking';
      const begin = type === 'text' ? textOf(block['text']) : asText(block['thinking']);
      blocks.set(index, {type, key, native: isThinking ? {...block} : undefined, begin, repeated: ''});
      hasOutput = true;

      if (type.endsWith('_result')) {
        const {content} = block;
        const failure = block['is_error'] === true || asString(asRecord(content)['type']).endsWith('_error');
        const words = asString(asRecord(content)['error_code']) || JSON.stringify(content);
        return yield {
          type: 'tool-result',
          id: asString(block['tool_use_id']),
          result: content,
          ...(failure && {error: words}),
        };
      }
      if (type.endsWith('tool_use')) {
        const input = block['input'];
        const whole = Object.keys(asRecord(input)).length > 0 ? JSON.stringify(input) : '';
        return yield {
          type: 'tool-call',
          key,
          id: asString(block['id']),
          name: asString(block['name']),
          ...(whole && {arguments: whole}),
          ...(type !== 'tool_use' && {server: true}),
        };
      }
      if (begin) yield {type: isThinking ? 'reasoning' : 'text', text: begin};
      for (const citation of asArray(block['citations'])) {
        yield* source(asRecord(citation)['url'], asRecord(citation)['title']);
      }
    }

    /** Emits text, without the beginning that some servers send with the block and again in its deltas. */
    function* say(type: 'text' | 'reasoning', text: string, block: Block | undefined): Deltas {
      finished = false;
      if (!block?.begin) return yield {type, text};
      const repeated = block.repeated + text;
      if (block.begin.startsWith(repeated)) {
        block.repeated = repeated;
        return;
      }
      yield {type, text: repeated.startsWith(block.begin) ? repeated.slice(block.begin.length) : repeated};
      block.begin = '';
    }

    function* change(index: number, delta: Json): Deltas {
      const block = blocks.get(index);
      const {type} = delta;
      if (type === 'text_delta') yield* say('text', textOf(delta['text']), block);
      else if (type === 'thinking_delta') {
        const text = asText(delta['thinking']);
        if (block?.native) block.native['thinking'] = asString(block.native['thinking']) + text;
        yield* say('reasoning', text, block);
      } else if (type === 'signature_delta') {
        if (block?.native) block.native['signature'] = asString(delta['signature']);
      } else if (type === 'input_json_delta') {
        const text = asString(delta['partial_json']);
        if (text && block?.type.endsWith('tool_use')) yield {type: 'tool-call', key: block.key, arguments: text};
      } else if (type === 'citations_delta') {
        const {url, title} = asRecord(delta['citation']);
        yield* source(url, title);
      } else yield {type: 'unknown', event: asString(type)};
    }

    function* close(index: number): Deltas {
      const block = blocks.get(index);
      if (block?.native) yield {type: 'native', value: block.native};
      if (block?.type.endsWith('tool_use')) yield {type: 'tool-call', key: block.key, complete: true};
      blocks.delete(index);
    }

    function* stop(delta: Json): Deltas {
      const ends = readFinish(delta['stop_reason']);
      finished ||= ends.length > 0;
      yield* ends;
    }

    return {
      *decode(frame: Frame): Deltas {
        if (frame.event === 'bare' || frame.data === '' || frame.data === '[DONE]') return;
        const event = asRecord(frame.json);
        const type = asString(event['type']) || frame.event;
        const index = asNumber(event['index']) ?? 0;
        if (!Number.isInteger(index) || index < 0 || index > maxIndex) {
          return yield {type: 'unknown', event: `block ${index}`};
        }
        switch (type) {
          case 'message_start':
            return yield* start(asRecord(event['message']));
          case 'content_block_start':
            return yield* open(index, asRecord(event['content_block']));
          case 'content_block_delta':
            return yield* change(index, asRecord(event['delta']));
          case 'content_block_stop':
            return yield* close(index);
          case 'message_delta':
            yield* count(event['usage']);
            return yield* stop(asRecord(event['delta']));
          case 'message_stop':
            return yield {type: 'end'};
          case 'error':
            return yield {type: 'error', error: readProviderError(event)};
          case 'ping':
            return;
          case 'message':
            yield* start(event);
            return yield {type: 'end'};
          default:
            yield {type: 'unknown', event: type};
        }
      },
      end: () => (finished ? [{type: 'end'}] : []),
      isWhole: () => finished,
    };
  },
};

interface Block {
  readonly type: string;
  readonly key: string;
  readonly native: Record<string, unknown> | undefined;
  /** Text that came with the start of the block, and how much of it the deltas repeated. */
  begin: string;
  repeated: string;
}

function encodeMessage(message: Message): object[] {
  if (message.role === 'assistant') {
    return roundsOf(message).flatMap(({parts, calls}) => [
      {role: 'assistant', content: parts.flatMap(encodePart)},
      ...(calls.length > 0 ? [{role: 'user', content: calls.map(encodeResult)}] : []),
    ]);
  }
  const files = filesOf(message).map(({url, mediaType}) => {
    const inline = base64Of(url);
    const source = inline
      ? {type: 'base64', media_type: inline.mediaType || mediaType, data: inline.data}
      : {type: 'url', url};
    return {type: mediaType.startsWith('image/') ? 'image' : 'document', source};
  });
  const {text} = message;
  return [{role: 'user', content: files.length > 0 ? [...files, ...(text ? [{type: 'text', text}] : [])] : text}];
}

function encodePart(part: Message['parts'][number]): object[] {
  if (part.type === 'native') {
    return /^(?:redacted_)?thinking$/.test(asString(asRecord(part.value)['type'])) ? [asRecord(part.value)] : [];
  }
  // The API rejects text blocks that are empty or only white space.
  if (part.type === 'text' || part.type === 'refusal') return part.text.trim() ? [{type: 'text', text: part.text}] : [];
  if (part.type !== 'tool-call' || part.server) return [];
  return [{type: 'tool_use', id: part.id, name: part.name, input: callInput(part)}];
}

function encodeResult(call: Parameters<typeof resultText>[0]): object {
  return {
    type: 'tool_result',
    tool_use_id: call.id,
    content: resultText(call),
    ...(call.error !== undefined && {is_error: true}),
  };
}
