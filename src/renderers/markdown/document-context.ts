import type {RenderContext} from '../renderer.js';
import type {MarkdownStats} from './elements.js';
import type {Footnotes} from './footnotes.js';
import type {DrawFormula} from './formula.js';
import type {HighlightCode} from './highlight-code.js';
import type {References} from './references.js';

/** What everything that draws a document shares. */
export interface DocumentContext {
  readonly context: RenderContext;
  readonly stats: MarkdownStats;
  readonly references: References;
  readonly footnotes: Footnotes;
  /** The signs of the headings that the text at its end stands below: `[1, 2]` is `#`, and `##` in it. */
  readonly outline: number[];
  readonly highlight: HighlightCode | undefined;
  readonly math: DrawFormula | undefined;
}
