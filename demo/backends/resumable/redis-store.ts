import {Redis, RedisError, type Reply} from './redis.ts';
import {placeOf, type Progress, type Store, type StoredEvent} from './store.ts';

/** How long a listener waits in one command, in milliseconds; then it looks whether the answer is still kept. */
const block = 5000;
const batch = 500;

const keys = {
  events: (id: string) => `stream-chat:${id}:events`,
  question: (id: string) => `stream-chat:${id}:question`,
  lease: (id: string) => `stream-chat:${id}:lease`,
  unfinished: 'stream-chat:unfinished',
  counters: 'stream-chat:counters',
};

/** Do something with a lease only if it is ours, in one step. */
const ifMine = (what: string) => `if redis.call('get', KEYS[1]) == ARGV[1] then return ${what} end return 0`;
const renewLease = ifMine("redis.call('pexpire', KEYS[1], ARGV[2])");
const releaseLease = ifMine("redis.call('del', KEYS[1])");

/** What the instances agree on. */
export interface RedisStoreOptions {
  readonly url: string;
  /** Name of this instance. */
  readonly instance: string;
  /** Milliseconds for which an answer is kept after its last event. */
  readonly keep: number;
  /** Milliseconds after which an instance that does not prolong its lease counts as dead. */
  readonly lease: number;
}

/**
 * Keeps answers in Redis, a stream each, for any number of instances. The ids of its entries are the ids of the events:
 * Redis refuses an entry whose id is not above the last one, so that the n-th event cannot be written twice.
 */
export class RedisStore implements Store {
  #redis: Redis;
  #options: RedisStoreOptions;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
    this.#redis = new Redis(options.url);
  }

  async create(id: string, question: string): Promise<boolean> {
    const created = await this.#redis.call('SET', keys.question(id), question, 'NX', 'PX', this.#options.keep);
    if (created !== null) await this.#redis.call('SADD', keys.unfinished, id);
    return created !== null;
  }

  async question(id: string): Promise<string | undefined> {
    return ((await this.#redis.call('GET', keys.question(id))) as string | null) ?? undefined;
  }

  async progress(id: string): Promise<Progress> {
    const [last] = readEntries(await this.#redis.call('XREVRANGE', keys.events(id), '+', '-', 'COUNT', 1));
    return {count: placeOf(last?.id), ended: last?.end ?? false};
  }

  async append(id: string, n: number, data: string, end: boolean): Promise<boolean> {
    try {
      // A writer that slept until its answer expired must not bring it back.
      const flags = n > 1 ? ['NOMKSTREAM'] : [];
      const fields = ['data', data, ...(end ? ['end', 1] : [])];
      const added = await this.#redis.call('XADD', keys.events(id), ...flags, `${n}-0`, ...fields);
      if (added === null) return false;
    } catch (error) {
      if (error instanceof RedisError && error.message.includes('equal or smaller')) return false;
      throw error;
    }
    if (n === 1 || end) await this.#keep(id);
    if (end) await this.#redis.call('SREM', keys.unfinished, id);
    return true;
  }

  async *read(id: string, after: number, signal: AbortSignal): AsyncGenerator<StoredEvent> {
    // A connection of its own, as XREAD blocks it. With thousands of listeners: one for all, XREAD takes many streams.
    const redis = new Redis(this.#options.url);
    const close = () => redis.close();
    signal.addEventListener('abort', close);
    let last = `${after}-0`;
    try {
      while (!signal.aborted) {
        const command = ['XREAD', 'COUNT', batch, 'BLOCK', block, 'STREAMS', keys.events(id), last];
        const reply = (await redis.call(...command)) as [[key: string, entries: Reply]] | null;
        for (const event of readEntries(reply?.[0][1] ?? [])) {
          yield event;
          if (event.end) return;
          last = event.id;
        }
        if (!reply && (await this.question(id)) === undefined) return;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
  }

  async claim(id: string): Promise<boolean> {
    const {instance, lease} = this.#options;
    return (await this.#redis.call('SET', keys.lease(id), instance, 'NX', 'PX', lease)) !== null;
  }

  async renew(id: string): Promise<boolean> {
    const {instance, lease} = this.#options;
    const [renewed] = await Promise.all([
      this.#redis.call('EVAL', renewLease, 1, keys.lease(id), instance, lease),
      this.#keep(id),
    ]);
    return renewed === 1;
  }

  async release(id: string): Promise<void> {
    await this.#redis.call('EVAL', releaseLease, 1, keys.lease(id), this.#options.instance);
  }

  async unfinished(): Promise<readonly string[]> {
    const ids = (await this.#redis.call('SMEMBERS', keys.unfinished)) as string[];
    const kept = await Promise.all(ids.map((id) => this.#redis.call('EXISTS', keys.question(id))));
    const expired = ids.filter((_, i) => kept[i] === 0);
    if (expired.length > 0) await this.#redis.call('SREM', keys.unfinished, ...expired);
    return ids.filter((_, i) => kept[i] === 1);
  }

  async count(what: string): Promise<void> {
    await this.#redis.call('HINCRBY', keys.counters, what, 1);
  }

  async counters(): Promise<Readonly<Record<string, number>>> {
    const reply = (await this.#redis.call('HGETALL', keys.counters)) as string[];
    return Object.fromEntries(reply.flatMap((name, i) => (i % 2 === 0 ? [[name, Number(reply[i + 1])]] : [])));
  }

  async #keep(id: string) {
    const {keep} = this.#options;
    await Promise.all([keys.events(id), keys.question(id)].map((key) => this.#redis.call('PEXPIRE', key, keep)));
  }
}

function readEntries(reply: Reply): StoredEvent[] {
  return (reply as [id: string, fields: string[]][]).map(([id, [, data = '', end]]) => ({
    id,
    data,
    end: end === 'end',
  }));
}
