// npm run chaos -- --runs 1000          plays so many answers over a bad network, and says which came whole and once
//   --cuts N          so many more of servers that cannot resume (else as many as runs)
//   --seed S          another chance; the one of a run is printed with it
//   --only style/mode[,…]   of these combinations only
//   --play style/mode/N[,…] these plays only
//   --engine chromium | firefox | webkit
//   --events N        events of an answer (400)
//   --no-library      without plain fetch-event-source beside it
//   --element FOLDER  the built element in this folder, else `dist`, or a build of the sources where they are newer
//   --lanes N --workers N   origins, and chats at once on each
//
// What a page does not have by itself: `Math.random` gives small numbers, so that the waits after a lost connection are
// short, and the seconds until the element calls a server silent are fewer (page.mjs). All else is as it ships.
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

import {prepareElement} from './chaos/element.mjs';
import {openEngine} from './chaos/engines.mjs';
import {openLanes} from './chaos/lanes.mjs';
import {combinations, describeFaults, unresumable} from './chaos/plays.mjs';
import {createSession} from './chaos/server.mjs';

const here = join(dirname(fileURLToPath(import.meta.url)), 'chaos');
const root = resolve(here, '../..');

const {values: given} = parseArgs({
  options: {
    runs: {type: 'string', default: '1000'},
    cuts: {type: 'string'},
    seed: {type: 'string', default: '1'},
    only: {type: 'string'},
    play: {type: 'string'},
    engine: {type: 'string', default: 'chromium'},
    events: {type: 'string', default: '400'},
    element: {type: 'string'},
    lanes: {type: 'string', default: '3'},
    workers: {type: 'string', default: '4'},
    'no-library': {type: 'boolean', default: false},
    verbose: {type: 'boolean', default: false},
  },
});

function listPlays() {
  if (given.play) {
    return given.play.split(',').map((name) => {
      const at = name.lastIndexOf('/');
      return [name.slice(0, at), Number(name.slice(at + 1))];
    });
  }
  const wanted = (all) => (given.only ? all.filter((name) => given.only.split(',').includes(name)) : all);
  const spread = (names, count) =>
    names.length === 0
      ? []
      : Array.from({length: count}, (_, i) => [names[i % names.length], Math.floor(i / names.length)]);
  return [
    ...spread(wanted(combinations), Number(given.runs)),
    ...spread(wanted(unresumable), Number(given.cuts ?? given.runs)),
  ];
}

function printFailure(verdict) {
  const {combination, index, format, shape, faults, problems, requests} = verdict;
  const asked = requests.map(({attempt, method, path, id, start}) => `${attempt}:${method} ${path}${id ? ` id=${id}` : ''}${start ? ` from ${start}` : ''}`);
  console.log(
    [
      `\n✖ ${combination}/${index} (${format}): --seed ${given.seed} --events ${given.events} --play ${combination}/${index}`,
      `  shape   ${JSON.stringify(shape)}`,
      `  faults  ${describeFaults(faults)}`,
      `  asked   ${asked.join(' | ')}`,
      ...problems.map((problem) => `  ${problem}`),
    ].join('\n'),
  );
}

const sum = (list, value) => list.reduce((total, one) => total + (value(one) || 0), 0);

function summarize(verdicts) {
  const names = [...combinations, ...unresumable].filter((name) => verdicts.some((one) => one.combination === name));
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
  const plain = ['runs', 'exact', 'lost', 'doubled', 'faults', 'interrupted', 'reposts', 'falseDone'];
  const libraries = rows.map(({library}) => library).filter(Boolean);
  return {
    combination: 'all',
    ...Object.fromEntries(plain.map((key) => [key, sum(rows, (row) => row[key])])),
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
  ['done on half', ({falseDone}) => falseDone],
  ['faults', ({faults}) => faults],
  ...library,
];

const element = join(root, '.cache/chaos/element');
const origin = await prepareElement(root, element, given.element && resolve(given.element));
const list = listPlays();
const started = performance.now();
const session = createSession('bench', list, {
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
const lanes = await openLanes({
  lanes: Number(given.lanes),
  workers: Number(given.workers),
  element,
  library: join(root, 'node_modules/@microsoft/fetch-event-source/lib/esm'),
  here,
  onFailed(text) {
    failed = true;
    console.error(`The page failed: ${text}`);
  },
});
const browser = await openEngine(given.engine, lanes.url('bench', session.library));
console.log(`${list.length} plays of ${given.events} events, seed ${given.seed}, ${given.engine} ${browser.version}, ${origin}`);
// Nothing ended for two minutes: the page is dead.
let heard = performance.now();
let before = 0;
const alarm = setInterval(() => {
  if (session.verdicts.length !== before) heard = performance.now();
  before = session.verdicts.length;
  if (performance.now() - heard > 120_000) session.finish();
}, 1000);
await session.done;
clearInterval(alarm);
await browser.close();
lanes.close();

const rows = summarize(session.verdicts);
const split = (names) => rows.filter(({combination}) => names.includes(combination));
for (const [part, columns] of [
  [split(combinations), resumed],
  [split(unresumable), cut],
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
console.log(`\nFaults played: ${Object.entries(kinds).map(([kind, times]) => `${kind} ${times}`).join(', ')}. ${seconds.toFixed(0)} s.`);
const report = {seed: given.seed, events: Number(given.events), engine: given.engine, version: browser.version, seconds, rows, kinds};
const inexact = session.verdicts.filter(({exact}) => !exact);
const file = join(root, '.cache/chaos', `${given.engine}.json`);
mkdirSync(dirname(file), {recursive: true});
writeFileSync(file, JSON.stringify({...report, inexact}, undefined, 1));
console.log(`All of it: ${file}`);
if (session.verdicts.length < list.length) console.log(`${list.length - session.verdicts.length} plays did not end.`);
process.exit(inexact.length > 0 || failed || session.verdicts.length < list.length ? 1 : 0);
