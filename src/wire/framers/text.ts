import {Frame, stripBom, type Framer, type FrameSink} from '../framing.js';

/** The text as it comes. */
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
