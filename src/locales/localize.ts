import type {ReactiveController, ReactiveControllerHost} from 'lit';

import {en, type Strings} from './en.js';
import {findNearest} from '../lib/find-nearest.js';
import {readDocument} from '../lib/read-document.js';

/** Strings of registered languages, by tag. */
const registered = new Map<string, Partial<Strings>>();

const localizers = new Set<Localizer>();

/**
 * Registers a language by its BCP 47 tag, or replaces one, for all chats including those on the page. Missing strings
 * fall back to English.
 */
export function registerLocale(tag: string, strings: Partial<Strings>): void {
  registered.set(tag, strings);
  for (const localizer of localizers) localizer.invalidate();
}

/**
 * Returns the strings with those of the host page. They are called while the chat is drawn: where one throws, the built-in
 * string is used. A text in place of a function is what that returns; what is neither is left out.
 */
function override(table: Strings, overrides: Partial<Strings>): Strings {
  const strings: Record<string, unknown> = {...table};
  for (const [name, value] of Object.entries(overrides ?? {}) as [string, unknown][]) {
    const builtIn = strings[name] as ((...values: unknown[]) => unknown) | string | undefined;
    if (typeof builtIn !== 'function') {
      if (typeof value === 'string') strings[name] = value;
    } else if (typeof value === 'string') strings[name] = () => value;
    else if (typeof value === 'function') {
      strings[name] = (...values: unknown[]) => {
        try {
          return String((value as typeof builtIn)(...values));
        } catch (error) {
          console.error(`<stream-chat> uses the built-in string "${name}", because that of the page has thrown.`, error);
          return builtIn(...values);
        }
      };
    }
  }
  return strings as unknown as Strings;
}

/** Provides the strings for the language of the nearest `lang`; English until they are loaded, or if it is unknown. */
export class Localizer implements ReactiveController {
  /** Resolves when the strings are loaded; `undefined` while there is nothing to load. */
  loading: Promise<void> | undefined;

  /** Direction of the language of the nearest `lang`; `undefined` if a nearer `dir` sets it. */
  direction: 'ltr' | 'rtl' | undefined;

  #host: ReactiveControllerHost & Element;
  /** Only while the element is connected: an observer of the page keeps the elements that it reports to in memory. */
  #observer: MutationObserver | undefined;
  #tag: string | undefined;
  #table: Strings = en;
  /** Tag of the current strings, if the language of the page is known. */
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
    this.#observer = undefined;
    localizers.delete(this);
  }

  /** Determines the language again with the next update. */
  invalidate(): void {
    this.#tag = undefined;
    this.#host.requestUpdate();
  }

  /** Updates language and direction from the page. Called before each update. */
  follow(): void {
    const host = this.#host;
    // A removed element keeps its language, and must not observe the page again. On a server nothing is connected.
    if (!this.#observer) return;
    const nearest = findNearest(host, '[lang]');
    for (const element of [host, nearest, readDocument('documentElement', host.ownerDocument)]) {
      if (element) this.#observer.observe(element, {attributeFilter: ['lang', 'dir']});
    }
    const tag = nearest?.getAttribute('lang')?.trim() || 'en';
    if (tag !== this.#tag) {
      this.#tag = tag;
      this.loading = undefined;
      // English needs no file, unless the host page registered its own.
      if (/^en\b/i.test(tag) && registered.size === 0) this.#setTable(en, 'en');
      else this.loading = this.#load(tag);
    }
    const isImplied = this.#table.language === this.#known && !findNearest(host, '[lang], [dir]')?.hasAttribute('dir');
    this.direction = isImplied && nearest ? this.#table.direction : undefined;
  }

  /** Returns all strings, with `overrides` applied. Returns the same object until one of them changes. */
  read(overrides: Partial<Strings>): Strings {
    if (overrides !== this.#overrides) {
      this.#overrides = overrides;
      this.#strings = override(this.#table, overrides);
    }
    return this.#strings;
  }

  #setTable(table: Strings, known: string | undefined) {
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
      this.#setTable({...en, ...strings}, known);
      this.#host.requestUpdate();
    } catch (cause) {
      console.error(`<stream-chat> cannot load the strings for "${tag}".`, cause);
    }
  }
}
