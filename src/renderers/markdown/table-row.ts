/** The alignment of a column. */
export type Align = 'left' | 'center' | 'right' | undefined;

const delimiterRow = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** Splits a row at its pipes. An escaped pipe belongs to its cell, also in code. */
export function splitRow(row: string): string[] {
  const text = row.trim();
  const cells: string[] = [];
  let cell = '';
  let start = text.startsWith('|') ? 1 : 0;
  for (let at = start; at < text.length; at++) {
    const c = text[at];
    if (c === '\\') {
      if (text[at + 1] === '|') {
        cell += text.slice(start, at);
        start = at + 1;
      }
      at++;
    } else if (c === '|') {
      cells.push((cell + text.slice(start, at)).trim());
      cell = '';
      start = at + 1;
    }
  }
  const last = (cell + text.slice(start)).trim();
  if (last || !text.endsWith('|') || text.endsWith('\\|')) cells.push(last);
  return cells;
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
