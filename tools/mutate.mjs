// Plants faults in the source, one at a time, and runs the tests that reach each: those that no test notices are listed.
//
// npm run mutate -- src/wire/transport.ts …
//   --sample N      this many faults, chosen at random (default: 40; 0: all); without files, of the whole tree
//   --seed S        seed of the choice (default: 1)
//   --line N[,N…]   only faults in these lines
//   --survivors     only those that survived the last run
//   --tests P[,P…]  these test files, instead of those that belong to the file (mutate/tests-of.mjs)
//   --seconds N     maximum time of the tests of one fault, measured without it (default: 60)
//   --min N         exit code 1 if fewer than N per cent are noticed
//
// Why not Stryker: it has no runner for @web/test-runner. The way is the same: all faults are compiled into one module, a
// page selects one, and only tests that reach it are run, until the first fails. The files on the disk are not changed.
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

import {plant} from './mutate/plant.mjs';
import {startRunner} from './mutate/runner.mjs';
import {testsOf} from './mutate/tests-of.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const resultsFile = join(root, '.cache/mutate.json');
const {values: given, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    sample: {type: 'string', default: '40'},
    seed: {type: 'string', default: '1'},
    line: {type: 'string'},
    survivors: {type: 'boolean', default: false},
    tests: {type: 'string'},
    seconds: {type: 'string', default: '60'},
    min: {type: 'string', default: '0'},
  },
});

/** The files of a sample of the whole tree are not all needed: only those in which a fault is planted. */
const files = positionals.length > 0 ? positionals.map((file) => relative(root, resolve(file))) : listSources();
const keyOf = ({file, kind, before, after}) => [file, kind, before, after].join('\n');
const chosen = choose(files.flatMap((file) => plant(readFileSync(join(root, file), 'utf8'), file).faults));
const chosenFiles = [...new Set(chosen.map(({file}) => file))];
const byFile = new Map(chosenFiles.map((file) => [file, given.tests?.split(',') ?? testsOf(root, file)]));
const testFiles = [...new Set([...byFile.values()].flat())];
console.log(
  `${chosen.length} faults in ${chosenFiles.length} files; ${testFiles.length} test files, first without a fault …`,
);

const startedAt = Date.now();
const runner = await startRunner(root, chosenFiles, testFiles);
const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
for (const {file, tests, errors} of runner.baseline) {
  for (const {title, passed, skipped, error} of tests) {
    if (!passed && !skipped) console.log(`  ✖ without a fault: ${file}: ${title}: ${error?.message}`);
  }
  for (const error of errors) console.log(`  ✖ without a fault: ${file}: ${error}`);
}
console.log(`  ${runner.baseline.reduce((sum, {tests}) => sum + tests.length, 0)} tests, ${seconds()}`);

const wanted = new Set(chosen.map(keyOf));
const outcomes = runner.faults
  .filter((fault) => wanted.delete(keyOf(fault)))
  .map((fault) => ({...fault, killedBy: undefined, ran: 0, left: Number(given.seconds) * 1000, isCut: false}));
for (const file of testFiles) await examine(file);
await runner.stop();
report();

/** Runs the tests of a file with each fault that they reach and that no test has noticed. */
async function examine(file) {
  const {tests, reached} = runner.baseline.find((one) => one.file === file) ?? {tests: [], reached: {}};
  const sound = tests.filter(({passed, skipped}) => passed && !skipped).sort((a, b) => a.duration - b.duration);
  const [batch, alone] = [[], []];
  for (const outcome of outcomes) {
    if (outcome.killedBy || !byFile.get(outcome.file).includes(file)) continue;
    // What runs while a module is loaded belongs to no test, and so to all.
    const isStatic = reached['']?.includes(outcome.id);
    const reaching = sound.filter(({title}) => isStatic || reached[title]?.includes(outcome.id));
    const within = reaching.filter(({duration}) => (outcome.left -= duration) > 0);
    outcome.isCut ||= within.length < reaching.length;
    outcome.ran += within.length;
    if (within.length > 0) (isStatic ? alone : batch).push({id: outcome.id, tests: within});
  }
  const failures = new Map([...(await runner.run(file, batch)), ...(await runner.run(file, alone, true))]);
  // On a busy machine a test may time out by itself.
  const doubtful = [...failures].filter(([, {message}]) => /time|exceeded/i.test(message));
  if (doubtful.length > 0) {
    const again = doubtful.flatMap(([id, {test}]) => {
      const repeated = sound.filter(({title}) => title === test);
      return repeated.length > 0 ? [{id, tests: repeated}] : [];
    });
    const confirmed = await runner.run(file, again);
    for (const {id} of again) if (!confirmed.has(id) && !alone.some((one) => one.id === id)) failures.delete(id);
  }
  for (const outcome of outcomes) outcome.killedBy ??= failures.get(outcome.id);
  const killed = outcomes.filter(({killedBy}) => killedBy).length;
  if (batch.length + alone.length > 0) {
    console.log(
      `  ${file}: notices ${failures.size} of ${batch.length + alone.length}; so far ${share(killed, outcomes.length)}, ${seconds()}`,
    );
  }
}

function report() {
  const survivors = outcomes.filter(({killedBy}) => !killedBy);
  for (const {file, line, kind, before, after, ran, isCut} of survivors) {
    const note =
      ran === 0
        ? 'no test reaches it'
        : `${ran} tests reach it${isCut ? ', and more, for which there was no time' : ''}`;
    console.log(`\n${file}:${line} ${kind} (${note})\n${indent('-', before)}\n${indent('+', after)}`);
  }
  console.log('');
  for (const file of chosenFiles) {
    const all = outcomes.filter((one) => one.file === file);
    console.log(`${file}: ${share(all.filter(({killedBy}) => killedBy).length, all.length)}`);
  }
  const killed = outcomes.length - survivors.length;
  console.log(`\nNoticed: ${share(killed, outcomes.length)}, seed ${given.seed}, ${seconds()}`);
  mkdirSync(dirname(resultsFile), {recursive: true});
  writeFileSync(resultsFile, JSON.stringify({survivors: survivors.map(keyOf), outcomes}, null, 1));
  process.exit(killed < (Number(given.min) / 100) * outcomes.length ? 1 : 0);
}

function indent(sign, text) {
  return text.replace(/^/gm, `  ${sign} `);
}

function share(part, whole) {
  return `${part} of ${whole} (${whole === 0 ? 100 : Math.round((part / whole) * 100)} %)`;
}

function listSources() {
  return readdirSync(join(root, 'src'), {recursive: true})
    .filter(
      (name) => name.endsWith('.ts') && !/\.(d|styles)\.ts$|(^|[\\/])(version|index|define|element)\.ts$/.test(name),
    )
    .map((name) => join('src', name))
    .sort();
}

function choose(faults) {
  if (given.survivors) {
    const keys = new Set(JSON.parse(readFileSync(resultsFile, 'utf8')).survivors);
    return faults.filter((fault) => keys.has(keyOf(fault)));
  }
  const lines = given.line?.split(',').map(Number);
  const eligible = lines ? faults.filter(({line}) => lines.includes(line)) : faults;
  const count = Number(given.sample);
  if (count === 0 || lines || eligible.length <= count) return eligible;
  // Fisher-Yates, by mulberry32.
  let state = Number(given.seed);
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let i = eligible.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [eligible[i], eligible[j]] = [eligible[j], eligible[i]];
  }
  const taken = new Set(eligible.slice(0, count));
  return faults.filter((fault) => taken.has(fault));
}
