/** Returns whether a model can read a file of this media type as text. */
export function isTextual(mediaType: string): boolean {
  return /^text\/|[/+](?:x-)?(?:json|xml|yaml|toml|javascript|typescript|sql|sh)$/.test(mediaType);
}

/** Returns the text of a `data:` URL. */
export function readText(url: string): string {
  const at = url.indexOf(',');
  const data = url.slice(at + 1);
  if (!url.slice(0, at).endsWith(';base64')) return decodeURIComponent(data);
  return new TextDecoder().decode(Uint8Array.from(atob(data), (char) => char.charCodeAt(0)));
}
