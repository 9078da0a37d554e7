import type {Delta, Message} from '../model/conversation.js';
import type {Frame} from '../wire/framing.js';
import {asArray, asRecord, asString, type Protocol, type RequestSettings} from './protocol.js';
import {readFinish} from './finish-reason.js';
import {readProviderError} from './provider-error.js';
import {filesOf, resultText, roundsOf, withoutFailed, type FilePart} from './rounds.js';
import {createSources, listSources, sourceKeys} from './sources.js';
import {asText, textOf} from './text-of.js';
import {createThinkTags} from './think-tags.js';
import {createToolCalls} from './tool-calls.js';
import {openaiUsage} from './usage.js';

/**
 * OpenAI Chat Completions, compatible servers, and the older Completions. Server-sent events, or NDJSON as written by
 * `toReadableStream()` of the `openai` package.
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

  // The only document type supported is PDF.
  takesFile: ({mediaType}) => /^image\/(?!svg)|\/pdf$/.test(mediaType),

  createDecoder() {
    const think = createThinkTags();
    const calls = createToolCalls();
    const source = createSources();
    let finished = false;
    let named = false;
    let lastIndex = 0;
    let firstIndex: number | undefined;
    let reasoning = '';
    let hasText = false;
    let hasReasoning = false;

    // No generators: they dominate the cost of decoding a token.
    let deltas: Delta[] = [];
    const emit = (more: Iterable<Delta>) => deltas.push(...more);

    const add = (type: 'reasoning' | 'refusal', text: string) => {
      if (text === '') return;
      hasReasoning ||= type === 'reasoning';
      deltas.push({type, text});
    };

    const close = () => {
      emit(think.flush());
      emit(calls.complete());
    };

    const addText = (text: string) => {
      if (text === '') return;
      hasText = true;
      finished = false;
      // Reasoning that arrived in a field of its own comes first; what repeats it in the text is dropped.
      for (const delta of think.push(text)) if (!hasReasoning || delta.type !== 'reasoning') deltas.push(delta);
    };

    const readText = (content: unknown) => {
      if (!Array.isArray(content)) return addText(textOf(content));
      for (const part of content) {
        const {type, thinking} = asRecord(part);
        if (type === 'thinking') add('reasoning', textOf(thinking));
        else addText(textOf(part));
      }
    };

    /** A whole message after its increments, which it repeats. */
    const settle = (message: Readonly<Record<string, unknown>>) => {
      emit(think.flush());
      const parts = createThinkTags();
      for (const delta of [...parts.push(textOf(message['content'])), ...parts.flush()]) {
        if (delta.type === 'text') deltas.push({type: 'replace', text: delta.text});
      }
    };

    const readChoice = (choice: Readonly<Record<string, unknown>>) => {
      const isWhole = !choice['delta'] && Boolean(choice['message']);
      const delta = asRecord(choice['delta'] ?? choice['message']);
      if (isWhole && hasText) settle(delta);
      else {
        const sent = asText(delta['reasoning_content']);
        reasoning += sent;
        // Some servers send the same text under several names at once.
        const thought = sent || asText(delta['reasoning']) || textOf(delta['reasoning_details']);
        if (!isWhole || !hasReasoning) add('reasoning', thought);
        readText(delta['content'] ?? ('content' in delta ? '' : choice['text']));
        add('refusal', asString(delta['refusal']));
      }

      const pieces = asArray(delta['tool_calls']).map((piece) => ({...asRecord(piece), ...fields(piece)}));
      if (delta['function_call']) pieces.push(fields({function: delta['function_call']}));
      if (pieces.length > 0 && reasoning) {
        // DeepSeek requires the reasoning that led to a call in the next request.
        deltas.push({type: 'native', value: {reasoning_content: reasoning}});
        reasoning = '';
      }
      emit(calls.add(...pieces));

      for (const annotation of asArray(delta['annotations'])) {
        const {url, title} = asRecord(asRecord(annotation)['url_citation']);
        emit(source(url, title));
      }

      const ends = readFinish(choice['finish_reason'] ?? choice['finishReason'], calls.size > 0);
      if (ends.length === 0) return;
      close();
      finished = true;
      emit(ends);
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
      } else if (!Array.isArray(chunk['choices'])) {
        deltas.push({type: 'unknown', event: frame.event || asString(object)});
      }

      for (const choice of choices) {
        const index = Number(choice['index'] ?? 0);
        // An old version of Hugging Face TGI numbers the tokens there.
        const counts = object === 'text_completion' && choices.length === 1 && index === lastIndex + 1;
        if (counts) lastIndex = index;
        // One of several choices: the first, or the only one a server sends.
        firstIndex ??= choices.some((one) => !one['index']) ? 0 : index;
        if (index !== firstIndex && !counts) continue;
        if (choice['error'] && !error) deltas.push({type: 'error', error: readProviderError(choice['error'])});
        readChoice(choice);
        if (choice['usage'] && !chunk['usage']) deltas.push(openaiUsage(choice['usage']));
      }
      for (const key of sourceKeys) emit(listSources(source, chunk[key]));

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
        emit(think.flush());
        if (finished) deltas.push({type: 'end'});
        return deltas;
      },
      isWhole: () => finished,
    };
  },
};

/** JSON Schema of a tool without parameters. */
export const emptySchema = {type: 'object', properties: {}};

/** Returns `strict` for a schema that forbids additional properties: strict mode rejects any other schema. */
export function strictness({responseFormat}: RequestSettings): {strict: true} | undefined {
  return asRecord(responseFormat)['additionalProperties'] === false ? {strict: true} : undefined;
}

/** Returns whether a model takes `max_tokens`, the name that other servers know. Newer OpenAI models reject it. */
function takesMaxTokens(model = ''): boolean {
  return !/^(?:openai\/)?(?:o\d|gpt-[5-9])/.test(model);
}

function fields(piece: unknown): {name?: unknown; arguments?: unknown} {
  const {name, arguments: text} = asRecord(asRecord(piece)['function']);
  return {name, arguments: text};
}

function encodeMessage(message: Message): object[] {
  if (message.role === 'assistant') return roundsOf(message).flatMap(encodeRound);
  const files = filesOf(message).map(encodeFile);
  const {role, text} = message;
  return [{role, content: files.length > 0 ? [...(text ? [{type: 'text', text}] : []), ...files] : text}];
}

/** Encodes a file as a content part of a message. */
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
