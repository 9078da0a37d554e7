import {expect} from '@open-wc/testing';

import {createPlay, playStorage} from '../helpers/storage-model.js';

/** `npm run chaos -- --storage` plays 10,000. */
const count = 400;

describe('persist: random interleavings of tabs', () => {
  it('lose nothing, bring back nothing that was cleared, and converge', function () {
    this.timeout(120_000);
    for (let seed = 0; seed < count; seed++) {
      const {problems, trace} = playStorage(createPlay(seed));
      expect(problems, `seed ${seed}\n${trace.slice(-40).join('\n')}`).to.deep.equal([]);
    }
  });
});
