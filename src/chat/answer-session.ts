import {AnswerReader, type SavedReader} from './answer-reader.js';
import {BurstJoiner} from './delta-coalescer.js';
import type {ChatHost} from './chat-host.js';
import {
  applyDelta,
  createAnswer,
  endAnswer,
  failAnswer,
  joinRounds,
  timeReasoning,
  updateToolCall,
  type Delta,
  type FinishReason,
  type Message,
  type ToolCallPart,
} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import {
  AnswerErrorEvent,
  DeltaEvent,
  DoneEvent,
  ReconnectEvent,
  RequestEvent,
  ResetEvent,
  ToolCallEvent,
  type ChatState,
  type TextKind,
} from './events.js';
import {loadModule} from '../lib/load-module.js';
import {addPageBody, addPageHeaders} from './request-options.js';
import {getEncoder} from '../protocols/protocol.js';
import {buildRequest, resolveEndpoint, tellFiles} from './request.js';
import {resumeRequest} from './resume.js';
import type {SavedAnswer} from './saved-answer.js';
import type {Socket} from '../sources/realtime.js';
import type {PartialJson} from './structured.js';
import {stream, type AnswerSink, type Attempt, type TransportRequest} from '../wire/transport.js';

/** What an answer is made with. */
export interface AnsweringOptions {
  /** Id of the answer, the same over all its attempts. */
  readonly id: string;
  /** The conversation to send. */
  readonly messages: readonly Message[];
  readonly chatId: string;
  /** Tokens that the conversation has used. */
  readonly used: number;
  /** Endpoints that were seen to mark the ends of their streams. */
  readonly marked: Set<string>;
  /** Wire formats that endpoints were seen to speak. */
  readonly formats: Map<string, string>;
  readonly saved?: SavedAnswer | undefined;
  readonly changed: () => void;
  /** Notes when the server was heard of, now if nothing is said; `Infinity` while it is not waited for. */
  readonly heard: (at?: number) => void;
  readonly status: (state: ChatState, delay?: number) => void;
}

const keptHeaders = ['location', 'content-location'];

/** One answer on its way, over all its connections, and all turns of the model between which tools are called. */
export class Answering implements AnswerSink {
  failure: StreamChatError | undefined;

  #host: ChatHost;
  #options: AnsweringOptions;
  #reader: AnswerReader;
  #controller = new AbortController();
  #endpoint: string;
  #stopped = false;
  #isLost = false;
  #tooLong = false;
  #headers: Headers | undefined;
  #responseId: string | undefined;
  /** A replay is read here until it has come as far as what is shown. */
  #replay: Message | undefined;

  /** What earlier turns brought, and what this one has. */
  #before: Message;
  #round: Message;
  #number = 0;
  #whole: Message | undefined;
  #format: string | undefined;
  /** Those who wait for the person to allow a call. */
  #asking = new Map<string, (isAllowed: boolean) => void>();
  #socket: Socket | undefined;
  #partial: PartialJson | undefined;
  #joiner = new BurstJoiner((delta) => this.#read(delta));
  #parse: ((text: string) => unknown) | undefined;

  #began = performance.now();
  #firstDelta: number | undefined;
  #roundBegan: number | undefined;
  #thinkingBegan = 0;
  #spoken = 0;
  #chunks = 0;
  #progress = 0;
  #connections = 0;
  #unknown = 0;

  constructor(host: ChatHost, options: AnsweringOptions) {
    const {id, saved} = options;
    this.#host = host;
    this.#options = options;
    this.#endpoint = host.endpointSettings.endpoint;
    const {number = 0, before, current} = saved?.rounds ?? {};
    this.#number = number;
    this.#round = saved ? {...(current ?? saved.message), status: 'streaming'} : createAnswer(id, Date.now());
    this.#before = before ?? createAnswer(this.#round.id, this.#round.createdAt);
    this.#reader = this.#createReader(saved?.reader);
    this.#responseId = saved?.responseId;
    this.#headers = saved && new Headers(saved.headers.map(([name, value]): [string, string] => [name, value]));
  }

  /** The answer so far. */
  get message(): Message {
    return (this.#whole ??= this.#number > 0 ? joinRounds(this.#before, this.#round) : this.#round);
  }

  get ended() {
    return this.#reader.ended || this.#tooLong;
  }

  get progress() {
    return this.#progress;
  }

  get begun() {
    return this.#reader.frames > 0;
  }

  get retry() {
    return this.#reader.retry;
  }

  get refreshable() {
    return typeof this.#host.headers === 'function';
  }

  get recoverable() {
    // A provider that was too busy to say anything may be asked again; one that began to speak may not.
    const isRefused = this.failure !== undefined && this.#round.parts.length === 0;
    return this.#reader.isUntouched || isRefused || this.resumable;
  }

  /** Whether the answer was lost, and its server may go on with it when it is asked again. */
  get canGoOn() {
    return this.#isLost && this.resumable;
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
      ...(this.#number > 0 && {rounds: {number: this.#number, before: this.#before, current: this.#round}}),
    };
  }

  /** Brings the answer, or the rest of it. Resolves to the event that tells how it ended. */
  async run(): Promise<DoneEvent | AnswerErrorEvent> {
    try {
      await this.#begin();
      for (;;) {
        await this.#connect();
        if (this.#stopped) return this.#done();
        const calls = this.#endRound();
        if (calls.length === 0) break;
        const hasResults = await this.#runTools(calls);
        if (this.#stopped) return this.#done();
        if (!hasResults) {
          this.#end('tool-calls');
          return this.#done();
        }
        this.#beginRound();
      }
      const reason = this.#tooLong ? 'length' : (this.#round.reason ?? 'stop');
      this.#readStructured(reason);
      this.#end(reason);
      return this.#done();
    } catch (cause) {
      if (this.#stopped) return this.#done();
      const error = StreamChatError.from(cause, 'protocol');
      this.#endThinking();
      this.#whole = failAnswer(this.message, error);
      // A server that said it has no more of the answer is not asked for it again.
      const {status} = StreamChatError.from(error.cause, 'network');
      this.#isLost = error.code === 'interrupted' && (status === undefined || status >= 500);
      return new AnswerErrorEvent({error, message: this.message});
    } finally {
      this.#socket?.close();
    }
  }

  /** Ends the answer where it is. */
  stop() {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#end('aborted');
    this.#options.changed();
    this.#controller.abort();
  }

  /** Tells what the person decided of a call. */
  decide(key: string, isAllowed: boolean) {
    this.#asking.get(key)?.(isAllowed);
  }

  /** How a server that keeps the answer is told that it was stopped. */
  stopNotice() {
    return {id: this.#responseId ?? this.message.id, length: this.message.text.length};
  }

  async #begin() {
    const {saved, used} = this.#options;
    const {budget, requestSettings} = this.#host;
    await this.#reader.restore();
    if (saved && !this.resumable) throw interrupted();
    if (!saved && budget !== undefined && used >= budget) {
      throw new StreamChatError(
        'config',
        `The conversation has used ${used} of ${budget} tokens. Begin a new one to ask more.`,
      );
    }
    if (!requestSettings.responseFormat) return;
    const {parseJson, PartialJson} = await loadModule(import('./structured.js'), 'responseFormat');
    this.#partial = new PartialJson();
    this.#parse = parseJson;
  }

  async #connect() {
    const {limits} = this.#host;
    const {signal} = this.#controller;
    if (!this.#isSocket) return stream(this, limits, signal);
    const {createSocket} = await loadModule(import('../sources/realtime.js'), 'WebSockets');
    this.#socket ??= createSocket();
    return this.#socket.stream(this, limits, signal);
  }

  /** Closes a turn of the model. Returns the calls that wait for their results. */
  #endRound(): readonly ToolCallPart[] {
    this.#endReplay();
    this.#endThinking();
    if (this.#roundBegan !== undefined) this.#spoken += performance.now() - this.#roundBegan;
    this.#roundBegan = undefined;
    if (this.#reader.endedBy === 'mark') this.#options.marked.add(this.#endpoint);
    this.#format = this.#reader.protocolName;
    if (this.#format) this.#options.formats.set(this.#endpoint, this.#format);
    // Nothing more can come of this turn: it cannot be resumed.
    this.#reader = this.#createReader();

    const number = this.#number;
    const parts = this.#round.parts.map((part) =>
      part.type === 'tool-call'
        ? {...part, id: part.id || `call_${this.#round.id}_${part.key}`, ...(number > 0 && {round: number})}
        : part,
    );
    this.#setRound({...this.#round, parts});
    const {reason} = this.#round;
    if (this.#tooLong || reason === 'content-filter' || reason === 'aborted') return [];
    const calls = parts.filter(
      (part): part is ToolCallPart =>
        part.type === 'tool-call' && !part.server && (part.state === 'streaming' || part.state === 'called'),
    );
    return reason === 'length' && calls.some((call) => isCut(call.arguments)) ? [] : calls;
  }

  /** Resolves to whether all calls have a result, so that the model can go on. */
  async #runTools(calls: readonly ToolCallPart[]): Promise<boolean> {
    const host = this.#host;
    const {signal} = this.#controller;
    if (this.#number >= host.maxRounds) {
      throw new StreamChatError('tool', `The model called tools ${this.#number + 1} times without an end. It was stopped.`);
    }
    const {runTools} = await loadModule(import('./run-tools.js'), 'tools');
    this.#options.heard(Infinity);
    return runTools({
      calls,
      tools: host.tools ?? [],
      signal,
      dispatch: (detail) => {
        const event = new ToolCallEvent(detail);
        host.dispatchEvent(event);
        return event;
      },
      ask: (key) =>
        new Promise((resolve) => {
          this.#asking.set(key, resolve);
          // For the announcer; not of the public ones.
          host.dispatchEvent(new Event('tool-asking'));
          signal.addEventListener('abort', () => resolve(false));
        }),
      update: (key, change) => {
        if (!this.#stopped) this.#setRound(updateToolCall(this.#round, (part) => part.key === key, change));
      },
      fail: (message, cause) => {
        const error = new StreamChatError('tool', message, {cause});
        host.dispatchEvent(new AnswerErrorEvent({error, message: this.message}));
      },
    });
  }

  #beginRound() {
    const {message} = this;
    this.#number++;
    this.#before = message;
    this.#round = createAnswer(message.id, message.createdAt);
    this.#whole = undefined;
    this.#responseId = this.#headers = this.failure = undefined;
  }

  #setRound(round: Message) {
    if (round === this.#round) return;
    this.#round = round;
    this.#whole = undefined;
    this.#options.changed();
  }

  /** Reads the value of a structured answer, which is what the last turn said. */
  #readStructured(reason: FinishReason) {
    const {text, parts} = this.#round;
    if (!this.#parse || (reason !== 'stop' && reason !== 'length') || parts.some(({type}) => type === 'refusal')) return;
    try {
      this.#round = {...this.#round, parsed: this.#parse(text)};
      this.#whole = undefined;
    } catch (cause) {
      const message =
        reason === 'length' ? 'The answer reached its length limit before its JSON was whole.' : 'The answer is no valid JSON.';
      throw new StreamChatError('protocol', message, {cause});
    }
  }

  #endThinking() {
    if (isThinking(this.#round)) this.#setRound(timeReasoning(this.#round, seconds(performance.now() - this.#thinkingBegan)));
  }

  #end(reason: FinishReason) {
    this.#endThinking();
    if (this.#roundBegan !== undefined) this.#spoken += performance.now() - this.#roundBegan;
    const message = endAnswer(this.message, reason);
    this.#whole = this.#spoken > 0 ? {...message, seconds: seconds(this.#spoken)} : message;
  }

  async request(attempt: Attempt): Promise<TransportRequest> {
    const resume = this.#reader.frames > 0 ? this.#resume() : undefined;
    if (!resume && this.#reader.frames > 0) this.#reader = this.#createReader();
    this.failure = undefined;

    const request = resume?.url ? buildResume(resume) : await this.#buildFirst();
    if (resume && this.#reader.lastEventId) request.headers.set('last-event-id', asHeader(this.#reader.lastEventId));
    await addPageHeaders(request.headers, attempt, this.#host);

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
      mode: resume?.mode ?? 'initial',
    };
  }

  open(response: Response, request: TransportRequest) {
    const isSnapshot = request.mode === 'cursor' && this.#reader.isSnapshot(response.headers);
    const mode = isSnapshot ? 'replay' : request.mode;
    this.#connections++;
    this.#headers ??= response.headers;
    // Of a replay that was lost before it came as far as what is shown, the rest is read beside it too.
    if (mode === 'replay') this.#replay = createAnswer(this.#round.id, this.#round.createdAt);
    else if (mode === 'initial') this.#replay = undefined;
    this.#reader.open(response.headers, mode);
    this.#options.status('streaming');
  }

  push(text: string) {
    const now = performance.now();
    this.#options.heard(now);
    this.#joiner.reckon(now);
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

  /** Name of the wire format: what the page says, else that of WebSockets, else `unknown`. */
  #protocolName(unknown: string): string {
    const {protocol} = this.#host;
    if (protocol !== 'auto') return protocol;
    return this.#isSocket ? 'openai-realtime' : unknown;
  }

  get #isSocket() {
    return /^\s*wss?:/i.test(this.#endpoint);
  }

  #createReader(saved?: SavedReader) {
    return new AnswerReader({
      protocol: this.#protocolName('auto'),
      expectMark: this.#options.marked.has(this.#endpoint),
      saved,
      sink: (delta) => this.#joiner.push(delta),
    });
  }

  #resume() {
    const {lastEventId, lastDataId, protocol, protocolName} = this.#reader;
    return resumeRequest(this.#host.resume, protocol, {
      endpoint: resolveEndpoint(this.#host.endpointSettings).href,
      // A server was told of it only by a request in its own format.
      chatId: protocolName === this.#host.protocol ? this.#options.chatId : undefined,
      responseId: this.#responseId,
      answerId: this.message.id,
      lastEventId,
      lastDataId,
      headers: this.#headers ?? new Headers(),
    });
  }

  async #buildFirst() {
    const {requestSettings, endpointSettings} = this.#host;
    const {messages: asked, chatId, formats} = this.#options;
    const messages = this.#number > 0 ? [...asked, this.message] : asked;
    // Results of tools go back in the shape in which the calls came.
    const seen = messages.some(hasResult) ? (this.#format ?? formats.get(this.#endpoint)) : undefined;
    const encoder = await getEncoder(this.#protocolName(seen ?? 'openai-chat'));
    const socket = this.#socket;
    const method = socket ? 'POST' : endpointSettings.method;
    const told = await tellFiles(messages, encoder, method);
    const request = buildRequest(told, encoder, {...requestSettings, chatId}, {...endpointSettings, method});
    if (socket) request.url = socket.withModel(request.url, requestSettings.model);
    if (request.body) request.body = await addPageBody(request.body, this.#host.body);
    // A header of one's own would need the consent of another origin's CORS.
    if (new URL(request.url).origin === location.origin) request.headers.set('idempotency-key', this.#number > 0 ? `${this.#round.id}-${this.#number}` : this.#round.id);
    return request;
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
      case 'tool-call':
        // Decoders count the calls of a turn.
        if (this.#number > 0) delta = {...delta, key: `${this.#number}:${delta.key}`};
        break;
      case 'tool-result':
        this.#readEarlier(delta);
        break;
      default:
    }
    if (this.#replay) return this.#readReplay(this.#replay, delta);
    const before = this.#round;
    const round = applyDelta(before, delta);
    if (round === before) return;
    this.#roundBegan ??= performance.now();
    const isNow = isThinking(round);
    if (isThinking(before) !== isNow) {
      if (isNow) this.#thinkingBegan = performance.now();
      else this.#endThinking();
    }
    // The time of the reasoning may have been written into it just now.
    this.#setRound(this.#round === before ? round : applyDelta(this.#round, delta));
    this.#progress++;
    if (delta.type === 'replace' || delta.type === 'restart') this.#dispatchReset();
    if (delta.type === 'text' || delta.type === 'reasoning' || delta.type === 'refusal') {
      this.#dispatchDelta(delta.type, delta.text);
    }
    if (this.message.text.length >= (this.#host.maxChars ?? Infinity)) this.#tooLong = true;
  }

  /** Some agents tell of a call of an earlier turn. */
  #readEarlier(delta: Extract<Delta, {type: 'tool-result'}>) {
    const isOurs = this.#round.parts.some((part) => part.type === 'tool-call' && part.id === delta.id);
    if (isOurs || this.#number === 0) return;
    this.#before = applyDelta(this.#before, delta);
    this.#whole = undefined;
    this.#options.changed();
  }

  /** Reads a replay beside what is shown. Where it has come as far and agrees, it takes over without a sign. */
  #readReplay(before: Message, delta: Delta) {
    const replay = (this.#replay = applyDelta(before, delta));
    if (replay === before) return;
    const shown = this.#round.text;
    const {length} = replay.text;
    // Only what is new of the replay is compared, so that a long one costs no more than its length.
    const agrees = shown.startsWith(replay.text.slice(before.text.length, shown.length), before.text.length);
    const isAhead = length >= shown.length && lengthOf(replay, 'reasoning') >= lengthOf(this.#round, 'reasoning');
    if (!agrees || isAhead) this.#adopt(replay, agrees);
  }

  /** A replay that ended before it came as far as what is shown: it is another answer, unless nothing was missing. */
  #endReplay() {
    const replay = this.#replay;
    if (replay) this.#adopt(replay, replay.text === this.#round.text);
  }

  #adopt(replay: Message, agrees: boolean) {
    const {length} = this.#round.text;
    const reasoning = textOf(this.#round, 'reasoning');
    this.#replay = undefined;
    this.#setRound(replay);
    this.#progress++;
    if (!agrees) this.#dispatchReset();
    else {
      const thought = textOf(replay, 'reasoning');
      if (thought.length > reasoning.length && thought.startsWith(reasoning)) {
        this.#dispatchDelta('reasoning', thought.slice(reasoning.length));
      }
      if (replay.text.length > length) this.#dispatchDelta('text', replay.text.slice(length));
    }
  }

  #dispatchDelta(kind: TextKind, text: string) {
    this.#chunks++;
    this.#firstDelta ??= performance.now() - this.#began;
    const {message} = this;
    const said = this.#round.text;
    const json = kind === 'text' ? this.#partial : undefined;
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
        get partial() {
          return json?.read(said);
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
        reconnects: Math.max(0, this.#connections - 1 - this.#number),
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

/** Whether a call broke off: half of its arguments, or nothing of them. */
function isCut(json: string): boolean {
  try {
    JSON.parse(json);
    return false;
  } catch {
    return true;
  }
}

function hasResult({parts}: Message): boolean {
  return parts.some((part) => part.type === 'tool-call' && !part.server && (part.state === 'done' || part.state === 'failed'));
}

/** Whether the model was thinking last, and it was not said for how long. */
function isThinking({parts}: Message): boolean {
  const last = parts.findLast(({type}) => type !== 'source');
  return last?.type === 'reasoning' && last.seconds === undefined;
}

/** Milliseconds in seconds, as exact as they are worth it. */
function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 100) / 10;
}

/** Ids are sent in UTF-8; a header takes the bytes, each as a character. */
function asHeader(id: string): string {
  return Array.from(new TextEncoder().encode(id), (byte) => String.fromCharCode(byte)).join('');
}

function textOf({parts}: Message, kind: TextKind): string {
  return parts.map((part) => (part.type === kind ? part.text : '')).join('');
}

function lengthOf({parts}: Message, kind: TextKind): number {
  return parts.reduce((sum, part) => (part.type === kind ? sum + part.text.length : sum), 0);
}
