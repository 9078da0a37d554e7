// The tables of docs/performance.md that hold the measured sizes.

const kilobytes = (bytes) => (bytes / 1000).toFixed(1);

/** So far may a figure of the document be from the measured one: a table is no test of each byte. */
const tolerance = (bytes) => Math.max(1000, Math.abs(bytes) * 0.05);

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const totalsTable = (totals) =>
  table(
    ['transferred', 'kB, gzip', 'limit', 'requests', 'limit'],
    totals.map(({name, bytes, requests, limit}) => [
      name,
      kilobytes(bytes),
      limit.bytes / 1000,
      requests ?? '',
      limit.requests ?? '',
    ]),
  );

const additionsTable = (additions) =>
  table(
    ['with', 'kB more', 'requests more', 'files'],
    additions.map(({name, bytes, requests, files}) => [
      name,
      kilobytes(bytes),
      requests,
      files.map((file) => `\`${file.name}\``).join(', '),
    ]),
  );

const between = (name) => new RegExp(`(<!-- size: ${name} -->\n)[^]*?(?=<!-- end -->)`);

/** Returns the document with both tables filled in. */
export function fillTables(text, totals, additions) {
  for (const [name, content] of [
    ['totals', totalsTable(totals)],
    ['additions', additionsTable(additions)],
  ]) {
    if (!between(name).test(text)) throw new Error(`The document has no place for its table "${name}".`);
    text = text.replace(between(name), (_all, start) => `${start}\n${content}\n\n`);
  }
  return text;
}

/** Returns what the tables say that is no longer so: rows that are missing or left over, figures that are far off. */
export function staleRows(text, totals, additions) {
  const stale = [];
  for (const [name, rows] of [
    ['totals', totals],
    ['additions', additions],
  ]) {
    const [found = ''] = text.match(between(name)) ?? [];
    const written = new Map(
      found
        .split('\n')
        .filter((line) => line.startsWith('| '))
        .slice(2)
        .map((line) => line.split('|').map((cell) => cell.trim()))
        .map(([, row, figure]) => [row, Number(figure) * 1000]),
    );
    for (const row of rows) {
      const figure = written.get(row.name);
      if (figure === undefined) stale.push(`no row of ${row.name}`);
      else if (Math.abs(figure - row.bytes) > tolerance(row.bytes))
        stale.push(`${row.name} is ${kilobytes(row.bytes)} kB`);
      written.delete(row.name);
    }
    for (const row of written.keys()) stale.push(`${row} is not measured`);
  }
  return stale;
}
