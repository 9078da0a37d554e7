import type {Frame} from '../wire/framing.js';
import {asArray, asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {finishReason} from './conventions.js';
import {findText} from './json-text.js';
import {encodeLangChain, readLangChainMessage} from './langchain.js';
import {readProviderError} from './provider-error.js';
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

    function* readMessage(value: unknown): Deltas {
      const {text, reasoning, fields, role} = readLangChainMessage(value);
      if (role === 'user' || role === 'tool') return;
      if (reasoning) yield {type: 'reasoning', text: reasoning};
      if (text) yield {type: 'text', text};
      for (const chunk of asArray(fields['tool_call_chunks']).map(asRecord)) {
        yield* calls.add({index: chunk['index'], id: chunk['id'], name: chunk['name'], arguments: chunk['args']});
      }
      const metadata = asRecord(fields['response_metadata']);
      const native = asString(metadata['finish_reason']) || asString(metadata['stop_reason']);
      if (native) yield {type: 'finish', reason: finishReason(native), native};
      if (fields['usage_metadata']) yield openaiUsage(fields['usage_metadata']);
    }

    function* readData(json: unknown): Deltas {
      if (typeof json === 'string') {
        if (json !== '') yield {type: 'text', text: json};
        return;
      }
      const record = asRecord(json);
      const event = asString(record['event']);
      if (event.startsWith('on_')) {
        if (event === 'on_chat_model_stream') yield* readMessage(asRecord(record['data'])['chunk']);
      } else if (('content' in record && 'type' in record) || record['type'] === 'constructor')
        yield* readMessage(record);
      else {
        const text = findText(record);
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
        if (frame.event === 'bare' || frame.data === '') return;
        const json = frame.json;
        if (frame.event === 'error') yield {type: 'error', error: readProviderError(json)};
        else if (frame.event === 'metadata') {
          const id = asString(asRecord(json)['run_id']);
          if (id) yield {type: 'response-id', id};
        } else if (frame.event === 'data' || frame.event === '') yield* readData(json);
        else yield {type: 'unknown', event: frame.event};
      },
    };
  },
};
