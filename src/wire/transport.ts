import {fetchEventSource} from '@microsoft/fetch-event-source';

import {findErrorMessage, StreamChatError} from '../model/errors.js';
import {nextTask} from '../lib/next-task.js';
import {readRetryAfter, retryDelay, statusError} from './retry-policy.js';
import {isAnswerType, mimeEssence} from './sniff.js';
import {Watchdog} from './watchdog.js';

/** Characters of an error body that are read: servers put a page of HTML there. */
const maxErrorBody = 4096;
/** How long a page that says it is offline waits before it tries all the same, in milliseconds. */
const offlineRecheck = 15_000;
/** After an error told inside the stream the rest is read (usage, reason), but not waited for. */
const errorDrainTimeout = 2000;

/**
 * Bytes that are read without looking at the clock, at first and at most, and for how long in one task, in milliseconds;
 * in the first one half as long, so that the first text is soon there.
 */
const minSliceBytes = 4096;
const maxSliceBytes = 32_768;
const taskBudget = 8;

/** What one attempt sends. */
export interface TransportRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body?: string | undefined;
  readonly credentials: RequestCredentials;
  /** How the response continues what was read. */
  readonly mode: 'initial' | 'cursor' | 'replay';
}

/** Which attempt a request is made for. */
export interface Attempt {
  /** 0 for the first. */
  readonly number: number;
  /** Whether the last one was refused with 401: credentials have to be asked for anew. */
  readonly unauthorised: boolean;
}

/** Who reads what the transport brings. */
export interface AnswerSink {
  /** Makes the request of an attempt. A rejection ends the answer. */
  request(attempt: Attempt): Promise<TransportRequest>;
  /** Takes a response whose body will follow. */
  open(response: Response, request: TransportRequest): void;
  /** Takes the next piece of the body. */
  push(text: string): void | Promise<void>;
  /** Takes the end of the body. Resolves to whether the answer is complete. */
  end(clean: boolean): Promise<boolean>;
  /** Whether the answer is complete: the rest of the body is not waited for. */
  readonly ended: boolean;
  /** The error that the stream told of, if it did. */
  readonly failure: StreamChatError | undefined;
  /** Grows with everything new that is shown. */
  readonly progress: number;
  /** Whether anything came of the answer. */
  readonly begun: boolean;
  /** Milliseconds that the server asks to wait before a reconnection (`retry:`), if it does. */
  readonly retry: number | undefined;
  /** Whether there are credentials that can be asked for anew. */
  readonly refreshable: boolean;
  /** Whether a lost answer may be asked for again: nothing came of it, or the server can go on. */
  readonly recoverable: boolean;
  /** Says that a lost connection is about to be tried again, after `delay` seconds. */
  retrying(attempt: number, delay: number, cause: StreamChatError): void;
  /** Says what the transport does. */
  state(state: 'connecting' | 'streaming' | 'waiting' | 'offline'): void;
}

/** How patient the transport is. */
export interface TransportLimits {
  /** Seconds until the headers of a response. */
  readonly connectTimeout: number;
  /** Seconds without a byte. */
  readonly idleTimeout: number;
  /** Attempts without progress. */
  readonly retries: number;
}

/**
 * Brings one answer, over as many connections as it takes. Resolves when the sink says that the answer is complete, or
 * when `signal` aborts; rejects with a `StreamChatError` when there is no more to try.
 *
 * `fetchEventSource` drives the attempts, and nothing more. Its `fetch` is ours: it reads the bytes and hands the
 * library empty pieces, so that its parser, which loses and doubles events, its reading of ids and its waits never run.
 */
export async function stream(sink: AnswerSink, limits: TransportLimits, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  // The library never removes its listener from a signal: it gets one of its own, which lives as long as the answer.
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal.addEventListener('abort', abort, {once: true});
  try {
    const loop = new RetryLoop(sink, limits, controller.signal);
    await fetchEventSource('', {
      signal: controller.signal,
      // Else a tab that is hidden and shown sends its request again: the model would be asked twice.
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

/** The attempts of one answer, one after the other. */
class RetryLoop {
  #sink: AnswerSink;
  #limits: TransportLimits;
  #signal: AbortSignal;

  #attempts = 0;
  #failuresSinceProgress = 0;
  #progress = 0;
  #delay = 0;
  #offline = false;
  #unauthorised = false;
  #refreshed = false;
  #serverResponded = false;
  /** Of the attempt that runs. Aborted on every way out, so that its socket is given back. */
  #controller = new AbortController();
  /** For how long this task has read. */
  #timeInTask = taskBudget / 2;
  #sliceBytes = minSliceBytes;

  constructor(sink: AnswerSink, limits: TransportLimits, signal: AbortSignal) {
    this.#sink = sink;
    this.#limits = limits;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#controller.abort(), {once: true});
  }

  /** Makes an attempt. What it returns looks like a response to the library, and has no bytes for it. */
  async open(): Promise<Response> {
    await this.#wait();
    const attempt = {number: this.#attempts++, unauthorised: this.#unauthorised};
    this.#unauthorised = false;
    this.#controller = new AbortController();
    this.#sink.state('connecting');

    const request = await this.#sink.request(attempt);
    this.#throwIfAborted();
    const response = await this.#fetch(request);
    await this.#check(response);
    this.#throwIfAborted();
    this.#serverResponded = true;
    this.#sink.open(response, request);
    const read = this.#createRead(response);
    return {body: {getReader: () => ({read})}} as unknown as Response;
  }

  /** The library read to the end. */
  handleClose() {
    this.#controller.abort();
    if (this.#sink.failure) throw this.#sink.failure;
    if (!this.#sink.ended) throw interruptedError();
  }

  /** Returns 0 for another attempt, the wait of which is ours, or throws what ends the answer. */
  handleError(cause: unknown): number {
    this.#controller.abort();
    const error = this.#sink.failure ?? StreamChatError.from(cause, 'network');
    if (this.#sink.progress > this.#progress) this.#failuresSinceProgress = 0;
    this.#progress = this.#sink.progress;

    if (error.status === 401 && this.#sink.refreshable && !this.#refreshed) {
      this.#refreshed = this.#unauthorised = true;
      return 0;
    }
    if (!this.#sink.recoverable) throw this.#toFinalError(error);
    const isOffline = error.code === 'network' && globalThis.navigator?.onLine === false;
    if (isOffline && this.#limits.retries > 0) {
      this.#offline = true;
      return 0;
    }
    const {retry} = this.#sink;
    const baseDelay = retry === undefined ? undefined : Math.max(0.1, retry / 1000);
    const state = {failures: this.#failuresSinceProgress, maxRetries: this.#limits.retries, isSafeToRepeat: this.#serverResponded, baseDelay};
    const delay = retryDelay(error, state, Math.random());
    if (delay === undefined) throw this.#toFinalError(isOffline ? offlineError(error) : error);
    this.#failuresSinceProgress++;
    this.#delay = delay;
    this.#sink.retrying(this.#attempts, delay, error);
    return 0;
  }

  /** A failure of the network is told as what it means to the answer, once something of it was seen. */
  #toFinalError(error: StreamChatError): StreamChatError {
    return this.#sink.begun && connectionCodes.has(error.code) ? interruptedError(error) : error;
  }

  #throwIfAborted() {
    if (this.#signal.aborted) throw new DOMException('The answer was stopped.', 'AbortError');
  }

  /** Waits for the time of the next attempt, and for the network. */
  async #wait() {
    if (this.#delay > 0) {
      this.#sink.state('waiting');
      await this.#pause(this.#delay * 1000);
      this.#delay = 0;
    }
    if (this.#offline) {
      // `onLine` may say false where the endpoint can be reached all the same: now and then it is tried.
      this.#sink.state('offline');
      await this.#pause(offlineRecheck);
      this.#offline = false;
    }
    this.#throwIfAborted();
  }

  /** Resolves after a time, or when the network comes back, or on abort. */
  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        globalThis.removeEventListener?.('online', finish);
        this.#signal.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, milliseconds);
      globalThis.addEventListener?.('online', finish);
      this.#signal.addEventListener('abort', finish);
    });
  }

  async #fetch({url, method, headers, body, credentials}: TransportRequest): Promise<Response> {
    const {connectTimeout} = this.#limits;
    const controller = this.#controller;
    let connectTimedOut = false;
    const watchdog = new Watchdog(connectTimeout * 1000, () => {
      connectTimedOut = true;
      controller.abort();
    });
    try {
      return await fetch(url, {
        method,
        headers,
        ...(body !== undefined && {body}),
        credentials,
        cache: 'no-store',
        // A followed redirect would carry the conversation and the headers to another host.
        redirect: 'manual',
        signal: controller.signal,
      });
    } catch (cause) {
      this.#throwIfAborted();
      if (connectTimedOut) throw timeoutError(`The server did not answer within ${connectTimeout} s.`);
      throw unreachableError(url, cause);
    } finally {
      watchdog.stop();
    }
  }

  /** Refuses a response that brings no answer. */
  async #check(response: Response) {
    const {status} = response;
    if (response.type === 'opaqueredirect') {
      throw new StreamChatError(
        'http',
        'The endpoint redirects elsewhere, which is not followed. Write the final URL into "endpoint" (a slash at the end matters).',
        {retryable: false},
      );
    }
    if (status === 204 || status === 205) {
      throw new StreamChatError('http', `The endpoint has no answer (${status}).`, {status, retryable: false});
    }
    if (!response.ok) {
      const said = readErrorBody(await this.#readStart(response), response.headers.get('content-type'));
      throw statusError(status, said, readRetryAfter(response.headers, Date.now()));
    }
    const contentType = response.headers.get('content-type');
    if (isAnswerType(contentType)) return;
    const said = readErrorBody(await this.#readStart(response), contentType);
    const page = mimeEssence(contentType) === 'text/html' ? 'a web page' : `"${contentType}"`;
    throw new StreamChatError(
      'http',
      `The endpoint answered with ${page}, not with a stream. Check its URL, or let it send text/event-stream.${said ? ` It said: ${said}` : ''}`,
      {status, retryable: false},
    );
  }

  /** Reads the beginning of an error body, and no more. */
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
      // What came of the error's words is enough: the status is known.
      text += cause instanceof DOMException ? '' : '…';
    } finally {
      watchdog.stop();
      this.#controller.abort();
    }
    return text.slice(0, maxErrorBody);
  }

  /** Reads what came in pieces, with pauses: what is there already would otherwise be read in one long task. */
  async #push(bytes: Uint8Array, decoder: TextDecoder) {
    for (let at = 0; at < bytes.length; ) {
      const begun = performance.now();
      const piece = bytes.subarray(at, at + this.#sliceBytes);
      at += piece.length;
      this.#sliceBytes = Math.min(maxSliceBytes, this.#sliceBytes * 2);
      await this.#sink.push(decoder.decode(piece, {stream: true}));
      this.#timeInTask += performance.now() - begun;
      if (this.#timeInTask < taskBudget) continue;
      this.#timeInTask = 0;
      await nextTask();
      this.#throwIfAborted();
    }
  }

  /** Makes the `read` that the library calls: it brings our sink the text, and the library nothing. */
  #createRead(response: Response) {
    const reader = response.body?.getReader();
    const controller = this.#controller;
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
        if ((cause as Error).name === 'StreamChatError') throw cause;
        if (await this.#sink.end(false)) return {done: true as const, value: undefined};
        if (idleTimedOut) throw timeoutError(`Nothing came from the server for ${idleTimeout} s.`);
        throw new StreamChatError('network', 'The connection was lost.', {cause});
      }
    };
  }
}

/**
 * Tells a server something that needs no answer, also while the page is left. A failure is not told: what it was about is
 * over on this side.
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
    console.warn(`<stream-chat> could not tell ${url} that the answer was stopped.`, error);
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
  const message = cause ? `${cause.message} The answer is not complete.` : 'The answer broke off before its end.';
  return new StreamChatError('interrupted', message, {cause});
}

function unreachableError(url: string, cause: unknown): StreamChatError {
  const {origin} = new URL(url, globalThis.document?.baseURI);
  const hint = !globalThis.location || origin === location.origin ? 'Is the server running?' : 'Is the server running, and does it allow this page (CORS)?';
  return new StreamChatError('network', `${origin} cannot be reached. ${hint}`, {cause});
}

/** Returns the words of an error body: of JSON its message, of HTML none, of text its beginning. */
function readErrorBody(body: string, contentType: string | null): string {
  const text = body.trim();
  if (text === '' || mimeEssence(contentType) === 'text/html' || /^<(?:!doctype|html)/i.test(text)) return '';
  const message = /^[[{"]/.test(text) ? readJsonMessage(text) : text;
  return message.length > 300 ? `${message.slice(0, 300)}…` : message;
}

function readJsonMessage(text: string): string {
  try {
    return findErrorMessage(JSON.parse(text)) || text;
  } catch {
    // Cut at the limit, or no JSON after all: its text is all there is to show.
    return text;
  }
}
