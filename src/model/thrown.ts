/**
 * Returns the message of whatever code of the host page has thrown, or rejected with. Never throws, whatever that is: an
 * object without a prototype, a getter or a `toString` that throws, a revoked proxy.
 */
export function messageOf(thrown: unknown): string {
  try {
    const message: unknown = thrown instanceof Error ? thrown.message : thrown;
    return typeof message === 'string' ? message : String(message);
  } catch {
    return 'What was thrown has no message that can be read.';
  }
}
