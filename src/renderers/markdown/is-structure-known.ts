import {readHtmlStart} from './html-block.js';
import {NEED_MORE} from './scan.js';

const marker = /^(?:[-+*>]|\d{1,9}[.)])/;

/**
 * Returns whether the start of a line determines which blocks the line continues, closes and opens, whatever follows in
 * it. Then it can be drawn before it is complete. `- - -` may be a thematic break or three lists; `---` a thematic
 * break, the underline of a setext heading or part of a table; `1` a number or a list. Returns `false` if in doubt:
 * such a text is short.
 */
export function isStructureKnown(text: string, fence: string | undefined): boolean {
  const line = text.replace(/^[ \t]+/, '');
  if (!line) return false;
  // A fence in the code may open one of its own.
  if (fence && (consistsOf(line, fence) || line.startsWith(fence.repeat(3)))) return false;
  return isContentKnown(line);
}

function isContentKnown(line: string): boolean {
  const lastLetter = lastOrdinaryCharacter(line);
  let content = line;
  for (;;) {
    const c = content[0];
    if (c === undefined || content === '[') return false;
    if (line.length - content.length > lastLetter) return false;
    if (c === '#') return !/^#{1,6}[ \t]*$/.test(content);
    if (c === '`') return !/^`{1,2}$/.test(content) && !/^`{3,}[^`]*$/.test(content);
    if (c === '~') return !/^~{1,2}$/.test(content) && !content.startsWith('~~~');
    if (/^<\/?(?:details|summary)/.test(content)) return false;
    if (c === '<') return readHtmlStart(content, true) !== NEED_MORE;
    if (c === '[' && content[1] === '^') {
      const footnote = /^\[\^[^\]\s]*(?:\](?::[ \t]*)?)?/.exec(content)?.[0] ?? '';
      if (footnote.length === content.length) return false;
      if (!footnote.includes(']:')) return true;
      content = content.slice(footnote.length);
      continue;
    }
    if (/^\d{1,9}$/.test(content)) return false;
    const mark = marker.exec(content)?.[0];
    if (!mark) return true;
    const rest = content.slice(mark.length);
    if (mark !== '>' && rest && !/^[ \t]/.test(rest)) return true;
    content = rest.replace(/^[ \t]+/, '');
  }
}

/** Returns the position of the last character that occurs in no thematic break, underline or delimiter row. */
function lastOrdinaryCharacter(line: string): number {
  let at = line.length - 1;
  while (at >= 0 && '-_*=|: \t'.includes(line[at] ?? '')) at--;
  return at;
}

function consistsOf(line: string, char: string): boolean {
  return line
    .trimEnd()
    .split('')
    .every((c) => c === char);
}
