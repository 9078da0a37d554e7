import {en} from '../../src/locales/en.js';
import type {RenderContext} from '../../src/renderers/renderer.js';
import {createMarkdownDocument, type MarkdownOptions} from '../../src/renderers/markdown/document.js';
import {allowed, type MarkdownStats} from '../../src/renderers/markdown/elements.js';

export const base = 'https://host.example/';

/** The context of renderers, unless a test sets another. */
export const context: RenderContext = {images: 'click', links: 'open', baseUrl: base, strings: en};

/** A document under test. */
export interface Drawn {
  readonly root: HTMLElement;
  readonly stats: MarkdownStats;
  write(text: string): void;
  end(): void;
}

/** Creates a document. */
export function begin(settings: Partial<RenderContext> = {}, options: MarkdownOptions = {}): Drawn {
  const root = document.createElement('div');
  const stats: MarkdownStats = {charsParsed: 0, nodesTouched: 0, faults: 0};
  const renderer = createMarkdownDocument(root, {...context, ...settings}, {...options, stats});
  return {root, stats, write: (text) => renderer.write(text), end: () => renderer.end()};
}

/** Renders a text that is written in `parts`. */
export function draw(parts: string | readonly string[], settings: Partial<RenderContext> = {}): HTMLElement {
  const drawn = begin(settings);
  for (const part of typeof parts === 'string' ? [parts] : parts) drawn.write(part);
  drawn.end();
  if (drawn.stats.faults > 0) throw new Error(`${drawn.stats.faults} faults were survived`);
  return drawn.root;
}

/** Returns a deterministic generator of numbers from 0 to 1. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Cuts `text` into parts of at most `max` characters, none inside a surrogate pair. */
export function cutAtRandom(text: string, max: number, random: () => number): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length;) {
    let end = start + 1 + Math.floor(random() * max);
    if (/[\ud800-\udbff]/.test(text[end - 1] ?? '')) end++;
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}

/** Returns the elements and attributes in `root` that are not allowed, and the URLs that are not. */
export function findIllegal(root: Element): string[] {
  const table = allowed as Record<string, readonly string[]>;
  const illegal: string[] = [];
  for (const element of root.querySelectorAll('*')) {
    const names = table[element.localName];
    if (!names) illegal.push(`<${element.localName}>`);
    for (const {name, value} of element.attributes) {
      if (names && !names.includes(name)) illegal.push(`<${element.localName} ${name}>`);
      if (name !== 'href' && name !== 'src') continue;
      if (name === 'src' && value.startsWith('data:image/png;base64,')) continue;
      const {protocol, username, password} = new URL(value);
      const protocols = name === 'href' ? ['http:', 'https:', 'mailto:'] : ['http:', 'https:'];
      if (!protocols.includes(protocol) || username || password) illegal.push(`${name}=${value}`);
    }
  }
  return illegal;
}
