import {Frame, maxFrameLength, stripBom, tooLargeError, type Framer, type FrameSink} from '../framing.js';

const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const quote = 0x22;
const backslash = 0x5c;
const lineFeed = 0x0a;
const comma = 0x2c;

/**
 * Creates the framer of JSON objects: one per line, concatenated, or as members of an array, pretty-printed or not.
 * They are found by the depth of their braces. Text between them is emitted line by line under the event name `bare`.
 */
export function createJsonFramer(sink: FrameSink): Framer {
  let fragments: string[] = [];
  let length = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let bare = false;
  /** With one object per line, the end of a line ends an object, complete or not. */
  let isLined = false;
  let wasLine = false;

  /** Whether the body is one array, and its last character so far: without the closing bracket it is incomplete. */
  let isArray: boolean | undefined;
  let last = '';

  const take = (piece: string): string => {
    if (fragments.length === 0) return piece;
    const whole = fragments.join('') + piece;
    fragments = [];
    length = 0;
    return whole;
  };
  const sinkBare = (line: string) => {
    bare = false;
    if (line.trim() !== '') sink(new Frame(line, 'bare'));
  };

  const push = (text: string) => {
    const content = stripBom(text).trim();
    if (content !== '') {
      isArray ??= content.startsWith('[');
      last = content.at(-1)!;
    }
    let start = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === lineFeed && isLined && depth > 0) {
        sink(new Frame(take(text.slice(start, i))));
        depth = 0;
        inString = escaped = false;
        start = i + 1;
      } else if (inString) {
        if (escaped) escaped = false;
        else if (code === backslash) escaped = true;
        else if (code === quote) inString = false;
      } else if (bare) {
        if (code === lineFeed) {
          sinkBare(take(text.slice(start, i)));
          start = i + 1;
        }
      } else if (depth > 0) {
        if (code === quote) inString = true;
        else if (code === openBrace || code === openBracket) depth++;
        else if ((code === closeBrace || code === closeBracket) && --depth === 0) {
          const object = take(text.slice(start, i + 1));
          start = i + 1;
          wasLine = !object.includes('\n');
          sink(new Frame(object));
        }
      } else if (code === lineFeed) {
        isLined ||= wasLine;
      } else if (code === openBrace) {
        wasLine = false;
        depth = 1;
        start = i;
      } else if (code > 0x20 && code !== comma && code !== openBracket && code !== closeBracket && code !== 0xfeff) {
        bare = true;
        start = i;
      }
    }
    if (depth === 0 && !bare) return;
    fragments.push(text.slice(start));
    length += text.length - start;
    if (length > maxFrameLength) throw tooLargeError();
  };

  return {
    push,
    end(clean) {
      if (clean && bare) sinkBare(take(''));
      return depth === 0 && (!isArray || last === ']');
    },
    reset() {
      fragments = [];
      length = depth = 0;
      inString = escaped = bare = wasLine = false;
      isArray = undefined;
      last = '';
    },
  };
}
