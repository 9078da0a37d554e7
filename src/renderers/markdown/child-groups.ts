import {createElement, type MarkdownStats} from './elements.js';

/** Number of children that are not in a group, and in each group after them. */
const MAX_CHILDREN = 32;
/** Number of groups in each outer group. */
const MAX_GROUPS = 16;

/**
 * Attaches the children of a list, a list item, a block quote or a footnote. After the first ones they are put in groups,
 * and these in outer groups, so that the browser lays out only the last group when a child is added.
 */
export class ChildGroups {
  readonly #stats: MarkdownStats;
  readonly #parent: HTMLElement;
  /** The number of the first item, in an ordered list. */
  readonly #start: number | undefined;
  #outerGroup: HTMLElement | undefined;
  #group: HTMLElement | undefined;
  #groupCount = 0;
  #count = 0;

  constructor(stats: MarkdownStats, parent: HTMLElement, start: number | undefined) {
    this.#stats = stats;
    this.#parent = parent;
    this.#start = start;
  }

  append(child: HTMLElement): void {
    const isFirst = this.#count > 0 && this.#count % MAX_CHILDREN === 0;
    if (isFirst && this.#group?.childElementCount !== 0) this.#startGroup();
    (this.#group ?? this.#parent).append(child);
    if (this.#group && child.localName === 'li') {
      // Browsers and checkers take an item for one only as a child of its list, or by its role.
      child.setAttribute('role', 'listitem');
      // Contained items are counted from 1.
      if (isFirst && this.#start !== undefined) child.setAttribute('value', String(this.#start + this.#count));
    }
    this.#count++;
  }

  /** Counts one child less: the last one was removed. */
  forget(): void {
    this.#count--;
  }

  #startGroup(): void {
    if (this.#groupCount++ % MAX_GROUPS === 0) {
      if (this.#parent.localName === 'ol' || this.#parent.localName === 'ul') this.#parent.setAttribute('role', 'list');
      this.#outerGroup = createElement(this.#stats, 'div', {class: 'items'});
      this.#parent.append(this.#outerGroup);
    }
    this.#group = createElement(this.#stats, 'div', {class: 'items'});
    this.#outerGroup?.append(this.#group);
  }
}
