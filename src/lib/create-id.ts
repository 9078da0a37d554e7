/** Random, for one page: `crypto.randomUUID` needs a secure context, which a host on a local network is none of. */
export function createId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
