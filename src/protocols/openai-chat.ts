import type {Delta, Message} from '../model/conversation.js';
import type {Frame} from '../wire/framing.js';
import {asArray, asRecord, asString, type Protocol, type RequestSettings} from './protocol.js';
import {finishReason} from './home-made.js';
import {readProviderError} from './provider-error.js';
import {filesOf, resultText, roundsOf, withoutFailed, type FilePart} from './rounds.js';
import {createSources} from './sources.js';
import {createThinkTags} from './think-tags.js';
import {createToolCalls} from './tool-calls.js';
import {openaiUsage} from './usage.js';

/**
 * OpenAI Chat Completions and all that copy it, and the older Completions. Server-sent events, or NDJSON as the
 * `openai` package writes it with `toReadableStream()`.
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 */
export const openaiChat: Protocol = {
  encode: (messages, settings) => ({
    model: settings.model,
    messages: [
      ...(settings.system ? [{role: 'system', content: settings.system}] : []),
      ...withoutFailed(messages).flatMap(encodeMessage),
    ],
    stream: true,
    stream_options: {include_usage: true},
    temperature: settings.temperature,
    top_p: settings.topP,
    [takesMaxTokens(settings.model) ? 'max_tokens' : 'max_completion_tokens']: settings.maxTokens,
    tools: settings.tools?.length
      ? settings.tools.map(({name, description, parameters}) => ({
          type: 'function',
          function: {name, description, parameters: parameters ?? emptySchema},
        }))
      : undefined,
    response_format: settings.responseFormat && {
      type: 'json_schema',
      json_schema: {name: 'answer', schema: settings.responseFormat, ...strictness(settings)},
    },
  }),

  // Of documents it takes PDF alone.
  takesFile: ({mediaType}) => /^image\/(?!svg)|\/pdf$/.test(mediaType),

  createDecoder() {
    const think = createThinkTags();
    const calls = createToolCalls();
    const source = createSources();
    let finished = false;
    let named = false;
    let lastIndex = 0;
    let reasoning = '';

    // No generators, which cost most of the reading of a token.
    let deltas: Delta[] = [];
    const tell = (more: Iterable<Delta>) => deltas.push(...more);

    const add = (type: 'reasoning' | 'refusal', text: string) => {
      if (text !== '') deltas.push({type, text});
    };

    const close = () => {
      tell(think.flush());
      tell(calls.complete());
    };

    const readText = (content: unknown) => {
      if (typeof content === 'string') tell(think.push(content));
      for (const part of asArray(content)) {
        const {type, text, thinking} = asRecord(part);
        if (type === 'thinking') add('reasoning', textOf(thinking) || asString(thinking));
        else tell(think.push(asString(text)));
      }
    };

    const readChoice = (choice: Readonly<Record<string, unknown>>) => {
      const delta = asRecord(choice['delta'] ?? choice['message']);
      const sent = asString(delta['reasoning_content']);
      reasoning += sent;
      // One and the same text comes under several names at once.
      add('reasoning', sent || asString(delta['reasoning']) || textOf(delta['reasoning_details']));
      readText(delta['content'] ?? ('content' in delta ? '' : choice['text']));
      add('refusal', asString(delta['refusal']));

      const pieces = asArray(delta['tool_calls']).map((piece) => ({...asRecord(piece), ...fields(piece)}));
      if (delta['function_call']) pieces.push(fields({function: delta['function_call']}));
      if (pieces.length > 0 && reasoning) {
        // DeepSeek asks for the reasoning that led to a call.
        deltas.push({type: 'native', value: {reasoning_content: reasoning}});
        reasoning = '';
      }
      for (const piece of pieces) tell(calls.add(piece));

      for (const annotation of asArray(delta['annotations'])) {
        const {url, title} = asRecord(asRecord(annotation)['url_citation']);
        tell(source(url, title));
      }

      const reason = asString(choice['finish_reason']);
      if (!reason || reason === 'error') return;
      finished = true;
      close();
      // Some servers end a turn with calls as any other.
      const normal = finishReason(reason);
      deltas.push({type: 'finish', reason: normal === 'stop' && calls.size > 0 ? 'tool-calls' : normal, native: reason});
    };

    const read = (frame: Frame) => {
      if (frame.data.trim() === '[DONE]') {
        close();
        return deltas.push({type: 'end'});
      }
      if (frame.event === 'bare') return;
      if (frame.data === '') return deltas.push({type: 'unknown', event: frame.event});
      const chunk = asRecord(frame.json);
      const {error, object} = chunk;
      const id = asString(chunk['id']);
      if (id && !named) deltas.push({type: 'response-id', id});
      named ||= id !== '';
      const choices = asArray(chunk['choices']).map(asRecord);
      if (error || frame.event === 'error' || object === 'error') {
        deltas.push({type: 'error', error: readProviderError(error ? chunk : frame.json)});
      } else if (choices.length === 0 && !('choices' in chunk)) {
        deltas.push({type: 'unknown', event: frame.event || asString(object)});
      }

      for (const choice of choices) {
        const index = Number(choice['index'] ?? 0);
        // An old server of Hugging Face numbers the tokens there.
        const counts = object === 'text_completion' && choices.length === 1 && index === lastIndex + 1;
        if (counts) lastIndex = index;
        if (index !== 0 && !counts) continue;
        if (choice['finish_reason'] === 'error' && !error) {
          deltas.push({type: 'error', error: readProviderError(choice['error'] ?? frame.json)});
        }
        readChoice(choice);
      }
      for (const result of asArray(chunk['search_results'])) {
        tell(source(asRecord(result)['url'], asRecord(result)['title']));
      }
      for (const url of asArray(chunk['citations'])) tell(source(url));

      const usage = chunk['usage'] ?? asRecord(chunk['x_groq'])['usage'];
      if (usage) deltas.push(openaiUsage(usage));
    };

    return {
      decode(frame) {
        deltas = [];
        read(frame);
        return deltas;
      },
      end() {
        deltas = [];
        tell(think.flush());
        if (finished) deltas.push({type: 'end'});
        return deltas;
      },
    };
  },
};

/** Parameters of a tool that takes none. */
export const emptySchema = {type: 'object', properties: {}};

/** A schema that forbids other properties was written for strict mode; any other one would be refused in it. */
export function strictness({responseFormat}: RequestSettings): {strict: true} | undefined {
  return asRecord(responseFormat)['additionalProperties'] === false ? {strict: true} : undefined;
}

/** The newer models of OpenAI refuse `max_tokens`, which is the name that all other servers know. */
function takesMaxTokens(model = ''): boolean {
  return !/^(?:openai\/)?(?:o\d|gpt-[5-9])/.test(model);
}

function fields(piece: unknown): {name?: unknown; arguments?: unknown} {
  const {name, arguments: text} = asRecord(asRecord(piece)['function']);
  return {name, arguments: text};
}

/** Joins the texts of parts such as `{"text": "…"}` or `{"summary": "…"}`. */
function textOf(parts: unknown): string {
  return asArray(parts)
    .map((part) => asString(asRecord(part)['text']) || asString(asRecord(part)['summary']))
    .join('');
}

function encodeMessage(message: Message): object[] {
  if (message.role === 'assistant') return roundsOf(message).flatMap(encodeRound);
  const files = filesOf(message).map(encodeFile);
  const {role, text} = message;
  return [{role, content: files.length > 0 ? [...(text ? [{type: 'text', text}] : []), ...files] : text}];
}

/** A file as a piece of the content of a message. */
export function encodeFile({url, name, mediaType}: FilePart): object {
  return mediaType.startsWith('image/')
    ? {type: 'image_url', image_url: {url}}
    : {type: 'file', file: {filename: name ?? 'file', file_data: url}};
}

function encodeRound({text, parts, calls}: ReturnType<typeof roundsOf>[number]): object[] {
  if (calls.length === 0) return [{role: 'assistant', content: text}];
  const natives = parts.map((part) => asRecord(part.type === 'native' && part.value));
  const kept = natives.map((value) => asString(value['reasoning_content'])).join('');
  return [
    {
      role: 'assistant',
      content: text,
      ...(kept && {reasoning_content: kept}),
      tool_calls: calls.map(({id, name, arguments: text}) => ({
        id,
        type: 'function',
        function: {name, arguments: text || '{}'},
      })),
    },
    ...calls.map((call) => ({role: 'tool', tool_call_id: call.id, content: resultText(call)})),
  ];
}
