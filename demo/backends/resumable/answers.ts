import {createHash} from 'node:crypto';

import type {Message, Model} from './model.ts';
import type {Store} from './store.ts';

interface Question {
  readonly messages: readonly Message[];
  /** Seconds since 1970, as OpenAI counts. */
  readonly created: number;
}

/** Events of one answer: more than any model writes, so that an endless one ends. */
const maxEvents = 100_000;

/** The last event of every answer that did not fail. */
const done = '[DONE]';

/** Another instance, or a person who stopped the answer, wrote the event that we were about to write. */
class Overtaken extends Error {}

/** The name of the answer to a question that is asked under this key. All instances know it without asking. */
export function answerId(key: string): string {
  return `chatcmpl-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}

/** Writes answers into the store, each once, and whether anyone listens or not. */
export class Answers {
  #store: Store;
  #model: Model;
  #lease: number;
  #writing = new Map<string, AbortController>();
  #sweeper: ReturnType<typeof setInterval>;

  /** `lease`: milliseconds after which an instance that gives no sign of life is replaced. */
  constructor(store: Store, model: Model, lease: number) {
    this.#store = store;
    this.#model = model;
    this.#lease = lease;
    this.#sweeper = setInterval(() => void this.#sweep().catch(report), lease / 2);
  }

  /** How many answers this instance writes. */
  get writing(): number {
    return this.#writing.size;
  }

  /** Begins the answer `id`, unless it exists: then its writer is looked after. */
  async begin(id: string, messages: readonly Message[]): Promise<void> {
    const question: Question = {messages, created: Math.floor(Date.now() / 1000)};
    await this.#store.create(id, JSON.stringify(question));
    await this.attend(id);
  }

  /** Writes the answer `id`, or what is missing of it, unless someone does. */
  async attend(id: string): Promise<void> {
    if (this.#writing.has(id) || (await this.#store.progress(id)).ended) return;
    if (this.#writing.has(id) || !(await this.#store.claim(id))) return;
    const stop = new AbortController();
    this.#writing.set(id, stop);
    void this.#write(id, stop);
  }

  /** Ends the answer `id` where it is, whichever instance writes it: that one finds its next place taken. */
  async stop(id: string): Promise<void> {
    for (;;) {
      const {count, ended} = await this.#store.progress(id);
      if (ended || (await this.#store.append(id, count + 1, done, true))) break;
    }
    this.#writing.get(id)?.abort();
  }

  /** Leaves all answers to the other instances, at once. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    const ids = [...this.#writing.keys()];
    for (const stop of this.#writing.values()) stop.abort();
    await Promise.all(ids.map((id) => this.#store.release(id)));
  }

  async #sweep() {
    for (const id of await this.#store.unfinished()) await this.attend(id);
  }

  async #write(id: string, stop: AbortController) {
    // Half of an answer that nobody is left to write must not be kept from the others because this instance slept.
    const renewal = setInterval(() => {
      this.#store.renew(id).then((ours) => ours || stop.abort(), report);
    }, this.#lease / 3);
    try {
      await this.#writeEvents(id, stop.signal);
    } catch (error) {
      if (!stop.signal.aborted && !(error instanceof Overtaken)) report(error);
    } finally {
      clearInterval(renewal);
      this.#writing.delete(id);
      await this.#store.release(id).catch(report);
    }
  }

  async #writeEvents(id: string, signal: AbortSignal) {
    const kept = await this.#store.question(id);
    if (kept === undefined) return;
    const {messages, created} = JSON.parse(kept) as Question;
    const head = {id, object: 'chat.completion.chunk', created, model: this.#model.name};
    const found = await this.#store.progress(id);
    if (found.ended) return;
    let {count} = found;

    const write = async (content: object | typeof done, end = false) => {
      signal.throwIfAborted();
      const data = content === done ? done : JSON.stringify({...content, ...head});
      if (!(await this.#store.append(id, count + 1, data, end))) throw new Overtaken();
      count++;
    };

    // The first event is written before the model is asked. So an answer without events never cost anything, and may be
    // begun by anyone; one with events was begun, and a model that cannot go on must not be asked a second time.
    if (count === 0) {
      await write({choices: [{index: 0, delta: {role: 'assistant', content: ''}, finish_reason: null}]});
      await this.#store.count('generations');
    } else {
      await this.#store.count('takeovers');
      if (!this.#model.deterministic) {
        return write(failure('The server that wrote this answer was lost. Please ask again.'), true);
      }
    }
    for await (const chunk of this.#ask(messages, count - 1, signal)) {
      await write(chunk, 'error' in chunk);
      if ('error' in chunk) return;
      if (count >= maxEvents) return write(failure('The answer is too long.'), true);
    }
    await write(done, true);
  }

  /** What the model writes. If it fails, that is the last thing said: only a store that fails may be tried again. */
  async *#ask(messages: readonly Message[], skip: number, signal: AbortSignal) {
    try {
      yield* this.#model.generate(messages, skip, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      report(error);
      yield failure('The model failed. Please ask again.');
    }
  }
}

/** An error inside the stream, where the status can tell it no more. */
function failure(message: string) {
  return {error: {message}};
}

/** Tells whoever runs the server. */
function report(error: unknown) {
  console.error(error);
}
