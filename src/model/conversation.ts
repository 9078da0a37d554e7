// The model of a conversation: its types, and the one function that applies a delta to a message, with its helpers.
import type {StreamChatError} from './errors.js';
import {changeMessage, PartList, withPartList} from './part-list.js';
import type {FinishReason, Message, MessageInit, Part, ToolCallPart, Usage} from './message.js';
import {readContent, readParts} from './message-content.js';

export type {Role, FinishReason, Usage, ToolState, ToolCallPart, Part, MessageError, Message, MessageInit} from './message.js';

/** One decoded increment of an answer, the same for all wire formats. */
export type Delta =
  | {readonly type: 'text'; readonly text: string}
  | {readonly type: 'reasoning'; readonly text: string}
  | {readonly type: 'refusal'; readonly text: string}
  /** Replaces the whole text so far: from a stream of snapshots, or as a correction. */
  | {readonly type: 'replace'; readonly text: string; readonly kind?: 'text' | 'reasoning'}
  /** Discards the answer received so far, because it begins again. */
  | {readonly type: 'restart'}
  /** Increment of a tool call. `key` identifies the call in its answer; `arguments` is appended, `input` replaces. */
  | {
      readonly type: 'tool-call';
      readonly key: string;
      readonly id?: string;
      readonly name?: string;
      readonly arguments?: string;
      readonly input?: string;
      readonly server?: boolean;
      readonly complete?: boolean;
    }
  | {readonly type: 'tool-result'; readonly id: string; readonly result: unknown; readonly error?: string}
  | {readonly type: 'source'; readonly url: string; readonly title?: string}
  | {readonly type: 'file'; readonly url: string; readonly mediaType: string; readonly name?: string}
  /** Data to send back unchanged in the next request of the same format (signatures, encrypted reasoning). */
  | {readonly type: 'native'; readonly value: unknown}
  | {readonly type: 'usage'; readonly usage: Usage}
  /** `native`: the reason as the provider named it. */
  | {readonly type: 'finish'; readonly reason: FinishReason; readonly native?: string}
  /** ID of this answer on the server, needed to resume or stop it. */
  | {readonly type: 'response-id'; readonly id: string}
  /** An error reported inside the stream. The stream may continue for a few frames. */
  | {readonly type: 'error'; readonly error: StreamChatError}
  /** An event unknown to the decoder. Counted, never fatal. */
  | {readonly type: 'unknown'; readonly event: string}
  /** Proof that the answer is complete. */
  | {readonly type: 'end'};

const textTypes: ReadonlySet<Part['type']> = new Set(['text', 'refusal']);

/** Creates a complete message from the input of the host page, or from a question. */
export function createMessage(init: MessageInit, id: string, createdAt: number): Message {
  const content = readContent(init.text ?? init.content);
  const given = readParts(init.parts) as unknown as readonly Part[];
  // In addition to files, the host page may pass the text alone.
  const partsAreComplete = content.length === 0 || given.some(({type}) => textTypes.has(type));
  const parts = partsAreComplete ? given : [...content, ...given];
  return {
    id: init.id ?? id,
    role: init.role ?? 'user',
    text: joinText(content) || joinText(parts),
    parts,
    status: init.status === 'streaming' ? 'stopped' : (init.status ?? 'done'),
    ...(init.reason && {reason: init.reason}),
    ...(init.error && {error: init.error}),
    ...(init.usage && {usage: init.usage}),
    ...('parsed' in init && {parsed: init.parsed}),
    ...(init.seconds !== undefined && {seconds: init.seconds}),
    createdAt: init.createdAt ?? createdAt,
  };
}

/** Returns whether there is nothing to send in a question of the host page. */
export function isEmptyQuestion(init: MessageInit): boolean {
  const {text, parts} = createMessage(init, '', 0);
  return text.trim() === '' && parts.every(({type}) => type === 'text');
}

/** Returns the JSON of the messages of the host page, by which equal lists are recognised; `undefined` if they have none. */
export function keyOf(messages: readonly MessageInit[]): string | undefined {
  try {
    return JSON.stringify(messages);
  } catch {
    // A result that refers to itself, a BigInt, a getter that throws: such a list equals no other.
    return undefined;
  }
}

/** Creates the empty answer to which deltas are applied. */
export function createAnswer(id: string, createdAt: number): Message {
  return {id, role: 'assistant', text: '', parts: [], status: 'streaming', createdAt};
}

/** Returns the text of a message: that of its text and refusal parts. */
export function joinText(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join('');
}

/** Returns the message with `delta` applied, or the message itself if the delta does not affect it. */
export function applyDelta(message: Message, delta: Delta): Message {
  switch (delta.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return appendText(message, delta.type, delta.text);
    case 'replace':
      return replaceText(message, delta.kind ?? 'text', delta.text);
    case 'restart':
      return {...message, parts: [], text: ''};
    case 'tool-call':
      return applyToolCall(message, delta);
    case 'tool-result':
      return updateToolCall(message, ({id}) => id === delta.id, {
        state: delta.error === undefined ? 'done' : 'failed',
        result: delta.result,
        ...(delta.error !== undefined && {error: delta.error}),
      });
    case 'source':
      return PartList.of(message).indexOf('source', delta.url) === -1 ? withPartList(message, PartList.of(message).append(delta)) : message;
    case 'file':
    case 'native':
      return withPartList(message, PartList.of(message).append(delta));
    case 'usage':
      return changeMessage(message, {usage: delta.usage});
    case 'finish':
      return changeMessage(message, {reason: delta.reason});
    default:
      return message;
  }
}

function appendText(message: Message, type: 'text' | 'reasoning' | 'refusal', addition: string): Message {
  if (addition === '') return message;
  // A source may arrive in the middle of a sentence, which continues after it.
  const list = PartList.of(message);
  const at = list.findLastIndex((part) => part.type !== 'source');
  const last = list.get(at);
  const continues = last?.type === type;
  const text = continues ? last.text + addition : addition;
  const grown = continues ? list.with(at, {...last, text}) : list.append({type, text});
  if (!textTypes.has(type)) return withPartList(message, grown);
  // If one part holds all text, share its string: if joined twice, browsers keep all fragments of the unrendered copy.
  return withPartList(message, grown, {text: text.length === message.text.length + addition.length ? text : message.text + addition});
}

function replaceText(message: Message, type: 'text' | 'reasoning', text: string): Message {
  const at = message.parts.findIndex((part) => part.type === type);
  const others = message.parts.filter((part) => part.type !== type);
  const parts = others.toSpliced(at === -1 ? others.length : at, 0, {type, text});
  return {...message, parts, text: type === 'text' ? joinText(parts) : message.text};
}

function applyToolCall(message: Message, delta: Extract<Delta, {type: 'tool-call'}>): Message {
  const update = (part: ToolCallPart): ToolCallPart => ({
    ...part,
    id: part.id || (delta.id ?? ''),
    name: delta.name ?? part.name,
    arguments: delta.input ?? part.arguments + (delta.arguments ?? ''),
    state: delta.complete && part.state === 'streaming' ? 'called' : part.state,
    ...(delta.server && {server: true}),
  });
  const list = PartList.of(message);
  const at = list.indexOf('tool-call', delta.key);
  const before = list.get(at);
  if (before?.type === 'tool-call') return withPartList(message, list.with(at, update(before)));
  const part: ToolCallPart = {type: 'tool-call', key: delta.key, id: '', name: '', arguments: '', state: 'streaming'};
  return withPartList(message, list.append(update(part)));
}

/** Returns the message with `change` applied to the last call that `matches`, or the message itself. */
export function updateToolCall(
  message: Message,
  matches: (part: ToolCallPart) => boolean,
  change: Partial<ToolCallPart>,
): Message {
  const list = PartList.of(message);
  return changeToolCall(message, list, list.findLastIndex((part) => part.type === 'tool-call' && matches(part)), change);
}

/** Returns the message with `change` applied to the call with this key, or the message itself. */
export function updateToolCallByKey(message: Message, key: string, change: Partial<ToolCallPart>): Message {
  const list = PartList.of(message);
  return changeToolCall(message, list, list.indexOf('tool-call', key), change);
}

function changeToolCall(message: Message, list: PartList, at: number, change: Partial<ToolCallPart>): Message {
  const part = list.get(at);
  return part?.type === 'tool-call' ? withPartList(message, list.with(at, {...part, ...change})) : message;
}

/** Whether the last content is reasoning whose duration is not known yet. */
export function isReasoning(message: Message): boolean {
  const list = PartList.of(message);
  const last = list.get(list.findLastIndex(({type}) => type !== 'source'));
  return last?.type === 'reasoning' && last.seconds === undefined;
}

/** Returns the message with the duration of its last reasoning. */
export function timeReasoning(message: Message, seconds: number): Message {
  const list = PartList.of(message);
  const at = list.findLastIndex((part) => part.type === 'reasoning');
  const part = list.get(at);
  return part?.type === 'reasoning' ? withPartList(message, list.with(at, {...part, seconds})) : message;
}

const counts = ['inputTokens', 'outputTokens', 'totalTokens', 'reasoningTokens', 'cachedTokens'] as const;

/** Returns the sum of the reported usage of several answers, or `undefined` if none was reported. */
export function sumUsage(usages: readonly (Usage | undefined)[]): Usage | undefined {
  const known = usages.filter((usage) => usage !== undefined);
  if (known.length < 2) return known[0];
  const sum: {-readonly [K in keyof Usage]: Usage[K]} = {};
  for (const usage of known) {
    for (const name of counts) {
      const count = name === 'totalTokens' ? totalTokens(usage) : usage[name];
      if (count !== undefined) sum[name] = (sum[name] ?? 0) + count;
    }
  }
  return {...sum, native: known.at(-1)!.native};
}

/** Returns the total tokens of an answer, summed if the server reports only input and output. */
export function totalTokens({totalTokens, inputTokens, outputTokens}: Usage): number | undefined {
  if (totalTokens !== undefined) return totalTokens;
  return inputTokens === undefined && outputTokens === undefined ? undefined : (inputTokens ?? 0) + (outputTokens ?? 0);
}

/** Joins the rounds of one answer: the previous ones, and the current one. */
export function joinRounds(before: Message, round: Message): Message {
  const usage = sumUsage([before.usage, round.usage]);
  return {
    ...round,
    text: before.text + round.text,
    parts: [...before.parts, ...round.parts],
    ...(usage && {usage}),
  };
}

/** Returns the message as complete or stopped. */
export function endAnswer(message: Message, reason: FinishReason): Message {
  return {...message, reason, status: reason === 'aborted' ? 'stopped' : 'done'};
}

/** Returns the message as failed. Content received so far is kept. */
export function failAnswer(message: Message, error: StreamChatError): Message {
  const {code, status, retryable, retryAfter, kind} = error;
  return {
    ...message,
    status: 'failed',
    error: {
      code,
      message: error.message,
      retryable,
      ...(status !== undefined && {status}),
      ...(retryAfter !== undefined && {retryAfter}),
      ...(kind && {kind}),
    },
  };
}

/**
 * Returns the messages to send in a request, and of these only the last `limit`. Omits empty answers, and the questions
 * that they leave unanswered: chat templates of many models refuse two questions in a row.
 */
export function sendable(messages: readonly Message[], limit: number | undefined): readonly Message[] {
  const isEmpty = (message: Message | undefined) => message?.role === 'assistant' && message.parts.length === 0;
  const withContent = messages.filter((message, index) => {
    const isUnanswered = message.role === 'user' && isEmpty(messages[index + 1]);
    return !isEmpty(message) && !isUnanswered;
  });
  return limit === undefined ? withContent : withContent.slice(-Math.max(1, limit));
}
