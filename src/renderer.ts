import {StreamChatError} from './errors.js';
import type {Strings} from './locales/en.js';

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
export type CreateRenderer = (container: HTMLElement, context: RenderContext) => Renderer;

const renderers = new Map<string, CreateRenderer>();

/** Makes `createRenderer` available to `<stream-chat renderer="name">`. A later registration replaces an earlier one. */
export function registerRenderer(name: string, createRenderer: CreateRenderer): void {
  renderers.set(name, createRenderer);
}

/** Returns the renderer registered as `name`. Throws a `StreamChatError` with code `config` if there is none. */
export function getRenderer(name: string): CreateRenderer {
  const createRenderer = renderers.get(name);
  if (createRenderer) return createRenderer;
  const known = [...renderers.keys()].map((key) => `"${key}"`).join(', ');
  throw new StreamChatError('config', `No renderer "${name}". Registered are ${known}.`);
}
