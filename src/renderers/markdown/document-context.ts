import type {RenderContext} from '../renderer.js';
import type {MarkdownStats} from './elements.js';
import type {Footnotes} from './footnotes.js';
import type {DrawFormula} from './formula.js';
import type {HighlightCode} from './highlight-code.js';
import type {References} from './references.js';
import type {Sections} from './sections.js';

/** State shared by everything that draws a document. */
export interface DocumentContext {
  readonly context: RenderContext;
  readonly stats: MarkdownStats;
  readonly references: References;
  readonly footnotes: Footnotes;
  readonly sections: Sections;
  /** The levels of the headings that contain the end of the text: `[1, 2]` is a `##` below a `#`. */
  readonly outline: number[];
  readonly highlight: HighlightCode | undefined;
  readonly math: DrawFormula | undefined;
}
