/**
 * Detects whether anything of an answer is in the beginning of a body of server-sent events. Comments, blank lines and
 * `retry:` fields are no part of an answer: servers and proxies send them before the model runs.
 */
export interface Preamble {
  /** Reads the next chunk. Returns whether the body holds anything besides comments, blank lines and `retry:`. */
  push(text: string): boolean;
}

/** A line that is complete and no part of an answer. */
const idleLine = /^\ufeff?(?::[^\r\n]*|retry:[^\r\n]*)?(?:\r\n|\r|\n)/;
/** The beginning of such a line. */
const idleStart = /^\ufeff?(?::[^\r\n]*|r(?:e(?:t(?:r(?:y(?::[^\r\n]*)?)?)?)?)?)?$/;

/** Creates the detector of one body. */
export function createPreamble(): Preamble {
  let rest = '';
  let isOver = false;
  return {
    push(text) {
      if (isOver) return true;
      rest += text;
      for (let line; (line = idleLine.exec(rest)); ) rest = rest.slice(line[0].length);
      if (idleStart.test(rest)) {
        // The text of a comment does not matter, only that it goes on.
        if (rest.startsWith(':')) rest = ':';
        return false;
      }
      isOver = true;
      rest = '';
      return true;
    },
  };
}
