/** Maximum depth at which to look for an element at the top of the box. */
const maxDepth = 8;
/** Space above a pinned question, in CSS pixels. */
const gap = 16;
/** Maximum share of the box that a pinned question takes up: the rest shows how its answer begins. */
const maxQuestionShare = 0.4;

/**
 * Scroll anchoring: keeps the first visible element in place while content above it changes its size. Safari before 27
 * does not support `overflow-anchor`, and Firefox does not always apply it where content out of view is not laid out.
 * Also reserves the space that is needed to pin a question to the top.
 */
export class ScrollAnchor {
  #box: HTMLElement;
  #content: HTMLElement;
  #list: HTMLElement;
  #element: Element | undefined;
  #offset = 0;

  /** `content` grows inside `box`; its last child is the `list` of messages. */
  constructor(box: HTMLElement, content: HTMLElement, list: HTMLElement) {
    this.#box = box;
    this.#content = content;
    this.#list = list;
  }

  /** Captures the element at the top of the box and its offset. Call when the reader has scrolled. */
  capture(): void {
    const {top} = this.#box.getBoundingClientRect();
    let element: Element | undefined = this.#list;
    this.#element = undefined;
    for (let depth = 0; depth < maxDepth && element; depth++) {
      element = [...element.children].find((child) => {
        const {bottom, height} = child.getBoundingClientRect();
        return height > 0 && bottom > top + 1;
      });
      if (!element) return;
      this.#element = element;
      this.#offset = element.getBoundingClientRect().top - top;
      // An element that extends above the top may change itself, so prefer one inside it.
      if (this.#offset >= 0) return;
    }
  }

  /** Forgets the captured element: what is kept in view from now on is not the place of an earlier gesture. */
  release(): void {
    this.#element = undefined;
  }

  /** Scrolls the captured element back to its offset. Returns whether that was necessary. */
  restore(): boolean {
    if (!this.#element?.isConnected) return false;
    const shift = this.#element.getBoundingClientRect().top - this.#box.getBoundingClientRect().top - this.#offset;
    if (Math.abs(shift) < 1) return false;
    this.#box.scrollTop += shift;
    return true;
  }

  /** Makes the list long enough for the question to be at the top. Returns the `scrollTop` for that. */
  reserveSpace(question: HTMLElement): number {
    const box = this.#box;
    const list = this.#list;
    const above = box.getBoundingClientRect().top - box.scrollTop;
    const {top, bottom} = question.getBoundingClientRect();
    const target = Math.max(0, top - above - gap, bottom - above - box.clientHeight * maxQuestionShare);
    const padding = parseFloat(getComputedStyle(this.#content).paddingBlockEnd);
    const room = target + box.clientHeight - (list.getBoundingClientRect().top - above) - padding;
    list.style.setProperty('min-block-size', `${Math.ceil(room)}px`);
    return target;
  }
}
