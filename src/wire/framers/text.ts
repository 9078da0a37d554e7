import {Frame, stripBom, type Framer, type FrameSink} from '../framing.js';

/** Creates the framer that emits text as it arrives. */
export function createTextFramer(sink: FrameSink): Framer {
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
