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
  /** Applies the fragments of one frame. */
  add(...pieces: readonly ToolCallPiece[]): Deltas;
  /** Marks all calls so far as complete. */
  complete(): Deltas;
}

interface Entry {
  readonly key: string;
  readonly index: number | undefined;
  id: string;
  name: string;
  arguments: string;
  complete: boolean;
}

/** Maximum number of calls of one answer, and highest index: more is an attack or a broken server. */
const maxCalls = 4096;

/**
 * Creates the accumulator for formats whose calls arrive in fragments with index and ID. Servers differ: some repeat an
 * index for several calls, some send none, some repeat or empty the ID and the name in later fragments. The index finds
 * the call, unless the fragment has the ID of another one; without an index the ID does, otherwise it is the last call.
 *
 * A fragment with a name begins a new call if the call found was already named in the same frame, or has complete
 * arguments that the fragment does not repeat.
 */
export function createToolCalls(): ToolCalls {
  const entries: Entry[] = [];

  const find = (index: number | undefined, id: string) => {
    if (index === undefined) return id ? entries.find((entry) => entry.id === id) : entries.at(-1);
    const entry = entries.findLast((known) => known.index === index);
    return entry && id && entry.id && entry.id !== id ? entries.find((known) => known.id === id) : entry;
  };

  function* addPiece(piece: ToolCallPiece, named: Set<Entry>): Deltas {
    const index = readIndex(piece.index);
    const id = asString(piece.id);
    const name = asString(piece.name);
    const {arguments: value} = piece;
    const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : asString(value);
    if (index === null || entries.length >= maxCalls) return yield {type: 'unknown', event: `tool call ${id || name}`};

    let entry = find(index, id);
    const isSame = entry !== undefined && id !== '' && entry.id === id;
    // Some servers send the whole arguments again with the finish reason.
    if (entry && text !== '' && text === entry.arguments && isWhole(text) && !named.has(entry)) return;
    if (entry && name !== '' && !isSame && (named.has(entry) || (text !== '' && isWhole(entry.arguments)))) {
      entry = undefined;
    }
    const isNew = !entry;
    if (!entry) {
      entry = {key: String(entries.length), index, id: '', name: '', arguments: '', complete: false};
      entries.push(entry);
    }
    if (name !== '') named.add(entry);
    const newId = !entry.id && id;
    const newName = name !== entry.name && name;
    // Fragments that each hold all arguments so far: what begins with a brace again cannot continue an object.
    const isGrown = entry.arguments.startsWith('{"') && text.startsWith(entry.arguments);
    const newText = isGrown ? text.slice(entry.arguments.length) : text;
    if (newId) entry.id = newId;
    if (newName) entry.name += newName;
    entry.arguments += newText;
    if (!isNew && !newId && !newName && !newText) return;
    yield {
      type: 'tool-call',
      key: entry.key,
      ...(newId && {id: newId}),
      ...(newName && {name: entry.name}),
      ...(newText && {arguments: newText}),
    };
  }

  return {
    get size() {
      return entries.length;
    },
    *add(...pieces) {
      const named = new Set<Entry>();
      for (const piece of pieces) yield* addPiece(piece, named);
    },
    *complete() {
      for (const entry of entries) {
        if (!entry.complete) yield {type: 'tool-call', key: entry.key, complete: true};
        entry.complete = true;
      }
    },
  };
}

/** Returns the index of a fragment, `undefined` if it has none (some servers send -1), `null` if it is invalid. */
function readIndex(value: unknown): number | undefined | null {
  if (value === undefined || value === null || value === '') return undefined;
  const index = typeof value === 'string' ? Number(value) : value;
  if (typeof index !== 'number' || !Number.isInteger(index) || index > maxCalls) return null;
  return index < 0 ? undefined : index;
}

function isWhole(text: string): boolean {
  if (!text.endsWith('}')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    // More fragments follow.
    return false;
  }
}
