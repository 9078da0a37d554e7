import {reveal} from './reveal.js';

/**
 * The headings of a document, and the links to them, such as `[Setup](#setup)`. The fragment of a URL finds nothing
 * inside a shadow root, so these links have no address: they are text until their heading is there.
 */
export class Sections {
  readonly #headings = new Map<string, HTMLElement>();
  readonly #waiting = new Map<string, HTMLElement[]>();

  /** Adds a heading. One whose text repeats gets a number, as on GitHub. */
  define(heading: HTMLElement): void {
    const name = nameOf(heading.textContent);
    let free = name;
    for (let count = 1; this.#headings.has(free); count++) free = `${name}-${count}`;
    this.#headings.set(free, heading);
    for (const link of this.#waiting.get(free) ?? []) activate(link, heading);
    this.#waiting.delete(free);
  }

  /** Makes `link` lead to the heading that `fragment` names, as soon as it is there. */
  link(link: HTMLElement, fragment: string): void {
    const name = nameOf(decode(fragment.slice(1)));
    const heading = this.#headings.get(name);
    const waiting = this.#waiting.get(name);
    if (!heading) link.className = 'no-link';
    if (heading) activate(link, heading);
    else if (waiting) waiting.push(link);
    else if (name) this.#waiting.set(name, [link]);
  }
}

function activate(link: HTMLElement, heading: HTMLElement): void {
  if (link.hasAttribute('role')) return;
  link.removeAttribute('class');
  link.setAttribute('role', 'link');
  link.setAttribute('tabindex', '0');
  const go = () => {
    heading.tabIndex = -1;
    reveal(heading);
  };
  link.addEventListener('click', go);
  link.addEventListener('keydown', ({key}) => key === 'Enter' && go());
}

/** Returns the name of a heading in links: in lower case, without punctuation, with a hyphen between words. */
function nameOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}_ -]/gu, '')
    .trim()
    .replace(/[ -]+/g, '-');
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
