import {expect} from '@open-wc/testing';

import {createPreamble} from '../../src/wire/preamble.js';

const sizes = [1, 2, 3, 7, Infinity];

function holdsAnswer(body: string, size: number): boolean {
  const preamble = createPreamble();
  let holds = false;
  for (let at = 0; at < body.length; at += size) holds = preamble.push(body.slice(at, at + size));
  return holds;
}

describe('preamble', () => {
  const idle = ['', ': ping\n\n', '\ufeff:\r\n\r\n: a\r:b\n', 'retry: 3000\n\n', 'retry: 1\n:x\n\n\n', ': half a com', 'ret', '\n\n'];
  for (const body of idle) {
    it(`finds nothing of an answer in ${JSON.stringify(body)}`, () => {
      for (const size of sizes) expect(holdsAnswer(body, size), `${size}`).to.be.false;
    });
  }

  const parts = ['data: x', ': ping\n\ndata', 'event: ping\n\n', 'retry: 3\nid: 1\n', '{"error"', 'reth', 'Hello', '\n\n:\n\nd'];
  for (const body of parts) {
    it(`finds something in ${JSON.stringify(body)}`, () => {
      for (const size of sizes) expect(holdsAnswer(body, size), `${size}`).to.be.true;
    });
  }

  it('keeps nothing of a long comment', () => {
    const preamble = createPreamble();
    for (let i = 0; i < 1000; i++) expect(preamble.push(':'.repeat(1000))).to.be.false;

    expect(preamble.push('\ndata: x\n\n')).to.be.true;
  });
});
