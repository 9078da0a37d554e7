// One idea: a copy of drawn messages, as text and as HTML, for the clipboard.
import type {Copied} from '../lib/clipboard.js';
import {readDocument} from '../lib/read-document.js';

/** What operates the chat or repeats what the reader sees anyway, and is no part of a message. */
const controls = [
  'button', 'summary', 'svg', '.author', '.below', '.dots', '[hidden]', "[part='code-header']", "[part='link-host']",
  "[part='footnote-return']", "[part='tool-state']", "[part='tool-question']", "[part='details']",
].join();
/** A document of its own for the copies, which loads no images. */
const page = readDocument('implementation')!.createHTMLDocument('');

/** Elements that keep their name in HTML. Of others, the content is kept. */
const kept = new Set('a b blockquote br code del em h1 h2 h3 h4 h5 h6 hr i kbd li ol p pre s strong sub sup table tbody td th thead tr ul'.split(' '));
const keptAttributes = ['href', 'dir', 'colspan', 'rowspan'];
/** Elements with an empty line before and after them in plain text, unless they are in a list. */
const paragraphs = new Set('blockquote h1 h2 h3 h4 h5 h6 ol p pre table ul details'.split(' '));
/** Elements with a line of their own. */
const lines = new Set('div li tr'.split(' '));

/**
 * Returns a copy of what is in the range: with the numbers, bullets and boxes of lists, without buttons, headers and
 * hints. `undefined` if there is nothing but these.
 */
export function copyRange(range: Range): Copied | undefined {
  const {commonAncestorContainer: ancestor} = range;
  const element = ancestor instanceof Element ? ancestor : ancestor.parentElement!;
  if (element.closest(controls)) return undefined;
  const copier = new Copier(range);
  const box = page.createElement('div');
  // A part of a block of code is code, too.
  const to = element.closest('pre') && element.localName !== 'pre' ? box.appendChild(page.createElement('pre')).appendChild(page.createElement('code')) : box;
  // A selection that goes from an item into its sublist is a part of the list around them.
  const outer = element.localName === 'li' ? element.parentElement! : element;
  const isList = ['ol', 'ul', 'table', 'pre'].includes(outer.localName);
  copier.copy(isList ? [outer] : outer.childNodes, to, {isPreformatted: outer.closest('pre, .plain') !== null, isInList: false, indent: ''});
  for (const item of [...box.querySelectorAll('li, p, tr')].reverse()) if (!item.textContent.trim() && !item.querySelector('img')) item.remove();
  const {text} = copier;
  if (!text) return undefined;
  return {text, html: serializeContent(box)};
}

/** Returns the markup of what is in the box. Serialized as a whole, only the box names its namespace. */
function serializeContent(box: Element): string {
  const markup = new XMLSerializer().serializeToString(box);
  return markup.slice(markup.indexOf('>') + 1, markup.lastIndexOf('<'));
}

/** Returns a copy of elements and all that is in them. */
export function copyElements(elements: readonly Element[]): Copied {
  const range = document.createRange();
  const copies = elements.flatMap((element) => {
    range.selectNodeContents(element);
    return copyRange(range) ?? [];
  });
  return {text: copies.map(({text}) => text).join('\n\n'), html: copies.map(({html}) => html).join('')};
}

interface Context {
  readonly isPreformatted: boolean;
  readonly isInList: boolean;
  /** Written before each line of an item but the first. */
  readonly indent: string;
}

class Copier {
  #range: Range;
  #text = '';
  /** Line ends to write before the next text. */
  #breaks = 0;
  /** Number or bullet to write before the next text. */
  #marker = '';
  #indent = '';

  constructor(range: Range) {
    this.#range = range;
  }

  /** The plain text so far. */
  get text(): string {
    return this.#text.replace(/\n$/, '');
  }

  copy(nodes: Iterable<Node>, to: Element, context: Context) {
    for (const node of nodes) {
      if (!this.#range.intersectsNode(node)) continue;
      if (node instanceof Text) this.#copyText(node, to, context);
      else if (node instanceof Element && !node.matches(controls)) this.#copyElement(node, to, context);
    }
  }

  #copyText(node: Text, to: Element, {isPreformatted}: Context) {
    const {startContainer, startOffset, endContainer, endOffset} = this.#range;
    const text = node.data.slice(node === startContainer ? startOffset : 0, node === endContainer ? endOffset : undefined);
    to.append(...(to.closest('pre') || !isPreformatted ? [text] : text.split('\n').flatMap((line, index) => (index ? [page.createElement('br'), line] : [line]))));
    this.#write(isPreformatted ? text : text.replace(/\s+/g, ' '), isPreformatted);
  }

  #copyElement(element: Element, to: Element, context: Context) {
    const name = element.localName;
    if (name === 'math') return this.#copyFormula(element, to);
    if (name === 'input') {
      const {checked} = element as HTMLInputElement;
      to.append(checked ? '☑ ' : '☐ ');
      return this.#write(checked ? '[x] ' : '[ ] ');
    }
    if (name === 'br') {
      to.append(page.createElement('br'));
      return this.#break(1);
    }
    if (element instanceof HTMLImageElement) {
      const image = page.createElement('img');
      Object.assign(image, {src: element.src, alt: element.alt});
      to.append(image);
      return this.#write(element.alt);
    }
    if (element.matches("[part='footnote-reference']")) {
      to.append(`[${element.textContent}]`);
      return this.#write(`[${element.textContent}]`);
    }
    const isParagraph = paragraphs.has(name) && !context.isInList;
    const breaks = isParagraph || element.matches('.message, .text') ? 2 : paragraphs.has(name) || lines.has(name) ? 1 : 0;
    this.#break(breaks);
    if (name === 'hr') this.#write('---');
    if ((name === 'td' || name === 'th') && element.previousElementSibling && this.#range.intersectsNode(element.previousElementSibling)) this.#write('\t', true);
    let {indent} = context;
    if (name === 'li') {
      const marker = markerOf(element);
      this.#indent = indent;
      this.#marker = marker;
      indent += ' '.repeat(marker.length);
    }
    const copied = this.#createCopy(element, to);
    const isInList = context.isInList || name === 'li';
    this.copy(element.childNodes, copied, {isPreformatted: context.isPreformatted || element.matches('pre, .plain'), isInList, indent});
    if (name === 'pre') {
      this.#text = this.#text.replace(/\n$/, '');
      const last = copied.querySelector('code')?.lastChild;
      if (last instanceof Text) last.data = last.data.replace(/\n$/, '');
    }
    if (name === 'li') this.#marker = '';
    this.#indent = context.indent;
    this.#break(breaks);
  }

  #copyFormula(element: Element, to: Element) {
    to.append(element.cloneNode(true));
    this.#write(element.querySelector('annotation')?.textContent ?? element.textContent);
  }

  /** Returns the element for HTML that receives the content: a new one, or `to` itself. */
  #createCopy(element: Element, to: Element): Element {
    const name = element.matches('.plain') ? 'p' : element.localName;
    if (!kept.has(name)) return to;
    const copied = page.createElement(name);
    for (const attribute of keptAttributes) {
      const value = element.getAttribute(attribute);
      if (value !== null) copied.setAttribute(attribute, value);
    }
    if (name === 'ol') {
      const first = [...element.children].find((child) => this.#range.intersectsNode(child));
      if (first) (copied as HTMLOListElement).start = numberOf(first);
    }
    to.append(copied);
    return copied;
  }

  #break(count: number) {
    if (this.#text) this.#breaks = Math.max(this.#breaks, count);
  }

  #write(text: string, isPreformatted = false) {
    const isAtStart = this.#breaks > 0 || this.#text === '';
    const written = isAtStart && !isPreformatted ? text.trimStart() : text;
    if (!written) return;
    if (this.#breaks > 0) this.#text = this.#text.replace(/ +$/, '') + '\n'.repeat(this.#breaks);
    if (isAtStart || this.#marker) this.#text += this.#indent + this.#marker;
    if (this.#marker) this.#indent += ' '.repeat(this.#marker.length);
    this.#breaks = 0;
    this.#marker = '';
    this.#text += isPreformatted && this.#indent ? written.replaceAll('\n', `\n${this.#indent}`) : written;
  }
}

function numberOf(item: Element): number {
  const list = item.parentElement as HTMLOListElement;
  return list.start + [...list.children].indexOf(item);
}

function markerOf(item: Element): string {
  return item.parentElement?.localName === 'ol' ? `${numberOf(item)}. ` : '- ';
}

/** Returns the selected range if it lies in `box`, which is in a shadow tree. */
export function selectedRange(box: Element): Range | undefined {
  const root = box.getRootNode() as ShadowRoot & {getSelection?(): Selection | null};
  const selection = getSelection();
  const found = composedRange(selection, root) ?? firstRange(root.getSelection?.()) ?? firstRange(selection);
  if (!found || !box.contains(found.startContainer) || !box.contains(found.endContainer)) return undefined;
  const range = document.createRange();
  range.setStart(found.startContainer, found.startOffset);
  range.setEnd(found.endContainer, found.endOffset);
  return range.collapsed ? undefined : range;
}

function firstRange(selection: Selection | null | undefined): AbstractRange | undefined {
  return selection?.rangeCount ? selection.getRangeAt(0) : undefined;
}

/** Browsers of 2024 and before see into a shadow tree in ways of their own. */
function composedRange(selection: Selection | null, root: ShadowRoot): AbstractRange | undefined {
  const {getComposedRanges} = (selection ?? {}) as {getComposedRanges?(options: {shadowRoots: ShadowRoot[]}): StaticRange[]};
  return getComposedRanges?.call(selection, {shadowRoots: [root]})[0];
}
