interface Script {
  readonly letter: RegExp;
  /** The languages written in it. The first one is assumed where the page has another language. */
  readonly languages: readonly string[];
  /** How many Latin letters a letter counts as: ideographs are words, or half of one. */
  readonly weight: number;
}

const scripts: readonly Script[] = [
  {letter: /\p{Script=Han}/gu, languages: ['zh', 'ja', 'yue'], weight: 3},
  {letter: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu, languages: ['ja'], weight: 3},
  {letter: /\p{Script=Hangul}/gu, languages: ['ko'], weight: 2},
  {letter: /\p{Script=Arabic}/gu, languages: ['ar', 'fa', 'ur', 'ps', 'ckb', 'ug', 'sd'], weight: 1},
  {letter: /\p{Script=Hebrew}/gu, languages: ['he', 'iw', 'yi'], weight: 1},
  {letter: /\p{Script=Devanagari}/gu, languages: ['hi', 'mr', 'ne', 'sa'], weight: 1},
  {letter: /\p{Script=Cyrillic}/gu, languages: ['ru', 'uk', 'bg', 'sr', 'be', 'mk', 'kk', 'ky', 'mn', 'tg'], weight: 1},
  {letter: /\p{Script=Greek}/gu, languages: ['el'], weight: 1},
  {letter: /\p{Script=Thai}/gu, languages: ['th'], weight: 1},
];
const kana = scripts[1]!;

/**
 * Returns the language tag for a text: that of the page, unless the text is in a script in which that language is not
 * written. Returns `undefined` if neither is known. A voice reads nothing of a script that it does not know.
 */
export function languageOf(text: string, pageLanguage: string | undefined): string | undefined {
  const count = (letter: RegExp) => text.match(letter)?.length ?? 0;
  let best: Script | undefined;
  let most = count(/\p{Script=Latin}/gu);
  const isLatin = most > 0;
  for (const script of scripts) {
    const letters = count(script.letter) * script.weight;
    if (letters <= most) continue;
    most = letters;
    best = script;
  }
  // Japanese is written with ideographs, too; Chinese without kana.
  if (best === scripts[0] && count(kana.letter) > 0) best = kana;
  const primary = pageLanguage?.split('-')[0]!.toLowerCase();
  if (best) return primary !== undefined && best.languages.includes(primary) ? pageLanguage : best.languages[0];
  const isPageLatin = !scripts.some(({languages}) => languages.includes(primary ?? ''));
  return isLatin && !isPageLatin ? 'en' : pageLanguage;
}
