import type {CreateRenderer} from '../renderer.js';
import type {ColourLine, HighlightCode} from './markdown/code-view.js';
import {createMarkdownDocument, type MarkdownOptions} from './markdown/document.js';

export type {ColourLine, HighlightCode} from './markdown/code-view.js';

let createColouring: ((language: string) => ColourLine | undefined) | undefined;

/** Colours code with the part that is loaded with the first block of code that names its language. */
const highlight: HighlightCode = (language) => {
  if (createColouring) return createColouring(language);
  return import('./highlight.js').then((part) => (createColouring = part.createColouring)(language));
};

/** Makes a markdown renderer that colours code with `highlight`. */
export function createMarkdown(options: Pick<MarkdownOptions, 'highlight'> = {}): CreateRenderer {
  return (container, context) => createMarkdownDocument(container, context, options);
}

/**
 * Draws CommonMark with GFM's tables, task lists, strikethrough, bare URLs and footnotes as DOM nodes. Raw HTML is
 * shown as text. What it costs to write depends on the new text, not on what was written before.
 */
export const markdown: CreateRenderer = createMarkdown({highlight});
