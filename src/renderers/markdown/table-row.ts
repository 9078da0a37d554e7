import {RowSpans} from './row-span.js';

/** The alignment of a column. */
export type Align = 'left' | 'center' | 'right' | undefined;

const delimiterRow = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/**
 * Splits a row at its pipes, except those in code and formulas. An escaped pipe belongs to its cell, also in code.
 * Unless `final`, more text will follow.
 */
export function splitRow(row: string, final = true): string[] {
  const text = row.trim();
  const spans = new RowSpans(text, final);
  const cells: string[] = [];
  let cell = '';
  let start = text.startsWith('|') ? 1 : 0;
  const endCell = (end: number) => {
    cells.push((cell + text.slice(start, end)).trim());
    cell = '';
  };
  for (let at = start; at < text.length; at++) {
    const c = text[at];
    const next = text[at + 1] ?? '';
    if (c === '`' || c === '$' || (c === '\\' && '([b'.includes(next))) {
      const end = spans.endOf(at);
      if (end !== undefined) {
        cell += text.slice(start, at) + unescapePipes(text.slice(at, end), c === '`');
        at = (start = end) - 1;
        continue;
      }
      // The others of a run of dollar signs open nothing.
      if (c === '$') while (text[at + 1] === '$') at++;
    }
    if (c === '\\') {
      if (next === '|') {
        cell += text.slice(start, at);
        start = at + 1;
      }
      at++;
    } else if (c === '|') {
      endCell(at);
      start = at + 1;
    }
  }
  const last = (cell + text.slice(start)).trim();
  if (last || !text.endsWith('|') || text.endsWith('\\|')) cells.push(last);
  return cells;
}

/** Removes the backslashes that escape pipes for the table. In formulas, pairs of them are the marks of a norm. */
function unescapePipes(span: string, isCode: boolean): string {
  const parts = span.split('\\|');
  return isCode || parts.length % 2 === 0 ? parts.join('|') : span;
}

/** Parses the delimiter row of a table. */
export function readDelimiterRow(row: string): Align[] | undefined {
  if (!delimiterRow.test(row)) return undefined;
  return splitRow(row).map((cell) => {
    const isLeft = cell.startsWith(':');
    const isRight = cell.endsWith(':');
    return isLeft && isRight ? 'center' : isLeft ? 'left' : isRight ? 'right' : undefined;
  });
}
