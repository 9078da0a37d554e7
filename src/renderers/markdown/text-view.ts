import type {DocumentContext} from './document-context.js';
import type {Labels} from './brackets.js';
import {collect} from './collect.js';
import {patchInline} from './patch-inline.js';
import {createElement} from './elements.js';
import type {Footnote, FootnoteUser} from './footnotes.js';
import {shouldReparse} from './should-reparse.js';
import {Inline} from './inline.js';
import {parseInline} from './inline-parser.js';
import {ProvisionalText} from './provisional-text.js';
import type {ReferenceUser} from './references.js';
import {Runs} from './runs.js';
import {endBefore} from './scan.js';
import {breakOpportunity, findForcedEnd} from './text-cut.js';

/** Characters that cost as much layout as a short formula, beside those of its source: it is about ten elements. */
const FORMULA_LENGTH = 112;

/** Maximum number of characters of a text that are re-rendered for late definitions before the end of the document. */
const MAX_RERENDERED = 16_384;

let sequence = 0;

/** Nodes to draw, and how much of them is settled. */
interface ParsedText {
  readonly nodes: Inline[];
  /** Number of nodes that are settled as a whole. */
  readonly settled: number;
  /** Length of the settled text in the next node. */
  readonly settledText: number;
  /** Length of the settled source. */
  readonly length: number;
}

/**
 * Draws text with inline content into an element, and again as it grows. Only the unsettled end is parsed again;
 * settled text is left alone.
 */
export class TextView implements ReferenceUser, FootnoteUser, Labels {
  /** Position of the text in the order of the document. */
  readonly order = sequence++;
  readonly #documentContext: DocumentContext;
  readonly #settles: boolean;
  element: HTMLElement;
  /** The footnote that contains the text. */
  readonly footnote: Footnote | undefined;
  /** An element before the text: the checkbox of a task list item. */
  #lead: HTMLElement | undefined;
  #settled: string[] = [];
  #open = '';
  #continued = '';
  #drawn: Inline[] = [];
  #drawnLength = 0;
  /** Shows text that is not parsed yet as it was written. */
  #provisional: ProvisionalText | undefined;
  #runs: Runs;
  #isFinal = false;
  #isWaiting = false;
  #isDropped = false;
  #rerenderedChars = 0;

  /** Without `settles`, the whole text can still be replaced by `setText`. */
  constructor(documentContext: DocumentContext, element: HTMLElement, footnote: Footnote | undefined, settles = true) {
    this.#documentContext = documentContext;
    this.#settles = settles;
    this.element = element;
    this.footnote = footnote;
    this.#runs = new Runs(documentContext.stats, element);
  }

  get isDrawn(): boolean {
    return this.#drawn.length > 0 || this.#settled.length > 0;
  }

  append(text: string): void {
    this.#open += text;
  }

  /** Replaces the text. */
  setText(text: string): void {
    if (this.#settled.length > 0 || this.#isFinal) this.#restart();
    this.#isFinal = false;
    this.#open = text;
    this.#drawnLength = -1;
  }

  /** The whole text. */
  get text(): string {
    return this.#settled.join('') + this.#open;
  }

  setLead(lead: HTMLElement): void {
    this.#lead = lead;
    this.element.prepend(lead);
  }

  /** Removes the text from the document permanently. */
  drop(): void {
    this.#isDropped = true;
    this.element.replaceChildren();
    this.element.remove();
  }

  /** Moves the drawn content into `element`. */
  moveTo(element: HTMLElement): void {
    element.append(...this.element.childNodes);
    this.element = element;
    this.#runs.moveTo(element);
  }

  /** Draws the new text. `clip` removes an end that is not content. */
  draw(isFinal: boolean, clip?: (text: string) => string): void {
    const {length} = this.#open;
    if (this.#isFinal || (!isFinal && (length === this.#drawnLength || !this.#shouldReparse()))) return;
    this.#provisional?.remove();
    this.#provisional = undefined;
    if (this.#settles) this.#limitOpen();
    let text = clip ? clip(this.#open) : this.#open;
    if (isFinal) text = text.slice(0, endBefore(text, ' \t\n'));
    this.#isFinal = isFinal;
    this.#drawnLength = this.#open.length;
    const parsed = this.#parse(text, isFinal);
    this.#patch(parsed.nodes);
    if (isFinal) {
      this.#addToRuns(parsed.nodes);
      this.#drawn = [];
      if (this.#isWaiting) this.#settled.push(this.#open);
      else this.#settled = [];
      this.#open = '';
    } else if (this.#settles) this.#settle(parsed);
    else this.#drawn = parsed.nodes;
  }

  /**
   * Settles text that is so long that it would be parsed as often as it grows by a quarter: what is still open in it is
   * no construct, but text.
   */
  #limitOpen(): void {
    for (let end = findForcedEnd(this.#open); end; end = findForcedEnd(this.#open)) {
      const text = this.#open.slice(0, end);
      let parsed = this.#parse(text, false);
      if (parsed.length === 0) {
        const {nodes} = this.#parse(text, true);
        if (!/\s/.test(this.#open[end] ?? '')) endAsSegment(nodes);
        parsed = {nodes, settled: nodes.length, settledText: 0, length: end};
      }
      this.#patch(parsed.nodes);
      this.#settle(parsed);
    }
  }

  #patch(nodes: Inline[]): void {
    patchInline(this.#documentContext, this, this.#runs.last, this.#drawn, nodes);
  }

  /** Forgets the drawn nodes that are settled. */
  #settle({nodes, settled, settledText, length}: ParsedText): void {
    this.#addToRuns(nodes.slice(0, settled));
    this.#drawn = nodes.slice(settled);
    this.#continued = this.#drawn[0]?.text.slice(0, settledText) ?? '';
    if (length === 0) return;
    this.#settled.push(this.#open.slice(0, length));
    this.#open = this.#open.slice(length);
    this.#drawnLength = this.#open.length;
  }

  #addToRuns(nodes: readonly Inline[]): void {
    for (const node of nodes)
      this.#runs.add(node.dom as ChildNode, lengthOf(node), () => {
        if (node.type === 'segment') return 0;
        return node.type === 'text' ? node.text.search(breakOpportunity) : -1;
      });
  }

  #shouldReparse(): boolean {
    if (shouldReparse(this.#drawnLength, this.#open.length)) return true;
    const more = this.#open.slice(this.#drawnLength + (this.#provisional?.length ?? 0));
    this.#provisional ??= new ProvisionalText(this.#documentContext.stats, this.#runs.last);
    this.#provisional.append(more);
    return false;
  }

  #parse(text: string, isFinal: boolean): ParsedText {
    this.#documentContext.stats.charsParsed += text.length;
    try {
      const parsed = parseInline(text, isFinal, this);
      const {nodes, settled, settledText} = collect(parsed, this.#continued, isFinal);
      return {nodes, settled, settledText, length: parsed.settled};
    } catch {
      this.#documentContext.stats.faults++;
      // An exception must not lose text: it is shown as it was written.
      const plain = new Inline('text');
      plain.text = this.#continued + text;
      return {nodes: [plain], settled: 0, settledText: this.#continued.length, length: 0};
    }
  }

  /** Re-renders the whole text, because a label in it was defined after it. */
  rerender(isEnd: boolean): boolean {
    if (this.#isDropped) return true;
    this.#rerenderedChars += this.text.length;
    // A long text with many labels, each defined later, would be re-rendered as many times.
    if (!isEnd && this.#rerenderedChars > MAX_RERENDERED) return false;
    this.#isWaiting = false;
    const isFinal = this.#isFinal;
    const {element} = this;
    const {parentNode, nextSibling} = element;
    const dir = element.getAttribute('dir');
    // Detached and without `dir=auto`, with which each child that is added costs as much as there are children.
    element.remove();
    element.removeAttribute('dir');
    this.#open = this.text;
    this.#isFinal = false;
    this.#restart();
    this.draw(isFinal);
    if (dir) element.setAttribute('dir', dir);
    parentNode?.insertBefore(element, nextSibling);
    return true;
  }

  #restart(): void {
    this.#settled = [];
    this.#drawn = [];
    this.#continued = '';
    this.#drawnLength = -1;
    this.#provisional = undefined;
    this.#runs = new Runs(this.#documentContext.stats, this.element);
    this.element.replaceChildren(...(this.#lead ? [this.#lead] : []));
  }

  target(label: string): {url: string; title: string} | undefined {
    const target = this.#documentContext.references.get(label);
    if (!target) this.#wait(label);
    return target;
  }

  hasFootnote(label: string): boolean {
    const isDefined = this.#documentContext.footnotes.has(label);
    if (!isDefined) this.#wait(`^${label}`);
    return isDefined;
  }

  #wait(label: string): void {
    this.#isWaiting = true;
    this.#documentContext.references.wait(label, this);
  }

  /** Adds the checkbox of a task list item before the text. */
  addTask(isDone: boolean): void {
    const {stats, context} = this.#documentContext;
    const label = isDone ? context.strings.taskDone : context.strings.taskOpen;
    this.setLead(
      createElement(stats, 'input', {
        type: 'checkbox',
        disabled: '',
        ...(isDone && {checked: ''}),
        'aria-label': label,
      }),
    );
  }
}

/** Returns the cost of layout of a node, in characters. */
function lengthOf({type, text, children}: Inline): number {
  return children.reduce((sum, child) => sum + lengthOf(child), text.length + (type === 'math' ? FORMULA_LENGTH : 0));
}

/** Makes the end of a long word that goes on a segment, like the part of the word before it. */
function endAsSegment(nodes: Inline[]): void {
  const last = nodes.at(-1);
  if (last?.type !== 'text') return;
  const segment = new Inline('segment');
  segment.text = last.text;
  segment.at = last.at;
  nodes[nodes.length - 1] = segment;
}
