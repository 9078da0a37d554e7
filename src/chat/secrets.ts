/** Matches origins that only the developer opens, and pages without an origin (files). */
const privateOrigin = /^(?!http)|\/\/(?:localhost|127\.[\d.]+|\[::1\]|[^/:]+\.local(?:host)?)(?::|$)/;

let hasWarned = false;

/** Warns once per page that the element was configured with what looks like a secret key. */
export function warnOfSecrets(): void {
  if (hasWarned || privateOrigin.test(origin)) return;
  hasWarned = true;
  console.warn(
    '<stream-chat> was given what looks like a secret API key. Everyone who opens this page can read and use it. Revoke it, keep the next one on your server and let that ask the model; or let the function "headers" fetch short-lived tokens.',
  );
}
