/** Returns a random ID. `crypto.randomUUID` needs a secure context, which a host on a local network is not. */
export function createId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
