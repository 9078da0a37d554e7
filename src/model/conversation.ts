import type {StreamChatError, StreamChatErrorCode} from './errors.js';

/** Who speaks. */
export type Role = 'user' | 'assistant' | 'system' | 'tool';

/** Why an answer ended. `aborted`: the person or the page stopped it. */
export type FinishReason = 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'aborted';

/** Tokens of one answer, as far as the format tells them. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  readonly reasoningTokens?: number;
  readonly cachedTokens?: number;
  /** The object as the provider wrote it. */
  readonly native?: unknown;
}

/** How far a tool call has come. `asking`: the person has to allow it. `running`: in the page. */
export type ToolState = 'streaming' | 'called' | 'asking' | 'running' | 'done' | 'failed';

/** A call of a tool by the model. */
export interface ToolCallPart {
  readonly type: 'tool-call';
  /** Tells the calls of one answer apart, also while they have no id. */
  readonly key: string;
  readonly id: string;
  readonly name: string;
  /** JSON text of the arguments, as far as it has come. Empty stands for `{}`. */
  readonly arguments: string;
  readonly state: ToolState;
  /** Run by the provider; the page is not asked to run it. */
  readonly server?: boolean;
  /** In which turn of the model the call was made, from 0, which is not written. */
  readonly round?: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** One piece of what a message consists of, in order. */
export type Part =
  | {readonly type: 'text'; readonly text: string}
  | {readonly type: 'reasoning'; readonly text: string; readonly seconds?: number}
  | {readonly type: 'refusal'; readonly text: string}
  | {readonly type: 'source'; readonly url: string; readonly title?: string}
  | {readonly type: 'file'; readonly name?: string; readonly mediaType: string; readonly url: string}
  | {readonly type: 'native'; readonly value: unknown}
  | ToolCallPart;

/** Why a message failed, as plain data: it can be stored and sent. */
export interface MessageError {
  readonly code: StreamChatErrorCode;
  readonly message: string;
  readonly status?: number;
  readonly retryable: boolean;
  readonly retryAfter?: number;
}

/** One message of the conversation. Plain data, never changed in place. */
export interface Message {
  readonly id: string;
  readonly role: Role;
  /** What was said: all text and refusal parts, joined. */
  readonly text: string;
  readonly parts: readonly Part[];
  readonly status: 'streaming' | 'done' | 'stopped' | 'failed';
  readonly reason?: FinishReason;
  readonly error?: MessageError;
  readonly usage?: Usage;
  /** The value of a structured answer: what its JSON says. Only where `responseFormat` was set. */
  readonly parsed?: unknown;
  /** Seconds that the model spoke, without the waits for its first word and for tools. */
  readonly seconds?: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** What the page may give where a message is expected; `content` as in OpenAI's messages. */
export interface MessageInit {
  readonly id?: string;
  readonly role?: Role;
  readonly text?: string;
  readonly content?: string;
  readonly parts?: readonly Part[];
  readonly status?: Message['status'];
  readonly reason?: FinishReason;
  readonly error?: MessageError;
  readonly usage?: Usage;
  readonly parsed?: unknown;
  readonly seconds?: number;
  readonly createdAt?: number;
}

/** What one frame of a stream says, whatever its wire format. */
export type Delta =
  | {readonly type: 'text'; readonly text: string}
  | {readonly type: 'reasoning'; readonly text: string}
  | {readonly type: 'refusal'; readonly text: string}
  /** The whole text so far is this: a stream of snapshots, or a correction. */
  | {readonly type: 'replace'; readonly text: string; readonly kind?: 'text' | 'reasoning'}
  /** What came so far of this answer does not count: it begins again. */
  | {readonly type: 'restart'}
  /** A piece of a tool call. `key` tells calls of one answer apart; `arguments` is appended, `input` replaces. */
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
  /** Something to be sent back unchanged in the next request of the same format (signatures, encrypted reasoning). */
  | {readonly type: 'native'; readonly value: unknown}
  | {readonly type: 'usage'; readonly usage: Usage}
  /** `native`: the provider's own word for the reason. */
  | {readonly type: 'finish'; readonly reason: FinishReason; readonly native?: string}
  /** The server's name for this answer: needed to resume or to stop it. */
  | {readonly type: 'response-id'; readonly id: string}
  /** An error told inside the stream. The stream may go on for a few frames. */
  | {readonly type: 'error'; readonly error: StreamChatError}
  /** An event that the format's decoder does not know. Counted, never fatal. */
  | {readonly type: 'unknown'; readonly event: string}
  /** The proof that the answer is complete. */
  | {readonly type: 'end'};

const saidTypes: ReadonlySet<Part['type']> = new Set(['text', 'refusal']);

/** Makes a whole message of what the page gave, or of a question. */
export function createMessage(init: MessageInit, id: string, createdAt: number): Message {
  const said = init.text ?? init.content;
  const given = init.parts ?? [];
  // Beside files the page may give the text alone.
  const isGiven = !said || given.some(({type}) => saidTypes.has(type));
  const parts = isGiven ? given : [{type: 'text' as const, text: said}, ...given];
  return {
    id: init.id ?? id,
    role: init.role ?? 'user',
    text: said ?? joinText(parts),
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

/** Makes the empty answer that deltas are applied to. */
export function createAnswer(id: string, createdAt: number): Message {
  return {id, role: 'assistant', text: '', parts: [], status: 'streaming', createdAt};
}

function joinText(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join('');
}

/** Returns the message with what `delta` says. A delta that says nothing of the message returns the message itself. */
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

function appendText(message: Message, type: 'text' | 'reasoning' | 'refusal', piece: string): Message {
  if (piece === '') return message;
  // A source is told of in the middle of a sentence, which goes on behind it.
  const at = message.parts.findLastIndex((part) => part.type !== 'source');
  const last = message.parts[at];
  const goesOn = last?.type === type;
  const text = goesOn ? last.text + piece : piece;
  const parts = goesOn ? message.parts.with(at, {...last, text}) : [...message.parts, {type, text}];
  if (!saidTypes.has(type)) return {...message, parts};
  // Where all that was said is one part it is one string: joined twice, browsers keep all pieces of the one not drawn.
  return {...message, parts, text: text.length === message.text.length + piece.length ? text : message.text + piece};
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

/** Returns the message with `change` in the last call that `isIt` says yes to, or the message itself. */
export function updateToolCall(
  message: Message,
  isIt: (part: ToolCallPart) => boolean,
  change: Partial<ToolCallPart>,
): Message {
  const at = message.parts.findLastIndex((part) => part.type === 'tool-call' && isIt(part));
  const part = message.parts[at];
  return part?.type === 'tool-call' ? {...message, parts: message.parts.with(at, {...part, ...change})} : message;
}

/** Returns the message with the time that its last reasoning took. */
export function timeReasoning(message: Message, seconds: number): Message {
  const at = message.parts.findLastIndex((part) => part.type === 'reasoning');
  const part = message.parts[at];
  return part?.type === 'reasoning' ? {...message, parts: message.parts.with(at, {...part, seconds})} : message;
}

const counts = ['inputTokens', 'outputTokens', 'totalTokens', 'reasoningTokens', 'cachedTokens'] as const;

/** Adds up what is known of the tokens of several answers; `undefined` if that is nothing. */
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

/** Returns all tokens of an answer, also where the format tells only its parts. */
export function totalTokens({totalTokens, inputTokens, outputTokens}: Usage): number | undefined {
  if (totalTokens !== undefined) return totalTokens;
  return inputTokens === undefined && outputTokens === undefined ? undefined : (inputTokens ?? 0) + (outputTokens ?? 0);
}

/** Joins the turns of one answer: what came before, and the turn that is read. */
export function joinRounds(before: Message, round: Message): Message {
  const usage = sumUsage([before.usage, round.usage]);
  return {
    ...round,
    text: before.text + round.text,
    parts: [...before.parts, ...round.parts],
    ...(usage && {usage}),
  };
}

/** Returns the message as it ended well, or was stopped. */
export function endAnswer(message: Message, reason: FinishReason): Message {
  return {...message, reason, status: reason === 'aborted' ? 'stopped' : 'done'};
}

/** Returns the message as it failed. What came of it is kept. */
export function failAnswer(message: Message, error: StreamChatError): Message {
  const {code, status, retryable, retryAfter} = error;
  return {
    ...message,
    status: 'failed',
    error: {
      code,
      message: error.message,
      retryable,
      ...(status !== undefined && {status}),
      ...(retryAfter !== undefined && {retryAfter}),
    },
  };
}

/** Returns the messages that a request carries: not the failed ones that say nothing, and not more than `limit`. */
export function sendable(messages: readonly Message[], limit: number | undefined): readonly Message[] {
  const said = messages.filter(({role, parts}) => role !== 'assistant' || parts.length > 0);
  return limit === undefined ? said : said.slice(-Math.max(1, limit));
}
