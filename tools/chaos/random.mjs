/**
 * Creates a random number generator that returns the same numbers for the same seed.
 * https://github.com/bryc/code/blob/master/jshash/PRNGs.md (mulberry32, seeded by a hash of the text)
 */
export function createRandom(seed) {
  let state = 0x811c9dc5;
  for (const char of String(seed)) state = Math.imul(state ^ char.codePointAt(0), 0x01000193);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const random = {
    /** Returns a number between 0 and 1. */
    next,
    /** Returns an integer from `from` to `to`, both included. */
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    /** Returns true with this probability. */
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)],
    /** Returns one of the keys; the values are their weights. */
    weigh(weights) {
      let left = next() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
      for (const [key, weight] of Object.entries(weights)) if ((left -= weight) < 0) return key;
      return Object.keys(weights).at(-1);
    },
  };
  return random;
}
