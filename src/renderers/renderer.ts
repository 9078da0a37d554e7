import {StreamChatError} from '../model/errors.js';
import {loadModule} from '../lib/load-module.js';
import type {Strings} from '../locales/en.js';

/**
 * Which remote images are fetched: none, each after a click on a button that names its host,
 * or at once those under an allowed URL prefix (origin and path, compared on the parsed URL).
 */
export type ImagePolicy = 'none' | 'click' | readonly string[];

/** What happens when a link of the answer is followed. */
export type LinkPolicy = 'open' | 'confirm' | 'text';

/** What a renderer is told of its surroundings. */
export interface RenderContext {
  readonly images: ImagePolicy;
  readonly links: LinkPolicy;
  /** Against which relative URLs are resolved. */
  readonly baseUrl: string;
  readonly strings: Strings;
  /** To be called when a button has copied text: it is announced, and `copy-text` is fired. */
  readonly onCopy?: (text: string) => void;
  /** Who draws the code blocks of a language. */
  readonly codeBlocks?: ReadonlyMap<string, DrawCodeBlock>;
}

/**
 * Draws a code block whose fence is closed, once, into `element`, which is empty and stands in the page. The source
 * is shown until it returns, or until its promise is fulfilled, and stays where it throws.
 */
export type DrawCodeBlock = (code: string, element: HTMLElement, context: RenderContext) => void | Promise<void>;

const drawers = new Map<string, DrawCodeBlock>();

/** Who draws the code blocks of a language, which is written in lower case. */
export const codeBlocks: ReadonlyMap<string, DrawCodeBlock> = drawers;

/** Lets `draw` draw the code blocks of `language`. Those that are drawn already stay as they are. */
export function registerCodeBlock(language: string, draw: DrawCodeBlock): void {
  drawers.set(language.toLowerCase(), draw);
}

/**
 * Draws one text of one message. It builds DOM nodes, never HTML strings, and touches only what the new
 * text changes: the cost of `write` must not depend on how much was written before.
 */
export interface Renderer {
  /** Appends text that follows what was written before. The cuts may be anywhere but inside a surrogate pair. */
  write(text: string): void;

  /** Says that the text is complete: what was half-open is drawn as it ends. Nothing is written afterwards. */
  end(): void;
}

/** Makes the renderer of one text. `container` is empty and belongs to the renderer from now on. */
export interface CreateRenderer {
  (container: HTMLElement, context: RenderContext): Renderer;
  /** How what it draws looks. The element adopts it. */
  readonly styles?: CSSStyleSheet;
}

/** A renderer, or a function that loads it when an element first asks for it. */
type RendererSource = {readonly create: CreateRenderer} | {readonly load: () => Promise<CreateRenderer>};

const renderers = new Map<string, RendererSource>();

/** Makes `createRenderer` available to `<stream-chat renderer="name">`. A later registration replaces an earlier one. */
export function registerRenderer(name: string, createRenderer: CreateRenderer): void {
  renderers.set(name, {create: createRenderer});
}

/** Names the function that loads the renderer when an element first asks for it. */
export function registerLazyRenderer(name: string, load: () => Promise<CreateRenderer>): void {
  renderers.set(name, {load});
}

/**
 * Returns the renderer registered as `name`, or the promise of it while it has to be loaded.
 * Throws, or rejects with, a `StreamChatError` with code `config` if there is none.
 */
export function getRenderer(name: string): CreateRenderer | Promise<CreateRenderer> {
  const source = renderers.get(name);
  if (!source) {
    const known = [...renderers.keys()].map((key) => `"${key}"`).join(', ');
    throw new StreamChatError('config', `No renderer "${name}". Registered are ${known}.`);
  }
  if ('create' in source) return source.create;
  return loadModule(source.load(), `renderer "${name}"`).then((create) => {
    renderers.set(name, {create});
    return create;
  });
}
