import type {CreateRenderer} from './renderer.js';
import {createMarkdownDocument, type MarkdownOptions} from './markdown/document.js';
import type {DrawFormula} from './markdown/formula.js';
import type {ColourLine, HighlightCode} from './markdown/highlight-code.js';
import {markdownStyles} from './markdown/styles.js';

export type {ColourLine, HighlightCode} from './markdown/highlight-code.js';

let createColouring: ((language: string) => ColourLine | undefined) | undefined;

/** Highlights code with the lazy module that is loaded for the first code block that names its language. */
const highlight: HighlightCode = (language) => {
  if (createColouring) return createColouring(language);
  return import('./highlight.js').then((module) => {
    if (!createColouring) module.addColours(markdownStyles());
    return (createColouring = module.createColouring)(language);
  });
};

let drawFormula: DrawFormula | undefined;
const queuedFormulas: Parameters<DrawFormula>[] = [];

/** Draws formulas with the lazy module that is loaded for the first of them. */
const math: DrawFormula = (...formula) => {
  if (drawFormula) return drawFormula(...formula);
  if (queuedFormulas.push(formula) > 1) return;
  import('./math.js').then(
    (module) => {
      drawFormula = module.drawFormula;
      module.drawAll(queuedFormulas);
    },
    (cause: unknown) => {
      drawFormula = () => {};
      queuedFormulas.length = 0;
      console.error(
        'renderers/math.js could not be loaded. It must be in the same folder as renderers/markdown.js. Formulas are shown as source.',
        cause,
      );
    },
  );
};

/** Creates a Markdown renderer that highlights code with `highlight` and draws formulas with `math`. */
export function createMarkdown(options: Pick<MarkdownOptions, 'highlight' | 'math'> = {}): CreateRenderer {
  const create: CreateRenderer = (container, context) => createMarkdownDocument(container, context, options);
  // A getter, because servers have no style sheets.
  return Object.defineProperty(create, 'styles', {get: markdownStyles});
}

/**
 * Renders CommonMark with GFM's tables, task lists, strikethrough, bare URLs and footnotes as DOM nodes. Raw HTML is
 * shown as text. The cost of a write depends on the new text, not on the text before it.
 */
export const markdown: CreateRenderer = createMarkdown({highlight, math});
