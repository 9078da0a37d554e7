import {StreamChatError} from '../model/errors.js';

/**
 * How a body is split into frames. `sse-raw`: SSE from servers that write unescaped line breaks into `data:`. `json`:
 * NDJSON, concatenated JSON objects, or a JSON array. `lines`: one frame per line. `text`: the body as it arrives.
 */
export type Framing = 'sse' | 'sse-raw' | 'json' | 'lines' | 'text';

/**
 * `spaced`: a space after `data:` was removed. `tight`: there was none, so this server writes none, and spaces removed
 * before belong to the text. `continued`: the rest of the previous frame. `line`: a further line of data of the previous
 * frame, with the line break before it, in a body without blank lines so far. `unseparated`: those lines were tokens,
 * and their line breaks are none of the text.
 */
export type FrameNote = 'spaced' | 'tight' | 'continued' | 'line' | 'unseparated';

/** One unit of a body: a server-sent event, a JSON value, a line, or a chunk of text. */
export class Frame {
  /** Content, not decoded. */
  readonly data: string;

  /** Name of the server-sent event; empty if it has none. */
  readonly event: string;

  /** Event ID (`id:`) of this event itself; `undefined` if it has none. */
  readonly id: string | undefined;

  /** Additional finding of the framer. */
  readonly note: FrameNote | undefined;

  #json: unknown;
  #parsed = false;

  constructor(data: string, event = '', id?: string, note?: FrameNote) {
    this.data = data;
    this.event = event;
    this.id = id;
    this.note = note;
  }

  /** Content parsed as JSON. Throws a `StreamChatError` with code `protocol` if it is not JSON. */
  get json(): unknown {
    if (this.#parsed) return this.#json;
    try {
      this.#json = parseJson(this.data);
    } catch (cause) {
      const start = this.data.length > 80 ? `${this.data.slice(0, 80)}…` : this.data;
      throw new StreamChatError('protocol', `The server sent an event that is not JSON: ${start}`, {cause});
    }
    this.#parsed = true;
    return this.#json;
  }

  /** Content parsed as JSON, or `undefined` if it is not JSON. */
  get maybeJson(): unknown {
    try {
      return this.json;
    } catch {
      // The caller tests whether this is JSON, so text that is not JSON is no error.
      return undefined;
    }
  }
}

const numbers = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:Infinity|NaN)\b/g;

/** Parses JSON, with `NaN` and `Infinity` as `null`: Python writes them although they are no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/\b(?:Infinity|NaN)\b/.test(text) || !/^\s*[[{]/.test(text)) throw error;
    return JSON.parse(text.replace(numbers, (match) => (match.startsWith('"') ? match : 'null')));
  }
}

/** Splits the text of one body into frames. */
export interface Framer {
  /** Feeds the next chunk of the body; chunks may be split anywhere. */
  push(text: string): void;

  /**
   * Ends the body. `clean`: the server closed it, so a last frame that lacks only its terminator counts. Returns whether
   * no partial frame remained. `strict`: the answer can be resumed, so such a frame does not count unless it is
   * `[DONE]`, because its event ID may be missing or truncated.
   */
  end(clean: boolean, strict?: boolean): boolean;

  /** Reconnection time of the server (`retry:`) in milliseconds, if it sent one. */
  readonly retry?: number | undefined;

  /** The first line of a body that begins with lines of text and no blank line, so that no event is complete. */
  readonly openText?: string | undefined;

  /** Discards a partial frame, before a new body of the same answer. Findings about the server are kept. */
  reset(): void;
}

/** Called with each frame as soon as it is complete. */
export type FrameSink = (frame: Frame) => void;

/** Maximum length of one line, event or object, in characters. More is an attack or a broken server. */
export const maxFrameLength = 16_000_000;

/** Removes the byte order mark at the start of a body, if there is one. */
export function stripBom(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Creates the error for a frame longer than `maxFrameLength`. */
export function tooLargeError(): StreamChatError {
  return new StreamChatError(
    'too-large',
    `The server sent a single event of more than ${maxFrameLength / 1e6} million characters. The answer was stopped.`,
  );
}
