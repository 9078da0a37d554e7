/** Selector of elements inside a message that Tab can reach. */
const tabbable = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
/** Share of the box that PageUp and PageDown scroll: the rest stays visible. */
const pageShare = 0.9;
/** Space between a focused message and the edge of the box, in CSS pixels. */
const margin = 8;

/** Maximum length of the accessible name of a message that has the focus, in characters. */
const nameLength = 300;

/** A tag, so that the build removes the white space. */
const css = String.raw;

const styles = css`
  .keys:not(.log:focus-visible ~ .between > *) {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    padding: 0;
    white-space: nowrap;
  }

  .keys {
    position: absolute;
    z-index: 1;
    inset-block-end: 0.6em;
    inset-inline-start: 0.6em;
    border-radius: 0.5em;
    background: var(--_color);
    padding: 0.2em 0.7em;
    color: var(--_background);
    font-size: 0.8em;
  }

  @media (forced-colors: active) {
    .keys {
      border: 1px solid CanvasText;
    }
  }
`;

/** What the keyboard navigation needs from the chat. */
export interface RovingHost {
  /** Focuses the composer, if there is one. */
  focus(): void;
  /** Scrolls to the end of the transcript. */
  scrollToEnd(): void;
  /** Returns the description of the keys. */
  hint(): string;
}

/**
 * Makes the transcript one Tab stop (roving tabindex): arrow keys move between messages, Enter moves into one, Escape
 * moves back. Inside a message, Tab reaches all its controls, so links stay reachable with Tab and Enter alone.
 */
export class RovingFocus {
  #host: RovingHost;
  #base: HTMLElement;
  #log: HTMLElement;
  #list: HTMLElement;
  #hint = document.createElement('span');
  #current: HTMLElement | undefined;

  /** `base` holds the transcript and the composer. */
  constructor(base: HTMLElement, host: RovingHost) {
    this.#host = host;
    this.#base = base;
    this.#log = base.querySelector<HTMLElement>('.log')!;
    this.#list = base.querySelector<HTMLElement>('.messages')!;
    base.addEventListener('keydown', (event) => this.#handleKeydown(event));
    base.addEventListener('focusin', (event) => this.#handleFocusIn(event));
    // A name that stays would be read in addition to the heading of the message.
    base.addEventListener('focusout', ({target}) => (target as Element).matches('.message') && (target as Element).removeAttribute('aria-label'));
    this.#describe();
    // The user may have moved into a message before this module was loaded.
    const {activeElement} = base.getRootNode() as ShadowRoot;
    if (activeElement) this.#current = this.#messageOf(activeElement);
  }

  get #messages(): HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>('.message')];
  }

  #describe() {
    const base = this.#base;
    const hint = this.#hint;
    hint.id = hint.className = 'keys';
    hint.textContent = this.#host.hint();
    // Only seen: where a screen reader takes the arrow keys itself, the sentence would be wrong.
    hint.ariaHidden = 'true';
    base.querySelector('.between')!.append(hint);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    (base.getRootNode() as ShadowRoot).adoptedStyleSheets.push(sheet);
  }

  #handleKeydown(event: KeyboardEvent) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.target as HTMLElement;
    // In WebKitGTK, `key` is not "Tab" while Shift is pressed.
    if (event.code === 'Tab' || event.key === 'Tab') return this.#skipTabStops(target);
    const isHandled = this.#log.contains(target) ? this.#handleKey(event.key, target) : this.#scrollPage(event.key, target);
    if (!isHandled) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #handleFocusIn({target}: FocusEvent) {
    this.#hint.textContent = this.#host.hint();
    this.#current = this.#messageOf(target as Element) ?? this.#current;
  }

  /** Removes the controls inside messages from the tab order for this one key press. */
  #skipTabStops(target: Element) {
    if (this.#list.contains(target)) return;
    const skipped = [...this.#list.querySelectorAll<HTMLElement>(tabbable)].map((element) => [element, element.getAttribute('tabindex')] as const);
    for (const [element] of skipped) element.tabIndex = -1;
    const restored = new AbortController();
    const restore = () => {
      restored.abort();
      for (const [element, before] of skipped) {
        if (before === null) element.removeAttribute('tabindex');
        else element.setAttribute('tabindex', before);
      }
    };
    for (const type of ['focusout', 'keyup']) this.#base.addEventListener(type, restore, {signal: restored.signal});
  }

  /** Scrolls the transcript by a page, from an empty text field. Returns whether it did. */
  #scrollPage(key: string, target: HTMLElement): boolean {
    if (!(target instanceof HTMLTextAreaElement) || target.value !== '' || !key.startsWith('Page')) return false;
    this.#log.scrollTop += this.#log.clientHeight * (key === 'PageUp' ? -pageShare : pageShare);
    return true;
  }

  /** Handles a key inside the transcript. Returns whether it had an effect. */
  #handleKey(key: string, target: HTMLElement): boolean {
    const message = this.#messageOf(target);
    if (message && message !== target) return key === 'Escape' && this.#focus(message);
    const messages = this.#messages;
    const last = messages.length - 1;
    const remembered = this.#current?.isConnected ? this.#current : messages[last];
    const at = message ? messages.indexOf(message) : -1;
    switch (key) {
      case 'ArrowUp':
        return this.#focus(message ? messages[at - 1] : remembered);
      case 'ArrowDown':
        return this.#focus(message ? messages[at + 1] : remembered);
      case 'Home':
        return this.#focus(messages[0]);
      case 'End': {
        const isThere = this.#focus(messages[last]);
        this.#host.scrollToEnd();
        return isThere;
      }
      case 'Enter':
        return message ? this.#enter(message) : this.#focus(remembered);
      case 'Escape':
        this.#host.focus();
        return !target.matches(':focus');
      default:
        return false;
    }
  }

  /** Focuses the first control of a message. Returns whether there is one. */
  #enter(message: HTMLElement): boolean {
    for (const element of message.querySelectorAll<HTMLElement>(tabbable)) {
      element.focus();
      if (element.matches(':focus')) return true;
    }
    return false;
  }

  #focus(message: HTMLElement | undefined): boolean {
    if (!message) return false;
    message.tabIndex = -1;
    message.ariaLabel = nameOf(message);
    message.focus({preventScroll: true});
    this.#scrollIntoView(message);
    // A message that was out of view gets its real size only now.
    requestAnimationFrame(() => message.matches(':focus') && this.#scrollIntoView(message));
    return true;
  }

  /** Scrolls a message into view; if it is larger than the box, its beginning. Scrolls only the box, never the page. */
  #scrollIntoView(message: HTMLElement) {
    const box = this.#log.getBoundingClientRect();
    const {top, bottom} = message.getBoundingClientRect();
    const above = top - box.top - margin;
    const below = bottom - box.bottom + margin;
    if (above < 0) this.#log.scrollTop += above;
    else if (below > 0) this.#log.scrollTop += Math.min(above, below);
  }

  #messageOf(element: Element): HTMLElement | undefined {
    return [...this.#list.querySelectorAll<HTMLElement>('.message')].find((message) => message.contains(element));
  }
}

/** Returns the author of a message, and how its text begins. */
function nameOf(message: HTMLElement): string {
  const words = [...message.querySelectorAll<HTMLElement>('.author, .text')].map(({innerText}) => innerText);
  return words.join(': ').slice(0, nameLength);
}
