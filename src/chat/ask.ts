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
import {StreamChatError} from '../model/errors.js';
import {getEncoder, type RequestSettings} from '../protocols/protocol.js';
import {resumeRequest} from './resume.js';
import {stream, type AnswerSink, type Attempt, type TransportLimits, type TransportRequest} from '../wire/transport.js';

/** What is asked, and how. What is not given is as with the attribute of that name. */
export interface AskOptions extends Partial<RequestSettings>, Partial<TransportLimits> {
  /** The conversation, the last message of which is the question; or the question alone. */
  readonly messages: string | readonly MessageInit[];
  /** Wire format by name, or `auto`. */
  readonly protocol?: string;
  readonly method?: string;
  /** Headers, or a function that is asked for them before every attempt. */
  readonly headers?: HeadersInit | ((attempt: Attempt) => HeadersInit | Promise<HeadersInit>);
  /** Fields added to the body. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly credentials?: RequestCredentials;
  /** `auto`, `none`, or a URL template of the endpoint that resumes. */
  readonly resume?: string;
  /** Stops the answer. */
  readonly signal?: AbortSignal;
  /** Told when a lost connection is about to be tried again, `delay` in seconds. */
  readonly onReconnect?: (attempt: number, delay: number, cause: StreamChatError) => void;
}

/**
 * An answer on its way. Iterating over it gives the message as it grows: each time what is known by then, so that a slow
 * reader misses nothing and waits for nothing. The last one given is the whole.
 */
export interface Answer extends AsyncIterable<Message> {
  /** The answer so far. */
  readonly message: Message;
  /** Resolves to the answer when it has ended, also when it failed (`status` tells) or was stopped. Never rejects. */
  readonly finished: Promise<Message>;
  /** Ends the answer where it is, and closes the connection. */
  stop(): void;
}

/** Endpoints that were seen to mark the ends of their streams. */
const marked = new Set<string>();

/** Asks an endpoint, and brings the answer over as many connections as it takes. `endpoint` is absolute where there is no page. */
export function ask(endpoint: string | URL, options: AskOptions): Answer {
  const asking = new Asking(String(endpoint), options);
  const finished = asking.run();
  return {
    get message() {
      return asking.message;
    },
    finished,
    stop: () => asking.stop(),
    [Symbol.asyncIterator]: () => asking.watch(),
  };
}

class Asking implements AnswerSink {
  message = createAnswer(createId(), Date.now());
  failure: StreamChatError | undefined;
  progress = 0;

  #endpoint: string;
  #options: AskOptions;
  #controller = new AbortController();
  #reader: AnswerReader;
  #responseId: string | undefined;
  #headers: Headers | undefined;
  /** A replay is read here until it has come as far as what is known. */
  #replay: Message | undefined;
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
      await stream(this, {connectTimeout, idleTimeout, retries}, this.#controller.signal);
      if (this.#replay) this.#set(this.#replay);
      if (this.#reader.endedBy === 'mark') marked.add(this.#endpoint);
      this.#end(endAnswer(this.message, this.message.reason ?? 'stop'));
    } catch (cause) {
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
    let given: Message | undefined;
    do {
      if (this.message === given) await new Promise<void>((resolve) => this.#wake.push(resolve));
      yield (given = this.message);
    } while (given.status === 'streaming');
  }

  get ended() {
    return this.#reader.ended;
  }

  get begun() {
    return this.#reader.frames > 0;
  }

  get retry() {
    return this.#reader.retry;
  }

  get refreshable() {
    return typeof this.#options.headers === 'function';
  }

  get recoverable() {
    const isRefused = this.failure !== undefined && this.message.parts.length === 0;
    return this.#reader.isUntouched || isRefused || this.#resume() !== undefined;
  }

  async request(attempt: Attempt): Promise<TransportRequest> {
    const {credentials = 'same-origin', headers: source} = this.#options;
    const resume = this.begun ? this.#resume() : undefined;
    if (!resume && this.begun) this.#reader = this.#createReader();
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

  open(response: Response, {mode}: TransportRequest) {
    const isReplay = mode === 'replay' || (mode === 'cursor' && this.#reader.isSnapshot(response.headers));
    this.#headers ??= response.headers;
    if (isReplay) this.#replay = createAnswer(this.message.id, this.message.createdAt);
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

  /** What the transport does is not told: whoever iterates waits for the answer. */
  state() {}

  #createReader() {
    return new AnswerReader({
      protocol: this.#options.protocol ?? 'auto',
      expectMark: marked.has(this.#endpoint),
      sink: (delta) => this.#read(delta),
    });
  }

  #resume() {
    const {resume = 'auto', chatId} = this.#options;
    const {lastEventId, lastDataId, protocol} = this.#reader;
    const {href} = new URL(this.#endpoint, globalThis.document?.baseURI);
    const {id: answerId} = this.message;
    const headers = this.#headers ?? new Headers();
    const known = {endpoint: href, chatId, responseId: this.#responseId, answerId, lastEventId, lastDataId, headers};
    return this.begun ? resumeRequest(resume, protocol, known) : undefined;
  }

  async #build() {
    const {messages, protocol = 'auto', method = 'POST', body} = this.#options;
    const asked = (typeof messages === 'string' ? [{text: messages}] : messages).map((init) =>
      createMessage(init, createId(), Date.now()),
    );
    // It comes with the format, which has to be loaded too.
    const [{buildRequest, prepareFiles}, encoder] = await Promise.all([import('./request.js'), getEncoder(protocol)]);
    const settings = {promptParam: 'prompt', chatId: this.message.id, ...this.#options};
    const baseUrl = globalThis.document?.baseURI;
    const request = buildRequest(await prepareFiles(sendable(asked, undefined), encoder, method), encoder, settings, {
      endpoint: this.#endpoint,
      method,
      baseUrl,
    });
    if (request.body) request.body = {...request.body, ...body};
    return request;
  }

  #read(delta: Delta) {
    if (this.message.status !== 'streaming') return;
    if (delta.type === 'error') this.failure ??= StreamChatError.from(delta.error, 'provider');
    else if (delta.type === 'response-id') this.#responseId = delta.id;
    else if (!this.#replay) this.#set(applyDelta(this.message, delta));
    else {
      this.#replay = applyDelta(this.#replay, delta);
      if (this.#replay.text.length < this.message.text.length) return;
      this.#set(this.#replay);
      this.#replay = undefined;
    }
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
