import {StreamChatError} from '../model/errors.js';
import {retryDelay} from '../wire/retry-policy.js';
import type {AnswerSink, TransportLimits} from '../wire/transport.js';
import {Watchdog} from '../wire/watchdog.js';

/** After an error told inside the answer its end is read, but not waited for, in milliseconds. */
const errorDrainTimeout = 2000;
/** What a server closes with that does not let this page in. */
const refusals: ReadonlySet<number> = new Set([1008, 3000, 3003, 4401, 4403]);

/** A client event, as the encoder of the format makes them. */
interface ClientEvent {
  readonly type?: string;
  readonly item?: {readonly type?: string; readonly call_id?: string};
}

/** The connection of one answer over a WebSocket: it stays open while tools run. */
export interface Socket {
  /** Names the model in the URL: a socket has no body to name it in. */
  withModel(url: string, model: string | undefined): string;
  /** Brings one turn of the model, as `stream` of the transport does. */
  stream(sink: AnswerSink, limits: TransportLimits, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Makes a connection that is opened when the first turn is asked for. */
export function createSocket(): Socket {
  return new RealtimeSocket();
}

class RealtimeSocket implements Socket {
  #socket: WebSocket | undefined;
  /** Calls whose results this socket was told. */
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
        await this.#turn(number, sink, limits, signal);
        if (sink.failure && !signal.aborted) throw sink.failure;
        return;
      } catch (cause) {
        this.close();
        if (signal.aborted) return;
        const error = sink.failure ?? StreamChatError.from(cause, 'network');
        if (sink.progress > progress) failures = 0;
        progress = sink.progress;
        const state = {failures: failures++, maxRetries: limits.retries, isSafeToRepeat: number > 0};
        const delay = sink.recoverable ? retryDelay(error, state, Math.random()) : undefined;
        if (delay === undefined) throw sink.begun && isLoss(error) ? cutOff(error) : error;
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

  async #turn(number: number, sink: AnswerSink, limits: TransportLimits, signal: AbortSignal): Promise<void> {
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
    // A socket that stayed open knows the rest.
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

/** Opens a socket. A browser can send no headers with it: the secret goes as OpenAI's subprotocol. */
async function open(url: string, headers: Headers, timeout: number, signal: AbortSignal): Promise<WebSocket> {
  const secret = headers.get('authorization')?.replace(/^Bearer\s+/i, '');
  let socket: WebSocket;
  try {
    socket = new WebSocket(url, secret ? ['realtime', `openai-insecure-api-key.${secret}`] : []);
  } catch {
    // Without the cause: browsers quote the secret in it.
    throw new StreamChatError('config', 'The WebSocket could not be made of this endpoint and secret.');
  }
  let isLate = false;
  const watchdog = new Watchdog(timeout * 1000, () => {
    isLate = true;
    socket.close();
  });
  const abort = () => socket.close();
  signal.addEventListener('abort', abort);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onclose = ({code, reason}) => reject(isLate ? late(timeout) : closed(url, code, reason));
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
  let held = '';
  let drainTimer: ReturnType<typeof setTimeout> | undefined;
  let watchdog: Watchdog | undefined;
  const abort = () => {
    if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"response.cancel"}');
    socket.close(1000);
  };
  signal.addEventListener('abort', abort);
  try {
    await new Promise<void>((resolve, reject) => {
      const take = async (frame: string) => {
        if (sink.ended) return;
        const type = typeOf(frame);
        if (!type.startsWith('response.') && type !== 'error') return;
        if (type === 'response.created') {
          // Nothing came of an answer that was only begun: it may be asked for again.
          held = `${frame}\n`;
          return;
        }
        await sink.push(`${held}${frame}\n`);
        held = '';
        if (sink.ended) resolve();
        else if (sink.failure) drainTimer ??= setTimeout(resolve, errorDrainTimeout);
      };
      watchdog = new Watchdog(idleTimeout * 1000, () => {
        reject(new StreamChatError('timeout', `Nothing came from the server for ${idleTimeout} s.`));
      });
      socket.onmessage = ({data}) => {
        watchdog?.reset();
        if (typeof data === 'string') queue = queue.then(() => take(data)).catch(reject);
      };
      socket.onclose = ({code, reason}) => {
        void queue.then(() => reject(closed(socket.url, code, reason)));
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
    // It is handed on, to be told of as what it is.
    return 'error';
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      removeEventListener('online', finish);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    addEventListener('online', finish);
    signal.addEventListener('abort', finish);
  });
}

function isLoss({code}: StreamChatError): boolean {
  return code === 'network' || code === 'timeout' || code === 'auth';
}

function cutOff(cause: StreamChatError): StreamChatError {
  return new StreamChatError('interrupted', `${cause.message} The answer is not complete.`, {cause});
}

function late(seconds: number): StreamChatError {
  return new StreamChatError('timeout', `The server did not answer within ${seconds} s.`);
}

function closed(url: string, code: number, reason: string): StreamChatError {
  const {host} = new URL(url);
  if (refusals.has(code)) {
    return new StreamChatError('auth', `${host} refuses this connection (${code}).${reason ? ` It said: ${reason}` : ''}`, {
      retryable: true,
    });
  }
  const words = reason ? ` It said: ${reason}` : '';
  return new StreamChatError('network', `The connection to ${host} was closed (${code}), or could not be made.${words}`);
}
