import {StreamChatError} from '../model/errors.js';
import {loadModule} from '../lib/load-module.js';
import type {Strings} from '../locales/en.js';

/**
 * Which remote images are fetched: none, each after a click on a button that names its host, or at once those under an
 * allowed URL prefix (origin and path, compared on the parsed URL).
 */
export type ImagePolicy = 'none' | 'click' | readonly string[];

/** What happens when a link in an answer is clicked. */
export type LinkPolicy = 'open' | 'confirm' | 'text';

/** Context passed to renderers. */
export interface RenderContext {
  readonly images: ImagePolicy;
  readonly links: LinkPolicy;
  /** Base of relative URLs. */
  readonly baseUrl: string;
  readonly strings: Strings;
  /** Called when a button has copied text; the copy is announced, and `copy-text` is dispatched. */
  readonly onCopy?: (text: string) => void;
  /** Functions that draw the code blocks of a language. */
  readonly codeBlocks?: ReadonlyMap<string, DrawCodeBlock>;
}

/**
 * Draws a code block once its fence is closed into `element`, which is empty and in the page. The source is shown until
 * the function returns, or until its promise is fulfilled, and stays if it throws.
 */
export type DrawCodeBlock = (code: string, element: HTMLElement, context: RenderContext) => void | Promise<void>;

const drawers = new Map<string, DrawCodeBlock>();

/** Functions that draw the code blocks of a language, by its name in lower case. */
export const codeBlocks: ReadonlyMap<string, DrawCodeBlock> = drawers;

/** Registers `draw` for the code blocks of `language`. Blocks that are already drawn do not change. */
export function registerCodeBlock(language: string, draw: DrawCodeBlock): void {
  drawers.set(language.toLowerCase(), draw);
}

/**
 * Renders one text part of a message. Builds DOM nodes, never HTML strings. `write` must cost O(new text), regardless
 * of earlier length.
 */
export interface Renderer {
  /** Appends text. It may be cut anywhere except inside a surrogate pair. */
  write(text: string): void;

  /** Completes the text: incomplete syntax is rendered as it is. Nothing is written afterwards. */
  end(): void;
}

/** Creates the renderer of one text. `container` is empty, and the renderer owns it from now on. */
export interface CreateRenderer {
  (container: HTMLElement, context: RenderContext): Renderer;
  /** Styles of the rendered content. The element adopts them. */
  readonly styles?: CSSStyleSheet;
}

/** A renderer, or a function that loads it on first use. */
type RendererSource = {readonly create: CreateRenderer} | {readonly load: () => Promise<CreateRenderer>};

const renderers = new Map<string, RendererSource>();

/** Registers a text renderer for `<stream-chat renderer="name">`. A later registration replaces an earlier one. */
export function registerRenderer(name: string, createRenderer: CreateRenderer): void {
  renderers.set(name, {create: createRenderer});
}

/** Registers a text renderer that `load` loads on first use. */
export function registerLazyRenderer(name: string, load: () => Promise<CreateRenderer>): void {
  renderers.set(name, {load});
}

/**
 * Returns the renderer registered as `name`, or a promise of it while it is loaded. Throws, or rejects with, a
 * `StreamChatError` with code `config` if there is none.
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
