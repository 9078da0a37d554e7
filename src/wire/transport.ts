// The only module that uses `fetch` for answers. Request, check, read, retry and give up share one state, the attempt,
// and are the callbacks of one library: apart, each would need the others' fields.
import {fetchEventSource} from '@microsoft/fetch-event-source';

import {isStreamChatError, StreamChatError} from '../model/errors.js';
import {nextTask} from '../lib/next-task.js';
import {pause} from '../lib/pause.js';
import {readDocument} from '../lib/read-document.js';
import {readErrorBody} from './error-body.js';
import {peekHtml} from './peek.js';
import {mayHaveRun, readRetryAfter, retryDelay, statusError} from './retry-policy.js';
import {isAnswerType, mimeEssence} from './sniff.js';
import {Watchdog} from './watchdog.js';

/** Maximum length of an error body to read, in characters, because servers send HTML pages there. */
const maxErrorBody = 4096;
/** Delay before an attempt although `navigator.onLine` is false, in milliseconds. */
const offlineRecheck = 15_000;
/** After an error event, keep reading for up to this long (usage and finish reason may follow), in milliseconds. */
const errorDrainTimeout = 2000;

/**
 * Bytes to process before the clock is read, at first and at most, and the time budget of one task in milliseconds. The
 * first task has half of it, so that the first text appears soon.
 */
const minSliceBytes = 4096;
const maxSliceBytes = 32_768;
const taskBudget = 8;

/** The request of one attempt. */
export interface TransportRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body?: string | undefined;
  readonly credentials: RequestCredentials;
  /** How the response relates to the text received before. */
  readonly mode: 'initial' | 'cursor' | 'replay';
}

/** The attempt for which a request is built. */
export interface Attempt {
  /** Index of the attempt, from 0. */
  readonly number: number;
  /** Whether the server rejected the last attempt with 401, so that credentials must be refreshed. */
  readonly unauthorised: boolean;
}

/** Consumer of the transport: builds requests, and receives responses and body text. */
export interface AnswerSink {
  /** Returns the request of an attempt. A rejection ends the answer. */
  request(attempt: Attempt): Promise<TransportRequest>;
  /** Receives a response whose body will follow. */
  open(response: Response, request: TransportRequest): void;
  /** Receives the next chunk of the body. */
  push(text: string): void | Promise<void>;
  /** Receives the end of the body. Resolves to whether the answer is complete. */
  end(clean: boolean): Promise<boolean>;
  /** Whether the answer is complete, so that the rest of the body is not read. */
  readonly ended: boolean;
  /** Error reported inside the stream, if any. */
  readonly failure: StreamChatError | undefined;
  /** Counter that grows with each new content. */
  readonly progress: number;
  /** Whether anything of the answer was received. */
  readonly hasStarted: boolean;
  /** Whether the server has proved that it resumes the answer. */
  readonly hasResumed: boolean;
  /** Reconnection time of the server (`retry:`) in milliseconds, if it sent one. */
  readonly retry: number | undefined;
  /** Whether there are credentials that can be refreshed. */
  readonly canRefreshHeaders: boolean;
  /** Whether retrying is safe: nothing was received yet, or the server can resume. */
  readonly canRetry: boolean;
  /** Called when a connection was lost, before the next attempt follows after `delay` seconds. */
  retrying(attempt: number, delay: number, cause: StreamChatError): void;
  /** Called when the state of the transport changes. */
  state(state: 'connecting' | 'streaming' | 'waiting' | 'offline'): void;
}

/** Timeouts and number of retries. */
export interface TransportLimits {
  /** Maximum time until the response headers, in seconds. */
  readonly connectTimeout: number;
  /** Maximum time without a byte, in seconds. */
  readonly idleTimeout: number;
  /** Maximum number of consecutive retries without progress. */
  readonly retries: number;
}

/** Requests a response. Rejects with a `StreamChatError`, or with any other value if the server could not be reached. */
export type FetchAnswer = (request: TransportRequest, signal: AbortSignal) => Promise<Response>;

// A followed redirect would carry the conversation and the headers to another host.
const fetchEndpoint: FetchAnswer = ({url, method, headers, body, credentials}, signal) =>
  fetch(url, {method, headers, ...(body !== undefined && {body}), credentials, cache: 'no-store', redirect: 'manual', signal});

/**
 * Streams one answer, reconnecting as needed. Resolves when the sink reports completion or `signal` aborts; rejects
 * with a `StreamChatError` when retries are exhausted.
 *
 * `fetchEventSource` drives the attempts, and nothing more. It is given a `fetch` that reads the bytes itself and
 * returns empty chunks to the library. So its parser (which loses and duplicates events), its handling of event IDs and
 * its delays never run.
 */
export async function stream(sink: AnswerSink, limits: TransportLimits, signal: AbortSignal, fetchAnswer: FetchAnswer = fetchEndpoint): Promise<void> {
  if (signal.aborted) return;
  // The library never removes its listener from a signal, so it gets a separate one that lives as long as the answer.
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal.addEventListener('abort', abort, {once: true});
  try {
    const loop = new RetryLoop(sink, limits, controller.signal, fetchAnswer);
    await fetchEventSource('', {
      signal: controller.signal,
      // Otherwise the library resends the request when a hidden tab becomes visible, and the model runs twice.
      openWhenHidden: true,
      fetch: () => loop.open(),
      onopen: () => Promise.resolve(),
      onclose: () => loop.handleClose(),
      onerror: (error) => loop.handleError(error),
    });
  } finally {
    signal.removeEventListener('abort', abort);
    controller.abort();
  }
}

/** Makes the attempts of one answer, one after the other. */
class RetryLoop {
  #sink: AnswerSink;
  #limits: TransportLimits;
  #signal: AbortSignal;
  #fetchAnswer: FetchAnswer;

  #attempts = 0;
  #failuresSinceProgress = 0;
  #progress = 0;
  #delay = 0;
  #offline = false;
  #unauthorised = false;
  #refreshed = false;
  #serverResponded = false;
  /** Of the current attempt. */
  #mode: TransportRequest['mode'] = 'initial';
  #method = '';
  #hasResponse = false;
  /** Number of automatic repeats after attempts for which the model may have run. */
  #billedRepeats = 0;
  /** Controller of the current attempt. Aborted on every exit, so that its socket is released. */
  #controller = new AbortController();
  /** Time spent processing in the current task, in milliseconds. */
  #timeInTask = taskBudget / 2;
  #sliceBytes = minSliceBytes;

  constructor(sink: AnswerSink, limits: TransportLimits, signal: AbortSignal, fetchAnswer: FetchAnswer) {
    this.#sink = sink;
    this.#limits = limits;
    this.#signal = signal;
    this.#fetchAnswer = fetchAnswer;
    signal.addEventListener('abort', () => this.#controller.abort(), {once: true});
  }

  /** Makes an attempt. Returns an object that the library accepts as a response, without bytes for it. */
  async open(): Promise<Response> {
    await this.#wait();
    const attempt = {number: this.#attempts++, unauthorised: this.#unauthorised};
    this.#unauthorised = false;
    this.#controller = new AbortController();
    this.#hasResponse = false;
    this.#sink.state('connecting');

    const request = await this.#sink.request(attempt);
    this.#mode = request.mode;
    this.#method = request.method;
    this.#throwIfAborted();
    const response = await this.#check(await this.#fetch(request));
    this.#throwIfAborted();
    this.#serverResponded = this.#hasResponse = true;
    this.#sink.open(response, request);
    const read = this.#createRead(response);
    return {body: {getReader: () => ({read})}} as unknown as Response;
  }

  /** Called when the library has read to the end of body. */
  handleClose() {
    this.#controller.abort();
    if (this.#sink.failure) throw this.#sink.failure;
    if (!this.#sink.ended) throw interruptedError();
  }

  /** Returns 0 to make another attempt, which `#wait` delays, or throws the error that ends the answer. */
  handleError(cause: unknown): number {
    this.#controller.abort();
    const error = this.#sink.failure ?? StreamChatError.from(cause, 'network');
    if (this.#sink.progress > this.#progress) this.#failuresSinceProgress = 0;
    this.#progress = this.#sink.progress;

    if (error.status === 401 && this.#sink.canRefreshHeaders && !this.#refreshed) {
      this.#refreshed = this.#unauthorised = true;
      return 0;
    }
    if (!this.#sink.canRetry) throw this.#toFinalError(error);
    // Whether the next attempt repeats a request for which the model may have run. Resuming an answer does not count as a
    // repeat, unless it is by a POST and the server has not proved that it resumes.
    const isRepeat =
      this.#mode === 'initial'
        ? !this.#sink.hasStarted || this.#sink.failure !== undefined
        : this.#method === 'POST' && !this.#sink.hasResumed;
    const billed = isRepeat && (this.#sink.failure !== undefined || mayHaveRun(error, this.#hasResponse));
    const isOffline = error.code === 'network' && globalThis.navigator?.onLine === false;
    if (isOffline && this.#limits.retries > 0 && (!billed || this.#billedRepeats === 0)) {
      if (billed) this.#billedRepeats++;
      this.#offline = true;
      return 0;
    }
    const {retry} = this.#sink;
    const baseDelay = retry === undefined ? undefined : Math.max(0.1, retry / 1000);
    const state = {
      failures: this.#failuresSinceProgress,
      maxRetries: this.#limits.retries,
      isReachable: this.#serverResponded,
      mayHaveRun: billed,
      billedRepeats: this.#billedRepeats,
      baseDelay,
    };
    const delay = retryDelay(error, state, Math.random());
    if (delay === undefined) throw this.#toFinalError(isOffline ? offlineError(error) : error);
    if (billed) this.#billedRepeats++;
    this.#failuresSinceProgress++;
    this.#delay = delay;
    this.#sink.retrying(this.#attempts, delay, error);
    return 0;
  }

  /** Once content has been received, a network error is reported as `interrupted`. An error of the provider stays. */
  #toFinalError(error: StreamChatError): StreamChatError {
    const isConnection = error !== this.#sink.failure && connectionCodes.has(error.code);
    return this.#sink.hasStarted && isConnection ? interruptedError(error) : error;
  }

  #throwIfAborted() {
    if (this.#signal.aborted) throw new DOMException('The answer was stopped.', 'AbortError');
  }

  /** Waits for the delay before the next attempt, and for the network. */
  async #wait() {
    if (this.#delay > 0) {
      this.#sink.state('waiting');
      await pause(this.#delay * 1000, this.#signal);
      this.#delay = 0;
    }
    if (this.#offline) {
      // `onLine` may be false although the endpoint is reachable, so an attempt is made from time to time.
      this.#sink.state('offline');
      await pause(offlineRecheck, this.#signal);
      this.#offline = false;
    }
    this.#throwIfAborted();
  }

  async #fetch(request: TransportRequest): Promise<Response> {
    const {connectTimeout} = this.#limits;
    const controller = this.#controller;
    let connectTimedOut = false;
    const watchdog = new Watchdog(connectTimeout * 1000, () => {
      connectTimedOut = true;
      controller.abort();
    });
    try {
      return await this.#fetchAnswer(request, controller.signal);
    } catch (cause) {
      this.#throwIfAborted();
      if (connectTimedOut) throw timeoutError(`The server did not answer within ${connectTimeout} s.`);
      throw isStreamChatError(cause) ? cause : unreachableError(request.url, cause);
    } finally {
      watchdog.stop();
    }
  }

  /** Rejects a response that is no answer. Resolves to one that may be. */
  async #check(response: Response): Promise<Response> {
    const {status} = response;
    if (response.type === 'opaqueredirect') {
      throw new StreamChatError(
        'http',
        'The endpoint redirects, and redirects are not followed. Set "endpoint" to the final URL, including any trailing slash.',
        {retryable: false},
      );
    }
    if (status === 204 || status === 205) {
      throw new StreamChatError('http', `The endpoint has no answer (${status}).`, {status, retryable: false});
    }
    if (!response.ok) {
      const serverMessage = readErrorBody(await this.#readStart(response), response.headers.get('content-type'));
      throw statusError(status, serverMessage, readRetryAfter(response.headers, Date.now()));
    }
    const contentType = response.headers.get('content-type');
    if (isAnswerType(contentType)) return response;
    const isHtml = mimeEssence(contentType) === 'text/html';
    this.#hasResponse = isHtml;
    const answer = isHtml ? await peekHtml(response, this.#limits.idleTimeout, this.#controller) : undefined;
    if (answer) return answer;
    const serverMessage = isHtml ? '' : readErrorBody(await this.#readStart(response), contentType);
    const page = isHtml ? 'a web page' : `"${contentType}"`;
    throw new StreamChatError(
      'http',
      `The endpoint answered with ${page}, not with a stream. Check its URL, or let it send text/event-stream.${serverMessage ? ` It said: ${serverMessage}` : ''}`,
      {status, retryable: false},
    );
  }

  /** Reads only the beginning of an error body. */
  async #readStart(response: Response): Promise<string> {
    const reader = response.body?.getReader();
    const watchdog = new Watchdog(Math.min(this.#limits.idleTimeout, 5) * 1000, () => this.#controller.abort());
    const decoder = new TextDecoder();
    let text = '';
    try {
      for (let read; reader && text.length < maxErrorBody && !(read = await reader.read()).done; ) {
        text += decoder.decode(read.value, {stream: true});
      }
    } catch (cause) {
      this.#throwIfAborted();
      // A partial error message is enough, because the status is known.
      text += cause instanceof DOMException ? '' : '…';
    } finally {
      watchdog.stop();
      this.#controller.abort();
    }
    return text.slice(0, maxErrorBody);
  }

  /** Processes a large chunk in slices, yielding between them; in one go it would be a long task. */
  async #push(bytes: Uint8Array, decoder: TextDecoder) {
    for (let at = 0; at < bytes.length; ) {
      const startedAt = performance.now();
      const slice = bytes.subarray(at, at + this.#sliceBytes);
      at += slice.length;
      this.#sliceBytes = Math.min(maxSliceBytes, this.#sliceBytes * 2);
      await this.#sink.push(decoder.decode(slice, {stream: true}));
      this.#timeInTask += performance.now() - startedAt;
      if (this.#timeInTask < taskBudget) continue;
      this.#timeInTask = 0;
      await nextTask();
      this.#throwIfAborted();
    }
  }

  /** Creates the `read` that the library calls. It passes the text to the sink, and nothing to the library. */
  #createRead(response: Response) {
    const reader = response.body?.getReader();
    const controller = this.#controller;
    // `fetch` ends the body when the signal aborts; a response of the page may not. Then cancelling an ended body rejects.
    controller.signal.addEventListener('abort', () => void reader?.cancel().catch(() => undefined));
    const decoder = new TextDecoder('utf-8', {ignoreBOM: true});
    const {idleTimeout} = this.#limits;
    const emptyRead = {done: false as const, value: new Uint8Array(0)};
    let idleTimedOut = false;
    let drainTimer: ReturnType<typeof setTimeout> | undefined;
    const watchdog = new Watchdog(idleTimeout * 1000, () => {
      idleTimedOut = true;
      controller.abort();
    });
    const cleanUp = () => {
      watchdog.stop();
      clearTimeout(drainTimer);
      controller.abort();
    };

    return async () => {
      try {
        const {done, value} = reader ? await reader.read() : {done: true, value: undefined};
        this.#throwIfAborted();
        controller.signal.throwIfAborted();
        watchdog.reset();
        if (done) await this.#sink.push(decoder.decode());
        else if (value) await this.#push(value, decoder);
        if (done || this.#sink.ended) {
          if (!this.#sink.ended) await this.#sink.end(true);
          cleanUp();
          return {done: true as const, value: undefined};
        }
        if (this.#sink.failure) drainTimer ??= setTimeout(() => controller.abort(), errorDrainTimeout);
        return emptyRead;
      } catch (cause) {
        cleanUp();
        this.#throwIfAborted();
        if (isStreamChatError(cause)) throw cause;
        if (await this.#sink.end(false)) return {done: true as const, value: undefined};
        if (idleTimedOut) throw timeoutError(`Nothing came from the server for ${idleTimeout} s.`);
        throw new StreamChatError('network', 'The connection was lost.', {cause});
      }
    };
  }
}

/**
 * Sends a fire-and-forget request that survives page unload (`keepalive`). Failures are only logged: the answer has
 * already ended here.
 */
export async function notifyStopped(
  url: string,
  body: unknown,
  credentials: RequestCredentials,
  getHeaders: () => Promise<Headers>,
): Promise<void> {
  try {
    const headers = await getHeaders();
    headers.set('content-type', 'application/json');
    await fetch(url, {method: 'POST', headers, body: JSON.stringify(body), credentials, keepalive: true, redirect: 'error'});
  } catch (error) {
    console.warn(`<stream-chat> could not notify ${url} that the answer was stopped.`, error);
  }
}

const connectionCodes: ReadonlySet<string> = new Set(['network', 'offline', 'timeout', 'http', 'auth', 'rate-limit']);

function offlineError(cause: StreamChatError): StreamChatError {
  return new StreamChatError('offline', 'You are offline.', {cause});
}

function timeoutError(message: string): StreamChatError {
  return new StreamChatError('timeout', message);
}

function interruptedError(cause?: StreamChatError): StreamChatError {
  const message = cause ? `${cause.message} The answer is not complete.` : 'The answer was interrupted.';
  return new StreamChatError('interrupted', message, {cause});
}

function unreachableError(url: string, cause: unknown): StreamChatError {
  const {origin} = new URL(url, readDocument('baseURI'));
  const hint = !globalThis.location || origin === location.origin ? 'Is the server running?' : 'Is the server running, and does it allow this page (CORS)?';
  return new StreamChatError('network', `${origin} cannot be reached. ${hint}`, {cause});
}
