import type {Block, Fence, Kind} from './block.js';
import type {Line} from './line.js';

/**
 * Returns whether the line continues the open block, and consumes the block's markers from the line if so. `ends`: the
 * line is the closing fence of the block.
 */
export function continueBlock({kind, last}: Block, line: Line): boolean | 'ends' {
  switch (kind.type) {
    case 'document':
    case 'list':
    case 'details':
    case 'summary':
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
      return kind.fence ? continueFence(line, kind, kind.fence) : consumeIndent(line, 4) || consumeBlank(line);
    case 'html':
      return !(line.isBlank && !kind.end) && !line.content.startsWith('</details>');
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

/** The languages of fences that hold fences. */
const markdown = /^(?:markdown|mdx?|[qr]md)\b/i;

function continueFence(line: Line, code: Extract<Kind, {readonly type: 'code'}>, fence: Fence): true | 'ends' {
  const [, run = '', info = ''] = (!line.isIndented && /^(`{3,}(?![^]*`)|~{3,})([^]*)$/.exec(line.content)) || [];
  if (run.startsWith(fence.char) && run.length >= fence.length) {
    if (info.trim()) code.isInnerOpen ||= markdown.test(fence.info);
    else if (!code.isInnerOpen) return 'ends';
    else code.isInnerOpen = false;
  }
  for (let left = fence.indent; left > 0 && line.isAtSpace; left--) line.advanceColumns(1);
  return true;
}
