import type {FinishReason, Message, Usage} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';

/** What the element is doing. */
export type ChatState = 'idle' | 'connecting' | 'streaming' | 'waiting' | 'offline';

/** Which text of a message a piece belongs to. */
export type TextKind = 'text' | 'reasoning' | 'refusal';

/** Detail of `delta`. */
export interface DeltaDetail {
  /** Id of the message. */
  readonly id: string;
  /** The piece that arrived. Of a burst, what is more than two hundred pieces is joined to longer ones. */
  readonly text: string;
  /** Where it begins, in UTF-16 code units of the text of its kind. */
  readonly offset: number;
  readonly kind: TextKind;
  /** The whole text of its kind so far. */
  readonly snapshot: string;
  /**
   * What the JSON of the answer says so far, with all that is open closed. Only where `responseFormat` is set; else, and
   * while nothing can be read, `undefined`. Read when it is asked for.
   */
  readonly partial: unknown;
}

/** Text arrived and was applied to the conversation. Not cancelable; drawn with the next frame. */
export class DeltaEvent extends CustomEvent<DeltaDetail> {
  constructor(detail: DeltaDetail) {
    super('delta', {detail});
  }
}

/** How an answer went, in milliseconds from the question. */
export interface Timing {
  /** Until the first text; `undefined` if none came. */
  readonly firstDelta: number | undefined;
  /** Until the end. */
  readonly total: number;
  /** Pieces of text, as `delta` told of them. */
  readonly chunks: number;
  /** Connections beyond the first. */
  readonly reconnects: number;
  /** Events that the format's reader did not know. */
  readonly unknown: number;
}

/** Detail of `done`. */
export interface DoneDetail {
  readonly message: Message;
  readonly reason: FinishReason;
  readonly usage: Usage | undefined;
  readonly timing: Timing;
}

/** The answer ended, and its last character is in the DOM. */
export class DoneEvent extends CustomEvent<DoneDetail> {
  constructor(detail: DoneDetail) {
    super('done', {detail});
  }
}

/** Detail of `error`. */
export interface ErrorDetail {
  readonly error: StreamChatError;
  /** The answer as far as it came; `undefined` if there was none to give. */
  readonly message: Message | undefined;
}

/** The answer failed. What came of it is kept. */
export class AnswerErrorEvent extends CustomEvent<ErrorDetail> {
  constructor(detail: ErrorDetail) {
    super('error', {detail});
  }
}

/** A question is about to be sent. Cancelable: then it is not. */
export class SendEvent extends CustomEvent<{readonly message: Message}> {
  constructor(message: Message) {
    super('send', {detail: {message}, cancelable: true});
  }
}

/** Detail of `request`: what will be sent. All of it may be changed. */
export interface RequestDetail {
  url: string;
  readonly headers: Headers;
  /** The body before it is written as JSON; `undefined` where none is sent. */
  body: Record<string, unknown> | undefined;
  /** 0 for the first attempt. */
  readonly attempt: number;
}

/** A request is about to be made, also that of a reconnection. Cancelable: then the answer is stopped. */
export class RequestEvent extends CustomEvent<RequestDetail> {
  #promises: Promise<unknown>[] = [];

  constructor(detail: RequestDetail) {
    super('request', {detail, cancelable: true});
  }

  /** Lets the request wait for `promise`, which may change the detail. A rejection ends the answer. */
  waitUntil(promise: Promise<unknown>): void {
    this.#promises.push(promise);
  }

  /** Resolves when everything that the request has to wait for is done. */
  async ready(): Promise<void> {
    await Promise.all(this.#promises);
  }
}

/** Detail of `toolcall`. */
export interface ToolCallDetail {
  readonly id: string;
  readonly name: string;
  /** What the JSON of the arguments says. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The model calls a tool. Answered by `respondWith`, else by the entry of `tools` with that name. */
export class ToolCallEvent extends CustomEvent<ToolCallDetail> {
  /** @internal What the page answers. */
  response: Promise<unknown> | undefined;

  constructor(detail: ToolCallDetail) {
    super('toolcall', {detail});
  }

  /**
   * Answers the call with a value that can be written as JSON, or a promise of it. A rejection tells the model that the
   * tool failed. Throws where it is not called by a listener while it runs, or for a second time.
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
  /** Attempts so far. */
  readonly attempt: number;
  /** Seconds until the next one. */
  readonly delay: number;
  readonly cause: StreamChatError;
}

/** A lost connection is about to be tried again. */
export class ReconnectEvent extends CustomEvent<ReconnectDetail> {
  constructor(detail: ReconnectDetail) {
    super('reconnect', {detail});
  }
}

/** Text that was delivered already is replaced by `text`. */
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

/** The panel of the launcher opened. */
export class OpenEvent extends CustomEvent<null> {
  constructor() {
    super('open', {detail: null});
  }
}

/** The panel of the launcher closed. */
export class CloseEvent extends CustomEvent<null> {
  constructor() {
    super('close', {detail: null});
  }
}

/** A link of an answer is followed. Cancelable: then it is not. */
export class LinkEvent extends CustomEvent<{readonly url: string}> {
  constructor(url: string) {
    super('link', {detail: {url}, cancelable: true});
  }
}

/** Text was copied with a button of the element. */
export class CopyTextEvent extends CustomEvent<{readonly text: string}> {
  constructor(text: string) {
    super('copy-text', {detail: {text}});
  }
}

/** What the person thinks of an answer; `undefined`: nothing any more. */
export type Feedback = 'good' | 'bad' | undefined;

/** The person judged an answer, or took that back. The element sends it nowhere. */
export class FeedbackEvent extends CustomEvent<{readonly message: Message; readonly value: Feedback}> {
  constructor(message: Message, value: Feedback) {
    super('feedback', {detail: {message, value}});
  }
}

/** The events of `<stream-chat>` by name. They do not bubble, as those of `<video>`. */
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
