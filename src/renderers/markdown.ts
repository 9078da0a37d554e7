import type {CreateRenderer} from './renderer.js';
import {createMarkdownDocument, type MarkdownOptions} from './markdown/document.js';
import type {DrawFormula} from './markdown/formula.js';
import type {ColourLine, HighlightCode} from './markdown/highlight-code.js';
import {markdownStyles} from './markdown/styles.js';

export type {ColourLine, HighlightCode} from './markdown/highlight-code.js';

let createColouring: ((language: string) => ColourLine | undefined) | undefined;

/** Colours code with the part that is loaded with the first block of code that names its language. */
const highlight: HighlightCode = (language) => {
  if (createColouring) return createColouring(language);
  return import('./highlight.js').then((part) => {
    if (!createColouring) part.addColours(markdownStyles());
    return (createColouring = part.createColouring)(language);
  });
};

let drawFormula: DrawFormula | undefined;
const waiting: Parameters<DrawFormula>[] = [];

/** Draws formulas with the part that is loaded with the first of them. */
const math: DrawFormula = (...formula) => {
  if (drawFormula) return drawFormula(...formula);
  if (waiting.push(formula) > 1) return;
  import('./math.js').then(
    (part) => {
      drawFormula = part.drawFormula;
      part.drawAll(waiting);
    },
    (cause: unknown) => {
      drawFormula = () => {};
      waiting.length = 0;
      console.error(
        'renderers/math.js is missing beside renderers/markdown.js: formulas stay as they were written.',
        cause,
      );
    },
  );
};

/** Makes a markdown renderer that colours code with `highlight` and draws formulas with `math`. */
export function createMarkdown(options: Pick<MarkdownOptions, 'highlight' | 'math'> = {}): CreateRenderer {
  const create: CreateRenderer = (container, context) => createMarkdownDocument(container, context, options);
  // Read when it is used: on a server there are no style sheets.
  return Object.defineProperty(create, 'styles', {get: markdownStyles});
}

/**
 * Draws CommonMark with GFM's tables, task lists, strikethrough, bare URLs and footnotes as DOM nodes. Raw HTML is
 * shown as text. What it costs to write depends on the new text, not on what was written before.
 */
export const markdown: CreateRenderer = createMarkdown({highlight, math});
