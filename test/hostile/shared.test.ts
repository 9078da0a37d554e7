import {expect} from '@open-wc/testing';

import {shared} from '../helpers/shared.js';
import {createRandom, cutAtRandom} from '../renderers/draw.js';
import {carriers} from './carriers.js';
import {walk} from './walk-markdown.js';
import {counts, guard, strangers} from './walker.js';

// Optional hostile texts from other sources, next to the project.

const isThorough = navigator.userAgent.includes('Chrome/');

describe('hostile answers from optional files', function () {
  this.timeout(120_000);
  const random = createRandom(17);
  let start = 0;
  let happened: () => string[];
  before(() => {
    start = performance.now();
    happened = guard();
  });
  after(() => {
    console.info(`hostile texts of others: ${counts.walks} walks over ${counts.elements} elements`);
    expect(happened()).to.deep.equal([]);
    expect(strangers(start)).to.deep.equal([]);
  });

  it('renders only allowed nodes for the optional files', async function () {
    const listing = (await (await shared(this, 'security/markdown/')).json()) as string[];
    const names = listing.filter((name) => name.endsWith('.md'));
    expect(names).not.to.be.empty;
    for (const [index, name] of names.entries()) {
      if (!isThorough && index % 5 > 0) continue;
      const text = await (await fetch(`/__shared/security/markdown/${name}`)).text();
      walk(text, [text]);
      walk(text, cutAtRandom(text, 60, random));
      // Each construct of a file by itself, a character at a time.
      for (const block of text.split(/\n{2,}(?=#)/)) walk(block, [...block]);
    }
  });

  it('renders only allowed nodes for the optional HTML files', async function () {
    const response = await shared(this, 'security/html-payloads.json');
    const {payloads: list} = (await response.json()) as {payloads: {payload: string}[]};
    expect(list).not.to.be.empty;
    for (const [index, {payload}] of list.entries()) {
      if (!isThorough && index % 5 > 0) continue;
      for (const carry of Object.values(carriers)) {
        const text = carry(payload);
        walk(text, [text]);
        walk(text, cutAtRandom(text, 80, random));
      }
      walk(payload, [...payload.slice(0, 2000)]);
    }
  });
});
