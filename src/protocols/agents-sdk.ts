import type {Frame} from '../wire/framing.js';
import {asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {createEventFormat, createMessageText, frameOf, serverCall} from './event-format.js';
import {openaiChat} from './openai-chat.js';
import {openaiResponses} from './openai-responses.js';
import {textOf} from './text-of.js';
import {anyUsage} from './usage.js';

/**
 * Stream events of the OpenAI Agents SDK (Python and JavaScript) as JSON. Its raw events are those of Responses or of
 * Chat Completions; its items repeat them when they are complete. All tools run on the server.
 * @see https://openai.github.io/openai-agents-python/streaming/
 */
export const agentsSdk: Protocol = createEventFormat(
  () => {
    const message = createMessageText();
    let responses = openaiResponses.createDecoder!();
    let round = 0;
    const chat = openaiChat.createDecoder!();
    let hasRawText = false;
    let hasDeltas = false;
    let hasRawCalls = false;

    /** An event of the model's API. Only the last of several responses ends the answer. */
    function* readRaw(event: unknown, frame: Frame): Deltas {
      const record = asRecord(event);
      if (record['type'] === 'response.created') {
        responses = openaiResponses.createDecoder!();
        round++;
        message.next();
      }
      const decoder = 'choices' in record ? chat : responses;
      for (const delta of decoder.decode(frameOf(event, frame))) {
        if (delta.type === 'text') {
          hasRawText = true;
          if (!hasDeltas) yield* message.add('text', delta.text);
        } else if (delta.type === 'tool-call') {
          hasRawCalls = true;
          yield {...delta, key: `${round} ${delta.key}`, server: true};
        } else if (delta.type !== 'end') yield delta;
      }
    }

    function* readItem(item: Readonly<Record<string, unknown>>): Deltas {
      const raw = asRecord(item['raw_item'] ?? item['rawItem']);
      const id = asString(raw['call_id']) || asString(raw['callId']) || asString(raw['id']);
      const type = asString(item['type']);
      if (type === 'tool_call_item') {
        if (!hasRawCalls) yield serverCall({id, name: asString(raw['name']) || asString(raw['type']), input: raw['arguments']});
      } else if (type === 'tool_call_output_item') {
        yield {type: 'tool-result', id, result: item['output'] ?? raw['output']};
      } else if (type === 'message_output_item') yield* message.settle('text', textOf(raw['content']));
      else if (type === 'reasoning_item' && !hasRawText) yield* message.settle('reasoning', textOf(raw['summary'] ?? raw['content']));
    }

    return function* (event, frame): Deltas {
      const type = asString(event['type']);
      const data = asRecord(event['data']);
      if (type === 'run_item_stream_event') return yield* readItem(asRecord(event['item']));
      if (type === 'raw_response_event') return yield* readRaw(data, frame);
      if (type !== 'raw_model_stream_event') {
        if (type !== 'agent_updated_stream_event') yield {type: 'unknown', event: type};
        return;
      }
      const inner = asString(data['type']);
      if (inner === 'model') return yield* readRaw(data['event'], frame);
      if (inner === 'response_done') return yield* anyUsage(asRecord(data['response'])['usage']);
      if (inner !== 'output_text_delta') return;
      // It stands before or behind the raw event with the same text.
      if (!hasRawText) {
        hasDeltas = true;
        yield* message.add('text', asString(data['delta']));
      }
    };
  },
  {endsWithBody: true},
);
