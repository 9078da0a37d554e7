import {scanMath} from './scan-math.js';
import {NEED_MORE} from './scan.js';

/** A pipe between spaces at the start or end of code: then two cells with one backtick each are more likely than one with code. */
const edgePipe = /^\s+\||\|\s+$/;

/** Finds the code spans and formulas of a table row, in which a pipe does not end a cell. */
export class RowSpans {
  readonly #row: string;
  readonly #final: boolean;
  #lastBackticks: Map<number, number> | undefined;

  constructor(row: string, final: boolean) {
    this.#row = row;
    this.#final = final;
  }

  /** Returns the end of the code span or formula at `at`, or `undefined` if there is none. */
  endOf(at: number): number | undefined {
    return this.#row[at] === '`' ? this.#endOfCode(at) : this.#endOfFormula(at);
  }

  #endOfCode(at: number): number {
    const row = this.#row;
    let open = at;
    while (row[open] === '`') open++;
    const length = open - at;
    this.#lastBackticks ??= indexBackticks(row);
    if ((this.#lastBackticks.get(length) ?? -1) < open) return open;
    backticks.lastIndex = open;
    for (let match = backticks.exec(row); match; match = backticks.exec(row))
      if (match[0].length === length) return edgePipe.test(row.slice(open, match.index)) ? open : match.index + length;
    return open;
  }

  #endOfFormula(at: number): number | undefined {
    const row = this.#row;
    const formula = scanMath(row, at, this.#final);
    if (formula === NEED_MORE) {
      // Shown in its cell as it grows, unless a pipe between spaces follows: that ends a cell more often.
      const rest = row.slice(at);
      return / \|/.test(rest) || /^\$\d/.test(rest) ? undefined : row.length;
    }
    if (typeof formula !== 'object') return undefined;
    const hasPipe = formula.tex.includes('|');
    return hasPipe && row[at] === '$' && !/[\p{L}\\]/u.test(formula.tex) ? undefined : formula.end;
  }
}

const backticks = /`+/g;

/** Maps each length to its last backtick string: otherwise strings of 1, 2, 3 … backticks take quadratic time. */
function indexBackticks(row: string): Map<number, number> {
  const last = new Map<number, number>();
  backticks.lastIndex = 0;
  for (let match = backticks.exec(row); match; match = backticks.exec(row)) last.set(match[0].length, match.index);
  return last;
}
