/** Maximum length of an unsettled text that is parsed again with every write. */
const SMALL = 4096;

/**
 * Returns whether a text that has to be parsed as a whole, and has grown from `before` to `now` characters, is parsed
 * again. A large one only when it has grown by a quarter, so that even a text that is never settled costs linear time.
 */
export function shouldReparse(before: number, now: number): boolean {
  return now < SMALL || now >= before * 1.25;
}
