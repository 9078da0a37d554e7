import {Inline} from './inline.js';

/** A delimiter run of `*`, `_` or `~` that can open or close emphasis. */
export interface Delimiter {
  readonly char: string;
  readonly node: Inline;
  /** Position in the text. */
  readonly at: number;
  /** Length of the run before parts of it were matched. */
  readonly length: number;
  readonly canOpen: boolean;
  readonly canClose: boolean;
  left: number;
  prev: Delimiter | undefined;
  next: Delimiter | undefined;
}

/** Maximum number of unclosed delimiters that are drawn as if they were closed. */
const MAX_SPECULATIVE = 20;

/**
 * The delimiter stack, with CommonMark's rules for matching. Runs are matched whenever no bracket is open, as later
 * text cannot change the result: then the text before an unmatched opener is settled.
 */
export class Delimiters {
  #top: Delimiter | undefined;
  #settledTo = -1;
  /** Position below which a kind of closer has no opener left: keeps unmatched closers linear. */
  readonly #bottoms = new Map<string, number>();

  get top(): Delimiter | undefined {
    return this.#top;
  }

  push(run: Omit<Delimiter, 'prev' | 'next' | 'left'>): void {
    const delimiter: Delimiter = {...run, left: run.length, prev: this.#top, next: undefined};
    if (this.#top) this.#top.next = delimiter;
    this.#top = delimiter;
  }

  /** Matches the runs pushed since the last call. Only valid while no bracket is open. */
  settle(): void {
    let first = this.#top;
    if (!first || first.at <= this.#settledTo) return;
    const settledTo = this.#settledTo;
    this.#settledTo = first.at;
    while (first.prev && first.prev.at > settledTo) first = first.prev;
    this.#match(first, undefined, this.#bottoms);
  }

  /**
   * Matches the runs above `bottom`, which are the content of a link, and removes the others, after closing them
   * speculatively if requested.
   */
  settleAbove(bottom: Delimiter | undefined, isSpeculative = false): void {
    let first = this.#top;
    while (first && first.prev !== bottom) first = first.prev;
    if (first) this.#match(first, bottom, new Map());
    if (isSpeculative) this.speculate(bottom);
    this.#top = bottom;
    if (bottom) bottom.next = undefined;
  }

  /** Closes unmatched openers speculatively at the end of the text. */
  speculate(bottom?: Delimiter): void {
    let speculative = 0;
    for (let opener = this.#top; opener && opener !== bottom && speculative < MAX_SPECULATIVE; opener = opener.prev) {
      // `2*3` opens emphasis too, but is rarely meant so.
      if (!opener.canOpen || opener.canClose) continue;
      for (; opener.left > 0 && opener.node.next; speculative++) this.#emphasize(opener, undefined);
    }
  }

  #match(first: Delimiter, bottom: Delimiter | undefined, bottoms: Map<string, number>): void {
    let closer: Delimiter | undefined = first;
    while (closer) {
      if (!closer.canClose) {
        closer = closer.next;
        continue;
      }
      const kind: string =
        closer.char + (closer.canOpen ? 'o' : '') + (closer.length % 3);
      const limit = bottoms.get(kind) ?? -1;
      let opener = closer.prev;
      while (opener && opener !== bottom && opener.at > limit && !belongTogether(opener, closer)) opener = opener.prev;
      if (!opener || opener === bottom || opener.at <= limit) {
        bottoms.set(kind, closer.prev?.at ?? -1);
        const next: Delimiter | undefined = closer.next;
        if (!closer.canOpen) this.#remove(closer);
        closer = next;
        continue;
      }
      opener.next = closer;
      closer.prev = opener;
      this.#emphasize(opener, closer);
      if (opener.left === 0) this.#remove(opener);
      if (closer.left === 0) {
        const next: Delimiter | undefined = closer.next;
        this.#remove(closer);
        closer = next;
      }
    }
  }

  #emphasize(opener: Delimiter, closer: Delimiter | undefined): void {
    const isDouble = opener.left >= 2 && (closer?.left ?? 2) >= 2;
    const emphasis = new Inline(opener.char === '~' ? 'del' : isDouble ? 'strong' : 'em');
    const used = isDouble ? 2 : 1;
    opener.node.wrap(emphasis, closer?.node);
    opener.left -= used;
    opener.node.text = opener.node.text.slice(used);
    if (!closer) return;
    closer.left -= used;
    closer.node.text = closer.node.text.slice(used);
  }

  #remove(delimiter: Delimiter): void {
    if (delimiter.prev) delimiter.prev.next = delimiter.next;
    if (delimiter.next) delimiter.next.prev = delimiter.prev;
    else this.#top = delimiter.prev;
  }
}

function belongTogether(opener: Delimiter, closer: Delimiter): boolean {
  if (opener.char !== closer.char || !opener.canOpen) return false;
  if (opener.char === '~') return true;
  const either = closer.canOpen || opener.canClose;
  return !(either && closer.length % 3 !== 0 && (opener.length + closer.length) % 3 === 0);
}
