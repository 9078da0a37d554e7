import {pause} from '../lib/pause.js';
import {StreamChatError} from '../model/errors.js';
import {retryDelay} from '../wire/retry-policy.js';
import type {AnswerSink, TransportLimits} from '../wire/transport.js';
import {Watchdog} from '../wire/watchdog.js';

/** After an error event, keep reading for up to this long (usage and finish reason may follow), in milliseconds. */
const errorDrainTimeout = 2000;
/** Close codes of servers that refuse this page. */
const refusals: ReadonlySet<number> = new Set([1008, 3000, 3003, 4401, 4403]);

/** A client event from the encoder of the wire format. */
interface ClientEvent {
  readonly type?: string;
  readonly item?: {readonly type?: string; readonly call_id?: string};
}

/** The WebSocket of one answer. It stays open while tools run. */
export interface Socket {
  /** Returns the URL with the model as a query parameter: a WebSocket has no request body. */
  withModel(url: string, model: string | undefined): string;
  /** Streams one round, like `stream` of the transport. */
  stream(sink: AnswerSink, limits: TransportLimits, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Creates a socket that connects when the first round is requested. */
export function createSocket(): Socket {
  return new RealtimeSocket();
}

class RealtimeSocket implements Socket {
  #socket: WebSocket | undefined;
  /** IDs of the tool calls whose results were sent on this socket. */
  #answered = new Set<string>();

  withModel(url: string, model: string | undefined): string {
    const {searchParams} = new URL(url);
    if (!model || searchParams.has('model')) return url;
    return `${url}${url.includes('?') ? '&' : '?'}model=${encodeURIComponent(model)}`;
  }

  async stream(sink: AnswerSink, limits: TransportLimits, signal: AbortSignal): Promise<void> {
    let progress = sink.progress;
    let failures = 0;
    for (let number = 0; !signal.aborted; number++) {
      try {
        await this.#streamRound(number, sink, limits, signal);
        if (sink.failure && !signal.aborted) throw sink.failure;
        return;
      } catch (cause) {
        this.close();
        if (signal.aborted) return;
        const error = sink.failure ?? StreamChatError.from(cause, 'network');
        if (sink.progress > progress) failures = 0;
        progress = sink.progress;
        const state = {failures: failures++, maxRetries: limits.retries, isReachable: number > 0, mayHaveRun: false, billedRepeats: 0};
        const delay = sink.canRetry ? retryDelay(error, state, Math.random()) : undefined;
        if (delay === undefined) throw sink.hasStarted && isLoss(error) ? interruptedError(error) : error;
        sink.retrying(number + 1, delay, error);
        sink.state('waiting');
        await pause(delay * 1000, signal);
      }
    }
  }

  close(): void {
    this.#socket?.close(1000);
    this.#socket = undefined;
    this.#answered.clear();
  }

  async #streamRound(number: number, sink: AnswerSink, limits: TransportLimits, signal: AbortSignal): Promise<void> {
    sink.state('connecting');
    const request = await sink.request({number, unauthorised: false});
    if (signal.aborted) return;
    const {events: all} = JSON.parse(request.body ?? '{}') as {events?: readonly ClientEvent[]};
    if (!all) throw new StreamChatError('config', 'The body of a request over a WebSocket needs "events".');
    const isOpen = this.#socket?.readyState === WebSocket.OPEN;
    if (!isOpen) {
      this.close();
      this.#socket = await open(request.url, request.headers, limits.connectTimeout, signal);
    }
    const socket = this.#socket!;
    const reading = read(socket, sink, limits.idleTimeout, signal);
    // On a socket that stayed open, the server has the rest.
    const events = isOpen ? all.filter((event) => this.#isNew(event)) : all;
    for (const event of events) {
      if (event.item?.call_id) this.#answered.add(event.item.call_id);
      socket.send(JSON.stringify(event));
    }
    sink.open(new Response(null), request);
    await reading;
  }

  #isNew({type, item}: ClientEvent): boolean {
    return type === 'response.create' || (item?.type === 'function_call_output' && !this.#answered.has(item.call_id ?? ''));
  }
}

/** Opens a socket. Browsers cannot send headers with it, so the secret is sent as OpenAI's subprotocol. */
async function open(url: string, headers: Headers, timeout: number, signal: AbortSignal): Promise<WebSocket> {
  const secret = headers.get('authorization')?.replace(/^Bearer\s+/i, '');
  let socket: WebSocket;
  try {
    socket = new WebSocket(url, secret ? ['realtime', `openai-insecure-api-key.${secret}`] : []);
  } catch {
    // Without `cause`: browsers quote the secret in it.
    throw new StreamChatError('config', 'The WebSocket could not be made of this endpoint and secret.');
  }
  let isTimedOut = false;
  const watchdog = new Watchdog(timeout * 1000, () => {
    isTimedOut = true;
    socket.close();
  });
  const abort = () => socket.close();
  signal.addEventListener('abort', abort);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onclose = ({code, reason}) => reject(isTimedOut ? timeoutError(timeout) : closedError(url, code, reason));
    });
    return socket;
  } finally {
    watchdog.stop();
    signal.removeEventListener('abort', abort);
    socket.onopen = socket.onclose = null;
  }
}

/** Reads frames until the answer is complete. */
async function read(socket: WebSocket, sink: AnswerSink, idleTimeout: number, signal: AbortSignal): Promise<void> {
  let queue = Promise.resolve();
  let buffered = '';
  let drainTimer: ReturnType<typeof setTimeout> | undefined;
  let watchdog: Watchdog | undefined;
  const abort = () => {
    if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"response.cancel"}');
    socket.close(1000);
  };
  signal.addEventListener('abort', abort);
  try {
    await new Promise<void>((resolve, reject) => {
      const push = async (frame: string) => {
        if (sink.ended) return;
        const type = typeOf(frame);
        if (!type.startsWith('response.') && type !== 'error') return;
        if (type === 'response.created') {
          // Buffered until content follows: an answer without content can be retried.
          buffered = `${frame}\n`;
          return;
        }
        await sink.push(`${buffered}${frame}\n`);
        buffered = '';
        if (sink.ended) resolve();
        else if (sink.failure) drainTimer ??= setTimeout(resolve, errorDrainTimeout);
      };
      watchdog = new Watchdog(idleTimeout * 1000, () => {
        reject(new StreamChatError('timeout', `Nothing came from the server for ${idleTimeout} s.`));
      });
      socket.onmessage = ({data}) => {
        watchdog?.reset();
        if (typeof data === 'string') queue = queue.then(() => push(data)).catch(reject);
      };
      socket.onclose = ({code, reason}) => {
        void queue.then(() => reject(closedError(socket.url, code, reason)));
      };
    });
  } finally {
    watchdog?.stop();
    clearTimeout(drainTimer);
    signal.removeEventListener('abort', abort);
    socket.onmessage = socket.onclose = null;
  }
}

function typeOf(frame: string): string {
  try {
    const {type} = JSON.parse(frame) as {type?: unknown};
    return typeof type === 'string' ? type : '';
  } catch {
    // Passed on, so that the decoder reports it.
    return 'error';
  }
}

function isLoss({code}: StreamChatError): boolean {
  return code === 'network' || code === 'timeout' || code === 'auth';
}

function interruptedError(cause: StreamChatError): StreamChatError {
  return new StreamChatError('interrupted', `${cause.message} The answer is not complete.`, {cause});
}

function timeoutError(seconds: number): StreamChatError {
  return new StreamChatError('timeout', `The server did not answer within ${seconds} s.`);
}

function closedError(url: string, code: number, reason: string): StreamChatError {
  const {host} = new URL(url);
  if (refusals.has(code)) {
    return new StreamChatError('auth', `${host} refuses this connection (${code}).${reason ? ` It said: ${reason}` : ''}`, {
      retryable: true,
    });
  }
  const words = reason ? ` It said: ${reason}` : '';
  return new StreamChatError('network', `The connection to ${host} was closed (${code}), or could not be made.${words}`);
}
