import {Frame, type Framer, type FrameSink} from '../framing.js';
import {createLineSplitter} from './line-splitter.js';

/** Creates the framer that emits one frame per line, ended by LF, CRLF or CR; empty lines are ignored. */
export function createLineFramer(sink: FrameSink): Framer {
  const lines = createLineSplitter((line) => {
    if (line !== '') sink(new Frame(line));
  });
  return {
    push: (text) => lines.push(text),
    end(clean) {
      const isOpen = lines.isOpen;
      if (clean && isOpen) lines.push('\n');
      return clean || !isOpen;
    },
    reset: () => lines.reset(),
  };
}
