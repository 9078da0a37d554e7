import type {SavedAnswer} from './saved-answer.js';
import {createMessage, type Message, type MessageInit, type Part} from '../model/conversation.js';

/** Returns whether a value that was parsed from the storage has the expected type. */
type Check = (value: unknown) => boolean;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isString = (value: unknown): value is string => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number';
const isAnything: Check = () => true;

/** JSON has no `NaN`, which is stored as `null`, and counts as absent. */
const optional = (check: Check): Check => (value) => value == null || check(value);
const oneOf = (...values: readonly string[]): Check => (value) => isString(value) && values.includes(value);
const arrayOf = (check: Check): Check => (value) => Array.isArray(value) && value.every(check);
/** Checks the fields named here, and permits others: a later version may have stored them. */
const record = (fields: Readonly<Record<string, Check>>): Check => (value) =>
  isRecord(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

const partChecks: Readonly<Record<Part['type'], Check>> = {
  text: record({text: isString}),
  reasoning: record({text: isString, seconds: optional(isNumber)}),
  refusal: record({text: isString}),
  source: record({url: isString, title: optional(isString)}),
  file: record({url: isString, mediaType: isString, name: optional(isString)}),
  native: isAnything,
  'tool-call': record({
    key: isString,
    id: isString,
    name: isString,
    arguments: isString,
    state: oneOf('streaming', 'called', 'asking', 'running', 'done', 'failed'),
    round: optional(isNumber),
    error: optional(isString),
  }),
};

const isPart: Check = (value) =>
  isRecord(value) && isString(value['type']) && Object.hasOwn(partChecks, value['type']) && partChecks[value['type'] as Part['type']](value);

const isMessage = record({
  id: optional(isString),
  role: oneOf('user', 'assistant', 'system', 'tool'),
  text: isString,
  parts: arrayOf(isPart),
  status: optional(oneOf('streaming', 'done', 'stopped', 'failed')),
  reason: optional(isString),
  error: optional(record({code: isString, message: isString, status: optional(isNumber), retryAfter: optional(isNumber)})),
  usage: optional(
    record({
      inputTokens: optional(isNumber),
      outputTokens: optional(isNumber),
      totalTokens: optional(isNumber),
      reasoningTokens: optional(isNumber),
      cachedTokens: optional(isNumber),
    }),
  ),
  seconds: optional(isNumber),
  createdAt: optional(isNumber),
});

const isAnswer = record({
  reader: record({
    protocolName: optional(isString),
    frames: optional(isNumber),
    position: record({run: optional(isString), ordinal: optional(isNumber), seen: arrayOf(isString), hashes: optional(arrayOf(isNumber))}),
  }),
  responseId: optional(isString),
  headers: arrayOf((pair) => arrayOf(isString)(pair) && (pair as unknown[]).length === 2),
  rounds: optional(record({number: isNumber, before: isMessage, current: isMessage})),
});

/** Returns a stored message, or `undefined` if it cannot be rendered or sent. */
export function readMessage(value: unknown, index = 0): Message | undefined {
  return isMessage(value) ? {...(value as Message), ...createMessage(value as MessageInit, String(index), 0)} : undefined;
}

/** Returns the messages among stored values. Drops those that cannot be rendered or sent, and second ones with the same ID. */
export function readMessages(values: readonly unknown[]): readonly Message[] {
  const messages = new Map<string, Message>();
  for (const [index, value] of values.entries()) {
    const message = readMessage(value, index);
    if (message && !messages.has(message.id)) messages.set(message.id, message);
  }
  return [...messages.values()];
}

/** Returns a stored value if it is the state of this unfinished answer. `joinRounds` returns the message if it has several rounds. */
export function readAnswer(value: unknown, id: string, joinRounds: () => Message): SavedAnswer | undefined {
  if (!isAnswer(value)) return undefined;
  const saved = value as SavedAnswer;
  const message: unknown = saved.message ?? (saved.rounds && joinRounds());
  return isMessage(message) && (message as Message).id === id ? {...saved, message: message as Message} : undefined;
}
