import {search, type Entry, type Found} from './search.js';

function make<K extends keyof HTMLElementTagNameMap>(name: K, text = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

/** The search field: a combobox whose list is walked by the arrow keys. The index is loaded with the first focus. */
export class SearchBox {
  #input: HTMLInputElement;
  #list: HTMLElement;
  #status: HTMLElement;
  #entries: Promise<readonly Entry[]> | undefined;
  #found: readonly Found[] = [];
  #active = -1;

  constructor(box: HTMLElement) {
    this.#input = box.querySelector('input')!;
    this.#list = box.querySelector('ul')!;
    this.#status = box.querySelector('[role=status]')!;
    box.hidden = false;
    this.#input.addEventListener('focus', () => void this.#load());
    this.#input.addEventListener('input', () => void this.#search());
    this.#input.addEventListener('keydown', (event) => this.#handleKey(event));
    // A press on a result takes the focus; the list has to stay until it is a click.
    this.#list.addEventListener('pointerdown', (event) => event.preventDefault());
    this.#input.addEventListener('blur', () => this.#close());
    document.addEventListener('keydown', (event) => {
      const isTyping = event.composedPath()[0] instanceof Element && isField(event.composedPath()[0] as Element);
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
      event.preventDefault();
      this.#input.focus();
    });
  }

  #load(): Promise<readonly Entry[]> {
    return (this.#entries ??= import('virtual:search-index').then((index) => index.default));
  }

  async #search() {
    const query = this.#input.value;
    const entries = await this.#load();
    if (query !== this.#input.value) return;
    this.#found = search(entries, query);
    this.#list.replaceChildren(...this.#found.map((found, i) => this.#option(found, i)));
    this.#list.hidden = this.#found.length === 0;
    this.#input.setAttribute('aria-expanded', String(this.#found.length > 0));
    this.#select(-1);
    const none = query.trim() === '' ? '' : 'Nothing was found.';
    this.#status.textContent = this.#found.length > 0 ? `${this.#found.length} found` : none;
  }

  #option({entry, excerpt}: Found, i: number): HTMLElement {
    const option = make('li');
    option.id = `found-${i}`;
    option.setAttribute('role', 'option');
    const link = make('a');
    link.href = entry.url;
    link.tabIndex = -1;
    link.append(make('b', entry.title), make('small', entry.page), make('span', excerpt));
    link.addEventListener('click', () => this.#close());
    option.append(link);
    return option;
  }

  #select(at: number) {
    this.#active = at;
    for (const [i, option] of [...this.#list.children].entries()) {
      option.setAttribute('aria-selected', String(i === at));
      if (i === at) option.scrollIntoView({block: 'nearest'});
    }
    if (at < 0) this.#input.removeAttribute('aria-activedescendant');
    else this.#input.setAttribute('aria-activedescendant', `found-${at}`);
  }

  #handleKey(event: KeyboardEvent) {
    const count = this.#found.length;
    const steps: Readonly<Record<string, number>> = {ArrowDown: 1, ArrowUp: -1};
    const step = steps[event.key];
    if (step && count > 0 && !this.#list.hidden) {
      event.preventDefault();
      this.#select(this.#active < 0 && step < 0 ? count - 1 : (this.#active + step + count) % count);
    } else if (event.key === 'Enter' && count > 0) {
      event.preventDefault();
      this.#list.children[Math.max(0, this.#active)]?.querySelector('a')?.click();
    } else if (event.key === 'Escape') {
      this.#input.value = '';
      this.#close();
    }
  }

  #close() {
    this.#found = [];
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#input.setAttribute('aria-expanded', 'false');
    this.#status.textContent = '';
    this.#select(-1);
  }
}

const isField = (element: Element) => element.matches('input, textarea, select, [contenteditable]');
