import type {ErrorKind, StreamChatErrorCode} from '../model/errors.js';

/** Words for each plural form of a language. `#` stands for the number. */
type Forms = {readonly other: string} & Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;

/** Formatting functions for one language. */
export interface Grammar {
  /** Formats a number. */
  readonly number: (value: number) => string;
  /** Formats a duration in seconds, with its unit. */
  readonly seconds: (value: number) => string;
  /** Formats a number with its plural form. */
  readonly plural: (value: number, forms: Forms) => string;
}

/** Creates the grammar of a language. `unitDisplay`: style of the unit of seconds. */
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

/** Creates the function that returns the sentence about an error, by its kind or code. */
export function createErrorWords(
  sentences: Readonly<Record<StreamChatErrorCode | ErrorKind, string>>,
): (code: StreamChatErrorCode, message: string, kind?: ErrorKind) => string {
  return (code, _message, kind) => sentences[kind ?? code];
}

/** Formats the values that are defined, and joins them. */
export function joinKnown(...known: readonly (readonly [value: number | undefined, format: (value: number) => string])[]): string {
  return known.flatMap(([value, format]) => (value === undefined ? [] : [format(value)])).join(' · ');
}
