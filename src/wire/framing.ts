import {createParser} from 'eventsource-parser';

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

const framers: Record<Framing, (sink: FrameSink) => Framer> = {
  sse: createSseFramer,
  'sse-raw': createRawSseFramer,
  json: createJsonFramer,
  lines: createLineFramer,
  text: createTextFramer,
};

/** Makes the framer of one body. */
export function createFramer(framing: Framing, sink: FrameSink): Framer {
  return framers[framing](sink);
}

/** Removes the byte order mark that a body may begin with. */
export function stripBom(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function tooLarge(): StreamChatError {
  return new StreamChatError(
    'too-large',
    `The server sent a single event of more than ${maxFrameLength / 1e6} million characters. The answer was stopped.`,
  );
}

const namedLine = /(?:^|[\r\n])event:[^\r\n]*(?:\r\n|\r(?!\n)|\n)(\r\n|\r|\n)/g;
const nameLength = 64;
/** Google writes an error into its event stream as an object of several lines without `data:`. */
const strayObject = /(?:^|\n)(\{\s*"error"[^]*\})\s*$/;
const strayLength = 4096;

/**
 * Server-sent events by the standard, forgiving in two things that chat servers do: an event that has a name and no
 * data is told (`event: end`), and at a clean end an event that lacks only its blank line counts if it is whole JSON
 * or `[DONE]`.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
function createSseFramer(sink: FrameSink): Framer {
  let dispatched = 0;
  let ending = false;
  let strict = false;
  let whole = true;
  let tail = '';
  let recent = '';
  let retry: number | undefined;

  const parser = createParser({
    maxBufferSize: maxFrameLength,
    onEvent({data, event = '', id}) {
      dispatched++;
      const frame = new Frame(data, event, id);
      if (ending && data !== '[DONE]' && (strict || frame.maybeJson === undefined)) whole = false;
      else sink(frame);
    },
    onRetry: (milliseconds) => (retry = milliseconds),
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') throw tooLarge();
    },
  });

  /** Feeds text, and tells of events that have a name only: the parser, as the standard, passes over them. */
  const feed = (text: string) => {
    const seen = tail + text;
    let fed = tail.length;
    if (seen.includes('event:')) {
      for (const match of seen.matchAll(namedLine)) {
        const end = match.index + match[0].length;
        const blank = end - match[1]!.length;
        if (blank < tail.length) continue;
        parser.feed(seen.slice(fed, blank));
        const before = dispatched;
        parser.feed(seen.slice(blank, end));
        fed = end;
        if (dispatched === before && !(ending && strict)) {
          const line = match[0].trim();
          sink(new Frame('', line.slice('event:'.length).trim()));
        }
      }
    }
    if (fed < seen.length) parser.feed(fed === 0 ? seen : seen.slice(fed));
    tail = seen.slice(-nameLength);
  };

  return {
    get retry() {
      return retry;
    },
    push(text) {
      recent = (recent + text).slice(-strayLength);
      feed(text);
    },
    end(clean, isStrict = false) {
      if (!clean) return false;
      ending = true;
      strict = isStrict;
      // A line that is neither data nor a name was cut: so was the body.
      const line = /[^\r\n]*$/.exec(tail)![0];
      if (line !== '' && line.length < nameLength && !/^(?:data|event)?:/.test(line)) whole = false;
      feed('\n\n');
      const stray = strayObject.exec(recent)?.[1];
      if (stray !== undefined) {
        const frame = new Frame(stray, 'bare');
        if (frame.maybeJson !== undefined) sink(frame);
      }
      return whole;
    },
    reset() {
      recent = '';
      parser.reset();
      tail = '';
      ending = false;
      whole = true;
    },
  };
}

const rawFieldLine = /^(?:data|event|id|retry)?:/;

/**
 * Server-sent events of a naive writer, `f"data: {token}\n\n"`, whose tokens hold line breaks and blank lines: what no
 * field line begins is the rest of the token before it. A token is told when its blank line comes, and what is then
 * found to belong to it follows as `continued`; where events have ids it is told whole, for one id is one frame. Where
 * all lines of an event begin with `data:` it is read as the standard has it, so a correct writer loses nothing.
 */
function createRawSseFramer(sink: FrameSink): Framer {
  let fragments: string[] = [];
  let length = 0;
  let skipLineFeed = false;
  let first = true;
  /** The writer leaves no space behind `data:`: a space there belongs to the token. */
  let tight = false;
  let usesIds = false;

  let event = '';
  let id: string | undefined;
  let open = false;
  let blanks = 0;
  let pending: string[] = [];
  let note: FrameNote | undefined;

  const readData = (line: string) => {
    const value = line.slice('data:'.length);
    if (tight || value === '') return value;
    if (value.startsWith(' ')) {
      if (!open) note = 'spaced';
      return value.slice(1);
    }
    tight = true;
    note = 'tight';
    return value;
  };
  const flush = () => {
    if (pending.length === 0) return;
    sink(new Frame(pending.join(''), event, id, note));
    pending = [];
    note = 'continued';
  };
  const close = () => {
    flush();
    if (!open && event !== '') sink(new Frame('', event, id));
    open = false;
    blanks = 0;
    event = '';
    id = undefined;
    note = undefined;
  };

  const readLine = (line: string) => {
    if (line === '') {
      if (!open) return close();
      // The first blank line is the terminator; every further one says that one before it was content.
      if (++blanks > 1) pending.push('\n');
      if (!usesIds || pending.join('') === '[DONE]') flush();
      return;
    }
    if (rawFieldLine.test(line)) {
      if (blanks > 0) close();
      if (line.startsWith('data:')) {
        const value = readData(line);
        pending.push(open ? `\n${value}` : value);
        open = true;
      } else if (line.startsWith('event:')) event = line.slice('event:'.length).trim();
      else if (line.startsWith('id:') && !line.includes('\0')) {
        id = line.slice('id:'.length).replace(/^ /, '');
        usesIds ||= id !== '';
      }
    } else if (open) {
      pending.push(blanks > 0 ? '\n\n' : '\n', line);
      blanks = 0;
    }
  };
  const endLine = (piece: string) => {
    fragments.push(piece);
    const line = fragments.join('');
    fragments = [];
    length = 0;
    readLine(line);
  };
  const reset = () => {
    fragments = [];
    length = blanks = 0;
    pending = [];
    event = '';
    id = undefined;
    note = undefined;
    open = skipLineFeed = false;
    first = true;
  };

  return {
    push(text) {
      if (text === '') return;
      if (first) text = stripBom(text);
      first = false;
      if (skipLineFeed && text.startsWith('\n')) text = text.slice(1);
      skipLineFeed = text.endsWith('\r');
      text = text.replace(/\r\n?/g, '\n');
      let start = 0;
      for (let end; (end = text.indexOf('\n', start)) !== -1; start = end + 1) endLine(text.slice(start, end));
      if (start === text.length) return;
      fragments.push(text.slice(start));
      length += text.length - start;
      if (length > maxFrameLength) throw tooLarge();
    },
    end(clean, strict = false) {
      const isMark = /^data: ?\[DONE\]$/.test(fragments.join('')) || pending.join('') === '[DONE]';
      const isEvent = clean && (!strict || isMark);
      const whole = length === 0 && (!open || blanks > 0);
      if (isEvent && length > 0) endLine('');
      // Where events have ids, one that may have more lines to come is sent again.
      if (isEvent || (whole && (clean || !usesIds))) close();
      reset();
      return isEvent || whole;
    },
    reset,
  };
}

const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const quote = 0x22;
const backslash = 0x5c;
const lineFeed = 0x0a;
const comma = 0x2c;

/**
 * JSON objects, one a line, glued together, or as the members of an array, pretty-printed or not: found by the depth of
 * their braces. What stands between them is told line by line under the event name `bare`.
 */
function createJsonFramer(sink: FrameSink): Framer {
  let fragments: string[] = [];
  let length = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let bare = false;
  /** One object a line: then the end of a line ends an object, whole or not. */
  let isLined = false;
  let wasLine = false;

  const take = (piece: string): string => {
    if (fragments.length === 0) return piece;
    const whole = fragments.join('') + piece;
    fragments = [];
    length = 0;
    return whole;
  };
  const sinkBare = (line: string) => {
    bare = false;
    if (line.trim() !== '') sink(new Frame(line, 'bare'));
  };

  const push = (text: string) => {
    let start = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === lineFeed && isLined && depth > 0) {
        sink(new Frame(take(text.slice(start, i))));
        depth = 0;
        inString = escaped = false;
        start = i + 1;
      } else if (inString) {
        if (escaped) escaped = false;
        else if (code === backslash) escaped = true;
        else if (code === quote) inString = false;
      } else if (bare) {
        if (code === lineFeed) {
          sinkBare(take(text.slice(start, i)));
          start = i + 1;
        }
      } else if (depth > 0) {
        if (code === quote) inString = true;
        else if (code === openBrace || code === openBracket) depth++;
        else if ((code === closeBrace || code === closeBracket) && --depth === 0) {
          const object = take(text.slice(start, i + 1));
          start = i + 1;
          wasLine = !object.includes('\n');
          sink(new Frame(object));
        }
      } else if (code === lineFeed) {
        isLined ||= wasLine;
      } else if (code === openBrace) {
        wasLine = false;
        depth = 1;
        start = i;
      } else if (code > 0x20 && code !== comma && code !== openBracket && code !== closeBracket && code !== 0xfeff) {
        bare = true;
        start = i;
      }
    }
    if (depth === 0 && !bare) return;
    fragments.push(text.slice(start));
    length += text.length - start;
    if (length > maxFrameLength) throw tooLarge();
  };

  return {
    push,
    end(clean) {
      if (clean && bare) sinkBare(take(''));
      return depth === 0;
    },
    reset() {
      fragments = [];
      length = depth = 0;
      inString = escaped = bare = wasLine = false;
    },
  };
}

/** One frame a line, LF or CRLF; empty lines are passed over. */
function createLineFramer(sink: FrameSink): Framer {
  let fragments: string[] = [];
  let length = 0;
  const take = (piece: string) => {
    fragments.push(piece);
    const line = fragments.join('').replace(/\r$/, '');
    fragments = [];
    length = 0;
    if (line !== '') sink(new Frame(line));
  };
  return {
    push(text) {
      let start = 0;
      for (let end; (end = text.indexOf('\n', start)) !== -1; start = end + 1) take(text.slice(start, end));
      if (start === text.length) return;
      fragments.push(text.slice(start));
      length += text.length - start;
      if (length > maxFrameLength) throw tooLarge();
    },
    end(clean) {
      if (clean && length > 0) take('');
      return length === 0;
    },
    reset() {
      fragments = [];
      length = 0;
    },
  };
}

/** The text as it comes. */
function createTextFramer(sink: FrameSink): Framer {
  let first = true;
  return {
    push(text) {
      if (first && text !== '') {
        first = false;
        text = stripBom(text);
      }
      if (text !== '') sink(new Frame(text));
    },
    end: (clean) => clean,
    reset() {
      first = true;
    },
  };
}
