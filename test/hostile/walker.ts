import {elementTable, frameAttributes, invisible, markdownTable, mathTable, schemes} from './allowed.js';

type Table = Readonly<Record<string, readonly string[]>>;

const mathml = 'http://www.w3.org/1998/Math/MathML';

/** How much was looked at, for the closing words of a test. */
export const counts = {walks: 0, elements: 0};

/** Returns what in a document that was drawn of markdown must not be there. */
export function findInMarkdown(root: Element): string[] {
  return find(root, () => markdownTable);
}

/** Returns what in a shadow root, or a box of messages, must not be there. */
export function findInElement(root: Element | ShadowRoot): string[] {
  // Of what was said only the table of markdown counts.
  return find(root, (element) => (element.parentElement?.closest('[part~="text"]') ? markdownTable : elementTable));
}

function find(root: Element | ShadowRoot, tableFor: (element: Element) => Table): string[] {
  const found: string[] = [];
  counts.walks++;
  for (const element of root.querySelectorAll('*')) {
    counts.elements++;
    const table = element.namespaceURI === mathml ? mathTable : tableFor(element);
    const names = table[element.localName];
    if (!names || !isOfPage(element)) found.push(`<${element.localName}>`);
    for (const {name, value} of element.attributes) {
      if (!names?.includes(name) && !(frameAttributes.includes(name) && isFrame(element))) found.push(`<${element.localName} ${name}="${value}">`);
      if (name in schemes) found.push(...judgeUrl(name, value));
      if (invisible.test(value)) found.push(`<${element.localName} ${name}> holds what is not seen`);
    }
  }
  const text = root.textContent ?? '';
  const at = text.search(invisible);
  if (at >= 0) found.push(`text that is not seen: ${JSON.stringify(text.slice(Math.max(0, at - 40), at + 40))}`);
  return found;
}

/** Whether an element of a shadow root is around the messages. */
function isFrame(element: Element): boolean {
  return element.getRootNode() instanceof ShadowRoot && !element.closest('[part~="message"]');
}

/** Whether an element is of HTML and plain, a formula in its place, or a picture of a button. */
function isOfPage(element: Element): boolean {
  if (element.shadowRoot || element.localName.includes('-')) return false;
  if (element.namespaceURI === mathml) return (element.localName === 'math') === (element.parentElement?.namespaceURI !== mathml) && (element.localName !== 'math' || element.closest('[part~="math"]') !== null);
  return element.namespaceURI === 'http://www.w3.org/1999/xhtml' || element.closest('button') !== null;
}

function judgeUrl(name: string, value: string): string[] {
  // Against no base: what is set is whole, and the very URL that a browser reads.
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isGood = url?.href === value && schemes[name]!.includes(url.protocol) && !url.username && !url.password && (url.protocol !== 'mailto:' || !url.search);
  return isGood ? [] : [`${name}="${value}"`];
}

/**
 * Watches what a page must never see: dialogs, windows, names on `window`, keys on prototypes, and elements outside of
 * where a text is drawn. The function that it returns says what happened since.
 */
export function guard(): () => string[] {
  const happened: string[] = [];
  const names = new Set(Object.getOwnPropertyNames(window));
  const prototypes = [Object.prototype, Array.prototype, Function.prototype, Element.prototype];
  const keys = prototypes.map((prototype) => Reflect.ownKeys(prototype).length);
  const traps = ['alert', 'confirm', 'prompt', 'open', 'eval'] as const;
  const originals = traps.map((name) => [name, window[name]] as const);
  const places = () => [document.head, document.documentElement].map((place) => place.childElementCount).join();
  const before = `${places()} ${document.title} ${location.href}`;
  for (const name of traps) Object.assign(window, {[name]: () => void happened.push(`${name}()`)});

  return () => {
    for (const [name, original] of originals) Object.assign(window, {[name]: original});
    // Frames have their number as name.
    for (const name of Object.getOwnPropertyNames(window)) if (!names.has(name) && !/^\d+$/.test(name)) happened.push(`window.${name}`);
    for (const [index, prototype] of prototypes.entries()) {
      if (Reflect.ownKeys(prototype).length !== keys[index]) happened.push('a prototype has another key');
    }
    if (`${places()} ${document.title} ${location.href}` !== before) happened.push('the page has changed');
    return happened;
  };
}

/** Returns the hosts that the page asked since `start`, in milliseconds of `performance.now()`, that are not its own. */
export function strangers(start: number): string[] {
  const own = new Set(['localhost', '127.0.0.1', location.hostname]);
  return performance
    .getEntriesByType('resource')
    .filter(({startTime, name}) => startTime >= start && !own.has(new URL(name, location.href).hostname))
    .map(({name}) => name);
}
