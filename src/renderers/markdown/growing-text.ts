import type {MarkdownStats} from './elements.js';
import {Runs} from './runs.js';
import {breakOpportunity, findCut} from './text-cut.js';

/** Length from which on a run need not end with a line. */
const LONG_RUN = 16_384;

/** Shows a growing text unchanged, with its line breaks. Appends to the last text node, and touches nothing else. */
export class GrowingText {
  readonly #stats: MarkdownStats;
  readonly #runs: Runs;
  #last: Text | undefined;

  constructor(element: HTMLElement, stats: MarkdownStats = {charsParsed: 0, nodesTouched: 0, faults: 0}) {
    this.#stats = stats;
    this.#runs = new Runs(stats, element);
  }

  append(text: string): void {
    for (let rest = text; rest; ) {
      const before = this.#last?.data ?? '';
      const whole = before + rest;
      const end = findCut(whole, 0)?.end;
      const node = this.#appendToLast(whole.slice(before.length, end));
      if (end === undefined) return;
      this.#last = undefined;
      rest = whole.slice(end);
      this.#runs.add(node, end, (runLength) => {
        const at = node.data.indexOf('\n');
        return at < 0 && runLength >= LONG_RUN ? node.data.search(breakOpportunity) : at;
      });
    }
  }

  #appendToLast(text: string): Text {
    this.#stats.nodesTouched++;
    if (this.#last) this.#last.appendData(text);
    else this.#runs.last.append((this.#last = document.createTextNode(text)));
    return this.#last;
  }
}
