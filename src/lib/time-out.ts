/** Resolves as the promise does. Rejects if it takes longer than `delay` milliseconds, and leaves no timer behind. */
export async function withTimeout<T>(promise: Promise<T>, delay: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It did not load within ${delay / 1000} seconds.`)), delay);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
