import {maxFrameLength, stripBom, tooLargeError} from '../framing.js';

/** Splits text into lines, ended by LF, CRLF or CR wherever the chunks are split. */
export interface LineSplitter {
  push(text: string): void;
  /** The beginning of a line that has no terminator yet. */
  readonly rest: string;
  /** Whether there is one. */
  readonly isOpen: boolean;
  reset(): void;
}

/** Creates the splitter of one body, without its byte order mark. Calls `onLine` with each complete line. */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  let fragments: string[] = [];
  let length = 0;
  let skipLineFeed = false;
  let isFirst = true;

  return {
    get rest() {
      return fragments.join('');
    },
    get isOpen() {
      return length > 0;
    },
    push(text) {
      if (text === '') return;
      if (isFirst) text = stripBom(text);
      isFirst = false;
      if (skipLineFeed && text.startsWith('\n')) text = text.slice(1);
      skipLineFeed = text.endsWith('\r');
      if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n');
      let start = 0;
      for (let end; (end = text.indexOf('\n', start)) !== -1; start = end + 1) {
        const piece = text.slice(start, end);
        const line = length === 0 ? piece : fragments.join('') + piece;
        fragments = [];
        length = 0;
        onLine(line);
      }
      if (start === text.length) return;
      fragments.push(text.slice(start));
      length += text.length - start;
      if (length > maxFrameLength) throw tooLargeError();
    },
    reset() {
      fragments = [];
      length = 0;
      skipLineFeed = false;
      isFirst = true;
    },
  };
}
