import type {ScrollAnchor} from './scroll-anchor.js';

/** How near to the end, in CSS pixels, a reader counts as being there. */
const nearEnd = 24;
const upKeys = new Set(['ArrowUp', 'PageUp', 'Home']);

/**
 * Keeps the end of a growing box in view, or a question at its top, until the reader leaves: by a gesture, or by
 * whatever else moves the box (a scroll bar, the browser's search, a focus that moves, a screen reader). The reader is
 * back by moving down to the end; that the end came near by itself says nothing.
 */
export class ScrollFollower {
  /** Whether the end is neither followed nor in view. */
  isAway = false;

  /** Whether `follow` is called in this frame anyway: to ask sooner where the box is would lay out what was drawn since. */
  #isFollowedUp = false;
  #box: HTMLElement;
  #content: HTMLElement;
  #list: HTMLElement;
  #changed: () => void;
  #top = 0;
  #range = 0;
  #wasHidden = false;
  /** What is kept in view. */
  #target: HTMLElement | 'end' | undefined = 'end';
  #hasRoom = false;
  #anchor: ScrollAnchor | undefined;
  #touchY = 0;
  #observer: ResizeObserver;
  #frame = 0;
  #abort = new AbortController();

  /**
   * `changed` is called when `following` or `isAway` changes. `content` is what grows inside `box`; the last of its
   * children is the list of messages.
   */
  constructor(box: HTMLElement, content: HTMLElement, changed: () => void) {
    this.#box = box;
    this.#content = content;
    this.#list = content.lastElementChild as HTMLElement;
    this.#changed = changed;
    const options = {passive: true, signal: this.#abort.signal};
    box.addEventListener('wheel', ({deltaY, ctrlKey}) => deltaY < 0 && !ctrlKey && this.leave(), options);
    box.addEventListener('touchstart', ({touches}) => (this.#touchY = touches[0]?.clientY ?? 0), options);
    box.addEventListener('touchmove', ({touches}) => (touches[0]?.clientY ?? 0) > this.#touchY && this.leave(), options);
    box.addEventListener('keydown', ({key, shiftKey}) => (upKeys.has(key) || (key === ' ' && shiftKey)) && this.leave(), options);
    // Text that moves under the pointer cannot be selected.
    box.addEventListener('pointermove', ({buttons, pointerType}) => buttons & 1 && pointerType !== 'touch' && this.leave(), options);
    box.addEventListener('scroll', () => this.#isFollowedUp || this.#notice(), options);
    // What comes into view gets another height than was thought, and the box may have moved for it: that was no one's
    // doing. In WebKit the event does not bubble; heard there too, it undid what keys had scrolled to.
    content.addEventListener('contentvisibilityautostatechange', () => this.#keep(), options);
    // Scrolling shows what was not laid out before: done here it would be a loop, of which the page is told as an error.
    this.#observer = new ResizeObserver(() => {
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => this.follow());
    });
    this.#observer.observe(content);
    this.#observer.observe(box);
    box.style.setProperty('overflow-anchor', 'none');
  }

  /** Whether the end is kept in view. */
  get following(): boolean {
    return this.#target === 'end';
  }

  /**
   * To be called before the content changes, and `follow` in the frame that shows it. A box that got shorter by itself
   * was moved by the browser, which cannot be told any longer when it has grown again.
   */
  brace(): void {
    if (this.#isFollowedUp) return;
    this.#notice();
    this.#isFollowedUp = true;
  }

  /** Scrolls to what is kept in view. To be called when the content changed. */
  follow(): void {
    this.#isFollowedUp = false;
    this.#notice();
    this.#keep();
  }

  /** Scrolls to what is kept in view, whoever moved the box. What is not drawn has no place to be kept. */
  #keep() {
    if (this.#wasHidden) return;
    const target = this.#target;
    if (target === 'end') this.#scrollTo(this.#box.scrollHeight);
    else if (target?.isConnected && this.#anchor) this.#scrollTo(this.#anchor.makeRoom(target));
    else if (this.#anchor?.restore()) this.#scrollTo(this.#box.scrollTop);
  }

  /** Goes to the end and follows it from now on. */
  jump(): void {
    this.#hasRoom = false;
    this.#list.style.removeProperty('min-block-size');
    this.#aim('end');
    this.#keep();
  }

  /** Puts a question at the top, with room for its answer below, and keeps it there. The end is followed only by `jump`. */
  hold(question: HTMLElement): void {
    this.#hasRoom = true;
    this.#aim(question);
    void this.#keepPlace();
  }

  /** Keeps nothing in view any longer, where there is something to go to. */
  leave(): void {
    if (this.#box.scrollHeight > this.#box.clientHeight) this.#aim(undefined);
  }

  /** Ends the observation. */
  disconnect(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#abort.abort();
  }

  /** Looks at who moved the box, and whether the end is in view. */
  #notice() {
    const {scrollTop, scrollHeight, clientHeight} = this.#box;
    // What is not drawn has no place; Firefox and Safari forget it.
    if (clientHeight === 0) this.#wasHidden = true;
    if (this.#wasHidden) {
      if (clientHeight === 0) return;
      this.#wasHidden = false;
      return this.#scrollTo(this.#top);
    }
    const range = scrollHeight - clientHeight;
    const left = range - scrollTop;
    const moved = scrollTop - this.#top;
    // While something is kept in view the browser does not anchor: what got shorter moves the box up, and nothing down.
    const isMoved = moved < Math.min(0, range - this.#range) - 1 || (moved > 1 && this.#target !== 'end');
    if (isMoved) this.#aim(undefined);
    // What is below the reader, or above, may have changed as well: they are nearer to the end by their own doing only.
    if (moved > 0 && left <= nearEnd && left < this.#range - this.#top && !this.#hasRoom) this.#aim('end');
    if (moved !== 0 && !this.#target) this.#anchor?.note();
    this.#top = scrollTop;
    this.#range = range;
    this.#tell(left);
  }

  #scrollTo(top: number) {
    const box = this.#box;
    box.scrollTop = top;
    this.#top = box.scrollTop;
    this.#range = box.scrollHeight - box.clientHeight;
    if (!this.#target) this.#anchor?.note();
    this.#tell(this.#range - this.#top);
  }

  #aim(target: HTMLElement | 'end' | undefined) {
    if (target === this.#target) return;
    this.#target = target;
    this.#box.style.setProperty('overflow-anchor', target ? 'none' : 'auto');
    if (!target) void this.#keepPlace();
    this.#changed();
  }

  #tell(left: number) {
    const isAway = this.#target !== 'end' && left > nearEnd;
    if (isAway === this.isAway) return;
    this.isAway = isAway;
    this.#changed();
  }

  async #keepPlace() {
    try {
      const {ScrollAnchor} = await import('./scroll-anchor.js');
      this.#anchor ??= new ScrollAnchor(this.#box, this.#content, this.#list);
      if (this.#target) this.#keep();
      else this.#anchor.note();
    } catch (error) {
      console.error('<stream-chat> cannot keep the place of a reader: its file "scroll-anchor.js" could not be loaded.', error);
    }
  }
}
