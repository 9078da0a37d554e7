// The types of a message. They are exported by `conversation.ts`, too.
import type {ErrorKind, StreamChatErrorCode} from './errors.js';
import type {ContentPart} from './message-content.js';

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
