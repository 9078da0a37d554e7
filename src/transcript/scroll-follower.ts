import type {ScrollAnchor} from './scroll-anchor.js';

/** Distance from the end at which a reader counts as being there, in CSS pixels. */
const nearEnd = 24;
const upKeys = new Set(['ArrowUp', 'PageUp', 'Home']);

/**
 * Keeps the end of a growing box in view, or pins a question to its top, until the reader detaches: by a gesture, or by
 * anything else that scrolls the box (a scroll bar, find in page, a focus change, a screen reader). Scrolling down to the
 * end attaches again; that the end came near by itself does not.
 */
export class ScrollFollower {
  /** Whether the end is neither followed nor in view. */
  isAway = false;

  /** Whether `follow()` will be called in this frame anyway. Reading the scroll position before that would force layout. */
  #followScheduled = false;
  #box: HTMLElement;
  #content: HTMLElement;
  #list: HTMLElement;
  #onChange: () => void;
  #top = 0;
  #range = 0;
  #wasHidden = false;
  /** What to keep in view: the end, or a pinned question. */
  #target: HTMLElement | 'end' | undefined = 'end';
  #hasSpacer = false;
  #anchor: ScrollAnchor | undefined;
  #touchY = 0;
  #observer: ResizeObserver;
  #frame = 0;
  #abort = new AbortController();

  /**
   * `onChange` is called when `following` or `isAway` changes. `content` is the element that grows inside `box`; its last
   * child is the list of messages.
   */
  constructor(box: HTMLElement, content: HTMLElement, onChange: () => void) {
    this.#box = box;
    this.#content = content;
    this.#list = content.lastElementChild as HTMLElement;
    this.#onChange = onChange;
    const options = {passive: true, signal: this.#abort.signal};
    box.addEventListener('wheel', ({deltaY, ctrlKey}) => deltaY < 0 && !ctrlKey && this.detach(), options);
    box.addEventListener('touchstart', ({touches}) => (this.#touchY = touches[0]?.clientY ?? 0), options);
    box.addEventListener('touchmove', ({touches}) => (touches[0]?.clientY ?? 0) > this.#touchY && this.detach(), options);
    box.addEventListener('keydown', ({key, shiftKey}) => (upKeys.has(key) || (key === ' ' && shiftKey)) && this.detach(), options);
    // Text that moves under the pointer cannot be selected.
    box.addEventListener('pointermove', ({buttons, pointerType}) => buttons & 1 && pointerType !== 'touch' && this.detach(), options);
    box.addEventListener('scroll', () => this.#handleScroll(), options);
    // Content that comes into view gets its real height, and the browser may scroll for that: the user did not. In WebKit
    // the event does not bubble; handled there too, it undid what keys had scrolled to.
    content.addEventListener('contentvisibilityautostatechange', () => this.#scrollToTarget(), options);
    // Deferred to an animation frame: scrolling lays out more content, which would be a ResizeObserver loop, and browsers
    // report that to the page as an error.
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
   * Call before the content changes, then `follow()` in the frame that renders it. If content shrank and grew again in
   * between, the browser’s own scrolling could not be distinguished from the user’s.
   */
  beforeContentChange(): void {
    if (this.#followScheduled) return;
    this.#detectUserScroll();
    this.#followScheduled = true;
  }

  /** Scrolls to the target. Call after the content has changed. */
  follow(): void {
    this.#followScheduled = false;
    this.#detectUserScroll();
    this.#scrollToTarget();
  }

  /** Scrolls to the target, or restores the scroll position. A box that is not rendered has no position to keep. */
  #scrollToTarget() {
    if (this.#wasHidden) return;
    const target = this.#target;
    if (target === 'end') this.#scrollTo(this.#box.scrollHeight);
    else if (target?.isConnected && this.#anchor) this.#scrollTo(this.#anchor.reserveSpace(target));
    // A scroll whose event is still to come is one of the reader: the anchor is noted anew, and not restored.
    else if (!target && this.#box.scrollTop !== this.#top) this.#detectUserScroll();
    else if (this.#anchor?.restore()) this.#scrollTo(this.#box.scrollTop);
  }

  /** Scrolls to the end and follows it from now on. */
  scrollToEnd(): void {
    this.#hasSpacer = false;
    this.#list.style.removeProperty('min-block-size');
    this.#setTarget('end');
    this.#scrollToTarget();
  }

  /**
   * Pins a question to the top, with space for its answer below. From then on, only `scrollToEnd()` follows the end again.
   */
  pin(question: HTMLElement): void {
    this.#hasSpacer = true;
    this.#setTarget(question);
    void this.#loadAnchor();
  }

  /** Stops following, if the content can be scrolled. */
  detach(): void {
    if (this.#box.scrollHeight > this.#box.clientHeight) this.#setTarget(undefined);
  }

  /** Stops observing the box. */
  disconnect(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#abort.abort();
  }

  /** While content changes, only a box that did not grow since can be judged: the browser moves it up where it shrank. */
  #handleScroll() {
    const {scrollHeight, clientHeight} = this.#box;
    if (!this.#followScheduled || scrollHeight - clientHeight <= this.#range) this.#detectUserScroll();
  }

  /** Detects whether the user scrolled, and whether the end is in view. */
  #detectUserScroll() {
    const {scrollTop, scrollHeight, clientHeight} = this.#box;
    // A box that is not rendered has no scroll position; Firefox and Safari reset it.
    if (clientHeight === 0) this.#wasHidden = true;
    if (this.#wasHidden) {
      if (clientHeight === 0) return;
      this.#wasHidden = false;
      return this.#scrollTo(this.#top);
    }
    const range = scrollHeight - clientHeight;
    const left = range - scrollTop;
    const moved = scrollTop - this.#top;
    // With a target, scroll anchoring is off: the browser moves the box up where content shrank, and never down.
    const isMoved = moved < Math.min(0, range - this.#range) - 1 || (moved > 1 && this.#target !== 'end');
    if (isMoved) this.#setTarget(undefined);
    // Content below or above may have changed as well, so the remaining distance must have shrunk too.
    if (moved > 0 && left <= nearEnd && left < this.#range - this.#top && !this.#hasSpacer) this.#setTarget('end');
    if (moved !== 0 && !this.#target) this.#anchor?.capture();
    this.#top = scrollTop;
    this.#range = range;
    this.#updateIsAway(left);
  }

  #scrollTo(top: number) {
    const box = this.#box;
    box.scrollTop = top;
    this.#top = box.scrollTop;
    this.#range = box.scrollHeight - box.clientHeight;
    if (!this.#target) this.#anchor?.capture();
    this.#updateIsAway(this.#range - this.#top);
  }

  #setTarget(target: HTMLElement | 'end' | undefined) {
    if (target === this.#target) return;
    this.#target = target;
    this.#box.style.setProperty('overflow-anchor', target ? 'none' : 'auto');
    // Not the place that an earlier gesture left behind: content is drawn before the anchor could be loaded again.
    if (target) this.#anchor?.release();
    else if (this.#anchor) this.#anchor.capture();
    else void this.#loadAnchor();
    this.#onChange();
  }

  #updateIsAway(left: number) {
    const isAway = this.#target !== 'end' && left > nearEnd;
    if (isAway === this.isAway) return;
    this.isAway = isAway;
    this.#onChange();
  }

  async #loadAnchor() {
    try {
      const {ScrollAnchor} = await import('./scroll-anchor.js');
      this.#anchor ??= new ScrollAnchor(this.#box, this.#content, this.#list);
      if (this.#target) this.#scrollToTarget();
      else this.#anchor.capture();
    } catch (error) {
      console.error('<stream-chat> cannot keep the scroll position, because "scroll-anchor.js" could not be loaded.', error);
    }
  }
}
