import {createJsonFramer} from './framers/json.js';
import {createLineFramer} from './framers/lines.js';
import {createRawSseFramer} from './framers/raw-sse.js';
import {createSseFramer} from './framers/sse.js';
import {createTextFramer} from './framers/text.js';
import type {Framer, FrameSink, Framing} from './framing.js';

const framers: Record<Framing, (sink: FrameSink) => Framer> = {
  sse: createSseFramer,
  'sse-raw': createRawSseFramer,
  json: createJsonFramer,
  lines: createLineFramer,
  text: createTextFramer,
};

/** Creates the framer of one body. */
export function createFramer(framing: Framing, sink: FrameSink): Framer {
  return framers[framing](sink);
}
