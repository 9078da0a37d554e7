import type {FinishReason, Message, Usage} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';

/** State of the element. */
export type ChatState = 'idle' | 'connecting' | 'streaming' | 'waiting' | 'offline';

/** Which text of a message a delta belongs to. */
export type TextKind = 'text' | 'reasoning' | 'refusal';

/** Detail of `delta`. */
export interface DeltaDetail {
  /** ID of the message. */
  readonly id: string;
  /** The text that arrived. In a burst, deltas after the first 200 are coalesced into longer ones. */
  readonly text: string;
  /** Offset of the text in the text of its kind, in UTF-16 code units. */
  readonly offset: number;
  readonly kind: TextKind;
  /** The whole text of its kind so far. */
  readonly snapshot: string;
  /**
   * Value of the JSON answer so far, with everything open closed. `undefined` without `responseFormat`, and while nothing
   * can be parsed. Parsed on access.
   */
  readonly partial: unknown;
}

/** Text arrived and was added to the conversation. Rendered in the next animation frame. */
export class DeltaEvent extends CustomEvent<DeltaDetail> {
  constructor(detail: DeltaDetail) {
    super('delta', {detail});
  }
}

/** Timing and counts of an answer. Times are in milliseconds since it was requested. */
export interface Timing {
  /** Time until the first text; `undefined` if there was none. */
  readonly firstDelta: number | undefined;
  /** Time until the end. */
  readonly total: number;
  /** Number of `delta` events. */
  readonly chunks: number;
  /** Number of reconnections. */
  readonly reconnects: number;
  /** Number of frames that the wire format does not know. */
  readonly unknown: number;
}

/** Detail of `done`. */
export interface DoneDetail {
  readonly message: Message;
  readonly reason: FinishReason;
  readonly usage: Usage | undefined;
  readonly timing: Timing;
}

/** The answer is complete or was stopped (`reason`), and all of its text is in the DOM. */
export class DoneEvent extends CustomEvent<DoneDetail> {
  constructor(detail: DoneDetail) {
    super('done', {detail});
  }
}

/** Detail of `error`. */
export interface ErrorDetail {
  readonly error: StreamChatError;
  /** The answer so far; `undefined` if there is none. */
  readonly message: Message | undefined;
}

/** An answer or a tool failed, or the page is misconfigured (`error.code`). Text received so far is kept. */
export class AnswerErrorEvent extends CustomEvent<ErrorDetail> {
  constructor(detail: ErrorDetail) {
    super('error', {detail});
  }
}

/** A message is about to be sent. Cancelable. */
export class SendEvent extends CustomEvent<{readonly message: Message}> {
  constructor(message: Message) {
    super('send', {detail: {message}, cancelable: true});
  }
}

/** Detail of `request`: the request to send. Mutable. */
export interface RequestDetail {
  url: string;
  readonly headers: Headers;
  /** The body before it is encoded as JSON; `undefined` if none is sent. */
  body: Record<string, unknown> | undefined;
  /** 0 for the first attempt. */
  readonly attempt: number;
}

/** A request is about to be sent, including reconnections. Cancelable, which stops the answer; `detail` is mutable. */
export class RequestEvent extends CustomEvent<RequestDetail> {
  #promises: Promise<unknown>[] = [];

  constructor(detail: RequestDetail) {
    super('request', {detail, cancelable: true});
  }

  /** Delays the request until `promise` is fulfilled; it may change the detail. A rejection ends the answer. */
  waitUntil(promise: Promise<unknown>): void {
    this.#promises.push(promise);
  }

  /** Resolves when all promises passed to `waitUntil()` are fulfilled. */
  async ready(): Promise<void> {
    await Promise.all(this.#promises);
  }
}

/** Detail of `toolcall`. */
export interface ToolCallDetail {
  readonly id: string;
  readonly name: string;
  /** The parsed arguments. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The model called a tool. Answer with `respondWith()`; otherwise the entry of `tools` with that name runs. */
export class ToolCallEvent extends CustomEvent<ToolCallDetail> {
  /** @internal The value passed to `respondWith()`. */
  response: Promise<unknown> | undefined;

  constructor(detail: ToolCallDetail) {
    super('toolcall', {detail});
  }

  /**
   * Answers the call with a JSON value, or a promise of one. A rejection is reported to the model as a failure of the
   * tool. Throws if called twice, or not synchronously in a listener.
   */
  respondWith(result: unknown): void {
    if (this.response || this.eventPhase === Event.NONE) {
      throw new StreamChatError('config', 'respondWith() may be called once, while the listener of "toolcall" runs. Give it a promise.');
    }
    this.response = Promise.resolve(result);
  }
}

/** Detail of `reconnect`. */
export interface ReconnectDetail {
  /** Number of attempts so far. */
  readonly attempt: number;
  /** Seconds until the next attempt. */
  readonly delay: number;
  readonly cause: StreamChatError;
}

/** The connection was lost; the next attempt follows after `delay` seconds. */
export class ReconnectEvent extends CustomEvent<ReconnectDetail> {
  constructor(detail: ReconnectDetail) {
    super('reconnect', {detail});
  }
}

/** Text that was already delivered was replaced by `text`. */
export class ResetEvent extends CustomEvent<{readonly id: string; readonly text: string}> {
  constructor(id: string, text: string) {
    super('reset', {detail: {id, text}});
  }
}

/** The state changed. */
export class StateChangeEvent extends CustomEvent<{readonly state: ChatState}> {
  constructor(state: ChatState) {
    super('statechange', {detail: {state}});
  }
}

/** The conversation was cleared. */
export class ClearEvent extends CustomEvent<null> {
  constructor() {
    super('clear', {detail: null});
  }
}

/** The launcher panel opened. */
export class OpenEvent extends CustomEvent<null> {
  constructor() {
    super('open', {detail: null});
  }
}

/** The launcher panel closed. */
export class CloseEvent extends CustomEvent<null> {
  constructor() {
    super('close', {detail: null});
  }
}

/** A link in an answer was activated. Cancelable. */
export class LinkEvent extends CustomEvent<{readonly url: string}> {
  constructor(url: string) {
    super('link', {detail: {url}, cancelable: true});
  }
}

/** The user copied text with a button of the element. */
export class CopyTextEvent extends CustomEvent<{readonly text: string}> {
  constructor(text: string) {
    super('copy-text', {detail: {text}});
  }
}

/** Rating of an answer; `undefined` if it was withdrawn. */
export type Feedback = 'good' | 'bad' | undefined;

/** The user rated an answer or withdrew the rating. Nothing is sent. */
export class FeedbackEvent extends CustomEvent<{readonly message: Message; readonly value: Feedback}> {
  constructor(message: Message, value: Feedback) {
    super('feedback', {detail: {message, value}});
  }
}

/** The events of `<stream-chat>` by name. Like those of `<video>`, they do not bubble. */
export interface StreamChatEventMap {
  delta: DeltaEvent;
  done: DoneEvent;
  error: AnswerErrorEvent;
  send: SendEvent;
  request: RequestEvent;
  toolcall: ToolCallEvent;
  reconnect: ReconnectEvent;
  reset: ResetEvent;
  statechange: StateChangeEvent;
  clear: ClearEvent;
  open: OpenEvent;
  close: CloseEvent;
  link: LinkEvent;
  'copy-text': CopyTextEvent;
  feedback: FeedbackEvent;
}
