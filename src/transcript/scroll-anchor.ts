/** How deep the text is looked into for what stands at the top. */
const deepest = 8;
/** Above a question that is held at the top, in CSS pixels. */
const gap = 16;
/** The share of the box that a question may take there: the rest shows how its answer begins. */
const questionShare = 0.4;

/**
 * Keeps what a reader sees first at its place while what is above it changes its size. Safari before 27 does not do it
 * (`overflow-anchor`), and Firefox not always where what is out of view is not laid out. And makes room for a question
 * to stand at the top.
 */
export class ScrollAnchor {
  #box: HTMLElement;
  #content: HTMLElement;
  #list: HTMLElement;
  #element: Element | undefined;
  #offset = 0;

  /** The last child of `content`, which grows inside `box`, is the `list` of messages. */
  constructor(box: HTMLElement, content: HTMLElement, list: HTMLElement) {
    this.#box = box;
    this.#content = content;
    this.#list = list;
  }

  /** Notes what stands at the top. To be called when the reader has scrolled. */
  note(): void {
    const {top} = this.#box.getBoundingClientRect();
    let element: Element | undefined = this.#list;
    this.#element = undefined;
    for (let depth = 0; depth < deepest && element; depth++) {
      element = [...element.children].find((child) => {
        const {bottom, height} = child.getBoundingClientRect();
        return height > 0 && bottom > top + 1;
      });
      if (!element) return;
      this.#element = element;
      this.#offset = element.getBoundingClientRect().top - top;
      // What hangs out at the top may be what changes: something inside of it is better.
      if (this.#offset >= 0) return;
    }
  }

  /** Scrolls so that what was noted stands where it stood. Returns whether it had to. */
  restore(): boolean {
    if (!this.#element?.isConnected) return false;
    const shift = this.#element.getBoundingClientRect().top - this.#box.getBoundingClientRect().top - this.#offset;
    if (Math.abs(shift) < 1) return false;
    this.#box.scrollTop += shift;
    return true;
  }

  /** Makes the list so long that the question can be at the top. Returns where the box is to scroll to for that. */
  makeRoom(question: HTMLElement): number {
    const box = this.#box;
    const list = this.#list;
    const above = box.getBoundingClientRect().top - box.scrollTop;
    const {top, bottom} = question.getBoundingClientRect();
    const target = Math.max(0, top - above - gap, bottom - above - box.clientHeight * questionShare);
    const padding = parseFloat(getComputedStyle(this.#content).paddingBlockEnd);
    const room = target + box.clientHeight - (list.getBoundingClientRect().top - above) - padding;
    list.style.setProperty('min-block-size', `${Math.ceil(room)}px`);
    return target;
  }
}
