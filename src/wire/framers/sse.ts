import {createParser} from 'eventsource-parser';

import {Frame, maxFrameLength, tooLargeError, type Framer, type FrameSink} from '../framing.js';

const namedLine = /(?:^|[\r\n])event:[^\r\n]*(?:\r\n|\r(?!\n)|\n)(\r\n|\r|\n)/g;
const nameLength = 64;
/** An error of Google: an object of several lines inside the event stream, without `data:`. */
const strayObject = /(?:^|\n)(?:error: ?)?(\{\s*"(?:error\w*|code|message|success)"[^]*\})\s*$/;
/** An error of llama.cpp, in a field of its own, or of AWS Lambda, in a line without a field. */
const strayLine = /(?:^|[\r\n])(?:error: ?)?(\{\s*"(?:error\w*|code|message|success)"[^\r\n]*\})[ \t]*(?=[\r\n])/g;
const strayLength = 4096;

/**
 * Creates the framer of server-sent events per WHATWG, with two extensions for chat servers: events that have a name
 * but no data are emitted (`event: end`), and at a clean end an event that lacks only its blank line counts if it is
 * complete JSON or `[DONE]`.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function createSseFramer(sink: FrameSink): Framer {
  let dispatched = 0;
  let ending = false;
  let strict = false;
  let isComplete = true;
  let tail = '';
  let recent = '';
  let lastStray = '';
  let retry: number | undefined;

  const parser = createParser({
    maxBufferSize: maxFrameLength,
    onEvent({data, event = '', id}) {
      dispatched++;
      const frame = new Frame(data, event, id);
      if (ending && data !== '[DONE]' && (strict || frame.maybeJson === undefined)) isComplete = false;
      else sink(frame);
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

  /** Feeds text, and emits events that only have a name, because the parser ignores them, as the standard requires. */
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
      const seen = recent + text;
      let fed = 0;
      if (/(?:^|[\r\n])(?:error:|\{)/.test(seen)) {
        for (const match of seen.matchAll(strayLine)) {
          const end = match.index + match[0].length - recent.length;
          if (end < 0) continue;
          feed(text.slice(fed, end));
          fed = end;
          sinkStray(match[1]!);
        }
      }
      recent = seen.slice(-strayLength);
      feed(fed === 0 ? text : text.slice(fed));
    },
    end(clean, isStrict = false) {
      if (!clean) return false;
      ending = true;
      strict = isStrict;
      // A line that is neither data nor a name is truncated, and so is the body.
      const line = /[^\r\n]*$/.exec(tail)![0];
      if (line !== '' && line.length < nameLength && !/^(?:data|event)?:/.test(line)) isComplete = false;
      feed('\n\n');
      const stray = strayObject.exec(recent)?.[1];
      if (stray !== undefined) sinkStray(stray);
      return isComplete;
    },
    reset() {
      recent = lastStray = '';
      parser.reset();
      tail = '';
      ending = false;
      isComplete = true;
    },
  };
}
