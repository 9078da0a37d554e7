import {expect} from '@open-wc/testing';

import {createRandom, cutAtRandom} from '../renderers/draw.js';
import {shared} from '../helpers/shared.js';
import {payloads, texts} from './corpus.js';
import {Board} from './draw-parts.js';
import {counts, findInElement, guard, strangers} from './walker.js';

const isThorough = navigator.userAgent.includes('Chrome/');

describe('hostile answers, in every field', function () {
  this.timeout(120_000);
  const random = createRandom(23);
  let start = 0;
  let payload = '';
  let board: Board;
  let happened: () => string[];
  before(async () => {
    board = new Board((box) => {
      const found = findInElement(box);
      if (found.length > 0) expect(found, JSON.stringify(payload)).to.deep.equal([]);
    });
    await board.load();
    start = performance.now();
    happened = guard();
  });
  after(() => {
    board.box.remove();
    console.info(`hostile fields: ${payloads.length} payloads, ${counts.walks} walks over ${counts.elements} elements`);
    expect(happened()).to.deep.equal([]);
    expect(strangers(start)).to.deep.equal([]);
  });

  const cuts: Readonly<Record<string, (text: string) => readonly string[]>> = {
    whole: (text) => [text],
    'a character at a time': (text) => (text.length < 120 ? [...text] : cutAtRandom(text, 20, random)),
    'cut at random': (text) => cutAtRandom(text, 30, random),
  };
  for (const [name, cut] of Object.entries(cuts)) {
    it(`renders only allowed nodes for reasoning, refusals, calls, results, sources and errors, ${name}`, () => {
      for (const [index, text] of payloads.entries()) {
        // Writing a character at a time costs most: for a third of the payloads.
        if (index % (isThorough ? 1 : 5) > 0 || (name === 'a character at a time' && index % 3 > 0)) continue;
        payload = text;
        board.drawAnswer(text, cut);
      }
    });
  }

  it('renders only allowed nodes for messages of the user and from storage', () => {
    for (const text of payloads) {
      payload = text;
      board.drawOthers(text);
    }
  });

  it('renders only allowed nodes for the optional HTML files', async function () {
    const response = await shared(this, 'security/html-payloads.json');
    const {payloads: list} = (await response.json()) as {payloads: {payload: string}[]};
    for (const [index, {payload: text}] of list.entries()) {
      if (!isThorough && index % 5 > 0) continue;
      payload = text;
      board.drawAnswer(text, (whole) => cutAtRandom(whole, 300, random));
      board.drawOthers(text);
    }
  });

  it('shows invisible characters in the confirmation of a tool call', () => {
    payload = texts['what is not seen']![3]!;
    board.drawAnswer(payload, (text) => [text]);

    expect(board.box.querySelector('[part="tool-arguments"]')!.textContent).to.contain('⟨U+E0069⟩');
  });
});
