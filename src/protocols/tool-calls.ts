import {asString} from './protocol.js';
import type {Deltas} from './deltas.js';

/** One fragment of a tool call, with unvalidated fields from the wire. */
export interface ToolCallPiece {
  readonly index?: unknown;
  readonly id?: unknown;
  readonly name?: unknown;
  /** A piece of the JSON text, or the whole as an object. */
  readonly arguments?: unknown;
}

/** Assembles the tool calls of one answer from their fragments. */
export interface ToolCalls {
  /** Number of calls so far. */
  readonly size: number;
  /** Applies one fragment. */
  add(piece: ToolCallPiece): Deltas;
  /** Marks all calls so far as complete. */
  complete(): Deltas;
}

interface Entry {
  readonly key: string;
  readonly index: number | undefined;
  id: string;
  name: string;
  complete: boolean;
}

/** Calls of one answer, and the highest index: more is an attack or a broken server. */
const maxCalls = 4096;

/**
 * Creates the accumulator for formats whose calls arrive in fragments with index and ID. Servers differ: some repeat an
 * index for several calls, some send none, some repeat or empty the ID and the name in later fragments. The index finds
 * the call, unless the fragment has the ID of another one; without an index the ID does, otherwise it is the last call.
 */
export function createToolCalls(): ToolCalls {
  const entries: Entry[] = [];

  const find = (index: number | undefined, id: string) => {
    if (index === undefined) return id ? entries.find((entry) => entry.id === id) : entries.at(-1);
    const entry = entries.findLast((known) => known.index === index);
    return entry && id && entry.id && entry.id !== id ? entries.find((known) => known.id === id) : entry;
  };

  return {
    get size() {
      return entries.length;
    },
    *add(piece) {
      const index = piece.index ?? undefined;
      if (index !== undefined && !(Number.isInteger(index) && Number(index) >= 0 && Number(index) <= maxCalls)) return;
      const id = asString(piece.id);
      const name = asString(piece.name);
      const {arguments: value} = piece;
      const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : asString(value);

      let entry = find(index as number | undefined, id);
      const isNew = !entry;
      if (!entry) {
        if (entries.length >= maxCalls) return;
        entry = {key: String(entries.length), index: index as number | undefined, id: '', name: '', complete: false};
        entries.push(entry);
      }
      const newId = !entry.id && id;
      const newName = name !== entry.name && name;
      if (newId) entry.id = newId;
      if (newName) entry.name += newName;
      if (!isNew && !newId && !newName && !text) return;
      yield {
        type: 'tool-call',
        key: entry.key,
        ...(newId && {id: newId}),
        ...(newName && {name: entry.name}),
        ...(text && {arguments: text}),
      };
    },
    *complete() {
      for (const entry of entries) {
        if (!entry.complete) yield {type: 'tool-call', key: entry.key, complete: true};
        entry.complete = true;
      }
    },
  };
}
