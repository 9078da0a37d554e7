import {stripInvisible} from '../../lib/strip-invisible.js';
import {entityNames} from './entity-names.js';

/** A character reference: `&amp;`, `&#38;`, `&#x26;`. */
export const entity = /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z][a-z0-9]{1,31}));/iy;

const escapeOrEntity = /\\([!-/:-@[-`{-~])|&(?:#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z][a-z0-9]{1,31});/gi;

/** Returns the character of a character reference, or the reference itself if its name is not known. */
export function decodeEntity(reference: string): string {
  entity.lastIndex = 0;
  const match = entity.exec(reference);
  if (!match) return reference;
  const [, hex, decimal, name] = match;
  if (name) return entityNames.get(name) ?? reference;
  const code = hex ? parseInt(hex, 16) : Number(decimal);
  const invalid = code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
  return invalid ? '\ufffd' : stripInvisible(String.fromCodePoint(code));
}

/** Resolves backslash escapes and character references, as in link destinations, titles and info strings. */
export function unescapeText(text: string): string {
  if (!/[\\&]/.test(text)) return text;
  return text.replace(escapeOrEntity, (match, escaped: string | undefined) => escaped ?? decodeEntity(match));
}
