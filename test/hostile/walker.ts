import {elementTable, frameAttributes, invisible, markdownTable, mathTable, schemes} from './allowed.js';

type Table = Readonly<Record<string, readonly string[]>>;

const mathml = 'http://www.w3.org/1998/Math/MathML';

/** Number of walks and inspected elements, for the summary of a test. */
export const counts = {walks: 0, elements: 0};

/** Returns what in rendered Markdown is not allowed. */
export function findInMarkdown(root: Element): string[] {
  return find(root, () => markdownTable);
}

/** Returns what in a shadow root, or an element with messages, is not allowed. */
export function findInElement(root: Element | ShadowRoot): string[] {
  // In the text of messages only the allowlist of Markdown counts.
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

/** Returns whether an element of a shadow root is outside of messages. */
function isFrame(element: Element): boolean {
  return element.getRootNode() instanceof ShadowRoot && !element.closest('[part~="message"]');
}

/** Returns whether an element is plain HTML, a formula in its place, or the icon of a button. */
function isOfPage(element: Element): boolean {
  if (element.shadowRoot || element.localName.includes('-')) return false;
  if (element.namespaceURI === mathml) return (element.localName === 'math') === (element.parentElement?.namespaceURI !== mathml) && (element.localName !== 'math' || element.closest('[part~="math"]') !== null);
  return element.namespaceURI === 'http://www.w3.org/1999/xhtml' || element.closest('button') !== null;
}

function judgeUrl(name: string, value: string): string[] {
  // Pixels in the URL itself: nothing is requested.
  if (name === 'src' && /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/]+={0,2}$/.test(value)) return [];
  // Without a base: attributes contain the absolute URL, exactly as a browser serializes it.
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isGood = url?.href === value && schemes[name]!.includes(url.protocol) && !url.username && !url.password && (url.protocol !== 'mailto:' || !url.search);
  return isGood ? [] : [`${name}="${value}"`];
}

/**
 * Watches for effects that must never occur: dialogs, windows, names on `window`, keys on prototypes, and elements
 * outside of the rendered text. The returned function reports what occurred.
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
    // Frames have their index as name.
    for (const name of Object.getOwnPropertyNames(window)) if (!names.has(name) && !/^\d+$/.test(name)) happened.push(`window.${name}`);
    for (const [index, prototype] of prototypes.entries()) {
      if (Reflect.ownKeys(prototype).length !== keys[index]) happened.push('a prototype has another key');
    }
    if (`${places()} ${document.title} ${location.href}` !== before) happened.push('the page has changed');
    return happened;
  };
}

/** Returns the requests to other hosts since `start`, in milliseconds of `performance.now()`. */
export function strangers(start: number): string[] {
  const own = new Set(['localhost', '127.0.0.1', location.hostname]);
  return performance
    .getEntriesByType('resource')
    .filter(({startTime, name}) => startTime >= start && !own.has(new URL(name, location.href).hostname))
    .map(({name}) => name);
}
