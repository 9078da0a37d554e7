import {expect} from '@open-wc/testing';

import '../src/index.js';
import {hurry, playSession, type Verdict} from '../tools/chaos/page.mjs';

const seed = 'test';
/** Nobody listens there: no browser asks it. */
const refused = 'http://127.0.0.1:9/';

/** Plays so many answers of each combination of the bench. Fails with what is needed to play a wrong one again. */
async function play(kind: 'runs' | 'cuts', each: number): Promise<Verdict[]> {
  const options = {seed, count: 120, kind, each};
  const response = await fetch('/__chaos-session', {method: 'POST', body: JSON.stringify(options)});
  const {session} = (await response.json()) as {session: string};
  const verdicts = await playSession({session, workers: 4, refused});
  const wrong = verdicts.filter(({exact}) => !exact);
  const told = wrong.map(
    ({combination, index, problems, faults}) =>
      `npm run chaos -- --seed ${seed} --events 120 --play ${combination}/${index}\n  ${problems.join('\n  ')}\n  ${JSON.stringify(faults)}`,
  );
  expect(wrong, told.join('\n\n')).to.have.length(0);
  return verdicts;
}

// A short run of `npm run chaos`.
describe('over a bad network', () => {
  let calm: () => void;
  before(() => (calm = hurry()));
  after(() => calm());

  it('brings every answer whole and once where the server can go on', async function () {
    this.timeout(60_000);

    const verdicts = await play('runs', 2);

    expect(verdicts).to.have.length(28);
  });

  it('asks once, and says that it was interrupted, where the server cannot', async function () {
    this.timeout(60_000);

    const verdicts = await play('cuts', 6);

    expect(verdicts).to.have.length(12);
  });
});
