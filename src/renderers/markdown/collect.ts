import {findEmails} from './autolink.js';
import {Inline} from './inline.js';
import type {Parsed} from './inline-parser.js';
import {findCut} from './text-cut.js';

/** Maximum nesting depth of inline content; deeper content is drawn without its delimiters. */
const MAX_DEPTH = 60;

/** Inline content ready to be drawn. */
export interface Collected {
  readonly nodes: Inline[];
  /** Number of nodes that are settled as a whole. */
  readonly settled: number;
  /** Length of the settled text in the next node. */
  readonly settledText: number;
}

/**
 * Converts parsed nodes to the form that is drawn: adjacent texts are joined, email addresses become links. `continued`
 * is settled text that is in the document already and continued by the first text.
 */
export function collect(parsed: Parsed, continued: string, final: boolean): Collected {
  const collector = new Collector(continued, final);
  collector.addAll(parsed.first, parsed.settledEnd);
  collector.endText(true);
  return collector;
}

class Collector implements Collected {
  readonly nodes: Inline[] = [];
  settled = 0;
  settledText = 0;
  readonly #final: boolean;
  readonly #isInLink: boolean;
  readonly #depth: number;
  #run: string;
  #runAt = 0;
  /** The text up to here was searched when it was drawn before. */
  #continued: number;
  /** Length of the settled part of the run. */
  #settledInRun: number;

  constructor(continued: string, final: boolean, depth = 0, isInLink = false) {
    this.#run = continued;
    this.#continued = this.#settledInRun = continued.length;
    this.#final = final;
    this.#depth = depth;
    this.#isInLink = isInLink;
  }

  addAll(first: Inline | undefined, settledEnd?: Inline): void {
    for (let node = first; node; node = node.next) {
      if (node.type === 'text') this.#addText(node);
      else this.#addNode(node);
      if (node === settledEnd) this.#markSettled();
    }
  }

  #markSettled(): void {
    this.#settledInRun = this.#run.length;
    this.settled = this.nodes.length;
    this.settledText = 0;
  }

  #addText(node: Inline): void {
    if (!this.#run) this.#runAt = node.at;
    this.#run += node.text;
  }

  #addNode(node: Inline): void {
    const isTooDeep = this.#depth >= MAX_DEPTH && node.type !== 'footnote' && node.type !== 'image';
    // A bare URL in the text of a link is no link.
    if (isTooDeep || (this.#isInLink && node.type === 'link')) {
      this.#run += plainText(node);
      return;
    }
    this.endText(false);
    if (node.type === 'image') node.text = plainText(node);
    else if (node.first) {
      const inner = new Collector('', this.#final, this.#depth + 1, this.#isInLink || node.type === 'link');
      inner.addAll(node.first);
      inner.endText(false);
      node.children = inner.nodes;
    }
    this.nodes.push(node);
  }

  /** Converts the text collected so far to nodes. */
  endText(isEnd: boolean): void {
    const run = this.#run;
    if (!run) return;
    let from = 0;
    if (!this.#isInLink && run.includes('@', this.#continued))
      findEmails(run.slice(this.#continued), (start, end) => {
        // An address at the end may continue.
        if (isEnd && !this.#final && end + this.#continued === run.length) return;
        this.#emit(run, from, start + this.#continued);
        from = end + this.#continued;
        this.#emitEmail(run.slice(start + this.#continued, from));
        if (from === this.#settledInRun) this.settled = this.nodes.length;
      });
    this.#emit(run, from, run.length);
    this.#run = '';
    this.#continued = 0;
    this.#settledInRun = 0;
  }

  #emit(run: string, from: number, to: number): void {
    let start = from;
    while (start < to) {
      const cut = findCut(run, start);
      const isWhole = !cut || cut.end > to;
      const end = isWhole ? to : cut.end;
      const node = new Inline(!isWhole && cut.isSegment ? 'segment' : 'text');
      node.text = run.slice(start, end);
      node.at = this.#runAt;
      this.nodes.push(node);
      if (start < this.#settledInRun && this.#settledInRun <= end) {
        this.settled = this.nodes.length - 1;
        this.settledText = this.#settledInRun - start;
      }
      start = end;
    }
  }

  #emitEmail(address: string): void {
    const link = new Inline('link');
    const text = new Inline('text');
    text.text = address;
    link.children = [text];
    link.url = `mailto:${address}`;
    this.nodes.push(link);
  }
}

/** Returns the text in `root`, as it is read out. Without recursion, because nesting is not limited. */
function plainText(root: Inline): string {
  let text = root.text;
  const open: Inline[] = root.first ? [root.first] : [];
  for (let node = open.pop(); node; node = open.pop()) {
    text += node.type === 'break' ? '\n' : node.text;
    if (node.next) open.push(node.next);
    if (node.first) open.push(node.first);
  }
  return text;
}
