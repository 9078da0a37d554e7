import type {StreamChatErrorCode} from '../model/errors.js';

/** A word for each plural form that a language has. `#` is the number. */
type Forms = {readonly other: string} & Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;

/** What the sentences of one language are put together with. */
export interface Grammar {
  /** Writes a number. */
  readonly number: (value: number) => string;
  /** Writes so many seconds, in words. */
  readonly seconds: (value: number) => string;
  /** Writes a number with the form that goes with it. */
  readonly plural: (value: number, forms: Forms) => string;
}

/** Makes the grammar of a language. `unitDisplay`: how the unit of seconds is written. */
export function createGrammar(language: string, unitDisplay: 'short' | 'long' = 'short'): Grammar {
  const {format: number} = new Intl.NumberFormat(language);
  const {format: seconds} = new Intl.NumberFormat(language, {style: 'unit', unit: 'second', unitDisplay});
  const rules = new Intl.PluralRules(language);
  return {
    number,
    seconds,
    plural: (value, forms) => (forms[rules.select(value)] ?? forms.other).replace('#', () => number(value)),
  };
}

/** Makes the function that words an error by its code. `#` is what is known beyond that, in English. */
export function createErrorWords(
  sentences: Readonly<Record<StreamChatErrorCode, string>>,
): (code: StreamChatErrorCode, message: string) => string {
  return (code, message) => (sentences[code] ?? '#').replace('#', () => message);
}

/** Writes the values that are known, each in its words, one after the other. */
export function joinKnown(...known: readonly (readonly [value: number | undefined, say: (value: number) => string])[]): string {
  return known.flatMap(([value, say]) => (value === undefined ? [] : [say(value)])).join(' · ');
}
