import {addColours} from './highlight/colours.js';
import {languages} from './highlight/languages.js';
import {createLexer, type Token} from './highlight/lexer.js';

const byName = new Map(
  Object.entries(languages).flatMap(([names, language]) => names.split(' ').map((name) => [name, language] as const)),
);

export {addColours};

/**
 * Returns a function that splits the lines of a code block, one after the other, into tokens; `undefined` if the
 * language is not known.
 */
export function createColouring(language: string): ((line: string) => Token[]) | undefined {
  const found = byName.get(language.toLowerCase());
  return found && createLexer(found);
}
