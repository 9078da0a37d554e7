import {Frame, maxFrameLength, tooLargeError, type Framer, type FrameSink} from '../framing.js';

/** Creates the framer that emits one frame per line, ended by LF or CRLF; empty lines are ignored. */
export function createLineFramer(sink: FrameSink): Framer {
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
      if (length > maxFrameLength) throw tooLargeError();
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
