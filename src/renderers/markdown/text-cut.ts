/** A text node ends at the first break opportunity after this many characters, because browsers shape a text node as a whole. */
const MAX_TEXT = 2048;

/** Maximum length of a text node. A word that is longer is split into segments. */
const MAX_WORD = 4096;

/** Matches a character before which a line may end. */
export const breakOpportunity = /[ \n\u2e80-\udbff\ue000-\uffff]/;
const combining = /^[\p{M}\p{Cf}\udc00-\udfff]/u;

/** The end of a text node in a longer text. */
export interface Cut {
  readonly end: number;
  /**
   * Whether the node is a segment of a long word. Segments are boxes of their own: otherwise each character that is
   * added would have the browser lay out the whole word again.
   */
  readonly isSegment: boolean;
}

/**
 * Returns the end of the text node that starts at `start`, or `undefined` if it contains the rest of the text and may
 * still grow. Depends on the text before the end only, so chunks of any size are cut at the same positions.
 */
export function findCut(text: string, start: number): Cut | undefined {
  const from = start + MAX_TEXT;
  if (text.length <= from) return undefined;
  const found = text.slice(from, start + MAX_WORD).search(breakOpportunity);
  if (found >= 0) return {end: from + found, isSegment: false};
  for (let end = start + MAX_WORD; end < text.length; end++) if (isBoundary(text, end)) return {end, isSegment: true};
  return undefined;
}

/** Length after which text that is not settled is settled as it is, at the next white space. */
const MAX_OPEN = 16_384;

/**
 * Returns the length of the unsettled `text` that is settled now, if it is so long that nothing in it may remain open;
 * otherwise `undefined`. Depends on the text before the end only.
 */
export function findForcedEnd(text: string): number | undefined {
  if (text.length <= MAX_OPEN) return undefined;
  const found = text.slice(MAX_OPEN, MAX_OPEN + MAX_WORD).search(/[ \n]/);
  if (found >= 0) return MAX_OPEN + found;
  for (let end = MAX_OPEN + MAX_WORD; end < text.length; end++) if (isBoundary(text, end)) return end;
  return undefined;
}

/** Returns whether the characters before and after `at` are shown as two. */
function isBoundary(text: string, at: number): boolean {
  return !combining.test(text.slice(at, at + 2)) && text[at - 1] !== '\u200d';
}
