import type {ReactiveController, ReactiveControllerHost} from 'lit';

import {en, type Strings} from './en.js';

/** The words of languages that the page made known, by tag. */
const registered = new Map<string, Partial<Strings>>();

const localizers = new Set<Localizer>();

/**
 * Makes a language known to every chat, those on the page included; or replaces one. What `strings` lacks is said in
 * English.
 */
export function registerLocale(tag: string, strings: Partial<Strings>): void {
  registered.set(tag, strings);
  for (const localizer of localizers) localizer.forget();
}

/** Finds the nearest element that has an attribute, out of shadow roots, too. */
function findNearest(element: Element, selector: string): Element | null {
  const root = element.getRootNode();
  return element.closest(selector) ?? (root instanceof ShadowRoot ? findNearest(root.host, selector) : null);
}

/** Speaks the language of the nearest `lang`, as far as it is known; English until its words are loaded. */
export class Localizer implements ReactiveController {
  /** Resolves when the words are loaded; `undefined` while there is nothing to load. */
  loading: Promise<void> | undefined;

  /** The direction of the nearest `lang`, where no `dir` that is nearer says one. */
  direction: 'ltr' | 'rtl' | undefined;

  #host: ReactiveControllerHost & Element;
  #observer: MutationObserver | undefined;
  #tag: string | undefined;
  #table: Strings = en;
  /** The tag of the words that are spoken, if the language of the page is known. */
  #known: string | undefined;
  #overrides: Partial<Strings> | undefined;
  #strings: Strings = en;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer = new MutationObserver(() => this.#host.requestUpdate());
    localizers.add(this);
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    localizers.delete(this);
  }

  /** Looks for the language anew with the next update. */
  forget(): void {
    this.#tag = undefined;
    this.#host.requestUpdate();
  }

  /** Follows the page: called before each update. */
  follow(): void {
    const host = this.#host;
    // On a server nothing is connected.
    if (!this.#observer) return;
    const nearest = findNearest(host, '[lang]');
    for (const element of [host, nearest, host.ownerDocument.documentElement]) {
      if (element) this.#observer.observe(element, {attributeFilter: ['lang', 'dir']});
    }
    const tag = nearest?.getAttribute('lang')?.trim() || 'en';
    if (tag !== this.#tag) {
      this.#tag = tag;
      this.loading = undefined;
      // English needs no file, unless the page has its own.
      if (/^en\b/i.test(tag) && registered.size === 0) this.#speak(en, 'en');
      else this.loading = this.#load(tag);
    }
    const isImplied = this.#table.language === this.#known && !findNearest(host, '[lang], [dir]')?.hasAttribute('dir');
    this.direction = isImplied && nearest ? this.#table.direction : undefined;
  }

  /** Returns all strings, the page's own on top. The same object as long as none of them has changed. */
  read(overrides: Partial<Strings>): Strings {
    if (overrides !== this.#overrides) {
      this.#overrides = overrides;
      this.#strings = {...this.#table, ...overrides};
    }
    return this.#strings;
  }

  #speak(table: Strings, known: string | undefined) {
    this.#known = known;
    if (table === this.#table) return;
    this.#table = table;
    this.#overrides = undefined;
  }

  async #load(tag: string) {
    try {
      const {findLocale} = await import('./find-locale.js');
      const [known, strings] = (await findLocale(tag, registered)) ?? [];
      if (this.#tag !== tag) return;
      this.#speak({...en, ...strings}, known);
      this.#host.requestUpdate();
    } catch (cause) {
      console.error(`<stream-chat> cannot speak "${tag}": a file of its words could not be loaded.`, cause);
    }
  }
}
