/** Rejects after a time, in milliseconds. */
export function timeOut(delay: number): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error(`It did not load within ${delay / 1000} seconds.`)), delay));
}
