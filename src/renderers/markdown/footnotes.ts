import type {RenderContext} from '../renderer.js';
import {createElement, type MarkdownStats} from './elements.js';
import type {References} from './references.js';
import {reveal} from './reveal.js';

/** A text that can contain footnote references. */
export interface FootnoteUser {
  readonly element: HTMLElement;
  /** Position of the text in the order of the document. */
  readonly order: number;
  /** The footnote that contains the text. */
  readonly footnote: Footnote | undefined;
}

interface Reference {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly user: FootnoteUser;
  readonly at: number;
}

/** A defined footnote. */
export interface Footnote {
  readonly item: HTMLElement;
  /** The element that contains its blocks. */
  readonly content: HTMLElement;
  number: number;
  references: Reference[];
}

/**
 * The footnotes of a document. They are in a section after the text, numbered in the order of their references; a
 * footnote without a reference is not shown. References are buttons, not links: the fragment of a URL finds nothing
 * inside a shadow root.
 */
export class Footnotes {
  readonly #byLabel = new Map<string, Footnote>();
  readonly #container: HTMLElement;
  readonly #context: RenderContext;
  readonly #stats: MarkdownStats;
  readonly #references: References;
  #section: HTMLElement | undefined;
  #list: HTMLElement | undefined;
  #shown: Footnote[] = [];
  #isChanged = false;

  constructor(container: HTMLElement, context: RenderContext, stats: MarkdownStats, references: References) {
    this.#container = container;
    this.#context = context;
    this.#stats = stats;
    this.#references = references;
  }

  /** The section after the text, if it is shown. */
  get section(): HTMLElement | null {
    return this.#section?.parentNode ? this.#section : null;
  }

  has(label: string): boolean {
    return this.#byLabel.has(label);
  }

  /** Defines a footnote, whose blocks are drawn into its `content`. Only the first definition of a label is shown. */
  define(label: string): Footnote {
    const item = createElement(this.#stats, 'li', {tabindex: '-1'});
    const content = createElement(this.#stats, 'div');
    item.append(content);
    const footnote: Footnote = {item, content, number: 0, references: []};
    if (this.#byLabel.has(label)) return footnote;
    this.#byLabel.set(label, footnote);
    this.#references.markStale(`^${label}`);
    return footnote;
  }

  /** Creates a reference to the footnote `label` at position `at` in the text of `user`. */
  createReference(label: string, user: FootnoteUser, at: number): HTMLElement {
    const element = createElement(this.#stats, 'sup');
    const button = createElement(this.#stats, 'button', {type: 'button', part: 'footnote-reference'});
    element.append(button);
    const footnote = this.#byLabel.get(label);
    if (!footnote) return element;
    button.addEventListener('click', () => reveal(footnote.item));
    footnote.references.push({element, button, user, at});
    if (footnote.number > 0) this.#number(button, footnote);
    if (footnote.number === 0 || user.footnote) this.#isChanged = true;
    return element;
  }

  /** Updates the section and the numbers if a definition or a reference was added. */
  update(isFinal = false): void {
    if (!this.#isChanged && !(isFinal && this.#section)) return;
    this.#isChanged = false;
    const shown = this.#inOrder();
    for (const [index, footnote] of shown.entries()) {
      if (footnote.number === index + 1) continue;
      footnote.number = index + 1;
      for (const {button} of footnote.references) this.#number(button, footnote);
    }
    this.#draw(shown);
  }

  /** Returns first the footnotes that the text refers to, then those that these footnotes refer to. */
  #inOrder(): Footnote[] {
    for (const footnote of this.#byLabel.values())
      footnote.references = footnote.references.filter(
        ({element, user}) =>
          user.element.contains(element) && (user.footnote !== undefined || this.#container.contains(element)),
      );
    const order = new Set<Footnote>();
    const addFrom = (inside: Footnote | undefined) => {
      const found = new Map<Footnote, Reference>();
      for (const footnote of this.#byLabel.values()) {
        const first = order.has(footnote) ? undefined : firstInside(footnote, inside);
        if (first) found.set(footnote, first);
      }
      for (const [footnote] of [...found].sort(([, a], [, b]) => compare(a, b))) order.add(footnote);
    };
    addFrom(undefined);
    // The set grows during the iteration: a footnote may refer to another one.
    for (const footnote of order) if (footnote.content.querySelector('sup')) addFrom(footnote);
    return [...order];
  }

  #number(button: HTMLButtonElement, footnote: Footnote): void {
    this.#stats.nodesTouched++;
    button.textContent = String(footnote.number);
    button.setAttribute('aria-label', this.#context.strings.footnote(footnote.number));
  }

  #draw(shown: Footnote[]): void {
    const {strings} = this.#context;
    if (!this.#section) {
      // A group, because a named section is a landmark of the page, and every answer can have one.
      const attributes = {part: 'footnotes', role: 'group', 'aria-label': strings.footnotes};
      this.#section = createElement(this.#stats, 'section', attributes);
      this.#list = createElement(this.#stats, 'ol');
      this.#section.append(this.#list);
    }
    if (shown.length === 0) {
      this.#section.remove();
    } else if (this.#section.parentNode !== this.#container) {
      this.#container.append(this.#section);
    }
    for (const [index, footnote] of shown.entries()) {
      if (this.#list?.children[index] === footnote.item) continue;
      if (footnote.item.children.length === 1) footnote.item.append(this.#createReturn(footnote));
      this.#list?.insertBefore(footnote.item, this.#list.children[index] ?? null);
    }
    for (const footnote of this.#shown) if (!shown.includes(footnote)) footnote.item.remove();
    this.#shown = shown;
  }

  #createReturn(footnote: Footnote): HTMLElement {
    const label = this.#context.strings.backToText;
    const button = createElement(this.#stats, 'button', {type: 'button', part: 'footnote-return', 'aria-label': label});
    button.textContent = '↩';
    button.addEventListener('click', () => {
      const reference = footnote.references.find(({button}) => button.isConnected);
      if (reference) reveal(reference.button);
    });
    return button;
  }
}

function firstInside(footnote: Footnote, inside: Footnote | undefined): Reference | undefined {
  return footnote.references.filter(({user}) => user.footnote === inside).sort(compare)[0];
}

function compare(a: Reference, b: Reference): number {
  return a.user.order - b.user.order || a.at - b.at;
}
