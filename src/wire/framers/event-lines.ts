import {createLineSplitter} from './line-splitter.js';
import {createLiteralBreaks} from './literal-breaks.js';
import {createUnwrapper} from './unwrapper.js';

/** The lines of an event stream. */
export interface EventLines {
  push(text: string): void;
  /** Whether the last line lacks its terminator. */
  readonly isOpen: boolean;
  /** Ends the body. Returns its last line, which lacks its terminator. */
  end(): string;
  /** Begins a new body of the same server. */
  reset(): void;
}

/**
 * Creates the splitter of an event stream into lines, which undoes what servers do to a whole stream: literal line
 * breaks (`createLiteralBreaks`), and events inside of events (`createUnwrapper`).
 */
export function createEventLines(onLine: (line: string) => void): EventLines {
  const unwrapper = createUnwrapper(onLine);
  const splitter = createLineSplitter(unwrapper.push);
  const breaks = createLiteralBreaks((text) => splitter.push(text));
  return {
    get isOpen() {
      return breaks.isOpen || splitter.isOpen;
    },
    push: (text) => breaks.push(text),
    end() {
      breaks.end();
      const {rest} = splitter;
      if (!unwrapper.isWrapped) return rest;
      if (rest !== '') splitter.push('\n');
      unwrapper.end();
      return '';
    },
    reset() {
      breaks.reset();
      splitter.reset();
      unwrapper.reset();
    },
  };
}
