import {type Block, isKind} from './block.js';
import type {BlockBuilder, Started} from './block-builder.js';
import {createElement} from './elements.js';
import {TextView} from './text-view.js';

// `<details>` and `<summary>` without attributes are drawn; what is in them is Markdown. Other HTML is text.

const CLOSE = '</details>';
const SUMMARY_END = '</summary>';

/** Returns the innermost open `<details>` that contains the block. */
export function findDetails(block: Block): Block | undefined {
  let found: Block | undefined = block;
  while (found && !isKind(found, 'details')) found = found.parent;
  return found;
}

/** Returns the position of a closing tag that follows other text at the end of a line, or -1. */
export function findDetailsEnd(line: string): number {
  const text = line.trimEnd();
  const at = text.length - CLOSE.length;
  return text.endsWith(CLOSE) && /[^\s>]|[^\s]>/.test(text.slice(0, at)) ? at : -1;
}

/** Starts a `<details>`, or a `<summary>` at its beginning, or ends one. */
export function startDetails(parser: BlockBuilder, container: Block): Started | undefined {
  const {line} = parser;
  if (line.isIndented || line.text[line.nextNonspace] !== '<') return undefined;
  const [tag] = /^<(?:details(?: open)?>|\/details>|summary>)[ \t]*/.exec(line.content) ?? [''];
  if (!tag) return undefined;
  return tag.startsWith('<d') ? open(parser, tag) : tag.startsWith('<s') ? readSummary(parser, container) : close(parser, container, tag);
}

function open(parser: BlockBuilder, tag: string): Started {
  advance(parser, tag.length);
  parser.closeUnmatched();
  const element = createElement(parser.documentContext.stats, 'details', tag.includes('open') ? {open: ''} : {});
  parser.addBlock({type: 'details', isEnded: false}, element);
  return parser.line.isBlank ? 'done' : 'container';
}

function close(parser: BlockBuilder, container: Block, tag: string): Started | undefined {
  const details = findDetails(container);
  if (!details || !isKind(details, 'details')) return undefined;
  advance(parser, tag.length);
  parser.closeUnmatched();
  details.kind.isEnded = true;
  parser.closeBlock(details);
  return parser.line.isBlank ? 'done' : 'container';
}

function readSummary(parser: BlockBuilder, container: Block): Started | undefined {
  if (!isKind(container, 'details') || container.last) return undefined;
  const {line, documentContext} = parser;
  const rest = line.content.slice('<summary>'.length);
  parser.closeUnmatched();
  const element = createElement(documentContext.stats, 'summary');
  const view = new TextView(documentContext, element, parser.footnote);
  const block = parser.addBlock({type: 'summary', view}, element);
  const end = rest.indexOf(SUMMARY_END);
  view.append((end < 0 ? rest : rest.slice(0, end)).trim());
  if (end < 0) return 'done';
  advance(parser, '<summary>'.length + end + SUMMARY_END.length);
  parser.closeBlock(block);
  return line.isBlank ? 'done' : 'container';
}

/** Adds a line to a `<summary>` of several lines. Returns what follows it in the line, if it ends there. */
export function continueSummary(view: TextView, text: string): string | undefined {
  const end = text.indexOf(SUMMARY_END);
  const added = (end < 0 ? text : text.slice(0, end)).trim();
  if (added) view.append(view.text ? `\n${added}` : added);
  return end < 0 ? undefined : text.slice(end + SUMMARY_END.length);
}

function advance({line}: BlockBuilder, length: number): void {
  line.advanceNextNonspace();
  line.advance(length);
}
