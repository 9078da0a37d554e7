// One idea: the state of an answer as the transport changes it. The loop over rounds is in tool-rounds.ts, a replay in
// replay.ts, the decision how to resume in resume.ts, the request in initial-request.ts.
import {
  applyDelta,
  endAnswer,
  failAnswer,
  isReasoning,
  timeReasoning,
  type Delta,
  type FinishReason,
  type Message,
} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import {getEncoder} from '../protocols/protocol.js';
import type {AnswerSink, Attempt, TransportRequest} from '../wire/transport.js';
import {AnswerReader} from './answer-reader.js';
import {AnswerSource} from './answer-source.js';
import {AnswerTimer} from './answer-timer.js';
import {type ChatHost, defaultMaxChars} from './chat-host.js';
import {DeltaCoalescer} from './delta-coalescer.js';
import {createDeltaEvent} from './delta-event.js';
import {AnswerErrorEvent, DoneEvent, ReconnectEvent, ResetEvent, type ChatState, type TextKind} from './events.js';
import {buildInitialRequest, completeRequest, encodeBody, hasToolResult} from './initial-request.js';
import {Replay, type ReplayState} from './replay.js';
import {buildResumeRequest, encodeHeaderValue, findResume, mayStillResume, unresumableError} from './resume.js';
import type {SavedAnswer} from './saved-answer.js';
import type {SavedReader} from './saved-reader.js';
import {createStructuredOutput, type StructuredOutput} from './structured-output.js';
import {ToolRounds} from './tool-rounds.js';

/** What an answer is created with. */
export interface AnswerSessionOptions {
  /** The answer to stream, or the one to resume. Its ID is the same for all attempts. */
  readonly message: Message;
  /** The conversation to send. */
  readonly messages: readonly Message[];
  readonly chatId: string;
  /** Tokens that the conversation has used. */
  readonly tokensUsed: number;
  /** Endpoints that have sent an end marker before; from them, an answer without one counts as interrupted. */
  readonly endpointsWithEndMarker: Set<string>;
  /** Endpoints that sent another answer when asked to resume one; they are not asked again. */
  readonly endpointsWithoutResume: Set<string>;
  /** Wire formats that endpoints have answered in, by endpoint. */
  readonly formats: Map<string, string>;
  /** The answer before a reload, to resume it. */
  readonly saved?: SavedAnswer | undefined;
  /** Called when the message changed. */
  readonly onChange: () => void;
  /** Records activity of the server, by default now; `Infinity` pauses the "still waiting" message while a tool runs. */
  readonly onActivity: (at?: number) => void;
  readonly onStatus: (state: ChatState, delay?: number, isRefused?: boolean) => void;
}

/** Headers of the first response that are stored, because resuming needs them. */
const keptHeaders = ['location', 'content-location'];

/** One answer in progress, across all connections and all rounds (model calls with tool calls between them). */
export class AnswerSession implements AnswerSink {
  failure: StreamChatError | undefined;

  #host: ChatHost;
  #options: AnswerSessionOptions;
  #reader: AnswerReader;
  #rounds: ToolRounds;
  #timer = new AnswerTimer();
  #controller = new AbortController();
  #endpoint: string;
  #stopped = false;
  #isInterrupted = false;
  /** Whether the text has reached `max-chars`. */
  #tooLong = false;
  /** Headers of the first response of the round. */
  #headers: Headers | undefined;
  #responseId: string | undefined;
  /** A replay, until it has caught up with the text already shown. */
  #replay: Replay | undefined;
  /** Wire format of the last round. */
  #format: string | undefined;
  #source: AnswerSource;
  #structured: StructuredOutput | undefined;
  #coalescer = new DeltaCoalescer((delta) => this.#apply(delta));

  #progress = 0;
  #connections = 0;
  #unknown = 0;

  constructor(host: ChatHost, options: AnswerSessionOptions) {
    const {saved} = options;
    this.#host = host;
    this.#options = options;
    this.#endpoint = host.endpointSettings.endpoint;
    const current: Message = {...(saved?.rounds?.current ?? options.message), status: 'streaming'};
    this.#source = new AnswerSource(host, {
      onDelta: (delta) => this.#coalescer.push(delta),
      onDownload: (fraction) => host.showNotice(fraction < 1 ? 'downloading' : undefined, Math.floor(fraction * 100)),
    });
    this.#rounds = new ToolRounds(current, saved?.rounds, options.onChange);
    this.#reader = this.#createReader(saved?.reader);
    this.#responseId = saved?.responseId;
    this.#headers = saved && new Headers(saved.headers.map(([name, value]): [string, string] => [name, value]));
  }

  /** The answer so far. */
  get message(): Message {
    return this.#rounds.message;
  }

  get ended() {
    return this.#reader.ended || this.#tooLong || this.#source.isDone;
  }

  get progress() {
    return this.#progress;
  }

  get hasStarted() {
    return this.#source.isIterated ? this.#progress > 0 : !this.#reader.hasReceivedNothing;
  }

  get hasResumed() {
    return this.#reader.hasResumed;
  }

  get retry() {
    return this.#reader.retry;
  }

  get canRefreshHeaders() {
    return typeof this.#host.headers === 'function';
  }

  get canRetry() {
    // A provider error before any content (e.g. overloaded) can be retried; after the first content it cannot.
    const isRefused = this.failure !== undefined && this.#rounds.current.parts.length === 0;
    return !this.#reader.isForeign && this.#source.mayRepeat && (this.#reader.hasReceivedNothing || isRefused || this.#canResume);
  }

  /** Whether `retry()` resumes the answer: it was interrupted, and its server supports that. */
  get retryCanResume() {
    return this.#isInterrupted && this.#canResume;
  }

  /** Returns the state to store so that the answer can be resumed after a reload. */
  save(): SavedAnswer {
    const rounds = this.#rounds.save();
    return {
      message: this.message,
      reader: this.#reader.save(),
      responseId: this.#responseId,
      headers: keptHeaders.flatMap((name) => {
        const value = this.#headers?.get(name);
        return value ? [[name, value] as const] : [];
      }),
      ...(rounds && {rounds}),
    };
  }

  /** Streams the answer, or the rest of it. Resolves to the event to dispatch at its end; never rejects. */
  async run(): Promise<DoneEvent | AnswerErrorEvent> {
    try {
      await this.#prepare();
      const hasResults = await this.#rounds.run({
        host: this.#host,
        signal: this.#controller.signal,
        streamRound: () => this.#streamRound(),
        onToolsStart: () => this.#options.onActivity(Infinity),
        onNextRound: () => {
          this.#responseId = this.#headers = this.failure = undefined;
        },
      });
      if (this.#stopped) return this.#createDoneEvent();
      if (hasResults) {
        const reason = this.#tooLong ? 'length' : (this.#rounds.current.reason ?? 'stop');
        this.#rounds.current = this.#structured?.complete(this.#rounds.current, reason) ?? this.#rounds.current;
        this.#complete(reason);
      } else this.#complete('tool-calls');
      return this.#createDoneEvent();
    } catch (cause) {
      if (this.#reader.isForeign) this.#options.endpointsWithoutResume.add(this.#endpoint);
      if (this.#stopped) return this.#createDoneEvent();
      const error = StreamChatError.from(cause, 'protocol');
      this.#endReasoning();
      this.#rounds.complete(failAnswer(this.message, error));
      this.#isInterrupted = mayStillResume(error);
      return new AnswerErrorEvent({error, message: this.message});
    } finally {
      this.#source.close();
    }
  }

  /** Stops the answer and keeps its text. */
  stop() {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#complete('aborted');
    this.#options.onChange();
    this.#controller.abort();
  }

  /** Resolves the confirmation of a tool call. */
  confirmToolCall(key: string, isAllowed: boolean) {
    this.#rounds.confirmToolCall(key, isAllowed);
  }

  /** Body of the request to `stop-endpoint`. */
  stopNotice() {
    return {id: this.#responseId ?? this.message.id, length: this.message.text.length};
  }

  async #prepare() {
    const {saved, tokensUsed} = this.#options;
    const {budget, requestSettings} = this.#host;
    await this.#reader.restore();
    if (saved && !this.#canResume) throw unresumableError();
    if (!saved && budget !== undefined && tokensUsed >= budget) {
      const message = `The conversation has used ${tokensUsed} of ${budget} tokens. Start a new conversation to continue.`;
      throw new StreamChatError('config', message, {kind: 'budget'});
    }
    if (requestSettings.responseFormat) this.#structured = await createStructuredOutput();
  }

  /** Streams one round. Resolves to whether its tool calls may run. */
  async #streamRound(): Promise<boolean> {
    await this.#source.connect(this, () => this.#readQuestion(), this.#controller.signal);
    if (this.#source.isIterated) this.#checkOutput();
    if (this.#stopped) return false;
    if (this.#replay) this.#handleReplay(this.#replay, this.#replay.end(this.#rounds.current));
    this.#endReasoning();
    this.#timer.endRound();
    if (this.#reader.endedBy === 'marker') this.#options.endpointsWithEndMarker.add(this.#endpoint);
    this.#format = this.#reader.protocolName;
    if (this.#format) this.#options.formats.set(this.#endpoint, this.#format);
    // The round is complete: it cannot be resumed.
    this.#reader = this.#createReader();
    return !this.#tooLong;
  }

  #endReasoning() {
    const {current} = this.#rounds;
    if (isReasoning(current)) this.#rounds.current = timeReasoning(current, this.#timer.reasoningSeconds);
  }

  #complete(reason: FinishReason) {
    this.#endReasoning();
    this.#timer.endRound();
    const message = endAnswer(this.message, reason);
    const seconds = this.#timer.generationSeconds;
    this.#rounds.complete(seconds === undefined ? message : {...message, seconds});
  }

  // Requests, and how an interrupted answer is resumed.

  /** Whether the server can resume the answer where it was interrupted. */
  get #canResume() {
    return !this.#reader.hasReceivedNothing && this.#resume() !== undefined;
  }

  /** Returns how the server can resume the answer, or `undefined` if it cannot. Decided in `resume.ts`. */
  #resume() {
    const {lastEventId, lastDataId, protocol, protocolName} = this.#reader;
    if (this.#options.endpointsWithoutResume.has(this.#endpoint)) return undefined;
    return findResume(this.#host, protocol, {
      // The server knows it only from a request in its own format.
      chatId: protocolName === this.#host.protocol ? this.#options.chatId : undefined,
      responseId: this.#responseId,
      answerId: this.message.id,
      lastEventId,
      lastDataId,
      headers: this.#headers ?? new Headers(),
    });
  }

  async request(attempt: Attempt): Promise<TransportRequest> {
    const resume = this.#reader.hasReceivedNothing ? undefined : this.#resume();
    if (!resume && !this.#reader.hasReceivedNothing) this.#reader = this.#createReader();
    this.failure = undefined;

    const draft = resume?.url ? buildResumeRequest(resume) : await this.#buildInitialRequest();
    if (resume && this.#reader.lastEventId) draft.headers.set('last-event-id', encodeHeaderValue(this.#reader.lastEventId));
    const {request, proceeds} = await completeRequest(draft, attempt, this.#host);
    if (!proceeds) this.stop();
    return {
      ...request,
      body: request.body === undefined ? undefined : encodeBody(request.body),
      credentials: this.#host.credentials,
      mode: resume?.mode ?? 'initial',
    };
  }

  #readQuestion() {
    const {chatId, messages} = this.#options;
    const {requestSettings, protocol} = this.#host;
    return {messages: this.#rounds.index > 0 ? [...messages, this.message] : messages, protocol, settings: {...requestSettings, chatId}};
  }

  async #buildInitialRequest() {
    const {chatId, formats} = this.#options;
    const {idempotencyKey} = this.#rounds;
    const {messages} = this.#readQuestion();
    // Results of tools are sent back in the format of the calls.
    const format = messages.some(hasToolResult) ? (this.#format ?? formats.get(this.#endpoint)) : undefined;
    const encoder = await getEncoder(this.#protocolName(format ?? 'openai-chat'));
    return buildInitialRequest(this.#host, {messages, encoder, chatId, idempotencyKey, source: this.#source});
  }

  /** Name of the wire format: the attribute, else that of WebSockets, else `fallback`. */
  #protocolName(fallback: string): string {
    const {protocol} = this.#host;
    if (protocol !== 'auto') return protocol;
    return this.#source.isRealtime ? 'openai-realtime' : fallback;
  }

  // Responses.

  #createReader(saved?: SavedReader) {
    return new AnswerReader({
      protocol: this.#protocolName('auto'),
      mayBeEmpty: () => this.#rounds.index > 0,
      expectsEndMarker: this.#options.endpointsWithEndMarker.has(this.#endpoint),
      saved,
      sink: (delta) => this.#coalescer.push(delta),
    });
  }

  open(response: Response, request: TransportRequest) {
    const isSnapshot = request.mode === 'cursor' && this.#reader.isSnapshot(response.headers);
    const mode = isSnapshot ? 'replay' : request.mode;
    this.#connections++;
    this.#headers ??= response.headers;
    // A replay that was interrupted before it caught up stays, and its rest is applied to it too.
    if (mode === 'replay') this.#replay = new Replay(this.#rounds.current, request.method);
    else if (mode === 'initial') this.#replay = undefined;
    this.#reader.open(response.headers, mode);
    this.#options.onStatus('streaming');
  }

  push(text: string) {
    const now = performance.now();
    this.#options.onActivity(now);
    this.#coalescer.advanceTo(now);
    return this.#source.isIterated ? undefined : this.#reader.push(text);
  }

  async end(clean: boolean) {
    return this.#source.isIterated ? this.#source.isDone : this.#reader.end(clean);
  }

  retrying(attempt: number, delay: number, cause: StreamChatError) {
    this.#options.onStatus('waiting', delay, cause.status !== undefined);
    this.#host.dispatchEvent(new ReconnectEvent({attempt, delay, cause}));
  }

  state(state: Exclude<ChatState, 'idle'>) {
    this.#options.onStatus(state);
  }

  #apply(delta: Delta) {
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
        delta = this.#rounds.withUniqueKey(delta);
        break;
      case 'tool-result':
        this.#rounds.applyToEarlierRound(delta);
        break;
      default:
    }
    const replay = this.#replay;
    if (!replay) return this.#applyToRound(delta);
    this.#handleReplay(replay, replay.apply(delta, this.#rounds.current));
  }

  #applyToRound(delta: Delta) {
    const rounds = this.#rounds;
    const before = rounds.current;
    const round = applyDelta(before, delta);
    if (round === before) return;
    this.#timer.startRound();
    const isNow = isReasoning(round);
    if (isReasoning(before) !== isNow) {
      if (isNow) this.#timer.startReasoning();
      else this.#endReasoning();
    }
    // `#endReasoning` may just have changed the round.
    rounds.current = rounds.current === before ? round : applyDelta(rounds.current, delta);
    this.#progress++;
    if (delta.type === 'replace' || delta.type === 'restart') this.#dispatchReset();
    if (delta.type === 'text' || delta.type === 'reasoning' || delta.type === 'refusal') {
      this.#dispatchDelta(delta.type, delta.text);
    }
    if (this.message.text.length >= (this.#host.maxChars ?? defaultMaxChars)) this.#tooLong = true;
  }

  /** Replaces the message of the round by its replay; with a `reset` if they do not agree. */
  #handleReplay(replay: Replay, state: ReplayState) {
    if (state === 'behind') return;
    if (state === 'foreign') throw this.#reader.refuse();
    const agrees = state === 'caught-up';
    const additions = agrees ? replay.additions(this.#rounds.current) : [];
    this.#replay = undefined;
    this.#rounds.current = replay.message;
    this.#progress++;
    if (!agrees) this.#dispatchReset();
    for (const {kind, text} of additions) this.#dispatchDelta(kind, text);
  }

  /** An answer without output, which the user would see as silence, has failed. */
  #checkOutput() {
    const {parts, reason} = this.#rounds.current;
    if (parts.length > 0 || reason || this.#stopped || this.#rounds.index > 0) return;
    throw new StreamChatError('provider', 'The source ended without an answer.');
  }

  #dispatchDelta(kind: TextKind, text: string) {
    this.#timer.countDelta();
    const structured = this.#structured;
    const roundText = this.#rounds.current.text;
    const readPartial = structured && (() => structured.readPartial(roundText));
    this.#host.dispatchEvent(createDeltaEvent(this.message, kind, text, readPartial));
  }

  #dispatchReset() {
    this.#host.dispatchEvent(new ResetEvent(this.message.id, this.message.text));
  }

  #createDoneEvent() {
    const {message} = this;
    const {reason = 'stop', usage} = message;
    const reconnects = Math.max(0, this.#connections - 1 - this.#rounds.index);
    return new DoneEvent({
      message,
      reason,
      usage,
      timing: this.#timer.timing({reconnects, unknown: this.#unknown}),
    });
  }
}
