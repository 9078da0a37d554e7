// Plays random interleavings of tabs that share a stored conversation (test/helpers/storage-model.ts), in Node.
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

import {build} from 'vite';

/** Maximum number of failed plays that are printed. */
const maxPrinted = 5;

/** Plays `runs` interleavings from a seed on. Returns whether all held. */
export async function playStorage(root, {runs, seed}) {
  const outDir = join(root, '.cache/chaos/storage');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: join(root, 'test/helpers/storage-model.ts'),
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: {output: {entryFileNames: 'model.mjs'}},
    },
  });
  const model = await import(pathToFileURL(join(outDir, 'model.mjs')).href);
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1000).toFixed(0);
  let failed = 0;
  for (let run = 0; run < runs; run++) {
    const play = model.createPlay(seed + run);
    const {problems, trace} = model.playStorage(play);
    if (problems.length > 0 && ++failed <= maxPrinted) {
      console.log(`\n✖ --storage --runs 1 --seed ${seed + run} ${JSON.stringify(play)}`);
      console.log([...trace.slice(-40), ...problems.slice(0, 5)].map((line) => `  ${line}`).join('\n'));
    }
    if ((run + 1) % 1000 === 0) console.log(`${run + 1} of ${runs}, ${seconds()} s`);
  }
  console.log(`${runs} interleavings of two and three tabs from seed ${seed}: ${runs - failed} held, ${failed} failed, ${seconds()} s`);
  return failed === 0;
}
