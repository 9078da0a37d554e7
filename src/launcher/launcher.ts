import type {StreamChatEventMap} from '../chat/events.js';
import {launcherStyles, smallWindow} from './launcher.styles.js';
import {setMeaning} from '../lib/meaning-guard.js';
import type {Strings} from '../locales/en.js';
import type {Persistence} from '../chat/storage.js';

const chatIcon = 'M20.5 11.5a8 8 0 0 1-8.3 8c-1.3 0-2.6-.3-3.7-.8L4 20l1.2-4a7.7 7.7 0 0 1-1.2-4.4 8.2 8.2 0 0 1 16.5 0Z';
const closedIcon = 'm6.5 9.5 5.5 5.5 5.5-5.5';
const crossIcon = 'M6.5 6.5l11 11m0-11-11 11';
/** Largest number on the badge. */
const maxUnread = 9;

/** What the launcher reads from its element, and calls on it. */
export interface LauncherHost extends HTMLElement {
  open: boolean;
  readonly persist: Persistence;
  readonly endpoint: string;
  show(): void;
  hide(): void;
  addEventListener<K extends keyof StreamChatEventMap>(
    type: K,
    listener: (event: StreamChatEventMap[K]) => unknown,
    options?: AddEventListenerOptions,
  ): void;
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(launcherStyles);

/**
 * The launcher button, and the panel it opens: a non-modal dialog in the top layer, so that nothing of the host page
 * covers it. The button is not in the top layer: it must not cover banners or menus of the page.
 */
export class Launcher {
  #host: LauncherHost;
  #base: HTMLElement;
  #button = document.createElement('button');
  #icon = createIcon(chatIcon);
  #name = createSpan('launcher-name');
  #badge = createSpan('launcher-badge');
  #close = document.createElement('button');
  #slot = document.createElement('slot');
  #isOpen = false;
  #takesFocus = false;
  #unread = 0;
  #wasShown = false;
  #strings: Strings | undefined;
  #abort = new AbortController();
  #viewAbort: AbortController | undefined;
  #observer = new ResizeObserver(() => this.#stayOnTop());

  /** `base` becomes the panel. */
  constructor(host: LauncherHost, base: HTMLElement) {
    this.#host = host;
    this.#base = base;
    const root = base.getRootNode() as ShadowRoot;
    this.#build(root);
    const options = {signal: this.#abort.signal};
    host.addEventListener('done', () => this.#countUnread(), options);
    host.addEventListener('error', ({detail}) => detail.message && this.#countUnread(), options);
    // Listeners inside act first: a menu, an edit, an answer to stop.
    root.addEventListener('keydown', (event) => this.#handleKeydown(event as KeyboardEvent), options);
    base.addEventListener('focusout', (event) => this.#handleFocusOut(event), options);
    this.#restoreOpen();
  }

  /** Makes the panel take the focus when it opens next. */
  takeFocus(): void {
    this.#takesFocus = true;
  }

  /** Applies strings, theme and `open` of the element. */
  update(strings: Strings, theme: string): void {
    this.#strings = strings;
    this.#button.className = `launcher ${theme}`;
    this.#button.dir = this.#base.dir;
    this.#close.ariaLabel = strings.closeChat;
    if (this.#host.open !== this.#isOpen) {
      this.#isOpen = this.#host.open;
      if (this.#isOpen) this.#open();
      else this.#hide();
      this.#storeOpen();
    }
    this.#base.hidden = !this.#isOpen;
    this.#label();
  }

  /** Removes the button, and turns the panel back into a box in the page. */
  remove(): void {
    this.#abort.abort();
    this.#viewAbort?.abort();
    this.#observer.disconnect();
    this.#button.remove();
    this.#close.remove();
    for (const name of ['popover', 'role', 'id', 'style', 'tabindex']) this.#base.removeAttribute(name);
  }

  #build(root: ShadowRoot) {
    const base = this.#base;
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
    base.id = 'panel';
    base.role = 'dialog';
    // Without popover support the panel is fixed, below whatever the page puts over it.
    base.popover = 'manual';

    const button = this.#button;
    button.type = 'button';
    button.part.add('launcher');
    button.setAttribute('aria-haspopup', 'dialog');
    button.setAttribute('aria-controls', base.id);
    this.#badge.part.add('launcher-badge');
    this.#badge.ariaHidden = 'true';
    this.#slot.name = 'launcher';
    this.#slot.append(this.#icon);
    this.#slot.addEventListener('slotchange', () => this.#label());
    button.append(this.#slot, this.#name, this.#badge);
    button.addEventListener('click', () => (this.#host.open ? this.#host.hide() : this.#host.show()));
    root.insertBefore(button, base);

    const close = this.#close;
    close.type = 'button';
    close.className = 'close';
    close.part.add('close');
    close.append(createIcon(crossIcon));
    close.addEventListener('click', () => this.#host.hide());
    base.querySelector('.header')!.append(close);
  }

  #open() {
    const base = this.#base;
    this.#unread = 0;
    base.hidden = false;
    base.showPopover?.();
    this.#wasShown = base.clientHeight > 0;
    this.#observer.observe(base);
    this.#watchView();
    if (this.#takesFocus) this.#focusInside();
    this.#takesFocus = false;
  }

  #hide() {
    const base = this.#base;
    const hadFocus = base.matches(':focus-within');
    this.#viewAbort?.abort();
    this.#observer.disconnect();
    base.hidePopover?.();
    base.hidden = true;
    // Before the focus: screen readers read the button twice if its name or state changes after that.
    this.#label();
    if (hadFocus) this.#button.focus();
  }

  /** Moves focus into the panel. On touch screens the text field would open the keyboard, which hides the messages. */
  #focusInside() {
    const base = this.#base;
    if (!matchMedia('(pointer: coarse)').matches) {
      this.#host.focus();
      if (base.matches(':focus-within')) return;
    }
    for (const element of [base.querySelector<HTMLElement>('.heading'), base]) {
      if (!element) continue;
      element.tabIndex = -1;
      element.focus();
      if (element.matches(':focus')) return;
    }
  }

  #label() {
    const strings = this.#strings;
    if (!strings) return;
    const isOpen = this.#isOpen;
    const unread = this.#unread > 0 ? strings.unread(this.#unread) : '';
    const hasText = this.#slot.assignedNodes().some(({textContent}) => textContent?.trim());
    // The visible text must be part of the accessible name, for users of voice control.
    this.#name.textContent = [hasText ? '' : isOpen ? strings.closeChat : strings.openChat, unread].filter(Boolean).join(', ');
    this.#button.ariaExpanded = String(isOpen);
    setMeaning(this.#button, isOpen ? 'close' : 'open');
    this.#badge.hidden = unread === '';
    this.#badge.textContent = unread === '' ? '' : this.#unread > maxUnread ? `${maxUnread}+` : String(this.#unread);
    this.#icon.firstElementChild!.setAttribute('d', isOpen ? closedIcon : chatIcon);
  }

  #countUnread() {
    if (this.#isOpen) return;
    this.#unread++;
    this.#label();
  }

  #handleKeydown(event: KeyboardEvent) {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || !this.#isOpen) return;
    // Otherwise a dialog of the page around the panel would close, too.
    event.preventDefault();
    event.stopPropagation();
    this.#host.hide();
  }

  /** Closes a panel that fills the window when focus leaves it, because it would cover the focused element. */
  #handleFocusOut({relatedTarget}: FocusEvent) {
    const isInside = !(relatedTarget instanceof Node) || this.#base.contains(relatedTarget) || this.#host.contains(relatedTarget);
    if (!isInside && matchMedia(smallWindow).matches) this.#host.hide();
  }

  /** Fits the open panel into the visual viewport, which an on-screen keyboard makes smaller. */
  #watchView() {
    const view = visualViewport;
    if (!view) return;
    const {style} = this.#base;
    const fit = () => {
      const {width, height, offsetTop, offsetLeft, scale} = view;
      // Pinch zoom is meant to enlarge the panel, so it keeps its size in CSS pixels.
      const isZoomed = scale > 1;
      const set = (name: string, pixels: number) => style.setProperty(`--_view-${name}`, isZoomed ? '' : `${pixels}px`);
      set('width', width);
      set('height', height);
      set('left', offsetLeft);
      set('top', offsetTop);
      set('bottom', Math.max(0, innerHeight - height - offsetTop));
    };
    this.#viewAbort = new AbortController();
    const options = {signal: this.#viewAbort.signal};
    view.addEventListener('resize', fit, options);
    view.addEventListener('scroll', fit, options);
    fit();
  }

  /** Shows the panel again when a dialog of the page opened around it; otherwise the dialog would cover it. */
  #stayOnTop() {
    const isShown = this.#base.clientHeight > 0;
    if (isShown && !this.#wasShown) {
      this.#base.hidePopover?.();
      this.#base.showPopover?.();
    }
    this.#wasShown = isShown;
  }

  /** Storage of the open state, which survives navigation if `persist` is set. */
  get #storage(): Storage | undefined {
    if (this.#host.persist === 'none') return undefined;
    try {
      return sessionStorage;
    } catch (error) {
      console.warn('<stream-chat> cannot remember whether it is open: the browser refuses its storage.', error);
      return undefined;
    }
  }

  get #key() {
    return `stream-chat:open:${this.#host.id || this.#host.endpoint}`;
  }

  #restoreOpen() {
    const isOpen = this.#storage?.getItem(this.#key);
    if (isOpen) this.#host.open = isOpen === 'true';
  }

  #storeOpen() {
    try {
      this.#storage?.setItem(this.#key, String(this.#isOpen));
    } catch (error) {
      console.warn('<stream-chat> cannot remember whether it is open: the storage of the browser is full.', error);
    }
  }
}

function createSpan(name: string): HTMLElement {
  const span = document.createElement('span');
  span.className = name;
  return span;
}

function createIcon(path: string): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const icon = document.createElementNS(namespace, 'svg');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.ariaHidden = 'true';
  icon.append(document.createElementNS(namespace, 'path'));
  icon.firstElementChild!.setAttribute('d', path);
  return icon;
}
