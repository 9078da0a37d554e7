import {expect} from '@open-wc/testing';

import {createColouring} from '../../src/renderers/highlight.js';
import {drawFormula} from '../../src/renderers/math.js';
import {begin} from '../renderers/draw.js';
import {findInMarkdown} from './walker.js';

/** Writes a text in these parts, and inspects the result after each. */
export function walk(text: string, parts: readonly string[]): void {
  const drawn = begin({}, {highlight: createColouring, math: drawFormula});
  const look = (part: string) => {
    const found = findInMarkdown(drawn.root);
    if (found.length > 0) expect(found, JSON.stringify({text, behind: part})).to.deep.equal([]);
  };
  for (const part of parts) {
    drawn.write(part);
    look(part);
  }
  drawn.end();
  look('end');
  if (drawn.stats.faults > 0) expect.fail(`${drawn.stats.faults} faults were survived: ${JSON.stringify(text)}`);
}
