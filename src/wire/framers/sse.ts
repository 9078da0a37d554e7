import {createParser} from 'eventsource-parser';

import {Frame, maxFrameLength, tooLarge, type Framer, type FrameSink} from '../framing.js';

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
export function createSseFramer(sink: FrameSink): Framer {
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
