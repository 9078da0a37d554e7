/** One event of an answer, as it is kept and as it is sent. */
export interface StoredEvent {
  /** Its place in the answer, `1-0`, `2-0` and so on: the id of the server-sent event. */
  readonly id: string;
  readonly data: string;
  /** Whether it is the last. */
  readonly end: boolean;
}

/** How far an answer has come. */
export interface Progress {
  /** Events so far. */
  readonly count: number;
  readonly ended: boolean;
}

/**
 * Keeps the events of answers, for as long as someone may ask for them. It has one promise to keep: of several writers
 * that append the same n-th event, one succeeds. Everything else follows from it, a writer that lost is to stop.
 */
export interface Store {
  /** Keeps the question that an answer begins with. Resolves to `false` if that answer exists. */
  create(answer: string, question: string): Promise<boolean>;

  /** The question, or `undefined` if there is no such answer (any more). */
  question(answer: string): Promise<string | undefined>;

  /** How far an answer has come. */
  progress(answer: string): Promise<Progress>;

  /** Appends the n-th event, counted from 1. Resolves to `false` if there is one already. */
  append(answer: string, n: number, data: string, end: boolean): Promise<boolean>;

  /** The events behind the n-th, also those that are yet to come, until the last one or `signal` aborts. */
  read(answer: string, after: number, signal: AbortSignal): AsyncIterable<StoredEvent>;

  /** Takes the lease on writing an answer. Resolves to `false` while another instance has it. */
  claim(answer: string): Promise<boolean>;

  /** Prolongs the lease. Resolves to `false` if it is not ours any more. */
  renew(answer: string): Promise<boolean>;

  /** Gives the lease back. */
  release(answer: string): Promise<void>;

  /** Answers that have not ended, whoever writes them. */
  unfinished(): Promise<readonly string[]>;

  /** Counts something over all instances. */
  count(what: string): Promise<void>;

  /** What was counted. */
  counters(): Promise<Readonly<Record<string, number>>>;
}

/** Reads the place in an id: 0, the beginning, if it is none of ours. A client passes over what it has. */
export function placeOf(id: string | undefined): number {
  const [, n] = /^(\d{1,15})-0$/.exec(id ?? '') ?? [];
  return Number(n ?? 0);
}
