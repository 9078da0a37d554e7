import {type Block, type Fence} from './block.js';
import type {Line} from './line.js';

/**
 * Returns whether the line continues the open block, and consumes the block's markers from the line if so. `ends`: the
 * line is the closing fence of the block.
 */
export function continueBlock({kind, last}: Block, line: Line): boolean | 'ends' {
  switch (kind.type) {
    case 'document':
    case 'list':
      return true;
    case 'block-quote':
      return consumeQuoteMarker(line);
    case 'list-item':
      // An item that starts with a blank line ends at a second one.
      if (line.isBlank && !last) return false;
      return consumeBlank(line) || consumeIndent(line, kind.marker.width);
    case 'footnote':
      return consumeBlank(line) || consumeIndent(line, 4);
    case 'code':
      return kind.fence ? continueFence(line, kind.fence) : consumeIndent(line, 4) || consumeBlank(line);
    case 'html':
      return !(line.isBlank && !kind.end);
    case 'paragraph':
    case 'table':
      return !line.isBlank;
    default:
      return false;
  }
}

/** Consumes the `>` of a block quote, with the space after it. Returns whether there is one. */
export function consumeQuoteMarker(line: Line): boolean {
  if (line.isIndented || line.text[line.nextNonspace] !== '>') return false;
  line.advanceNextNonspace();
  line.advance(1);
  if (line.isAtSpace) line.advanceColumns(1);
  return true;
}

function consumeBlank(line: Line): boolean {
  if (line.isBlank) line.advanceNextNonspace();
  return line.isBlank;
}

function consumeIndent(line: Line, width: number): boolean {
  if (line.indent < width) return false;
  line.advanceColumns(width);
  return true;
}

function continueFence(line: Line, fence: Fence): true | 'ends' {
  if (!line.isIndented) {
    const run = /^(`{3,}|~{3,})[ \t]*$/.exec(line.content)?.[1];
    if (run?.startsWith(fence.char) && run.length >= fence.length) return 'ends';
  }
  for (let left = fence.indent; left > 0 && line.isAtSpace; left--) line.advanceColumns(1);
  return true;
}
