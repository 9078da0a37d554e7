import type {RenderContext} from '../../renderer.js';
import type {MarkdownStats} from './elements.js';
import type {Footnotes} from './footnotes.js';
import type {HighlightCode} from './code-view.js';
import type {References} from './references.js';

/** What everything that draws a document shares. */
export interface Canvas {
  readonly context: RenderContext;
  readonly stats: MarkdownStats;
  readonly references: References;
  readonly footnotes: Footnotes;
  readonly highlight: HighlightCode | undefined;
}
