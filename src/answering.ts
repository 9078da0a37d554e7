import {AnswerReader, type SavedReader} from './answer-reader.js';
import type {ChatHost} from './chat-controller.js';
import {applyDelta, createAnswer, endAnswer, failAnswer, type Delta, type Message} from './conversation.js';
import {StreamChatError} from './errors.js';
import {
  AnswerErrorEvent,
  DeltaEvent,
  DoneEvent,
  ReconnectEvent,
  RequestEvent,
  ResetEvent,
  type ChatState,
  type TextKind,
} from './events.js';
import {getProtocol} from './protocol.js';
import {buildRequest, resolveEndpoint} from './request.js';
import {resumeRequest} from './resume.js';
import {stream, type AnswerSink, type Attempt, type TransportRequest} from './transport.js';

/** What is kept of an unfinished answer, so that it can be taken up after a reload. Plain data. */
export interface SavedAnswer {
  readonly message: Message;
  readonly reader: SavedReader;
  readonly responseId: string | undefined;
  /** `Location` and `Content-Location` of the first response. Others may be secret. */
  readonly headers: readonly (readonly [string, string])[];
}

/** What an answer is made with. */
export interface AnsweringOptions {
  /** Id of the answer, the same over all its attempts. */
  readonly id: string;
  /** The conversation to send. */
  readonly messages: readonly Message[];
  readonly chatId: string;
  /** Endpoints that were seen to mark the ends of their streams. */
  readonly marked: Set<string>;
  readonly saved?: SavedAnswer | undefined;
  readonly changed: () => void;
  readonly heard: () => void;
  readonly status: (state: ChatState, delay?: number) => void;
}

const keptHeaders = ['location', 'content-location'];

/** One answer on its way, over all its connections. */
export class Answering implements AnswerSink {
  message: Message;
  failure: StreamChatError | undefined;

  #host: ChatHost;
  #options: AnsweringOptions;
  #reader: AnswerReader;
  #controller = new AbortController();
  #endpoint: string;
  #stopped = false;
  #tooLong = false;
  #headers: Headers | undefined;
  #responseId: string | undefined;
  /** A replay is read here until it has come as far as what is shown. */
  #replay: Message | undefined;

  #began = performance.now();
  #firstDelta: number | undefined;
  #chunks = 0;
  #connections = 0;
  #unknown = 0;

  constructor(host: ChatHost, options: AnsweringOptions) {
    const {id, saved} = options;
    this.#host = host;
    this.#options = options;
    this.#endpoint = host.endpointSettings.endpoint;
    this.message = saved ? {...saved.message, status: 'streaming'} : createAnswer(id, Date.now());
    this.#reader = this.#createReader(saved?.reader);
    this.#responseId = saved?.responseId;
    this.#headers = saved && new Headers(saved.headers.map(([name, value]): [string, string] => [name, value]));
  }

  get ended() {
    return this.#reader.ended || this.#tooLong;
  }

  get progress() {
    return this.#reader.frames;
  }

  get refreshable() {
    return typeof this.#host.headers === 'function';
  }

  get recoverable() {
    // A provider that was too busy to say anything may be asked again; one that began to speak may not.
    const isRefused = this.failure !== undefined && this.message.parts.length === 0;
    return this.#reader.frames === 0 || isRefused || this.resumable;
  }

  /** Whether the server can go on where the answer was lost. */
  get resumable() {
    return this.#reader.frames > 0 && this.#resume() !== undefined;
  }

  /** What is needed to go on after a reload. */
  save(): SavedAnswer {
    return {
      message: this.message,
      reader: this.#reader.save(),
      responseId: this.#responseId,
      headers: keptHeaders.flatMap((name) => {
        const value = this.#headers?.get(name);
        return value ? [[name, value] as const] : [];
      }),
    };
  }

  /** Brings the answer, or the rest of it. Resolves to the event that tells how it ended. */
  async run(): Promise<DoneEvent | AnswerErrorEvent> {
    try {
      await this.#reader.restore();
      if (this.#options.saved && !this.resumable) throw interrupted();
      await stream(this, this.#host.limits, this.#controller.signal);
      if (this.#stopped) return this.#done();
      this.#endReplay();
      if (this.#reader.endedBy === 'mark') this.#options.marked.add(this.#endpoint);
      this.message = endAnswer(this.message, this.#tooLong ? 'length' : (this.message.reason ?? 'stop'));
      return this.#done();
    } catch (cause) {
      if (this.#stopped) return this.#done();
      const error = StreamChatError.from(cause, 'protocol');
      this.message = failAnswer(this.message, error);
      return new AnswerErrorEvent({error, message: this.message});
    }
  }

  /** Ends the answer where it is. */
  stop() {
    if (this.#stopped) return;
    this.#stopped = true;
    this.message = endAnswer(this.message, 'aborted');
    this.#options.changed();
    this.#controller.abort();
  }

  /** How a server that keeps the answer is told that it was stopped. */
  stopNotice() {
    return {id: this.#responseId ?? this.#options.chatId, length: this.message.text.length};
  }

  async request(attempt: Attempt): Promise<TransportRequest> {
    const resume = this.#reader.frames > 0 ? this.#resume() : undefined;
    if (!resume && this.#reader.frames > 0) this.#reader = this.#createReader();
    this.failure = undefined;

    const request = resume?.url ? buildResume(resume) : await this.#buildFirst();
    if (resume && this.#reader.lastEventId) request.headers.set('last-event-id', this.#reader.lastEventId);
    await this.#addHeaders(request.headers, attempt);

    const event = new RequestEvent({...request, attempt: attempt.number});
    const goesOn = this.#host.dispatchEvent(event);
    await event.ready().catch((cause: unknown) => {
      throw new StreamChatError('config', 'The page could not prepare the request.', {cause});
    });
    if (!goesOn) this.stop();
    const {url, headers, body} = event.detail;
    return {
      url,
      method: request.method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: this.#host.credentials,
      mode: resume?.mode ?? 'first',
    };
  }

  open(response: Response, {mode}: TransportRequest) {
    this.#connections++;
    this.#headers ??= response.headers;
    this.#replay = mode === 'replay' ? createAnswer(this.message.id, this.message.createdAt) : undefined;
    this.#reader.open(response.headers, mode);
    this.#options.status('streaming');
  }

  push(text: string) {
    this.#options.heard();
    return this.#reader.push(text);
  }

  end(clean: boolean) {
    return this.#reader.end(clean);
  }

  retrying(attempt: number, delay: number, cause: StreamChatError) {
    this.#options.status('waiting', delay);
    this.#host.dispatchEvent(new ReconnectEvent({attempt, delay, cause}));
  }

  state(state: Exclude<ChatState, 'idle'>) {
    this.#options.status(state);
  }

  #createReader(saved?: SavedReader) {
    return new AnswerReader({
      protocol: this.#host.protocol,
      expectMark: this.#options.marked.has(this.#endpoint),
      saved,
      sink: (delta) => this.#read(delta),
    });
  }

  #resume() {
    const {lastEventId, protocol} = this.#reader;
    return resumeRequest(this.#host.resume, protocol, {
      endpoint: resolveEndpoint(this.#host.endpointSettings).href,
      chatId: this.#options.chatId,
      responseId: this.#responseId,
      lastEventId,
      headers: this.#headers ?? new Headers(),
    });
  }

  async #buildFirst() {
    const {protocol: name, requestSettings, endpointSettings} = this.#host;
    const protocol = await getProtocol(name === 'auto' ? 'openai-chat' : name);
    const encoder = protocol.encode ? protocol : await getProtocol('openai-chat');
    const settings = {...requestSettings, chatId: this.#options.chatId};
    const request = buildRequest(this.#options.messages, encoder, settings, endpointSettings);
    if (request.body) request.body = await this.#addBody(request.body);
    // A header of one's own would need the consent of another origin's CORS.
    if (new URL(request.url).origin === location.origin) request.headers.set('idempotency-key', this.message.id);
    return request;
  }

  async #addBody(body: Record<string, unknown>) {
    const {body: source} = this.#host;
    try {
      return typeof source === 'function' ? await source(body) : {...body, ...source};
    } catch (cause) {
      throw new StreamChatError('config', 'The function "body" of the page failed.', {cause});
    }
  }

  async #addHeaders(headers: Headers, attempt: Attempt) {
    const {headers: source} = this.#host;
    try {
      const given = typeof source === 'function' ? await source(attempt) : source;
      new Headers(given).forEach((value, name) => headers.set(name, value));
    } catch (cause) {
      throw new StreamChatError('config', 'The "headers" of the page could not be read.', {cause});
    }
  }

  #read(delta: Delta) {
    if (this.#stopped || this.#tooLong) return;
    switch (delta.type) {
      case 'error':
        this.failure ??= StreamChatError.from(delta.error, 'provider');
        return;
      case 'response-id':
        this.#responseId = delta.id;
        return;
      case 'unknown':
        this.#unknown++;
        return;
      default:
    }
    if (this.#replay) return this.#readReplay(this.#replay, delta);
    const before = this.message;
    this.message = applyDelta(before, delta);
    if (this.message === before) return;
    this.#options.changed();
    if (delta.type === 'replace' || delta.type === 'restart') this.#dispatchReset();
    if (delta.type === 'text' || delta.type === 'reasoning' || delta.type === 'refusal') {
      this.#dispatchDelta(delta.type, delta.text);
    }
    if (this.message.text.length >= (this.#host.maxChars ?? Infinity)) this.#tooLong = true;
  }

  /** Reads a replay beside what is shown. Where it has come as far and agrees, it takes over without a sign. */
  #readReplay(before: Message, delta: Delta) {
    const replay = (this.#replay = applyDelta(before, delta));
    const shown = this.message.text;
    const {length} = replay.text;
    if (length === before.text.length) return;
    // Only what is new of the replay is compared, so that a long one costs no more than its length.
    const agrees = shown.startsWith(replay.text.slice(before.text.length, shown.length), before.text.length);
    if (!agrees || length >= shown.length) this.#adopt(replay, agrees);
  }

  /** A replay that ended before it came as far as what is shown: it is another answer, unless nothing was missing. */
  #endReplay() {
    const replay = this.#replay;
    if (replay) this.#adopt(replay, replay.text === this.message.text);
  }

  #adopt(replay: Message, agrees: boolean) {
    const {length} = this.message.text;
    this.#replay = undefined;
    this.message = replay;
    this.#options.changed();
    if (!agrees) this.#dispatchReset();
    else if (replay.text.length > length) this.#dispatchDelta('text', replay.text.slice(length));
  }

  #dispatchDelta(kind: TextKind, text: string) {
    this.#chunks++;
    this.#firstDelta ??= performance.now() - this.#began;
    const {message} = this;
    const length = kind === 'text' ? message.text.length : lengthOf(message, kind);
    this.#host.dispatchEvent(
      new DeltaEvent({
        id: message.id,
        text,
        offset: length - text.length,
        kind,
        get snapshot() {
          return kind === 'text' ? message.text : textOf(message, kind);
        },
      }),
    );
  }

  #dispatchReset() {
    this.#host.dispatchEvent(new ResetEvent(this.message.id, this.message.text));
  }

  #done() {
    const {message} = this;
    return new DoneEvent({
      message,
      reason: message.reason ?? 'stop',
      usage: message.usage,
      timing: {
        firstDelta: this.#firstDelta,
        total: performance.now() - this.#began,
        chunks: this.#chunks,
        reconnects: Math.max(0, this.#connections - 1),
        unknown: this.#unknown,
      },
    });
  }
}

function buildResume({url, method}: {url: string; method: 'GET' | 'POST'}) {
  return {url, method, headers: new Headers({accept: 'text/event-stream'}), body: undefined};
}

function interrupted(): StreamChatError {
  return new StreamChatError('interrupted', 'The answer broke off before its end, and its server cannot go on with it.');
}

function textOf({parts}: Message, kind: TextKind): string {
  return parts.map((part) => (part.type === kind ? part.text : '')).join('');
}

function lengthOf({parts}: Message, kind: TextKind): number {
  return parts.reduce((sum, part) => (part.type === kind ? sum + part.text.length : sum), 0);
}
