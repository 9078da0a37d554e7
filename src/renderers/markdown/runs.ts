import {createElement, type MarkdownStats} from './elements.js';

/** Number of characters after which a run ends where a line may end, and after which it ends before any node. */
const MIN_RUN = 8192;
const MAX_RUN = 3 * MIN_RUN;

const letter = /\p{L}/u;
/** Matches Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * The runs of a long text. A browser lays out a text as a whole when something is added to it, so text after the first
 * `MIN_RUN` characters is put into boxes as wide as the text: a line ends there, unnoticed, and only the last box is laid
 * out again. The boxes are inline blocks: between blocks, a selection would be copied with a line break. Where a run ends
 * depends on the settled text only, so chunks of any size end at the same positions.
 */
export class Runs {
  readonly #stats: MarkdownStats;
  #element: HTMLElement;
  #run: HTMLElement | undefined;
  #length = 0;
  #direction: string | undefined;

  constructor(stats: MarkdownStats, element: HTMLElement) {
    this.#stats = stats;
    this.#element = element;
  }

  /** The element at whose end content is added. */
  get last(): HTMLElement {
    return this.#run ?? this.#element;
  }

  /** Adds to `element` from now on, into which the content was moved. */
  moveTo(element: HTMLElement): void {
    this.#element = element;
  }

  /**
   * Counts `node`, a child of `last` of `length` characters that will not change. Starts a run in it if one is due, and
   * moves what follows into it. `findBreak` returns the position in the node where a line may end, or -1.
   */
  add(node: ChildNode, length: number, findBreak: (runLength: number) => number): void {
    const isDue = this.#length >= MIN_RUN;
    const found = isDue ? findBreak(this.#length) : -1;
    const at = found < 0 && this.#length >= MAX_RUN ? 0 : found;
    if (at >= 0) this.#start(node, at);
    this.#length = at >= 0 ? length - at : this.#length + length;
  }

  /** Starts a run at position `at` of `node`. White space there remains between the two runs. */
  #start(node: ChildNode, at: number): void {
    let first = node;
    let space: Text | undefined;
    if (node instanceof Text) {
      const text = at > 0 ? node.splitText(at) : node;
      if (/^[ \n]/.test(text.data)) space = text;
      first = space ? space.splitText(1) : text;
    }
    this.#direction ??= directionOf(this.#element.textContent);
    const run = createElement(this.#stats, 'span', {class: 'run', ...(this.#direction && {dir: this.#direction})});
    const moved = document.createRange();
    moved.setStartBefore(first);
    moved.setEnd(this.last, this.last.childNodes.length);
    run.append(moved.extractContents());
    if (space && this.#run) this.#element.append(space);
    this.#element.append(run);
    this.#run = run;
  }
}

function directionOf(text: string): string | undefined {
  const first = letter.exec(text)?.[0];
  return first && (rightToLeft.test(first) ? 'rtl' : 'ltr');
}
