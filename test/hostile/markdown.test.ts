import {expect} from '@open-wc/testing';

import {createRandom, cutAtRandom} from '../renderers/draw.js';
import {carriers} from './carriers.js';
import {payloads, texts, urls} from './corpus.js';
import {walk} from './walk-markdown.js';
import {counts, guard, strangers} from './walker.js';

/** Chromium tests all payloads; the other engines, which are slower here, every fifth. */
const isThorough = navigator.userAgent.includes('Chrome/');

describe('hostile answers, as markdown', function () {
  this.timeout(120_000);
  const random = createRandom(11);
  let start = 0;
  let happened: () => string[];
  before(() => {
    start = performance.now();
    happened = guard();
  });
  after(() => {
    console.info(`hostile markdown: ${payloads.length} payloads, ${Object.keys(carriers).length} places, ${counts.walks} walks over ${counts.elements} elements`);
    expect(happened()).to.deep.equal([]);
    expect(strangers(start)).to.deep.equal([]);
  });

  it('has a corpus of sufficient size', () => {
    expect(urls.length).to.be.greaterThan(100);
    expect(Object.keys(texts)).to.have.length.greaterThan(12);
    expect(payloads.length).to.be.greaterThan(300);
  });

  for (const [at, [place, carry]] of Object.entries(carriers).entries()) {
    it(`renders only allowed nodes, as ${place}, after every chunk`, () => {
      for (const [index, payload] of payloads.entries()) {
        if (!isThorough && index % 5 > 0) continue;
        const text = carry(payload);
        walk(text, [text]);
        walk(text, cutAtRandom(text, 12, random));
        // Writing a character at a time costs most: each payload in a third of the constructs, and in each construct a
        // third of the payloads.
        if ((index + at) % 3 === 0 || at === 0) walk(text, text.length < 400 ? [...text] : cutAtRandom(text, 40, random));
      }
    });
  }
});
