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

/** Directional marks, which reorder the punctuation of a name in another script. */
const marks = /[\u200e\u200f\u061c]/g;

/** Control characters and white space of all kinds: line breaks, and spaces that push an ending out of view. */
const gaps = /[\p{Cc}\s\u2028\u2029]+/gu;

/**
 * Returns a name from a model, a file or a server as it may stand in the interface: one line, in the order in which it is
 * written. Otherwise a button to save `photo\u202egnp.exe` would read "photoexe.png".
 */
export function plainName(name: unknown): string {
  return typeof name === 'string' ? stripInvisible(name).replace(marks, '').replace(gaps, ' ').trim() : '';
}
