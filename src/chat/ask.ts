import {AnswerReader} from './answer-reader.js';
import {
  applyDelta,
  createAnswer,
  createMessage,
  endAnswer,
  failAnswer,
  sendable,
  type Delta,
  type Message,
  type MessageInit,
} from '../model/conversation.js';
import {createId} from '../lib/create-id.js';
import {readDocument} from '../lib/read-document.js';
import {StreamChatError} from '../model/errors.js';
import {getEncoder, type RequestSettings} from '../protocols/protocol.js';
import {Replay, type ReplayState} from './replay.js';
import {resolveEndpoint} from './resolve-url.js';
import {resumeRequest} from './resume.js';
import {stream, type AnswerSink, type Attempt, type TransportLimits, type TransportRequest} from '../wire/transport.js';

/** Options of `ask()`. Defaults are those of the attributes of the same name. */
export interface AskOptions extends Partial<RequestSettings>, Partial<TransportLimits> {
  /** The conversation, whose last message is the question; or the question alone. */
  readonly messages: string | readonly MessageInit[];
  /** Name of the wire format, or `auto` to detect it from the response headers and the first bytes. */
  readonly protocol?: string;
  readonly method?: string;
  /** Headers for every request, or a function called before each attempt that returns them. */
  readonly headers?: HeadersInit | ((attempt: Attempt) => HeadersInit | Promise<HeadersInit>);
  /** Fields to add to the request body. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly credentials?: RequestCredentials;
  /** How to resume an interrupted answer: `auto`, `none`, or the URL template of a resume endpoint. */
  readonly resume?: string;
  /** Stops the answer. */
  readonly signal?: AbortSignal;
  /** Called when the connection was lost; the next attempt follows after `delay` seconds. */
  readonly onReconnect?: (attempt: number, delay: number, cause: StreamChatError) => void;
}

/**
 * An answer in progress. Iterating over it yields the message as it grows, each time in its current state, so that a slow
 * consumer neither misses text nor delays it. The last one is the complete answer.
 */
export interface Answer extends AsyncIterable<Message> {
  /** The answer so far. */
  readonly message: Message;
  /** Resolves to the answer when it ends, even if it failed or was stopped (see its `status`). Never rejects. */
  readonly finished: Promise<Message>;
  /** Stops the answer, keeps its text, and closes the connection. */
  stop(): void;
}

/** Endpoints that have sent an end marker before; from them, an answer without one counts as interrupted. */
const endpointsWithEndMarker = new Set<string>();

/** Endpoints that sent another answer when asked to resume one. */
const endpointsWithoutResume = new Set<string>();

/** Requests an answer from an endpoint, reconnecting as needed. `endpoint` must be absolute outside a page. */
export function ask(endpoint: string | URL, options: AskOptions): Answer {
  const session = new AskSession(String(endpoint), options);
  const finished = session.run();
  return {
    get message() {
      return session.message;
    },
    finished,
    stop: () => session.stop(),
    [Symbol.asyncIterator]: () => session.watch(),
  };
}

class AskSession implements AnswerSink {
  message = createAnswer(createId(), Date.now());
  failure: StreamChatError | undefined;
  progress = 0;

  #endpoint: string;
  #options: AskOptions;
  #controller = new AbortController();
  #reader: AnswerReader;
  #responseId: string | undefined;
  #headers: Headers | undefined;
  /** A replay, until it has caught up with the message. */
  #replay: Replay | undefined;
  #wake: (() => void)[] = [];

  constructor(endpoint: string, options: AskOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
    this.#reader = this.#createReader();
  }

  async run(): Promise<Message> {
    const {signal, connectTimeout = 30, idleTimeout = 60, retries = 6} = this.#options;
    signal?.addEventListener('abort', this.stop);
    if (signal?.aborted) this.stop();
    try {
      // As with the attributes, 0 means no limit.
      const limits = {connectTimeout: connectTimeout || Infinity, idleTimeout: idleTimeout || Infinity, retries};
      await stream(this, limits, this.#controller.signal);
      if (this.#replay) this.#handleReplay(this.#replay, this.#replay.end(this.message));
      if (this.#reader.endedBy === 'marker') endpointsWithEndMarker.add(this.#endpoint);
      this.#end(endAnswer(this.message, this.message.reason ?? 'stop'));
    } catch (cause) {
      if (this.#reader.isForeign) endpointsWithoutResume.add(this.#endpoint);
      this.#end(failAnswer(this.message, StreamChatError.from(cause, 'protocol')));
    } finally {
      signal?.removeEventListener('abort', this.stop);
    }
    return this.message;
  }

  stop = () => {
    this.#end(endAnswer(this.message, 'aborted'));
    this.#controller.abort();
  };

  async *watch(): AsyncGenerator<Message, void, undefined> {
    let yielded: Message | undefined;
    do {
      if (this.message === yielded) await new Promise<void>((resolve) => this.#wake.push(resolve));
      yield (yielded = this.message);
    } while (yielded.status === 'streaming');
  }

  get ended() {
    return this.#reader.ended;
  }

  get hasStarted() {
    return !this.#reader.hasReceivedNothing;
  }

  get hasResumed() {
    return this.#reader.hasResumed;
  }

  get retry() {
    return this.#reader.retry;
  }

  get canRefreshHeaders() {
    return typeof this.#options.headers === 'function';
  }

  get canRetry() {
    const isRefused = this.failure !== undefined && this.message.parts.length === 0;
    return !this.#reader.isForeign && (this.#reader.hasReceivedNothing || isRefused || this.#resume() !== undefined);
  }

  async request(attempt: Attempt): Promise<TransportRequest> {
    const {credentials = 'same-origin', headers: source} = this.#options;
    const resume = this.#resume();
    if (!resume && !this.#reader.hasReceivedNothing) this.#reader = this.#createReader();
    this.failure = undefined;

    const {lastEventId} = this.#reader;
    const {url, method, headers, body} = resume?.url
      ? {...resume, headers: new Headers({accept: 'text/event-stream'}), body: undefined}
      : await this.#build();
    if (resume && lastEventId) headers.set('last-event-id', lastEventId);
    new Headers(typeof source === 'function' ? await source(attempt) : source).forEach((value, name) =>
      headers.set(name, value),
    );
    return {url, method, headers, body: body && JSON.stringify(body), credentials, mode: resume?.mode ?? 'initial'};
  }

  open(response: Response, {mode, method}: TransportRequest) {
    const isReplay = mode === 'replay' || (mode === 'cursor' && this.#reader.isSnapshot(response.headers));
    this.#headers ??= response.headers;
    if (isReplay) this.#replay = new Replay(this.message, method);
    else if (mode === 'initial') this.#replay = undefined;
    this.#reader.open(response.headers, isReplay ? 'replay' : mode);
  }

  push(text: string) {
    return this.#reader.push(text);
  }

  end(clean: boolean) {
    return this.#reader.end(clean);
  }

  retrying(attempt: number, delay: number, cause: StreamChatError) {
    this.#options.onReconnect?.(attempt, delay, cause);
  }

  /** Ignored: consumers wait for the answer. */
  state() {}

  #createReader() {
    return new AnswerReader({
      protocol: this.#options.protocol ?? 'auto',
      expectsEndMarker: endpointsWithEndMarker.has(this.#endpoint),
      sink: (delta) => this.#apply(delta),
    });
  }

  #resume() {
    const {resume = 'auto', chatId} = this.#options;
    const {lastEventId, lastDataId, protocol} = this.#reader;
    if (this.#reader.hasReceivedNothing || endpointsWithoutResume.has(this.#endpoint)) return undefined;
    const {href} = resolveEndpoint({endpoint: this.#endpoint, baseUrl: readDocument('baseURI')});
    const {id: answerId} = this.message;
    const headers = this.#headers ?? new Headers();
    return resumeRequest(resume, protocol, {endpoint: href, chatId, responseId: this.#responseId, answerId, lastEventId, lastDataId, headers});
  }

  async #build() {
    const {messages, protocol = 'auto', method = 'POST', body} = this.#options;
    const conversation = (typeof messages === 'string' ? [{text: messages}] : messages).map((init) =>
      createMessage(init, createId(), Date.now()),
    );
    // Loaded in parallel with the wire format, which is needed too.
    const [{buildRequest, prepareFiles}, encoder] = await Promise.all([import('./request.js'), getEncoder(protocol)]);
    const settings = {promptParam: 'prompt', chatId: this.message.id, ...this.#options};
    const baseUrl = readDocument('baseURI');
    const request = buildRequest(await prepareFiles(sendable(conversation, undefined), encoder, method), encoder, settings, {
      endpoint: this.#endpoint,
      method,
      baseUrl,
    });
    if (request.body) request.body = {...request.body, ...body};
    return request;
  }

  #apply(delta: Delta) {
    if (this.message.status !== 'streaming') return;
    if (delta.type === 'error') this.failure ??= StreamChatError.from(delta.error, 'provider');
    else if (delta.type === 'response-id') this.#responseId = delta.id;
    else if (!this.#replay) this.#set(applyDelta(this.message, delta));
    else this.#handleReplay(this.#replay, this.#replay.apply(delta, this.message));
  }

  #handleReplay(replay: Replay, state: ReplayState) {
    if (state === 'behind') return;
    if (state === 'foreign') throw this.#reader.refuse();
    this.#replay = undefined;
    this.#set(replay.message);
  }

  #set(message: Message) {
    if (message === this.message) return;
    this.message = message;
    this.progress++;
    for (const wake of this.#wake.splice(0)) wake();
  }

  #end(message: Message) {
    if (this.message.status === 'streaming') this.#set(message);
  }
}
