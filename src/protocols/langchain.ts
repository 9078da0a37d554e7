import type {Message} from '../model/conversation.js';
import {asArray, asRecord, asString} from './protocol.js';
import {callInput} from './encoding.js';
import {encodeFile} from './openai-chat.js';
import {asText, textOf} from './text-of.js';
import {filesOf, resultText, roundsOf, withoutFailed} from './rounds.js';

// LangChain messages, sent by LangGraph and LangServe.

type Json = Readonly<Record<string, unknown>>;

/** A message or message chunk, in any serialisation. */
export interface LangChainMessage {
  readonly fields: Json;
  readonly role: 'assistant' | 'tool' | 'user' | 'other';
  readonly id: string;
  readonly text: string;
  readonly reasoning: string;
}

/** Decodes a message, including the constructor form of LangChain's serialisation. */
export function readLangChainMessage(value: unknown): LangChainMessage {
  const record = asRecord(value);
  const isConstructor = record['type'] === 'constructor';
  const fields = isConstructor ? asRecord(record['kwargs']) : record;
  const name = isConstructor ? asString(asArray(record['id']).at(-1)) : asString(record['type']);
  const {content} = fields;
  const parts = asArray(content).map(asRecord);
  const reasons = parts.map((part) => asString(part['thinking']) || asString(part['reasoning']) || summaryOf(part));
  return {
    fields,
    role: roleOf(name || asString(record['role'])),
    id: asString(fields['id']),
    text: Array.isArray(content) ? parts.map((part) => asText(part['text'])).join('') : textOf(content),
    reasoning: asString(asRecord(fields['additional_kwargs'])['reasoning_content']) || reasons.join(''),
  };
}

function roleOf(name: string): LangChainMessage['role'] {
  if (/^(?:ai|assistant)/i.test(name)) return 'assistant';
  if (/^tool/i.test(name)) return 'tool';
  return /^(?:human|user)/i.test(name) ? 'user' : 'other';
}

function summaryOf(part: Json): string {
  return asArray(part['summary'])
    .map((item) => asString(asRecord(item)['text']))
    .join('');
}

/** Encodes the conversation as LangChain messages. */
export function encodeLangChain(messages: readonly Message[], system: string | undefined): object[] {
  return [
    ...(system ? [{type: 'system', content: system}] : []),
    ...withoutFailed(messages).flatMap((message): object[] => {
      const {id, role, text} = message;
      if (role === 'system') return [{type: 'system', content: text}];
      if (role !== 'assistant') {
        // LangChain models accept the content parts of OpenAI's chat format.
        const files = filesOf(message).map(encodeFile);
        return [{type: 'human', id, content: files.length > 0 ? [...(text ? [{type: 'text', text}] : []), ...files] : text}];
      }
      return roundsOf(message).flatMap(({text: content, calls}) => [
        {
          type: 'ai',
          content,
          tool_calls: calls.map((call) => ({
            type: 'tool_call',
            id: call.id,
            name: call.name,
            args: callInput(call),
          })),
        },
        ...calls.map((call) => ({
          type: 'tool',
          tool_call_id: call.id,
          name: call.name,
          content: resultText(call),
          ...(call.error !== undefined && {status: 'error'}),
        })),
      ]);
    }),
  ];
}
