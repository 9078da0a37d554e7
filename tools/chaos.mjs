// Fault-injection test: streams N answers over a faulty network and verifies exactly-once delivery.
//
// npm run chaos -- --runs 1000
//   --cuts N          answers of servers that cannot resume (default: as many as --runs)
//   --second N        answers of servers to which a second request may cost another answer (default: as many as --runs)
//   --seed S          seed of the random numbers; printed with each run
//   --only style/mode[,…]        only these combinations
//   --scenario style/mode/N[,…]  only these scenarios
//   --engine chromium | firefox | webkit
//   --events N        events per answer (400)
//   --no-library      skips the comparison with plain fetch-event-source
//   --element FOLDER  tests the built element in this folder. Default: `dist`, or a build of the sources if they are newer
//   --storage         instead plays random interleavings of tabs that share a stored conversation: --runs (10000) from --seed
//   --origins N --workers N   number of origins, and of parallel chats on each
//   --verbose         prints every scenario, not only the failed ones
//
// The page differs from a real one in two ways (page.mjs): `Math.random` returns small numbers, so that reconnection
// delays are short, and the idle timeout is shorter. Everything else is as shipped.
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

import {prepareElement} from './chaos/element.mjs';
import {openEngine} from './chaos/engines.mjs';
import {startOrigins} from './chaos/origins.mjs';
import {combinations, describeFaults, secondRequests, unresumable} from './chaos/scenarios.mjs';
import {createSession} from './chaos/server.mjs';
import {playStorage} from './chaos/storage.mjs';

const here = join(dirname(fileURLToPath(import.meta.url)), 'chaos');
const root = resolve(here, '../..');

const {values: given} = parseArgs({
  options: {
    runs: {type: 'string'},
    cuts: {type: 'string'},
    second: {type: 'string'},
    seed: {type: 'string', default: '1'},
    only: {type: 'string'},
    scenario: {type: 'string'},
    engine: {type: 'string', default: 'chromium'},
    events: {type: 'string', default: '400'},
    element: {type: 'string'},
    origins: {type: 'string', default: '3'},
    workers: {type: 'string', default: '4'},
    'no-library': {type: 'boolean', default: false},
    storage: {type: 'boolean', default: false},
    verbose: {type: 'boolean', default: false},
  },
});
given.runs ??= given.storage ? '10000' : '1000';

if (given.storage) process.exit((await playStorage(root, {runs: Number(given.runs), seed: Number(given.seed)})) ? 0 : 1);

function listScenarios() {
  if (given.scenario) {
    return given.scenario.split(',').map((name) => {
      const at = name.lastIndexOf('/');
      return [name.slice(0, at), Number(name.slice(at + 1))];
    });
  }
  const selected = (all) => (given.only ? all.filter((name) => given.only.split(',').includes(name)) : all);
  const spread = (names, count) =>
    names.length === 0
      ? []
      : Array.from({length: count}, (_, i) => [names[i % names.length], Math.floor(i / names.length)]);
  return [
    ...spread(selected(combinations), Number(given.runs)),
    ...spread(selected(unresumable), Number(given.cuts ?? given.runs)),
    ...spread(selected(secondRequests), Number(given.second ?? given.runs)),
  ];
}

function printFailure(verdict) {
  const {combination, index, format, shape, faults, problems, requests} = verdict;
  const attempts = requests.map(({attempt, method, path, id, start, generation}) => `${attempt}:${method} ${path}${id ? ` id=${id}` : ''}${start ? ` from ${start}` : ''}${generation ? ` answer ${generation}` : ''}`);
  console.log(
    [
      `\n✖ ${combination}/${index} (${format}): --seed ${given.seed} --events ${given.events} --scenario ${combination}/${index}`,
      `  shape     ${JSON.stringify(shape)}`,
      `  faults    ${describeFaults(faults)}`,
      `  requests  ${attempts.join(' | ')}`,
      ...problems.map((problem) => `  ${problem}`),
    ].join('\n'),
  );
}

const sum = (list, value) => list.reduce((total, one) => total + (value(one) || 0), 0);

function summarize(verdicts) {
  const names = [...combinations, ...unresumable, ...secondRequests].filter((name) => verdicts.some((one) => one.combination === name));
  return names.map((combination) => {
    const runs = verdicts.filter((one) => one.combination === combination);
    const library = runs.flatMap((one) => one.library ?? []);
    return {
      combination,
      runs: runs.length,
      exact: runs.filter(({exact}) => exact).length,
      lost: sum(runs, ({lost}) => lost),
      doubled: sum(runs, ({doubled}) => doubled),
      faults: sum(runs, ({faults}) => faults.length),
      reconnects: sum(runs, ({reconnects}) => reconnects) / runs.length,
      interrupted: sum(runs, ({interrupted}) => interrupted),
      reposts: sum(runs, ({reposts}) => reposts),
      falseDone: sum(runs, ({falseDone}) => falseDone),
      glued: sum(runs, ({glued}) => glued),
      posts: sum(runs, ({posts}) => posts),
      mostPosts: Math.max(...runs.map(({posts = 0}) => posts)),
      resumed: sum(runs, ({resumed}) => resumed),
      mostBilled: Math.max(...runs.map(({billed = 0}) => billed)),
      library: library.length > 0 && {
        exact: library.filter(({exact}) => exact).length,
        lost: sum(library, ({lost}) => lost),
        doubled: sum(library, ({doubled}) => doubled),
        unfinished: library.filter(({finished}) => !finished).length,
      },
    };
  });
}

function total(rows) {
  const plain = ['runs', 'exact', 'lost', 'doubled', 'faults', 'interrupted', 'reposts', 'falseDone', 'glued', 'posts', 'resumed'];
  const libraries = rows.map(({library}) => library).filter(Boolean);
  return {
    combination: 'all',
    ...Object.fromEntries(plain.map((key) => [key, sum(rows, (row) => row[key])])),
    mostPosts: Math.max(...rows.map((row) => row.mostPosts)),
    mostBilled: Math.max(...rows.map((row) => row.mostBilled)),
    reconnects: sum(rows, (row) => row.reconnects * row.runs) / sum(rows, ({runs}) => runs),
    library: libraries.length > 0 && Object.fromEntries(Object.keys(libraries[0]).map((key) => [key, sum(libraries, (one) => one[key])])),
  };
}

function printTable(rows, columns) {
  const lines = [columns.map(([name]) => name), ...rows.map((row) => columns.map(([, read]) => String(read(row))))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const write = (line) => `| ${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  console.log([write(lines[0]), `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`, ...lines.slice(1).map(write)].join('\n'));
}

const common = [
  ['style/mode', ({combination}) => combination],
  ['runs', ({runs}) => runs],
  ['exact', ({exact}) => exact],
];
const library = [
  ['FES exact', ({library}) => (library ? library.exact : '–')],
  ['FES lost', ({library}) => (library ? library.lost : '–')],
  ['FES doubled', ({library}) => (library ? library.doubled : '–')],
  ['FES gave up', ({library}) => (library ? library.unfinished : '–')],
];
const resumed = [
  ...common,
  ['lost', ({lost}) => lost],
  ['doubled', ({doubled}) => doubled],
  ['faults', ({faults}) => faults],
  ['reconnects', ({reconnects}) => reconnects.toFixed(1)],
  ...library,
];
const cut = [
  ...common,
  ['interrupted', ({interrupted}) => interrupted],
  ['second POSTs', ({reposts}) => reposts],
  ['false done', ({falseDone}) => falseDone],
  ['faults', ({faults}) => faults],
  ...library,
];

const second = [
  ...common,
  ['glued', ({glued}) => glued],
  ['lost', ({lost}) => lost],
  ['false done', ({falseDone}) => falseDone],
  ['not whole', ({interrupted}) => interrupted],
  ['faults', ({faults}) => faults],
  ['POSTs', ({posts}) => posts],
  ['POSTs, most', ({mostPosts}) => mostPosts],
  ['to resume', ({resumed}) => resumed],
  ['model runs, most', ({mostBilled}) => mostBilled],
];

const element = join(root, '.cache/chaos/element');
const builtFrom = await prepareElement(root, element, given.element && resolve(given.element));
const list = listScenarios();
const started = performance.now();
const session = createSession('run', list, {
  seed: given.seed,
  count: Number(given.events),
  library: !given['no-library'],
  onVerdict(verdict) {
    if (!verdict.exact || given.verbose) printFailure(verdict);
    const {length} = session.verdicts;
    if (length % 100 === 0 || given.verbose) console.log(`${length} of ${list.length}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  },
});
let failed = false;
const origins = await startOrigins({
  count: Number(given.origins),
  workers: Number(given.workers),
  element,
  library: join(root, 'node_modules/@microsoft/fetch-event-source/lib/esm'),
  here,
  onFailed(text) {
    failed = true;
    console.error(`Error in the page: ${text}`);
  },
});
const browser = await openEngine(given.engine, origins.url('run', session.library));
console.log(`${list.length} scenarios of ${given.events} events, seed ${given.seed}, ${given.engine} ${browser.version}, ${builtFrom}`);
// If no scenario ends for two minutes, the page has crashed.
let lastProgressAt = performance.now();
let finishedCount = 0;
const watchdog = setInterval(() => {
  if (session.verdicts.length !== finishedCount) lastProgressAt = performance.now();
  finishedCount = session.verdicts.length;
  if (performance.now() - lastProgressAt > 120_000) session.finish();
}, 1000);
await session.done;
clearInterval(watchdog);
await browser.close();
origins.close();

const rows = summarize(session.verdicts);
const split = (names) => rows.filter(({combination}) => names.includes(combination));
for (const [part, columns] of [
  [split(combinations), resumed],
  [split(unresumable), cut],
  [split(secondRequests), second],
]) {
  if (part.length === 0) continue;
  console.log();
  printTable(part.length > 1 ? [...part, total(part)] : part, columns);
}
const kinds = {};
for (const {faults} of session.verdicts) {
  for (const {kind, how, status} of faults) kinds[how ?? status ?? kind] = (kinds[how ?? status ?? kind] ?? 0) + 1;
}
const seconds = (performance.now() - started) / 1000;
console.log(`\nInjected faults: ${Object.entries(kinds).map(([kind, times]) => `${kind} ${times}`).join(', ')}. ${seconds.toFixed(0)} s.`);
const report = {seed: given.seed, events: Number(given.events), engine: given.engine, version: browser.version, seconds, rows, kinds};
const inexact = session.verdicts.filter(({exact}) => !exact);
const file = join(root, '.cache/chaos', `${given.engine}.json`);
mkdirSync(dirname(file), {recursive: true});
writeFileSync(file, JSON.stringify({...report, inexact}, undefined, 1));
console.log(`Full report: ${file}`);
if (session.verdicts.length < list.length) console.log(`${list.length - session.verdicts.length} scenarios did not end.`);
process.exit(inexact.length > 0 || failed || session.verdicts.length < list.length ? 1 : 0);
