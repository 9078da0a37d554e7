import {frameOf} from './event-format.js';
import {jsonText} from './json-text.js';
import type {Protocol} from './protocol.js';

const tokens = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\b(?:True|False|None)\b/g;
const words: Readonly<Record<string, string>> = {True: 'true', False: 'false', None: 'null'};

/** Returns the `repr` of a Python dictionary as JSON, or `undefined` if it is none. */
export function pythonToJson(text: string): string | undefined {
  if (!/^\s*\{\s*'/.test(text)) return undefined;
  const json = text.replace(tokens, (match: string, single?: string, double?: string) => {
    const content = single ?? double;
    if (content === undefined) return words[match]!;
    const escaped = content
      .replace(/\\'/g, "'")
      .replace(/\\x([0-9a-f]{2})/g, '\\u00$1')
      .replace(/\\U0*([0-9a-f]+)/g, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
      .replace(/\\?"/g, '\\"');
    return `"${escaped}"`;
  });
  try {
    JSON.parse(json);
    return json;
  } catch {
    // Text of the model that begins like a dictionary.
    return undefined;
  }
}

/** Home-made events with a Python dictionary in place of JSON, as an f-string writes it: `data: {'content': 'Hi'}`. */
export const pythonDict: Protocol = {
  createDecoder() {
    const decoder = jsonText.createDecoder!();
    return {
      ...decoder,
      decode(frame) {
        const json = pythonToJson(frame.data);
        return decoder.decode(json === undefined ? frame : frameOf(JSON.parse(json), frame));
      },
    };
  },
};
