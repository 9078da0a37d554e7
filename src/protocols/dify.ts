import type {Frame} from '../wire/framing.js';
import {asRecord, asString, type Protocol} from './protocol.js';
import type {Deltas} from './deltas.js';
import {readProviderError} from './provider-error.js';
import {filesOf} from './rounds.js';
import {asText} from './text-of.js';
import {openaiUsage} from './usage.js';

type Json = Readonly<Record<string, unknown>>;

const silent =
  /^(?:ping|workflow_started|node_|iteration_|loop_|parallel_|tts_message|agent_log|message_finished|datasource_)/;

/**
 * Dify apps: chat, agent, chatflow, completion and workflow. The server stores the conversation; its ID comes with
 * every answer and is sent with the next question.
 * @see https://docs.dify.ai/api-reference/chat/send-chat-message
 */
export const dify: Protocol = {
  encode(messages, settings) {
    const question = messages.findLast(({role}) => role === 'user');
    const files = question ? filesOf(question) : [];
    return {
      inputs: {},
      query: question?.text ?? '',
      response_mode: 'streaming',
      conversation_id: conversationId(messages),
      user: settings.chatId,
      files: files.map(({url, mediaType}) => ({
        type: mediaType.startsWith('image/') ? 'image' : 'document',
        transfer_method: 'remote_url',
        url,
      })),
    };
  },

  // Dify fetches files by URL. Other files have to be uploaded beforehand.
  takesFile: ({url}) => /^https?:/.test(url),

  createDecoder() {
    let named = false;
    let finished = false;
    let hasText = false;
    const thoughts = new Set<string>();

    function* name(event: Json): Deltas {
      const id = asString(event['task_id']);
      if (named || !id) return;
      named = true;
      yield {type: 'response-id', id};
      const conversation = asString(event['conversation_id']);
      if (conversation) yield {type: 'native', value: {conversation_id: conversation}};
    }

    /** Decodes a step of an agent, which is sent again when the tool has answered. */
    function* readThought(event: Json): Deltas {
      const id = asString(event['id']);
      const tool = asString(event['tool']);
      const observation = asString(event['observation']);
      if (!tool) return;
      if (!thoughts.has(id)) {
        thoughts.add(id);
        const input = asString(event['tool_input']);
        yield {type: 'tool-call', key: id, id, name: tool, input, server: true, complete: true};
      }
      if (observation) yield {type: 'tool-result', id, result: observation};
    }

    return {
      *decode(frame: Frame): Deltas {
        if (frame.event === 'bare' || frame.data === '' || frame.data === '[DONE]') return;
        const event = asRecord(frame.json);
        const type = asString(event['event']) || frame.event;
        const data = asRecord(event['data']);
        yield* name(event);
        switch (type) {
          case 'message':
          case 'agent_message': {
            const text = asText(event['answer']);
            hasText ||= text !== '';
            if (text) yield {type: 'text', text};
            return;
          }
          case 'text_chunk':
            hasText = true;
            return yield {type: 'text', text: asText(data['text'])};
          case 'message_replace':
          case 'text_replace':
            return yield {type: 'replace', text: asString(event['answer']) || asString(data['text'])};
          case 'agent_thought':
            return yield* readThought(event);
          case 'message_file': {
            const mediaType = asString(event['type']) === 'image' ? 'image/*' : 'application/octet-stream';
            if (event['belongs_to'] !== 'user') yield {type: 'file', url: asString(event['url']), mediaType};
            return;
          }
          case 'workflow_finished':
            finished = true;
            // A workflow without streaming nodes sends its text only here.
            if (!hasText) yield {type: 'text', text: Object.values(asRecord(data['outputs'])).map(asText).find(Boolean) ?? ''};
            if (data['status'] === 'failed') yield {type: 'error', error: readProviderError(data)};
            if (data['status'] === 'stopped') yield {type: 'finish', reason: 'aborted', native: 'stopped'};
            return;
          case 'message_end': {
            const {usage} = asRecord(event['metadata']);
            if (usage) yield openaiUsage(usage);
            return yield {type: 'end'};
          }
          case 'error':
            return yield {type: 'error', error: readProviderError(event)};
          default:
            if (!silent.test(type)) yield {type: 'unknown', event: type};
        }
      },
      // A workflow app sends no `message_end`.
      end: () => (finished ? [{type: 'end'}] : []),
      isWhole: () => finished,
    };
  },
};

function conversationId(messages: Parameters<NonNullable<Protocol['encode']>>[0]): string {
  const ids = messages.flatMap(({parts}) =>
    parts.map((part) => (part.type === 'native' ? asString(asRecord(part.value)['conversation_id']) : '')),
  );
  return ids.findLast((id) => id !== '') ?? '';
}
