import {JSONParser} from '@streamparser/json';

/** Maximum length of JSON that is parsed while it streams, in characters. Longer JSON is parsed at its end. */
const maxPartial = 65_536;

/** Parses JSON while it streams. Each character is parsed once, however often the value is read. */
export class PartialJson {
  #parser = createParser();
  #text = '';

  /**
   * Returns the value of `text`, the JSON so far, with everything open closed; `undefined` while it has no value, if it is
   * invalid, and above `maxPartial`.
   */
  read(text: string): unknown {
    const json = dropIncompleteEscape(unwrap(text));
    if (json.length > maxPartial) return undefined;
    if (!json.startsWith(this.#text)) this.#parser = createParser();
    const before = json.startsWith(this.#text) ? this.#text.length : 0;
    this.#text = json;
    return this.#parser.read(json.slice(before));
  }
}

/** Parses JSON without the keys that lead to a prototype. Throws a `SyntaxError` if it is invalid. */
export function parseJson(text: string): unknown {
  return parseSafely(unwrap(text));
}

function parseSafely(json: string): unknown {
  return JSON.parse(json, (key, value: unknown) =>
    key === '__proto__' || (key === 'constructor' && typeof value === 'object') ? undefined : value,
  ) as unknown;
}

/** Removes a code block around JSON: models that are prompted for JSON add one. */
function unwrap(text: string): string {
  const start = text.trimStart();
  if (!start.startsWith('`')) return text;
  const lineEnd = start.indexOf('\n');
  return lineEnd === -1 ? '' : start.slice(lineEnd + 1).replace(/`{1,3}\s*$/, '');
}

/** Removes an incomplete escape at the end: inside of one, the library emits no value for the string. */
function dropIncompleteEscape(json: string): string {
  const [half = '', backslashes = '', rest = ''] = /(\\+)(u[\da-f]{0,3})?$/i.exec(json) ?? [];
  return half && backslashes.length % 2 === 1 ? json.slice(0, json.length - rest.length - 1) : json;
}

function createParser() {
  let root: unknown;
  /** The string that is not closed yet, and its place in the value. */
  let open: {readonly parent: object; readonly key: string | number; readonly value: string} | undefined;
  let isBroken = false;
  const parser = new JSONParser({emitPartialTokens: true, emitPartialValues: true, separator: ''});
  parser.onValue = ({value, key, parent, stack, partial}) => {
    open = undefined;
    root = stack.length > 1 ? stack[1]!.value : (parent ?? value);
    if (partial && parent && key !== undefined && typeof value === 'string') open = {parent, key, value};
  };
  // `read` then returns `undefined`.
  parser.onError = () => (isBroken = true);

  return {
    read(chunk: string): unknown {
      if (chunk !== '' && !isBroken) parser.write(chunk);
      if (root === undefined || isBroken) return undefined;
      const {parent, key, value} = open ?? {};
      if (parent) Object.defineProperty(parent, key!, {value, enumerable: true, configurable: true, writable: true});
      try {
        // A copy, because the parser continues to change the value.
        return parseSafely(JSON.stringify(root));
      } catch {
        // Too deeply nested for `JSON.stringify`.
        return undefined;
      } finally {
        if (Array.isArray(parent)) parent.pop();
        else if (parent) Reflect.deleteProperty(parent, key!);
      }
    },
  };
}
