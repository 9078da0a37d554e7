/** Splits bytes into chunks of `size`. */
export function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Yields all splits that a test tries: the whole, small chunks, and two chunks split at every offset. */
export function* cuts(bytes: Uint8Array, twoPartLimit = 2000): Generator<readonly Uint8Array[]> {
  yield [bytes];
  for (const size of [1, 2, 3, 7, 64]) yield [...pieces(bytes, size)];
  if (bytes.length > twoPartLimit) return;
  for (let at = 1; at < bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
}

/** Decodes chunks as the transport does. */
export function* decoded(parts: Iterable<Uint8Array>): Generator<string> {
  const decoder = new TextDecoder('utf-8', {ignoreBOM: true});
  for (const part of parts) yield decoder.decode(part, {stream: true});
  yield decoder.decode();
}

/** Creates a random number generator that returns the same numbers for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Splits bytes at random offsets. */
export function randomPieces(bytes: Uint8Array, random: () => number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + Math.floor(random() * random() * 60);
    parts.push(bytes.subarray(at, at + size));
    at += size;
  }
  return parts;
}
