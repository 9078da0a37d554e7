import {StreamChatError} from '../model/errors.js';

/**
 * How a body is cut into frames. `sse-raw` is SSE whose writer put text with line breaks into `data:` unescaped;
 * `json` is NDJSON, glued JSON objects or a JSON array; `lines` is one frame a line; `text` is the body as it comes.
 */
export type Framing = 'sse' | 'sse-raw' | 'json' | 'lines' | 'text';

/**
 * `spaced`: a space behind `data:` was taken off. `tight`: none stood there, so that the writer leaves none, and those
 * taken off before belong to the text. `continued`: the rest of the frame before it.
 */
export type FrameNote = 'spaced' | 'tight' | 'continued';

/** One unit of a body: a server-sent event, a JSON value, a line or a piece of text. */
export class Frame {
  /** The content, undecoded. */
  readonly data: string;

  /** Name of the server-sent event; empty if it has none. */
  readonly event: string;

  /** The `id:` that this very event carried; `undefined` if it carried none. */
  readonly id: string | undefined;

  /** What its framer learnt of it beside. */
  readonly note: FrameNote | undefined;

  #json: unknown;
  #parsed = false;

  constructor(data: string, event = '', id?: string, note?: FrameNote) {
    this.data = data;
    this.event = event;
    this.id = id;
    this.note = note;
  }

  /** The content as JSON. Throws a `StreamChatError` with code `protocol` where it is none. */
  get json(): unknown {
    if (this.#parsed) return this.#json;
    try {
      this.#json = JSON.parse(this.data);
    } catch (cause) {
      const start = this.data.length > 80 ? `${this.data.slice(0, 80)}…` : this.data;
      throw new StreamChatError('protocol', `The server sent an event that is not JSON: ${start}`, {cause});
    }
    this.#parsed = true;
    return this.#json;
  }

  /** The content as JSON, or `undefined` where it is none. */
  get maybeJson(): unknown {
    try {
      return this.json;
    } catch {
      // Asked as a question: text that is no JSON is an answer to it.
      return undefined;
    }
  }
}

/** Cuts the text of one body into frames. */
export interface Framer {
  /** Reads the next piece of the body, cut anywhere. */
  push(text: string): void;

  /**
   * Says that the body ended. `clean`: the server ended it, so a last frame that lacks only its terminator counts.
   * Returns whether nothing half-read was left. `strict`: the answer can be taken up again, so it does not count, unless
   * it is `[DONE]`: its id may be missing, or be cut in two.
   */
  end(clean: boolean, strict?: boolean): boolean;

  /** Milliseconds that the server asks to wait before a reconnection (`retry:`), if it does. */
  readonly retry?: number | undefined;

  /** Forgets what is half-read: the next piece begins a new body of the same answer. What was learnt of its writer stays. */
  reset(): void;
}

/** Takes a frame as soon as it is complete. */
export type FrameSink = (frame: Frame) => void;

/** Characters that one line, event or object may have. More is an attack or a broken server. */
export const maxFrameLength = 16_000_000;

/** Removes the byte order mark that a body may begin with. */
export function stripBom(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Makes the error for a frame beyond `maxFrameLength`. */
export function tooLarge(): StreamChatError {
  return new StreamChatError(
    'too-large',
    `The server sent a single event of more than ${maxFrameLength / 1e6} million characters. The answer was stopped.`,
  );
}
