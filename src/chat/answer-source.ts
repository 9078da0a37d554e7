import {loadModule} from '../lib/load-module.js';
import type {Delta} from '../model/conversation.js';
import type {Socket} from '../sources/realtime.js';
import type {Question, SourceCalls} from '../sources/source-calls.js';
import {stream, type AnswerSink} from '../wire/transport.js';
import type {ChatHost} from './chat-host.js';

/** What an answer does with what its source yields. */
export interface SourceEvents {
  /** Called for each delta of a source that yields text or deltas. */
  readonly onDelta: (delta: Delta) => void;
  /** Called while a model is downloaded, with the fraction that is there. */
  readonly onDownload: (fraction: number) => void;
}

/** Where an answer comes from: an endpoint by `fetch`, a socket of OpenAI Realtime, or a source. */
export class AnswerSource {
  /** The socket of OpenAI Realtime, once it is needed. */
  socket: Socket | undefined;

  /** Whether OpenAI Realtime is spoken: `source="realtime"`, or a WebSocket without another source. */
  readonly isRealtime: boolean;

  #host: ChatHost;
  #events: SourceEvents;
  #calls: SourceCalls | undefined;
  #isDownloading = false;

  constructor(host: ChatHost, events: SourceEvents) {
    const {source, endpointSettings} = host;
    this.#host = host;
    this.#events = events;
    this.isRealtime = source === 'realtime' || (source === 'fetch' && /^\s*wss?:/i.test(endpointSettings.endpoint));
  }

  /** Whether text or deltas arrive, which no framing and no wire format apply to, and which cannot be resumed. */
  get isIterated(): boolean {
    return this.#calls?.isIterated ?? false;
  }

  /** Whether it may be asked again by itself. */
  get mayRepeat(): boolean {
    return !this.isIterated && !this.#calls?.hasThrown;
  }

  /** Whether all text or deltas have arrived. */
  get isDone(): boolean {
    return this.isIterated && this.#calls!.isDone;
  }

  /** Streams one round into the sink. */
  async connect(sink: AnswerSink, readQuestion: () => Question, signal: AbortSignal): Promise<void> {
    const {source, limits} = this.#host;
    if (this.isRealtime) {
      const {createSocket} = await loadModule(import('../sources/realtime.js'), 'WebSockets');
      this.socket ??= createSocket();
      return this.socket.stream(sink, limits, signal);
    }
    if (source === 'fetch') return stream(sink, limits, signal);
    const {SourceCalls: Calls} = await loadModule(import('../sources/source-calls.js'), 'the property "source"');
    const calls = (this.#calls ??= new Calls(source, this.#events.onDelta, this.#handleDownload));
    return stream(sink, limits, signal, (request, attempt) => calls.fetch(request, readQuestion(), attempt));
  }

  /** Releases what the answer holds. A download that did not end is no longer shown. */
  close(): void {
    this.socket?.close();
    if (this.#isDownloading) this.#handleDownload(1);
  }

  #handleDownload = (fraction: number) => {
    this.#isDownloading = fraction < 1;
    this.#events.onDownload(fraction);
  };
}
