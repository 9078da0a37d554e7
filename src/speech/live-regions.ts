import {findNearest} from '../lib/find-nearest.js';
import {readDocument} from '../lib/read-document.js';

/** Time after which an announced line is removed, in milliseconds. Screen readers skip what is removed sooner. */
const lineLife = 1500;

/**
 * The two live regions of a chat, which screen readers read when a line is added. `ariaNotify` is not used: Firefox ignores
 * it on elements in a shadow root, and not every screen reader supports it.
 */
export class LiveRegions {
  #host: Element;
  #polite = createRegion('polite');
  #assertive = createRegion('assertive');
  #lineCount = 0;

  constructor(host: Element) {
    this.#host = host;
    // A live region must exist, and be empty, before text is added.
    this.#place();
  }

  /** Adds a line. `language`: its BCP 47 tag. An urgent line interrupts what is being read. */
  write(text: string, language: string | undefined, isUrgent: boolean): void {
    this.#place();
    const line = document.createElement('p');
    if (language) line.lang = language;
    // An identical text is announced again only if it differs.
    line.textContent = this.#lineCount++ % 2 ? `${text}\u00a0` : text;
    (isUrgent ? this.#assertive : this.#polite).append(line);
    setTimeout(() => line.remove(), lineLife);
  }

  /** Removes both regions from the page. */
  remove(): void {
    this.#polite.remove();
    this.#assertive.remove();
  }

  /** Adds the regions to the document, or to the open dialog around the chat: screen readers ignore others. */
  #place() {
    const home = findNearest(this.#host, 'dialog[open], [aria-modal="true"]') ?? readDocument('body')!;
    for (const region of [this.#polite, this.#assertive]) if (region.parentElement !== home) home.append(region);
  }
}

function createRegion(live: 'polite' | 'assertive'): HTMLElement {
  const region = document.createElement('div');
  region.setAttribute('aria-live', live);
  region.className = 'stream-chat-announcer';
  // Set through CSSOM, which a strict CSP allows.
  const hidden = {position: 'absolute', inlineSize: '1px', blockSize: '1px', overflow: 'hidden', clipPath: 'inset(50%)', whiteSpace: 'nowrap'};
  Object.assign(region.style, hidden);
  return region;
}
