/** How a delimiter run relates to the characters around it. */
export interface Flanking {
  readonly isLeft: boolean;
  readonly isRight: boolean;
  /** Whether punctuation is before the run. */
  readonly isAfterPunctuation: boolean;
  /** Whether punctuation is after the run. */
  readonly isBeforePunctuation: boolean;
}

const whitespace = /\s/;
const punctuation = /[\p{P}\p{S}]/u;
/** Selects the form of the character before it, but not as an emoji. */
const variationSelector = /[\ufe00-\ufe0e]/;
/** Quotation marks that the selector U+FE01 makes full-width. */
const wideQuote = /[‘’“”]/;
const ideographicSelector = /[\u{e0100}-\u{e01ef}]/u;
/**
 * Characters of Chinese, Japanese and Korean: those of the East Asian width W, F or H that are no emoji, and Hangul.
 * https://github.com/tats-u/markdown-cjk-friendly/blob/main/ranges.md
 */
const cjk =
  /(?!\p{Emoji_Presentation})[\u1100-\u11ff\u20a9\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\ua4c6\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uffee\u{16fe0}-\u{18df2}\u{1aff0}-\u{1b2fb}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;

/** Returns whether the character is one of Chinese, Japanese or Korean: such texts have no spaces between words. */
export function isCjk(character: string): boolean {
  return cjk.test(character);
}

/** Returns the character before `at`; a line break at the start of the text. */
export function characterBefore(text: string, at: number): string {
  if (at <= 0) return '\n';
  const code = text.charCodeAt(at - 1);
  const isLow = code >= 0xdc00 && code < 0xe000 && at > 1;
  return isLow ? text.slice(at - 2, at) : text.slice(at - 1, at);
}

/** Returns the character at `at`; a line break at the end of the text. */
export function characterAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 10);
}

/**
 * Returns how the delimiter run from `start` to `end` flanks, with the amendments for Chinese, Japanese and Korean:
 * their punctuation counts as a letter, and other punctuation next to one of their characters as if a space were there.
 * https://github.com/tats-u/markdown-cjk-friendly/blob/main/specification.md
 */
export function flankingOf(text: string, start: number, end: number): Flanking {
  let before = characterBefore(text, start);
  let isWide = false;
  if (variationSelector.test(before)) {
    isWide = before === '\ufe01';
    before = characterBefore(text, start - 1);
    isWide &&= wideQuote.test(before);
  }
  const after = characterAt(text, end);
  const isAfterPunctuation = punctuation.test(before);
  const isBeforePunctuation = punctuation.test(after);
  const isCjkBefore = isWide || isCjk(before) || ideographicSelector.test(before);
  const isCjkAfter = isCjk(after);
  const isSpaceBefore = whitespace.test(before);
  const isSpaceAfter = whitespace.test(after);
  return {
    isLeft: !isSpaceAfter && (!isBeforePunctuation || isCjkAfter || isSpaceBefore || isAfterPunctuation || isCjkBefore),
    isRight: !isSpaceBefore && (!isAfterPunctuation || isCjkBefore || isSpaceAfter || isBeforePunctuation || isCjkAfter),
    isAfterPunctuation,
    isBeforePunctuation,
  };
}
