import {addColours} from './highlight/colours.js';
import {languages} from './highlight/languages.js';
import {createLexer, type Token} from './highlight/lexer.js';

const byName = new Map(
  Object.entries(languages).flatMap(([names, language]) => names.split(' ').map((name) => [name, language] as const)),
);

export {addColours};

/** Makes a function that cuts the lines of a code block, one after the other, into tokens; nothing if it is unknown. */
export function createColouring(language: string): ((line: string) => Token[]) | undefined {
  const found = byName.get(language.toLowerCase());
  return found && createLexer(found);
}
