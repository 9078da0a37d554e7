import {type Block, isKind, type Marker} from './block.js';
import type {BlockBuilder, Started} from './block-builder.js';
import type {DocumentContext} from './document-context.js';
import {CodeView} from './code-view.js';
import {consumeQuoteMarker} from './continue-block.js';
import {startDetails} from './details-block.js';
import {createElement} from './elements.js';
import {unescapeText} from './entities.js';
import {readHtmlStart} from './html-block.js';
import {RawView} from './raw-view.js';
import {NEED_MORE, normalizeLabel} from './scan.js';
import {readDelimiterRow, splitRow} from './table-row.js';
import {TableView} from './table-view.js';
import {TextView} from './text-view.js';

/** Starts a block if the line does so at its current position. */
type Start = (parser: BlockBuilder, container: Block) => Started | undefined;

/** Maximum nesting depth of blocks; deeper markers are text. */
const MAX_DEPTH = 60;

const startBlockQuote: Start = (parser, container) => {
  if (container.depth >= MAX_DEPTH || !consumeQuoteMarker(parser.line)) return undefined;
  parser.closeUnmatched();
  parser.addBlock({type: 'block-quote'}, createElement(parser.documentContext.stats, 'blockquote'));
  return 'container';
};

const startHeading: Start = (parser) => {
  const {line, documentContext} = parser;
  const match = line.isIndented ? null : /^(#{1,6})(?:[ \t]+|$)/.exec(line.content);
  if (!match) return undefined;
  parser.closeUnmatched();
  const footnote = parser.footnote;
  const element = createHeading(documentContext, match[1]?.length ?? 1);
  const view = new TextView(documentContext, element, footnote);
  view.append(line.content.slice(match[0].length));
  parser.setLineBlock(parser.addBlock({type: 'heading', view}, element));
  return 'done';
};

const startFencedCode: Start = (parser) => {
  const {line, documentContext} = parser;
  const match = line.isIndented ? null : /^(`{3,}(?![^]*`)|~{3,})([^]*)$/.exec(line.content);
  if (!match) return undefined;
  parser.closeUnmatched();
  const run = match[1] ?? '';
  const info = unescapeText((match[2] ?? '').trim());
  const view = new CodeView(documentContext, info.split(/\s/)[0] ?? '');
  const fence = {char: run.slice(0, 1), length: run.length, indent: line.indent, info};
  parser.addBlock({type: 'code', fence, view, blankLines: ''}, view.element);
  return 'done';
};

const startHtmlBlock: Start = (parser, container) => {
  const {line, documentContext} = parser;
  if (line.isIndented || line.text[line.nextNonspace] !== '<') return undefined;
  const html = readHtmlStart(line.content, false);
  if (!html || html === NEED_MORE) return undefined;
  if (html.isWeak && (isKind(container, 'paragraph') || parser.maybeLazy)) return undefined;
  parser.closeUnmatched();
  const view = new RawView(documentContext);
  parser.addBlock({type: 'html', end: html.end, view, lastLine: ''}, view.element);
  return 'leaf';
};

const startSetextHeading: Start = (parser, container) => {
  const {line, documentContext} = parser;
  if (line.isIndented || !isKind(container, 'paragraph')) return undefined;
  const match = /^(?:=+|-+)[ \t]*$/.exec(line.content);
  if (!match || !container.kind.view.settle()) return undefined;
  parser.closeUnmatched();
  const {view} = container.kind;
  const element = createHeading(documentContext, match[0].startsWith('=') ? 1 : 2);
  view.text.moveTo(element);
  parser.replaceParagraph(container, {type: 'heading', view: view.text}, element);
  return 'done';
};

const startThematicBreak: Start = (parser) => {
  const {line, documentContext} = parser;
  if (line.isIndented || !/^(?:\*[ \t]*){3,}$|^(?:_[ \t]*){3,}$|^(?:-[ \t]*){3,}$/.test(line.content)) return undefined;
  parser.closeUnmatched();
  parser.addBlock({type: 'thematic-break'}, createElement(documentContext.stats, 'hr'));
  return 'done';
};

const startFootnote: Start = (parser, container) => {
  const {line, documentContext} = parser;
  const match =
    line.isIndented || container.depth >= MAX_DEPTH ? null : /^\[\^([^\]\s]{1,200})\]:[ \t]*/.exec(line.content);
  if (!match) return undefined;
  line.advanceNextNonspace();
  line.advance(match[0].length);
  parser.closeUnmatched();
  const footnote = documentContext.footnotes.define(normalizeLabel(match[1] ?? ''));
  parser.addBlock({type: 'footnote', footnote}, footnote.content);
  return 'container';
};

const startListItem: Start = (parser, container) => {
  const {line, documentContext} = parser;
  if ((line.isIndented && !isKind(container, 'list')) || container.depth >= MAX_DEPTH) return undefined;
  const marker = readMarker(parser, container);
  if (!marker) return undefined;
  parser.closeUnmatched();
  const {stats} = documentContext;
  if (!isKind(parser.tip, 'list') || !isKind(container, 'list') || !isSameList(container.kind.marker, marker)) {
    const attributes = {class: 'tight'};
    const start = marker.start === 1 ? {} : {start: String(marker.start)};
    const element = marker.isOrdered
      ? createElement(stats, 'ol', {...attributes, ...start})
      : createElement(stats, 'ul', attributes);
    parser.addBlock({type: 'list', marker}, element);
  }
  parser.addBlock({type: 'list-item', marker}, createElement(stats, 'li'));
  return 'container';
};

const startIndentedCode: Start = (parser) => {
  const {line, documentContext} = parser;
  if (!line.isIndented || isKind(parser.tip, 'paragraph') || line.isBlank) return undefined;
  line.advanceColumns(4);
  parser.closeUnmatched();
  const view = new CodeView(documentContext, '');
  parser.addBlock({type: 'code', fence: undefined, view, blankLines: ''}, view.element);
  return 'leaf';
};

const startTable: Start = (parser, container) => {
  const {line, documentContext} = parser;
  if (line.isIndented || !isKind(container, 'paragraph')) return undefined;
  const align = readDelimiterRow(line.content);
  if (!align || splitRow(container.kind.lastLine).length !== align.length) return undefined;
  const {view, lastLine} = container.kind;
  if (!view.settle() || !view.text.text.endsWith(lastLine)) return undefined;
  const {footnote} = parser;
  const table = new TableView(documentContext, lastLine, align, footnote);
  if (view.text.text.length > lastLine.length) {
    view.dropEnd(lastLine.length + 1);
    container.endLine--;
    parser.addBlock({type: 'table', view: table}, table.element);
  } else {
    parser.removeDrawn(container);
    view.text.drop();
    parser.replaceParagraph(container, {type: 'table', view: table}, table.element);
  }
  return 'done';
};

/** The block starts, in the order that CommonMark prescribes. */
export const starts: readonly Start[] = [
  startBlockQuote,
  startHeading,
  startFencedCode,
  startDetails,
  startHtmlBlock,
  startSetextHeading,
  startThematicBreak,
  startFootnote,
  startListItem,
  startIndentedCode,
  startTable,
];

/**
 * Returns the tag of a heading. Headings of an answer are below those of the host page: `#` is `<h3>`, and from `####`
 * on all are `<h6>`.
 */
function headingTag(level: number): 'h3' | 'h4' | 'h5' | 'h6' {
  return (['h3', 'h4', 'h5'] as const)[level - 1] ?? 'h6';
}

/**
 * Creates a heading that looks as it was written. An answer may start with `##`, but the outline exposed to assistive
 * technology skips no level.
 */
function createHeading({stats, outline}: DocumentContext, level: number): HTMLElement {
  while ((outline.at(-1) ?? 0) >= level) outline.pop();
  outline.push(level);
  const tag = headingTag(level);
  const outlineTag = `h${Math.min(outline.length + 2, 6)}`;
  return createElement(stats, tag, outlineTag === tag ? {} : {'aria-level': outlineTag.slice(1)});
}

function isSameList(a: Marker, b: Marker): boolean {
  return a.isOrdered === b.isOrdered && a.char === b.char;
}

function readMarker({line}: BlockBuilder, container: Block): Marker | undefined {
  if (line.isIndented) return undefined;
  const {content, indent} = line;
  const match = /^(?:[*+-]|(\d{1,9})([.)]))(?=[ \t]|$)/.exec(content);
  if (!match) return undefined;
  const mark = match[0];
  const start = Number(match[1] ?? 1);
  const isEmpty = /^[ \t]*$/.test(content.slice(mark.length));
  // Only a list that starts with 1 and is not empty can interrupt a paragraph.
  if (isKind(container, 'paragraph') && (start !== 1 || isEmpty)) return undefined;

  line.advanceNextNonspace();
  line.advance(mark.length);
  const {offset, column, indent: spaces} = line;
  const isCode = spaces >= 5;
  if (isCode || isEmpty) {
    line.reset(offset, column);
    if (line.isAtSpace) line.advanceColumns(1);
  } else line.advanceColumns(spaces);
  const width = indent + mark.length + (isCode || isEmpty ? 1 : spaces);
  return {isOrdered: match[1] !== undefined, char: match[2] ?? mark, start, width};
}
