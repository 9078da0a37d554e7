import {expect} from '@open-wc/testing';

import '../src/index.js';
import {runSession, shortenDelays, type Verdict} from '../tools/chaos/page.mjs';

const seed = 'test';
/** Browsers block this port, so no request leaves them. */
const refused = 'http://127.0.0.1:9/';

/** Runs `each` scenarios of each combination. A failure names the command that reruns it. */
async function run(kind: 'runs' | 'cuts' | 'second', each: number): Promise<Verdict[]> {
  const options = {seed, count: 120, kind, each};
  const response = await fetch('/__chaos-session', {method: 'POST', body: JSON.stringify(options)});
  const {session} = (await response.json()) as {session: string};
  const verdicts = await runSession({session, workers: 4, refused});
  const wrong = verdicts.filter(({exact}) => !exact);
  const reports = wrong.map(
    ({combination, index, problems, faults}) =>
      `npm run chaos -- --seed ${seed} --events 120 --scenario ${combination}/${index}\n  ${problems.join('\n  ')}\n  ${JSON.stringify(faults)}`,
  );
  expect(wrong, reports.join('\n\n')).to.have.length(0);
  return verdicts;
}

// A short run of `npm run chaos`.
describe('faulty network', () => {
  let restoreDelays: () => void;
  before(() => (restoreDelays = shortenDelays()));
  after(() => restoreDelays());

  it('shows every answer completely and exactly once if the server can resume', async function () {
    this.timeout(60_000);

    const verdicts = await run('runs', 2);

    expect(verdicts).to.have.length(28);
  });

  it('sends one request, and reports the answer as interrupted, if the server cannot resume', async function () {
    this.timeout(60_000);

    const verdicts = await run('cuts', 6);

    expect(verdicts).to.have.length(12);
  });

  it('shows one answer or the beginning of one, whatever a second request gets', async function () {
    this.timeout(90_000);

    const verdicts = await run('second', 3);

    expect(verdicts).to.have.length(24);
  });
});
