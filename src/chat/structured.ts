import {JSONParser} from '@streamparser/json';

/** Characters of JSON that are read while they stream. What is longer is read when it is whole. */
const maxPartial = 65_536;

/** Reads JSON while it streams: each piece once, however often its value is asked for. */
export class PartialJson {
  #parser = createParser();
  #text = '';

  /**
   * Returns what `text`, the JSON so far, says, with all that is open closed; `undefined` while it says nothing, if it is
   * no JSON, and where it is too long to be read with each piece.
   */
  read(text: string): unknown {
    const json = wholeEscapes(unwrap(text));
    if (json.length > maxPartial) return undefined;
    if (!json.startsWith(this.#text)) this.#parser = createParser();
    const before = json.startsWith(this.#text) ? this.#text.length : 0;
    this.#text = json;
    return this.#parser.read(json.slice(before));
  }
}

/** Returns what a JSON text says, without the keys that lead to a prototype. Throws a `SyntaxError` where it is no JSON. */
export function parseJson(text: string): unknown {
  return parseSafely(unwrap(text));
}

function parseSafely(json: string): unknown {
  return JSON.parse(json, (key, value: unknown) =>
    key === '__proto__' || (key === 'constructor' && typeof value === 'object') ? undefined : value,
  ) as unknown;
}

/** Models that are asked for JSON in words put it into a code block. */
function unwrap(text: string): string {
  const start = text.trimStart();
  if (!start.startsWith('`')) return text;
  const lineEnd = start.indexOf('\n');
  return lineEnd === -1 ? '' : start.slice(lineEnd + 1).replace(/`{1,3}\s*$/, '');
}

/** Returns the text without half an escape at its end: the library says nothing of a string while it is in one. */
function wholeEscapes(json: string): string {
  const [half = '', backslashes = '', rest = ''] = /(\\+)(u[\da-f]{0,3})?$/i.exec(json) ?? [];
  return half && backslashes.length % 2 === 1 ? json.slice(0, json.length - rest.length - 1) : json;
}

function createParser() {
  let root: unknown;
  /** A string that has no end yet, and where it belongs. */
  let open: {readonly parent: object; readonly key: string | number; readonly value: string} | undefined;
  let isBroken = false;
  const parser = new JSONParser({emitPartialTokens: true, emitPartialValues: true, separator: ''});
  parser.onValue = ({value, key, parent, stack, partial}) => {
    open = undefined;
    root = stack.length > 1 ? stack[1]!.value : (parent ?? value);
    if (partial && parent && key !== undefined && typeof value === 'string') open = {parent, key, value};
  };
  // It is told by what is read afterwards.
  parser.onError = () => (isBroken = true);

  return {
    read(piece: string): unknown {
      if (piece !== '' && !isBroken) parser.write(piece);
      if (root === undefined || isBroken) return undefined;
      const {parent, key, value} = open ?? {};
      if (parent) Object.defineProperty(parent, key!, {value, enumerable: true, configurable: true, writable: true});
      try {
        // A copy: what it reads goes on to change.
        return parseSafely(JSON.stringify(root));
      } catch {
        // Nested more deeply than can be written.
        return undefined;
      } finally {
        if (Array.isArray(parent)) parent.pop();
        else if (parent) Reflect.deleteProperty(parent, key!);
      }
    },
  };
}
