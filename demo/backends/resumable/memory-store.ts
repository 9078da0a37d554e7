import type {Progress, Store, StoredEvent} from './store.ts';

interface Answer {
  readonly question: string;
  readonly events: StoredEvent[];
  readonly listeners: Set<() => void>;
  length: number;
  touched: number;
}

/** What is kept at most: beyond, the answer goes that was longest untouched. */
const maxAnswers = 10_000;
/** UTF-16 code units of all events together. */
const maxLength = 200_000_000;

/** Keeps answers in this process: for one instance, and until it ends. */
export class MemoryStore implements Store {
  #answers = new Map<string, Answer>();
  #length = 0;
  #counters: Record<string, number> = {};

  /** `keep`: milliseconds for which an answer is kept after its last event. */
  constructor(keep: number) {
    setInterval(() => this.#expire(Date.now() - keep), Math.min(keep, 60_000)).unref();
  }

  async create(id: string, question: string): Promise<boolean> {
    if (this.#answers.has(id)) return false;
    this.#answers.set(id, {question, events: [], listeners: new Set(), length: 0, touched: Date.now()});
    if (this.#answers.size > maxAnswers) this.#makeRoom();
    return true;
  }

  async question(id: string): Promise<string | undefined> {
    return this.#answers.get(id)?.question;
  }

  async progress(id: string): Promise<Progress> {
    const events = this.#answers.get(id)?.events ?? [];
    return {count: events.length, ended: events.at(-1)?.end ?? false};
  }

  async append(id: string, n: number, data: string, end: boolean): Promise<boolean> {
    const answer = this.#answers.get(id);
    if (!answer || answer.events.length !== n - 1) return false;
    answer.events.push({id: `${n}-0`, data, end});
    answer.touched = Date.now();
    answer.length += data.length;
    this.#length += data.length;
    for (const wake of answer.listeners) wake();
    if (this.#length > maxLength) this.#makeRoom();
    return true;
  }

  async *read(id: string, after: number, signal: AbortSignal): AsyncGenerator<StoredEvent> {
    for (let place = after; !signal.aborted;) {
      const answer = this.#answers.get(id);
      if (!answer) return;
      const event = answer.events[place];
      if (event) {
        yield event;
        if (event.end) return;
        place++;
      } else await change(answer, signal);
    }
  }

  // There is no other instance.
  async claim(): Promise<boolean> {
    return true;
  }

  async renew(id: string): Promise<boolean> {
    const answer = this.#answers.get(id);
    if (answer) answer.touched = Date.now();
    return answer !== undefined;
  }

  async release(): Promise<void> {}

  async unfinished(): Promise<readonly string[]> {
    return [];
  }

  async count(what: string): Promise<void> {
    this.#counters[what] = (this.#counters[what] ?? 0) + 1;
  }

  async counters(): Promise<Readonly<Record<string, number>>> {
    return this.#counters;
  }

  #makeRoom() {
    const [oldest] = [...this.#answers].sort(([, a], [, b]) => a.touched - b.touched);
    if (oldest) this.#remove(...oldest);
  }

  #expire(before: number) {
    for (const [id, answer] of this.#answers) if (answer.touched < before) this.#remove(id, answer);
  }

  #remove(id: string, {listeners, length}: Answer) {
    this.#answers.delete(id);
    this.#length -= length;
    for (const wake of listeners) wake();
  }
}

/** Resolves when the answer changed, or `signal` aborts. */
function change({listeners}: Answer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      listeners.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    listeners.add(wake);
    signal.addEventListener('abort', wake);
  });
}
