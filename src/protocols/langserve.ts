import type {Frame} from '../wire/framing.js';
import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {readFinish} from './finish-reason.js';
import {findText} from './find-text.js';
import {encodeLangChain, readLangChainMessage} from './langchain.js';
import {findFailure, readProviderError} from './provider-error.js';
import {asText} from './text-of.js';
import {createToolCalls} from './tool-calls.js';
import {openaiUsage} from './usage.js';

/**
 * LangServe: `{path}/stream`, and the model events of `{path}/stream_events`. Sends a list of messages; set `body` if the
 * chain takes another input.
 * @see https://github.com/langchain-ai/langserve
 */
export const langserve: Protocol = {
  encode: (messages, settings) => ({
    input: {messages: encodeLangChain(messages, settings.system)},
    config: {},
    kwargs: {},
  }),

  takesFile: ({mediaType}) => /^image\/(?!svg)|\/pdf$/.test(mediaType),

  createDecoder() {
    const calls = createToolCalls();
    /** A server that names its events also names the last one. */
    let promised = false;
    let hasUsage = false;

    function* readMessage(value: unknown): Deltas {
      const {text, reasoning, fields, role} = readLangChainMessage(value);
      if (role === 'user' || role === 'tool') return;
      if (reasoning) yield {type: 'reasoning', text: reasoning};
      if (text) yield {type: 'text', text};
      const chunks = asArray(fields['tool_call_chunks']).map(asRecord);
      yield* calls.add(...chunks.map(({index, id, name, args}) => ({index, id, name, arguments: args})));
      const metadata = asRecord(fields['response_metadata']);
      yield* readFinish(metadata['finish_reason'] ?? metadata['stop_reason']);
      if (!fields['usage_metadata']) return;
      hasUsage = true;
      yield openaiUsage(fields['usage_metadata']);
    }

    /** The result of a tool that ran on the server. */
    function* readResult(output: unknown): Deltas {
      const {text, fields} = readLangChainMessage(output);
      const id = asString(fields['tool_call_id']);
      yield* calls.complete();
      if (id) yield {type: 'tool-result', id, result: text, ...(fields['status'] === 'error' && {error: text})};
    }

    /** The whole message of a model whose chunks came before, with its usage if these had none. */
    function* readEnd(output: unknown): Deltas {
      const {fields} = readLangChainMessage(output);
      if (fields['usage_metadata'] && !hasUsage) yield openaiUsage(fields['usage_metadata']);
    }

    function* readData(json: unknown): Deltas {
      if (typeof json !== 'object') return yield {type: 'text', text: asText(json)};
      const record = asRecord(json);
      const event = asString(record['event']);
      if (event.startsWith('on_')) {
        const {chunk, output} = asRecord(record['data']);
        if (event === 'on_chat_model_stream' || event === 'on_llm_stream') yield* readMessage(chunk);
        else if (event === 'on_tool_end') yield* readResult(output);
        else if (event === 'on_tool_error') yield {type: 'unknown', event};
        else if (event === 'on_chat_model_end') yield* readEnd(output);
      } else if (('content' in record && 'type' in record) || record['type'] === 'constructor')
        yield* readMessage(record);
      else {
        const text = findFailure(record) ? undefined : findText(record);
        if (text) yield {type: 'text', text};
        else if (text === undefined) yield {type: 'unknown', event: 'data'};
      }
    }

    return {
      *decode(frame: Frame): Deltas {
        if (frame.event === 'end') {
          yield* calls.complete();
          return yield {type: 'end'};
        }
        if (frame.event === 'bare' || frame.data === '' || frame.data === '[DONE]') return;
        promised ||= frame.event !== '';
        const json = frame.json;
        if (frame.event === 'error') yield {type: 'error', error: readProviderError(json)};
        else if (frame.event === 'metadata') {
          const id = asString(asRecord(json)['run_id']);
          if (id) yield {type: 'response-id', id};
        } else if (frame.event === 'data' || frame.event === '') yield* readData(json);
        else yield {type: 'unknown', event: frame.event};
      },
      end: () => (promised ? [] : [{type: 'end'}]),
    };
  },
};
