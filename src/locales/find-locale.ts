import type {Strings} from './en.js';

/** Makes a language available that is loaded when a page speaks it. A new one is a file and a line here. */
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
 * Finds the words for a language tag: its own, else those of the same language in the same script; those of the page
 * before ours. Resolves to `undefined` where there are none: then English is spoken.
 */
export async function findLocale(
  tag: string,
  registered: ReadonlyMap<string, Partial<Strings>>,
): Promise<readonly [tag: string, strings: Partial<Strings>] | undefined> {
  const tags = [...registered.keys(), 'en', ...files.keys()];
  const wanted = readTag(tag);
  // Not the language alone: who reads traditional Chinese is better served in English than in simplified Chinese.
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
    // An author may write anything into an attribute: what is no tag is no language that is known.
    return undefined;
  }
}
