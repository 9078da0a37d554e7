/**
 * Colours of code by the class of a token: the last part of the name of its custom property, for light and for dark
 * schemes.
 */
const colours: Readonly<Record<string, readonly [name: string, light: string, dark: string]>> = {
  k: ['keyword', '#a0238b', '#e29bf0'],
  s: ['string', '#1a6b3c', '#8fd6a0'],
  c: ['comment', '#646b76', '#9aa2ad'],
  n: ['number', '#934700', '#f0b37e'],
  f: ['function', '#2450b8', '#8db4f8'],
  a: ['attribute', '#0b6a78', '#7fd0dd'],
  d: ['deleted', '#b42318', '#ff9a8f'],
};

/** Adds the colours of code to the style sheet of the answers. */
export function addColours(sheet: CSSStyleSheet): void {
  for (const [token, [name, light, dark]] of Object.entries(colours)) {
    sheet.insertRule(
      `[part='code-block'] .${token} { color: var(--stream-chat-code-${name}, light-dark(${light}, ${dark})); }`,
      sheet.cssRules.length,
    );
  }
}
