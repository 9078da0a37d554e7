import {asRecord, asString} from './protocol.js';

/** Assembles tool arguments that arrive as values at JSON paths. */
export interface PartialArgs {
  /** Applies one piece: `{"jsonPath": "$.a[0].b", "stringValue": "…"}`. */
  add(piece: Readonly<Record<string, unknown>>): void;
  /** Returns the arguments so far as JSON text. */
  json(): string;
  /** Clears the arguments for the next call. */
  reset(): void;
}

const step = /\.([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/g;
const maxIndex = 4096;
const maxDepth = 64;

/** Creates the accumulator of Gemini's `partialArgs`. */
export function createPartialArgs(): PartialArgs {
  // Maps, so that keys from the wire never become keys of an object (`__proto__`).
  type Node = Map<string | number, unknown>;
  let root: Node = new Map();

  const toJson = (value: unknown): unknown => {
    if (!(value instanceof Map)) return value;
    const entries = [...(value as Node)];
    if (entries.length > 0 && entries.every(([key]) => typeof key === 'number')) {
      return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => toJson(item));
    }
    return Object.fromEntries(entries.map(([key, item]) => [key, toJson(item)]));
  };

  return {
    add(piece) {
      const path = asString(piece['jsonPath']);
      const keys = [...path.matchAll(step)].map(([, name, index, single, double]) =>
        index === undefined ? (name ?? single ?? double ?? '') : Number(index),
      );
      const last = keys.pop();
      if (last === undefined || keys.length > maxDepth) return;
      if ([...keys, last].some((key) => typeof key === 'number' && key > maxIndex)) return;

      let node = root;
      for (const key of keys) {
        let next = node.get(key);
        if (!(next instanceof Map)) node.set(key, (next = new Map()));
        node = next as Node;
      }
      const {stringValue, numberValue, boolValue, structValue, listValue} = asRecord(piece);
      const before = node.get(last);
      if (typeof stringValue === 'string') {
        node.set(last, typeof before === 'string' ? before + stringValue : stringValue);
      } else if ('nullValue' in piece) node.set(last, null);
      else node.set(last, numberValue ?? boolValue ?? structValue ?? listValue ?? before ?? null);
    },
    json: () => JSON.stringify(toJson(root)),
    reset() {
      root = new Map();
    },
  };
}
