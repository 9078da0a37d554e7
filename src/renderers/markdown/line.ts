/** A line while the blocks consume their markers. Columns count a tab as up to four, offsets as one. */
export class Line {
  offset = 0;
  column = 0;
  /** Offset of the next character that is no space or tab. */
  nextNonspace = 0;
  #nextNonspaceColumn = 0;
  /** Whether a marker consumed only part of the tab at `offset`. */
  #isTabCut = false;

  constructor(readonly text: string) {
    this.findNextNonspace();
  }

  get indent(): number {
    return this.#nextNonspaceColumn - this.column;
  }

  get isIndented(): boolean {
    return this.indent >= 4;
  }

  get isBlank(): boolean {
    return this.nextNonspace >= this.text.length;
  }

  /** The rest of the line, without its indentation. */
  get content(): string {
    return this.text.slice(this.nextNonspace);
  }

  /** The rest of the line, with the remainder of a tab as spaces. */
  get rest(): string {
    if (!this.#isTabCut) return this.text.slice(this.offset);
    return ' '.repeat(4 - (this.column % 4)) + this.text.slice(this.offset + 1);
  }

  get isAtSpace(): boolean {
    const c = this.text[this.offset];
    return c === ' ' || c === '\t';
  }

  findNextNonspace(): void {
    let at = this.offset;
    let column = this.column;
    for (; ; at++) {
      const c = this.text[at];
      if (c === ' ') column++;
      else if (c === '\t') column += 4 - (column % 4);
      else break;
    }
    this.nextNonspace = at;
    this.#nextNonspaceColumn = column;
  }

  advanceNextNonspace(): void {
    this.offset = this.nextNonspace;
    this.column = this.#nextNonspaceColumn;
    this.#isTabCut = false;
  }

  /** Advances by `count` characters. */
  advance(count: number): void {
    this.#move(count, false);
  }

  /** Advances by `count` columns. */
  advanceColumns(count: number): void {
    this.#move(count, true);
  }

  #move(count: number, isColumns: boolean): void {
    for (let left = count; left > 0;) {
      const c = this.text[this.offset];
      if (c === undefined) break;
      if (c !== '\t') {
        this.#isTabCut = false;
        this.offset++;
        this.column++;
        left--;
        continue;
      }
      const toTab = 4 - (this.column % 4);
      this.#isTabCut = isColumns && toTab > left;
      const step = isColumns ? Math.min(left, toTab) : toTab;
      this.column += step;
      if (!this.#isTabCut) this.offset++;
      left -= isColumns ? step : 1;
    }
    this.findNextNonspace();
  }

  /** Returns to an earlier position. */
  reset(offset: number, column: number): void {
    this.offset = offset;
    this.column = column;
    this.#isTabCut = false;
    this.findNextNonspace();
  }
}
