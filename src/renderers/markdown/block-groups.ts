import type {DocumentContext} from './document-context.js';
import {createElement} from './elements.js';

/** Number of top-level blocks that are not in a group, and in each group after them. A style names the last one. */
const MAX_BLOCKS = 8;
/** Number of groups in each outer group: content out of view costs as much as the number of outer groups. */
const MAX_GROUPS = 16;

/** Attaches top-level blocks. After the first few they are put in groups, so that the browser need not lay out those out of view. */
export class BlockGroups {
  readonly #documentContext: DocumentContext;
  readonly #container: HTMLElement;
  #outerGroup: HTMLElement | undefined;
  #groupCount = 0;
  #group: HTMLElement | undefined;
  /** Number of blocks in the last group. */
  #blockCount = 0;
  /** Groups that are not in the document yet: there, each further block would cost more. */
  #newGroups: DocumentFragment | undefined;

  constructor(documentContext: DocumentContext, container: HTMLElement) {
    this.#documentContext = documentContext;
    this.#container = container;
  }

  append(element: HTMLElement): void {
    const {stats, footnotes} = this.#documentContext;
    if (this.#blockCount === MAX_BLOCKS) {
      this.#blockCount = 0;
      // From the second group on, the first blocks are left out of layout too, each by itself.
      if (this.#groupCount === 1) this.#container.setAttribute('data-long', '');
      if (this.#groupCount++ % MAX_GROUPS === 0) {
        this.attach();
        this.#outerGroup = createElement(stats, 'div', {class: 'groups'});
        this.#container.insertBefore(this.#outerGroup, footnotes.section);
      }
      this.#group = createElement(stats, 'div', {part: 'blocks'});
      (this.#newGroups ??= document.createDocumentFragment()).append(this.#group);
    }
    this.#blockCount++;
    if (this.#group) this.#group.append(element);
    else this.#container.insertBefore(element, footnotes.section);
  }

  /** Counts one block less: the last one was removed. */
  forget(): void {
    this.#blockCount--;
  }

  /** Attaches the new groups to the document. */
  attach(): void {
    if (this.#newGroups) this.#outerGroup?.append(this.#newGroups);
    this.#newGroups = undefined;
  }
}
