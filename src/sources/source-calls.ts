// Calls the sources of one answer, and hands what they return to the transport.
import type {Delta} from '../model/conversation.js';
import {isStreamChatError, StreamChatError} from '../model/errors.js';
import {loadModule} from '../lib/load-module.js';
import {messageOf} from '../model/thrown.js';
import type {TransportRequest} from '../wire/transport.js';
import {findRegistered, registeredNames, type Source, type SourceAnswer, type SourceOptions, type SourceRequest} from './source.js';

/** Sources of the package; each is a module of its own. */
const bundled: Readonly<Record<string, () => Promise<Source>>> = {
  demo: () => import('./demo.js').then((module) => module.demo),
  'prompt-api': () => import('./prompt-api.js').then((module) => module.promptApi),
  websocket: () => import('./websocket.js').then((module) => module.webSocket),
};

/** Types of the deltas that a source may yield. */
const deltaTypes: ReadonlySet<unknown> = new Set<Delta['type']>([
  'text', 'reasoning', 'refusal', 'replace', 'restart', 'tool-call', 'tool-result', 'source', 'file', 'native', 'usage', 'finish', 'response-id', 'error', 'end',
]);

/** One byte stands for each delta in the body of an answer that is iterated, so that time limits hold for it as well. */
const tick = new Uint8Array(1);

/** Resolves to the source of this name. Rejects with a `StreamChatError` with code `config` if there is none. */
async function getSource(name: string): Promise<Source> {
  const source = findRegistered(name);
  if (source) return source;
  const load = Object.hasOwn(bundled, name) ? bundled[name] : undefined;
  if (load) return loadModule(load(), `source "${name}"`);
  const known = ['fetch', 'realtime', ...Object.keys(bundled), ...registeredNames()];
  throw new StreamChatError('config', `No source "${name}". There are ${known.join(', ')}; or set the property "source" to a function.`);
}

/** What a source is asked beside the request. */
export type Question = Pick<SourceRequest, 'messages' | 'settings' | 'protocol'>;

/** The calls of a source for one answer: one for each round and each attempt. */
export class SourceCalls {
  /** Whether the last call returned text or deltas, in contrast to a response. */
  isIterated = false;
  /** Whether what the last call returned is complete. */
  isDone = false;
  /** Whether code of the page has thrown: it may be wrong, so only the user asks it again. */
  hasThrown = false;

  #source: string | Source;
  #push: (delta: Delta) => void;
  #onDownload: (fraction: number) => void;
  #body: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;

  /** `push` receives the deltas of a source that yields text or deltas, `onDownload` how much of its model is loaded. */
  constructor(source: string | Source, push: (delta: Delta) => void, onDownload: (fraction: number) => void) {
    this.#source = source;
    this.#push = push;
    this.#onDownload = onDownload;
  }

  /** Asks the source, as `fetch` asks an endpoint. Rejects with a `StreamChatError`. */
  async fetch(request: TransportRequest, question: Question, signal: AbortSignal): Promise<Response> {
    this.isIterated = this.isDone = false;
    const source = typeof this.#source === 'string' ? await getSource(this.#source) : this.#source;
    const {url, method, headers, body} = request;
    const prompt = question.messages.findLast(({role}) => role === 'user')?.text ?? '';
    const options: SourceOptions = {signal, reportDownload: (fraction) => signal.aborted || this.#reportDownload(fraction)};
    const answer = await untilAborted(signal, this.#call(() => source({url, method, headers, body, prompt, ...question, signal}, options)));
    return answer instanceof Response ? answer : this.#open(answer, signal);
  }

  /** Returns a response for what a source yields. A stream of bytes is the body of one. */
  async #open(answer: Exclude<SourceAnswer, Response>, signal: AbortSignal): Promise<Response> {
    const values = iterate(answer);
    const first = answer instanceof ReadableStream ? await untilAborted(signal, this.#call(() => values.next())) : undefined;
    if (first?.value instanceof Uint8Array) return new Response(toBytes(first.value, values));
    this.isIterated = true;
    return new Response(this.#toTicks(first, values, signal));
  }

  #toTicks(first: IteratorResult<unknown> | undefined, values: AsyncIterator<unknown>, signal: AbortSignal): ReadableStream<Uint8Array<ArrayBuffer>> {
    let result = first;
    const leave = () => void this.#call(() => values.return?.()).catch(warnAfterEnd);
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => void (this.#body = controller),
      pull: async (controller) => {
        try {
          const {done, value} = (result ?? (await this.#call(() => values.next()))) as IteratorResult<unknown, unknown>;
          result = undefined;
          // A source may go on after it was aborted.
          if (signal.aborted) return;
          const delta = done ? undefined : toDelta(value);
          this.isDone = done === true || delta?.type === 'end';
          if (delta && delta.type !== 'end') this.#push(delta);
          if (!this.isDone) return controller.enqueue(tick);
          this.#body = undefined;
          if (!done) leave();
          controller.close();
        } catch (cause) {
          this.#body = undefined;
          controller.error(cause);
        }
      },
      cancel: () => {
        this.#body = undefined;
        leave();
      },
    });
  }

  /** Calls code of the page. What it throws becomes a `StreamChatError`. */
  async #call<T>(run: () => T): Promise<Awaited<T>> {
    try {
      return await run();
    } catch (cause) {
      if (isStreamChatError(cause)) throw cause;
      this.hasThrown = true;
      throw new StreamChatError('provider', `The source failed: ${messageOf(cause)}`, {cause});
    }
  }

  #reportDownload(fraction: number) {
    this.#body?.enqueue(tick);
    this.#onDownload(fraction);
  }
}

/** Rejects once the signal aborts: a function may ignore it. */
function untilAborted<T>(signal: AbortSignal, result: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, {once: true});
    void result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Iterates over what a source returned. Safari cannot iterate over streams. */
function iterate(answer: unknown): AsyncIterator<unknown> {
  if (typeof answer === 'string') return [answer].values() as unknown as AsyncIterator<unknown>;
  if (answer instanceof ReadableStream) {
    const reader = (answer as ReadableStream<unknown>).getReader();
    return {
      next: async () => {
        const {done, value} = await reader.read();
        return done ? {done: true, value: undefined} : {done: false, value};
      },
      return: async () => {
        await reader.cancel();
        return {done: true, value: undefined};
      },
    };
  }
  const iterable = answer as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null | undefined;
  const iterator = iterable?.[Symbol.asyncIterator]?.() ?? iterable?.[Symbol.iterator]?.();
  if (iterator) return iterator as AsyncIterator<unknown>;
  throw new StreamChatError('config', 'The source returned no answer. Return a Response, a stream, text, or an async iterable of text.');
}

/** Returns a stream of the bytes of a body, of which the first part was read. */
function toBytes(first: Uint8Array, values: AsyncIterator<unknown>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let next: Uint8Array | undefined = first;
  return new ReadableStream({
    async pull(controller) {
      const value: unknown = next ?? (await values.next()).value;
      next = undefined;
      if (value === undefined) controller.close();
      else controller.enqueue(value as Uint8Array<ArrayBuffer>);
    },
    cancel: async () => void (await values.return?.()),
  });
}

function toDelta(value: unknown): Delta {
  if (typeof value === 'string') return {type: 'text', text: value};
  const delta = value as Delta | null | undefined;
  if (delta?.type === 'error') throw StreamChatError.from(delta.error, 'provider');
  if (delta && deltaTypes.has(delta.type)) return delta;
  throw new StreamChatError('config', `The source yielded a value of the type ${typeof value}. It has to yield text, or deltas such as {type: 'text', text: '…'}.`);
}

/** The answer has ended: what a source throws while it is closed concerns only its author. */
function warnAfterEnd(cause: unknown): void {
  console.warn('<stream-chat> A source failed while it was closed.', cause);
}
