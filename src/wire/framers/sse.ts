import {createParser} from 'eventsource-parser';

import {Frame, maxFrameLength, tooLargeError, type Framer, type FrameSink} from '../framing.js';
import {createEventLines} from './event-lines.js';
import {createSeparator, isCompleteData} from './separator.js';

const truncatedLength = 64;
/** An error of Google: an object of several lines inside the event stream, without `data:`. */
const strayObject = /(?:^|\n)(?:error: ?)?(\{\s*"(?:error\w*|code|message|success)"[^]*\})\s*$/;
/** An error of llama.cpp, in a field of its own, or of AWS Lambda, in a line without a field. */
const strayLine = /^(?:error: ?)?(\{\s*"(?:error\w*|code|message|success)".*\})\s*$/;
const strayLength = 4096;

/**
 * Creates the framer of server-sent events per WHATWG, with three extensions for chat servers: events that have a name
 * but no data are emitted (`event: end`), events without a blank line between them are separated (`createSeparator`),
 * and at a clean end an event that lacks only its blank line counts if it is complete JSON or `[DONE]`.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function createSseFramer(sink: FrameSink): Framer {
  let ending = false;
  let separating = false;
  let strict = false;
  let isComplete = true;
  let recent = '';
  let lastStray = '';
  let retry: number | undefined;

  const parser = createParser({
    maxBufferSize: maxFrameLength,
    onEvent({data, event = '', id}) {
      // Until the next event begins, this one may be truncated.
      if (ending && !separating && (strict ? data !== '[DONE]' : !isCompleteData(data))) isComplete = false;
      else sink(new Frame(data, event, id));
    },
    onRetry: (milliseconds) => (retry = milliseconds),
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') throw tooLargeError();
    },
  });
  const sinkStray = (data: string) => {
    const frame = new Frame(data, 'bare');
    if (data !== lastStray && frame.maybeJson !== undefined) sink(frame);
    lastStray = data;
  };
  const separator = createSeparator({
    line(line) {
      const stray = strayLine.exec(line)?.[1];
      if (stray === undefined) parser.feed(`${line}\n`);
      else sinkStray(stray);
    },
    dispatch(isSeparated, name) {
      separating = isSeparated;
      parser.feed('\n');
      separating = false;
      // The parser ignores events that only have a name, as the standard requires.
      if (name !== '' && !(ending && strict)) sink(new Frame('', name));
    },
  });
  const lines = createEventLines(separator.push);
  const start = () => {
    parser.reset();
    // The splitter has removed the byte order mark; the parser removes this one, and no other.
    parser.feed('\ufeff');
  };
  start();

  return {
    get retry() {
      return retry;
    },
    get openText() {
      return separator.openText;
    },
    push(text) {
      recent = (recent + text).slice(-strayLength);
      lines.push(text);
    },
    end(clean, isStrict = false) {
      if (!clean) return false;
      // The end was found before, by the detection of the format: its last line counts once.
      if (ending) return isComplete;
      ending = true;
      strict = isStrict;
      const rest = lines.end();
      // A line that is neither data nor a name is truncated, and so is the body.
      if (rest !== '' && rest.length < truncatedLength && !/^(?:data|event)?:/.test(rest)) isComplete = false;
      if (rest !== '') separator.push(rest);
      separator.push('');
      const stray = strayObject.exec(recent)?.[1];
      if (stray !== undefined) sinkStray(stray);
      return isComplete;
    },
    reset() {
      recent = lastStray = '';
      start();
      lines.reset();
      separator.reset();
      ending = false;
      isComplete = true;
    },
  };
}
