import {endAnswer, failAnswer, type Message} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import type {AnswerSession, AnswerSessionOptions} from './answer-session.js';
import type {ChatHost} from './chat-host.js';
import {AnswerErrorEvent, DoneEvent} from './events.js';
import type {SavedAnswer} from './saved-answer.js';
import type {SavedReader} from './saved-reader.js';

type Answering = typeof import('./answering.js');

let answering: Answering | undefined;

/** State of a reader that has read nothing. */
const newReader: SavedReader = {
  protocolName: undefined,
  frames: 0,
  idsAreInData: false,
  position: {run: '', ordinal: 0, seen: [], hashes: []},
};

/** Loads the code that requests and reads answers, once. After a failure the next call tries again. */
export async function loadAnswering(): Promise<Answering> {
  return (answering ??= await import('./answering.js'));
}

/**
 * An answer in progress. Loads its code, if it is the first one, and then streams. Until then it can be stopped, without
 * any request.
 */
export class LazyAnswer {
  #host: ChatHost;
  #options: AnswerSessionOptions;
  #session: AnswerSession | undefined;
  /** The answer without a session: before the code is loaded, or if that failed. */
  #message: Message;
  #controller = new AbortController();

  constructor(host: ChatHost, options: AnswerSessionOptions) {
    this.#host = host;
    this.#options = options;
    this.#message = options.message;
    this.#start();
  }

  /** The answer so far. */
  get message(): Message {
    return this.#session?.message ?? this.#message;
  }

  /** Whether `retry()` resumes the answer: it was interrupted, and its server supports that. */
  get retryCanResume(): boolean {
    return this.#session ? this.#session.retryCanResume : this.#options.saved !== undefined;
  }

  /** Returns the state to store so that the answer can be resumed after a reload. */
  save(): SavedAnswer {
    const {saved, message} = this.#options;
    return this.#session?.save() ?? saved ?? {message, reader: newReader, responseId: undefined, headers: []};
  }

  /** Streams the answer, or the rest of it. Resolves to the event to dispatch at its end; never rejects. */
  async run(): Promise<DoneEvent | AnswerErrorEvent> {
    const startedAt = performance.now();
    if (!this.#session) {
      try {
        await this.#load();
      } catch (cause) {
        const error = new StreamChatError('config', 'The question was not sent: the file "answering.js" could not be loaded. Try again.', {
          cause,
          retryable: true,
        });
        this.#message = failAnswer(this.#message, error);
        return new AnswerErrorEvent({error, message: this.#message});
      }
    }
    if (this.#session) return this.#session.run();
    const total = performance.now() - startedAt;
    const timing = {firstDelta: undefined, total, chunks: 0, reconnects: 0, unknown: 0};
    return new DoneEvent({message: this.#message, reason: 'aborted', usage: undefined, timing});
  }

  /** Stops the answer and keeps its text. */
  stop(): void {
    if (this.#session) return this.#session.stop();
    this.#message = endAnswer(this.#message, 'aborted');
    this.#options.onChange();
    this.#controller.abort();
  }

  /** Notifies `stop-endpoint` that the answer was stopped, if it was requested. */
  notifyStopped(): void {
    if (this.#session) answering?.notifyServer(this.#host, this.#session.stopNotice());
  }

  /** Resolves the confirmation of a tool call. */
  confirmToolCall(key: string, isAllowed: boolean): void {
    this.#session?.confirmToolCall(key, isAllowed);
  }

  /** Loads the code and starts the session, unless the answer is stopped before. */
  async #load() {
    const {signal} = this.#controller;
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    await Promise.race([loadAnswering(), stopped]);
    if (!signal.aborted) this.#start();
  }

  /** Starts the session if the code is loaded. */
  #start() {
    this.#session = answering && new answering.AnswerSession(this.#host, this.#options);
  }
}
