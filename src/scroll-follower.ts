/** How near to the end, in CSS pixels, a reader still counts as being there. */
const nearEnd = 24;
const upKeys = new Set(['ArrowUp', 'PageUp', 'Home']);

/**
 * Keeps the end of a growing box in view, until the reader scrolls away. Only a gesture of the reader ends the
 * following: a scroll position that changed by itself says nothing of what the reader wants.
 */
export class ScrollFollower {
  /** Whether the end is kept in view. */
  following = true;

  #box: HTMLElement;
  #changed: () => void;
  #gestureUntil = 0;
  #touchY = 0;
  #observer: ResizeObserver;
  #frame = 0;
  #abort = new AbortController();

  /** `changed` is called when `following` changes. The observed `content` is what grows inside `box`. */
  constructor(box: HTMLElement, content: Element, changed: () => void) {
    this.#box = box;
    this.#changed = changed;
    const options = {passive: true, signal: this.#abort.signal};
    box.addEventListener('wheel', ({deltaY}) => deltaY < 0 && this.#leave(), options);
    box.addEventListener('touchstart', ({touches}) => (this.#touchY = touches[0]?.clientY ?? 0), options);
    box.addEventListener('touchmove', ({touches}) => (touches[0]?.clientY ?? 0) > this.#touchY && this.#leave(), options);
    box.addEventListener('keydown', ({key, shiftKey}) => (upKeys.has(key) || (key === ' ' && shiftKey)) && this.#leave(), options);
    box.addEventListener('pointerdown', ({target}) => target === box && (this.#gestureUntil = Infinity), options);
    box.addEventListener('pointerup', () => (this.#gestureUntil = performance.now() + 100), options);
    box.addEventListener('scroll', () => this.#handleScroll(), options);
    // Scrolling shows what was not laid out before: done here it would be a loop, of which the page is told as an error.
    this.#observer = new ResizeObserver(() => {
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => this.follow());
    });
    this.#observer.observe(content);
    this.#observer.observe(box);
  }

  /** Scrolls to the end if it is followed. */
  follow(): void {
    if (this.following) this.#box.scrollTop = this.#box.scrollHeight;
  }

  /** Goes to the end and follows it from now on. */
  jump(): void {
    this.#set(true);
    this.follow();
  }

  /** Ends the observation. */
  disconnect(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#abort.abort();
  }

  #leave() {
    if (this.#box.scrollHeight > this.#box.clientHeight) this.#set(false);
  }

  #handleScroll() {
    const {scrollTop, scrollHeight, clientHeight} = this.#box;
    if (scrollHeight - clientHeight - scrollTop <= nearEnd) this.#set(true);
    // The scroll bar is dragged.
    else if (performance.now() < this.#gestureUntil) this.#set(false);
  }

  #set(following: boolean) {
    if (following === this.following) return;
    this.following = following;
    this.#changed();
  }
}
