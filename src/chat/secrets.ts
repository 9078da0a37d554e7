/** Pages that no one else opens, and those without an origin: files. */
const privateOrigin = /^(?!http)|\/\/(?:localhost|127\.[\d.]+|\[::1\]|[^/:]+\.local(?:host)?)(?::|$)/;

let hasWarned = false;

/** Warns, once a page, where what its author gave the element holds what reads like a secret key. */
export function warnOfKeys(): void {
  if (hasWarned || privateOrigin.test(origin)) return;
  hasWarned = true;
  console.warn(
    '<stream-chat> was given what looks like a secret API key. Everyone who opens this page can read and use it. Revoke it, keep the next one on your server and let that ask the model; or let the function "headers" fetch short-lived tokens.',
  );
}
