/**
 * Characters that are always removed: bidi overrides and isolates ("Trojan Source"), tag characters (smuggled
 * ASCII), word joiners and invisible operators, byte order marks. Joiners (ZWJ, ZWNJ), LRM, RLM and variation
 * selectors stay, as scripts and emoji need them.
 */
const invisible = /[\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|\udb40[\udc00-\udc7f]/g;

/** Returns `text` without the characters that could hide text from users or reorder it. */
export function stripInvisible(text: string): string {
  return text.replace(invisible, '');
}
