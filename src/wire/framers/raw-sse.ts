import {Frame, maxFrameLength, stripBom, tooLargeError, type FrameNote, type Framer, type FrameSink} from '../framing.js';

const rawFieldLine = /^(?:data|event|id|retry)?:/;

/**
 * Creates the framer of server-sent events written naively as `f"data: {token}\n\n"`, with line breaks and blank lines
 * inside tokens: a line that does not begin with a field name continues the previous token. A token is emitted at its
 * blank line, and text that turns out to belong to it follows as `continued`. With event IDs it is emitted in one
 * piece, because one ID is one frame. If all lines of an event begin with `data:` it is parsed per the standard, so a
 * correct server loses nothing.
 */
export function createRawSseFramer(sink: FrameSink): Framer {
  let fragments: string[] = [];
  let length = 0;
  let skipLineFeed = false;
  let first = true;
  /** The server writes no space after `data:`, so a space there belongs to the token. */
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
      // The first blank line is the terminator; each further one shows that the one before was content.
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
      if (length > maxFrameLength) throw tooLargeError();
    },
    end(clean, strict = false) {
      const isMark = /^data: ?\[DONE\]$/.test(fragments.join('')) || pending.join('') === '[DONE]';
      const isEvent = clean && (!strict || isMark);
      const whole = length === 0 && (!open || blanks > 0);
      if (isEvent && length > 0) endLine('');
      // With event IDs, the server resends an event that may have more lines.
      if (isEvent || (whole && (clean || !usesIds))) close();
      reset();
      return isEvent || whole;
    },
    reset,
  };
}
