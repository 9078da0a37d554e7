// The model of a conversation: its types, and the one function that applies a delta to a message, with its helpers.
import type {ErrorKind, StreamChatError, StreamChatErrorCode} from './errors.js';
import {readContent, readParts, type ContentPart} from './message-content.js';

/** Author of a message. */
export type Role = 'user' | 'assistant' | 'system' | 'tool';

/** Why an answer ended. `aborted`: the user or the host page stopped it. */
export type FinishReason = 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'aborted';

/** Token counts of one answer, as far as the server reports them. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  readonly reasoningTokens?: number;
  readonly cachedTokens?: number;
  /** Usage object as the provider sent it. */
  readonly native?: unknown;
}

/** State of a tool call. `asking`: the user has to confirm it. `running`: it runs in the page. */
export type ToolState = 'streaming' | 'called' | 'asking' | 'running' | 'done' | 'failed';

/** A tool call of the model. */
export interface ToolCallPart {
  readonly type: 'tool-call';
  /** Key of the call, unique in its answer, also while the call has no `id`. */
  readonly key: string;
  readonly id: string;
  readonly name: string;
  /** JSON text of the arguments received so far. Empty means `{}`. */
  readonly arguments: string;
  readonly state: ToolState;
  /** Whether the provider runs the tool, so that the page does not. */
  readonly server?: boolean;
  /** Index of the round in which the call was made; absent in round 0. */
  readonly round?: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** One part of the content of a message. */
export type Part =
  | {readonly type: 'text'; readonly text: string}
  | {readonly type: 'reasoning'; readonly text: string; readonly seconds?: number}
  | {readonly type: 'refusal'; readonly text: string}
  | {readonly type: 'source'; readonly url: string; readonly title?: string}
  | {readonly type: 'file'; readonly name?: string; readonly mediaType: string; readonly url: string}
  | {readonly type: 'native'; readonly value: unknown}
  | ToolCallPart;

/** Error of a failed message as plain data, so that it can be stored and sent. */
export interface MessageError {
  readonly code: StreamChatErrorCode;
  readonly message: string;
  readonly status?: number;
  readonly retryable: boolean;
  readonly retryAfter?: number;
  /** What the user has to change, if that is the cause. */
  readonly kind?: ErrorKind;
}

/** One message of the conversation. Plain data, never mutated. */
export interface Message {
  readonly id: string;
  readonly role: Role;
  /** Text of the message: all text and refusal parts, joined. */
  readonly text: string;
  readonly parts: readonly Part[];
  readonly status: 'streaming' | 'done' | 'stopped' | 'failed';
  readonly reason?: FinishReason;
  readonly error?: MessageError;
  readonly usage?: Usage;
  /** Parsed value of a structured output. Only present if `responseFormat` was set. */
  readonly parsed?: unknown;
  /** Generation time in seconds, without the waits for the first token and for tools. */
  readonly seconds?: number;
  /** Time of creation, in milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Input from which a message is created. `content` is an alias of `text`, as in OpenAI's messages, or an array of their parts. */
export interface MessageInit {
  readonly id?: string;
  readonly role?: Role;
  readonly text?: string;
  readonly content?: string | readonly ContentPart[];
  readonly parts?: readonly Part[];
  readonly status?: Message['status'];
  readonly reason?: FinishReason;
  readonly error?: MessageError;
  readonly usage?: Usage;
  readonly parsed?: unknown;
  readonly seconds?: number;
  readonly createdAt?: number;
}

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
      if (message.parts.some((part) => part.type === 'source' && part.url === delta.url)) return message;
      return {...message, parts: [...message.parts, delta]};
    case 'file':
    case 'native':
      return {...message, parts: [...message.parts, delta]};
    case 'usage':
      return {...message, usage: delta.usage};
    case 'finish':
      return {...message, reason: delta.reason};
    default:
      return message;
  }
}

function appendText(message: Message, type: 'text' | 'reasoning' | 'refusal', addition: string): Message {
  if (addition === '') return message;
  // A source may arrive in the middle of a sentence, which continues after it.
  const at = message.parts.findLastIndex((part) => part.type !== 'source');
  const last = message.parts[at];
  const continues = last?.type === type;
  const text = continues ? last.text + addition : addition;
  const parts = continues ? message.parts.with(at, {...last, text}) : [...message.parts, {type, text}];
  if (!textTypes.has(type)) return {...message, parts};
  // If one part holds all text, share its string: if joined twice, browsers keep all fragments of the unrendered copy.
  return {...message, parts, text: text.length === message.text.length + addition.length ? text : message.text + addition};
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
  if (message.parts.some((part) => part.type === 'tool-call' && part.key === delta.key)) {
    return {
      ...message,
      parts: message.parts.map((part) => (part.type === 'tool-call' && part.key === delta.key ? update(part) : part)),
    };
  }
  const part: ToolCallPart = {type: 'tool-call', key: delta.key, id: '', name: '', arguments: '', state: 'streaming'};
  return {...message, parts: [...message.parts, update(part)]};
}

/** Returns the message with `change` applied to the last call that `matches`, or the message itself. */
export function updateToolCall(
  message: Message,
  matches: (part: ToolCallPart) => boolean,
  change: Partial<ToolCallPart>,
): Message {
  const at = message.parts.findLastIndex((part) => part.type === 'tool-call' && matches(part));
  const part = message.parts[at];
  return part?.type === 'tool-call' ? {...message, parts: message.parts.with(at, {...part, ...change})} : message;
}

/** Whether the last content is reasoning whose duration is not known yet. */
export function isReasoning({parts}: Message): boolean {
  const last = parts.findLast(({type}) => type !== 'source');
  return last?.type === 'reasoning' && last.seconds === undefined;
}

/** Returns the message with the duration of its last reasoning. */
export function timeReasoning(message: Message, seconds: number): Message {
  const at = message.parts.findLastIndex((part) => part.type === 'reasoning');
  const part = message.parts[at];
  return part?.type === 'reasoning' ? {...message, parts: message.parts.with(at, {...part, seconds})} : message;
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
