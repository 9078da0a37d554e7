/** A section of the documentation, as the search knows it. */
export interface Entry {
  readonly page: string;
  readonly title: string;
  readonly url: string;
  readonly text: string;
}

export interface Found {
  readonly entry: Entry;
  /** Where the words stand, with some of what is around them. */
  readonly excerpt: string;
}

/** Most results that are shown. */
const limit = 10;
/** Characters of an excerpt before and behind the word. */
const around = 60;

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** What a word counts where it is found; 0 where it is not. */
function weigh({page, title, text}: Entry, word: string): number {
  const [heading, body] = [fold(title), fold(text)];
  const begins = (where: string) => new RegExp(`(^|[^\\p{L}\\p{N}])${escape(word)}`, 'u').test(where);
  if (heading === word) return 60;
  if (begins(heading)) return 30;
  if (heading.includes(word)) return 15;
  // Often said is more likely what is meant, to a degree.
  const often = Math.min(body.split(word).length - 1, 5);
  if (fold(page).includes(word)) return 5 + often;
  return begins(body) ? 2 + often : often;
}

const escape = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

function excerptOf(text: string, words: readonly string[]): string {
  const folded = fold(text);
  const at = Math.max(0, ...words.map((word) => folded.indexOf(word)));
  const from = Math.max(0, at - around);
  const piece = text.slice(from, at + 2 * around).trim();
  return `${from > 0 ? '…' : ''}${piece}${at + 2 * around < text.length ? '…' : ''}`;
}

/** Returns the sections that have all words of the query, or begin with them, best first. */
export function search(entries: readonly Entry[], query: string): Found[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return entries
    .map((entry) => {
      const weights = words.map((word) => weigh(entry, word));
      return {entry, weight: weights.includes(0) ? 0 : weights.reduce((sum, weight) => sum + weight, 0)};
    })
    .filter(({weight}) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, limit)
    .map(({entry}) => ({entry, excerpt: excerptOf(entry.text, words)}));
}
