// The parts of a growing answer as a persistent list: a change copies one short chunk and the list of chunks, and the array
// `parts` of a message is made when it is read. With an array copied for each delta, 40,000 parts cost 800 million copies.
import type {Message, Part} from './message.js';

/** Number of parts in a chunk. */
const chunkLength = 512;

/** Length of the text in the parts of each type. */
type Lengths = Readonly<Partial<Record<Part['type'], number>>>;

/** Counts the parts that are copied and compared, so that tests can verify the cost of a delta. */
export const partCost = {touched: 0};

const lists = new WeakMap<Message, PartList>();
const indexes = new WeakMap<readonly Part[], ReadonlyMap<string, number>>();

/** An immutable list of parts. Chunks are full, except for the last one. */
export class PartList {
  readonly #chunks: readonly (readonly Part[])[];
  readonly #lengths: Lengths;

  private constructor(chunks: readonly (readonly Part[])[], lengths: Lengths) {
    this.#chunks = chunks;
    this.#lengths = lengths;
  }

  /** Returns the list of a message's parts. */
  static of(message: Message): PartList {
    let list = lists.get(message);
    if (!list) {
      const {parts} = message;
      const chunks: (readonly Part[])[] = [];
      for (let at = 0; at < parts.length; at += chunkLength) chunks.push(parts.slice(at, at + chunkLength));
      partCost.touched += parts.length;
      list = new PartList(chunks, parts.reduce((sum, part) => add(sum, part, 1), {} as Lengths));
      lists.set(message, list);
    }
    return list;
  }

  /** Returns the length of the text in all parts of a type. */
  lengthOf(type: Part['type']): number {
    return this.#lengths[type] ?? 0;
  }

  get(index: number): Part | undefined {
    return this.#chunks[Math.floor(index / chunkLength)]?.[index % chunkLength];
  }

  /** Returns the list with one more part. */
  append(part: Part): PartList {
    const last = this.#chunks.at(-1);
    const isFull = last?.length === chunkLength;
    partCost.touched += this.#chunks.length + (isFull ? 0 : (last?.length ?? 0));
    const chunks = last && !isFull ? this.#chunks.with(-1, [...last, part]) : [...this.#chunks, [part]];
    return new PartList(chunks, add(this.#lengths, part, 1));
  }

  /** Returns the list with another part at an index. */
  with(index: number, part: Part): PartList {
    const at = Math.floor(index / chunkLength);
    const chunk = this.#chunks[at]!;
    const before = chunk[index % chunkLength]!;
    const changed = chunk.with(index % chunkLength, part);
    partCost.touched += this.#chunks.length + chunk.length;
    const known = indexes.get(chunk);
    if (known && nameOf(before) === nameOf(part)) indexes.set(changed, known);
    return new PartList(this.#chunks.with(at, changed), add(add(this.#lengths, before, -1), part, 1));
  }

  /** Returns the index of the last part that matches, or -1. */
  findLastIndex(matches: (part: Part) => boolean): number {
    for (let at = this.#chunks.length - 1; at >= 0; at--) {
      const chunk = this.#chunks[at]!;
      const index = chunk.findLastIndex(matches);
      partCost.touched += chunk.length - Math.max(0, index);
      if (index !== -1) return at * chunkLength + index;
    }
    return -1;
  }

  /** Returns the index of the tool call with this key, or of the source with this URL, or -1. */
  indexOf(type: 'tool-call' | 'source', name: string): number {
    for (let at = this.#chunks.length - 1; at >= 0; at--) {
      const index = findInChunk(this.#chunks[at]!, type, name);
      if (index !== -1) return at * chunkLength + index;
    }
    return -1;
  }

  /** The parts as an array, if that is there already. */
  get array(): readonly Part[] | undefined {
    return this.#chunks.length > 1 ? undefined : (this.#chunks[0] ?? []);
  }

  toArray(): readonly Part[] {
    partCost.touched += this.#chunks.length * chunkLength;
    return this.#chunks.flat();
  }
}

/** Returns the message with other fields. Its parts stay a list if they are one. */
export function changeMessage(message: Message, changes: Partial<Omit<Message, 'parts'>>): Message {
  const list = lists.get(message);
  return list ? withPartList(message, list, changes) : {...message, ...changes};
}

/** Returns the message with these parts, and other fields. */
export function withPartList(message: Message, list: PartList, changes: Partial<Omit<Message, 'parts'>> = {}): Message {
  const parts = list.array;
  const changed = parts ? {...message, ...changes, parts} : withLazyParts(message, list, changes);
  lists.set(changed, list);
  return changed;
}

function withLazyParts(message: Message, list: PartList, changes: Partial<Message>): Message {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(message) as (keyof Message)[]) {
    if (key !== 'parts') copy[key] = message[key];
    // Defined here, so that the fields keep their order.
    else Object.defineProperty(copy, 'parts', {get: () => settle(copy, list), enumerable: true, configurable: true});
  }
  return Object.assign(copy, changes) as unknown as Message;
}

/** Makes the array, once. */
function settle(message: object, list: PartList): readonly Part[] {
  const value = list.toArray();
  Object.defineProperty(message, 'parts', {value, enumerable: true, configurable: true, writable: true});
  return value;
}

function findInChunk(chunk: readonly Part[], type: 'tool-call' | 'source', name: string): number {
  if (chunk.length < chunkLength) {
    // It changes with each part: an index would cost more than the search.
    const index = chunk.findLastIndex((part) => (part.type === 'tool-call' ? part.key : part.type === 'source' && part.url) === name && part.type === type);
    partCost.touched += chunk.length - Math.max(0, index);
    return index;
  }
  let index = indexes.get(chunk);
  if (!index) {
    index = new Map(chunk.map((part, at) => [nameOf(part) ?? '', at]));
    partCost.touched += chunk.length;
    indexes.set(chunk, index);
  }
  partCost.touched++;
  return index.get(`${type} ${name}`) ?? -1;
}

/** Returns the name by which a part is found, or `undefined` if it has none. */
function nameOf(part: Part): string | undefined {
  if (part.type === 'tool-call') return `tool-call ${part.key}`;
  return part.type === 'source' ? `source ${part.url}` : undefined;
}

function add(lengths: Lengths, part: Part, sign: 1 | -1): Lengths {
  return 'text' in part ? {...lengths, [part.type]: (lengths[part.type] ?? 0) + sign * part.text.length} : lengths;
}
