import {Frame, type FrameNote, type Framer, type FrameSink} from '../framing.js';
import {createEventLines} from './event-lines.js';
import {endMarker} from './separator.js';

const rawFieldLine = /^(?:data|event|id|retry)?:/;

/**
 * Creates the framer of server-sent events written naively as `f"data: {token}\n\n"`, with line breaks and blank lines
 * inside tokens: a line that does not begin with a field name continues the previous token. A token is emitted at its
 * blank line, and text that turns out to belong to it follows as `continued`. With event IDs it is emitted in one
 * piece, because one ID is one frame. If all lines of an event begin with `data:` it is parsed per the standard, so a
 * correct server loses nothing. In a body without blank lines, which by the standard is one event, each line of data is
 * emitted as it arrives; an end marker in that event, or the end of the body, shows that the lines were tokens.
 */
export function createRawSseFramer(sink: FrameSink): Framer {
  /** The server writes no space after `data:`, so a space there belongs to the token. */
  let tight = false;
  let usesIds = false;
  let hasBlank = false;
  /** Whether further lines of data were emitted in a body without blank lines. */
  let isLoose = false;

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

  const settle = () => {
    flush();
    if (isLoose) sink(new Frame('', event, undefined, 'unseparated'));
    isLoose = false;
  };
  const readDataLine = (line: string) => {
    if (open && endMarker.test(line.slice('data:'.length))) {
      if (!hasBlank) settle();
      close();
    }
    if (open && !hasBlank && !usesIds) {
      flush();
      isLoose = true;
      const wasTight = tight;
      const value = readData(line);
      sink(new Frame(`\n${value}`, event, id, tight && !wasTight ? 'tight' : 'line'));
      note = 'continued';
      return;
    }
    const value = readData(line);
    pending.push(open ? `\n${value}` : value);
    open = true;
  };

  const readLine = (line: string) => {
    if (line === '') {
      if (!open) return close();
      hasBlank = true;
      // The first blank line is the terminator; each further one shows that the one before was content.
      if (++blanks > 1) pending.push('\n');
      if (!usesIds || pending.join('') === '[DONE]') flush();
      return;
    }
    if (rawFieldLine.test(line)) {
      if (blanks > 0) close();
      if (line.startsWith('data:')) readDataLine(line);
      else if (line.startsWith('event:')) {
        // A second name, after data, is that of the next event.
        if (open && event !== '') close();
        event = line.slice('event:'.length).trim();
      } else if (line.startsWith('id:') && !line.includes('\0')) {
        if (open && id !== undefined) close();
        id = line.slice('id:'.length).replace(/^ /, '');
        usesIds ||= id !== '';
      }
    } else if (open) {
      pending.push(blanks > 0 ? '\n\n' : '\n', line);
      blanks = 0;
    }
  };
  const lines = createEventLines(readLine);
  const reset = () => {
    lines.reset();
    blanks = 0;
    pending = [];
    event = '';
    id = undefined;
    note = undefined;
    open = hasBlank = isLoose = false;
  };

  return {
    push: (text) => lines.push(text),
    end(clean, strict = false) {
      const isOpen = lines.isOpen;
      const rest = clean ? lines.end() : '';
      const isMark = /^data: ?\[DONE\]$/.test(rest) || pending.join('') === '[DONE]';
      const isEvent = clean && (!strict || isMark);
      const whole = !isOpen && (!open || blanks > 0);
      if (isEvent && rest !== '') readLine(rest);
      if (isEvent && open && !hasBlank) settle();
      // With event IDs, the server resends an event that may have more lines.
      if (isEvent || (whole && (clean || !usesIds))) close();
      reset();
      return isEvent || whole;
    },
    reset,
  };
}
