import type {Strings} from './en.js';

/** Languages that are lazy-loaded. A new one is a file and a line here. */
const files = new Map<string, () => Promise<{readonly strings: Strings}>>([
  ['zh-CN', () => import('./zh-CN.js')],
  ['ja', () => import('./ja.js')],
  ['ko', () => import('./ko.js')],
  ['de', () => import('./de.js')],
  ['fr', () => import('./fr.js')],
  ['es', () => import('./es.js')],
  ['pt-BR', () => import('./pt-BR.js')],
  ['ru', () => import('./ru.js')],
  ['ar', () => import('./ar.js')],
  ['he', () => import('./he.js')],
  ['hi', () => import('./hi.js')],
]);

/**
 * Finds the strings for a language tag: of the tag itself, otherwise of the same language in the same script. Registered
 * languages take precedence over built-in ones. Resolves to `undefined` if there are none; the fallback is English.
 */
export async function findLocale(
  tag: string,
  registered: ReadonlyMap<string, Partial<Strings>>,
): Promise<readonly [tag: string, strings: Partial<Strings>] | undefined> {
  const tags = [...registered.keys(), 'en', ...files.keys()];
  const wanted = readTag(tag);
  // Compare the script too: readers of traditional Chinese are better served by English than by simplified Chinese.
  const known = tags.includes(tag) ? tag : wanted && tags.find((known) => readTag(known) === wanted);
  if (!known) return undefined;
  return [known, registered.get(known) ?? (await files.get(known)?.())?.strings ?? {}];
}

/** Returns the language and the script of a tag: `pt` and `pt-PT` are both `pt-Latn`. */
function readTag(tag: string): string | undefined {
  try {
    const {language, script} = new Intl.Locale(tag.replaceAll('_', '-')).maximize();
    return `${language}-${script}`;
  } catch {
    // The attribute may contain anything. An invalid tag is an unknown language.
    return undefined;
  }
}
