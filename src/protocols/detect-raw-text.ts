import {isDoneMark, isDoneName} from './conventions.js';
import {findText} from './find-text.js';
import type {Sample} from './protocol.js';

/**
 * An event whose data is not a JSON object, array or string. Numbers and booleans are text. What begins as an object is
 * JSON, and JSON events before it show that the stream is not raw text.
 */
export function detectRawText({framing, frame, frames}: Sample): boolean {
  if (framing !== 'sse' || frame.event === 'error') return false;
  if (frame.data === '') return isDoneName(frame.event);
  if (/^\s*\{"/.test(frame.data)) return false;
  // Objects before the first token are about the answer, unless one of them has text.
  const objects = frames.filter(({data, maybeJson}) => /^\s*\{/.test(data) && maybeJson);
  if (objects.some(({maybeJson}) => findText(maybeJson) !== undefined) || (objects.length > 0 && isDoneMark(frame.data))) return false;
  return !/^\s*[[{"]/.test(frame.data) || frame.maybeJson === undefined;
}
