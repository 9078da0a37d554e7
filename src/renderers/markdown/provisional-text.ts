import {createElement, type MarkdownStats} from './elements.js';
import {findCut} from './text-cut.js';

/** Shows text that is not parsed yet as it was written. */
export class ProvisionalText {
  readonly #stats: MarkdownStats;
  readonly #parent: HTMLElement;
  readonly #nodes: ChildNode[] = [];
  /** The text node that is appended to. */
  #last: Text | undefined;
  length = 0;

  constructor(stats: MarkdownStats, parent: HTMLElement) {
    this.#stats = stats;
    this.#parent = parent;
  }

  append(text: string): void {
    this.length += text.length;
    let rest = text;
    while (rest) {
      const before = this.#last?.data ?? '';
      const whole = before + rest;
      const cut = findCut(whole, 0);
      this.#appendToLast(whole.slice(before.length, cut?.end));
      if (!cut) return;
      if (cut.isSegment) this.#wrapLast();
      this.#last = undefined;
      rest = whole.slice(cut.end);
    }
  }

  remove(): void {
    for (const node of this.#nodes) node.remove();
  }

  #appendToLast(text: string): void {
    this.#stats.nodesTouched++;
    if (this.#last) return this.#last.appendData(text);
    this.#last = document.createTextNode(text);
    this.#nodes.push(this.#last);
    this.#parent.append(this.#last);
  }

  #wrapLast(): void {
    const text = this.#nodes.pop()!;
    const segment = createElement(this.#stats, 'span', {class: 'segment'});
    text.replaceWith(segment);
    segment.append(text);
    this.#nodes.push(segment);
  }
}
