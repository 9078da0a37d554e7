/** Up to here a text that nothing settles is drawn again with every write. */
const SMALL = 4096;

/**
 * Whether a text that has to be looked at as a whole, and has grown from `before` to `now` characters, is due
 * again. A large one only when it has grown by a quarter: so even a text that is never settled costs linear time.
 */
export function shouldReparse(before: number, now: number): boolean {
  return now < SMALL || now >= before * 1.25;
}
