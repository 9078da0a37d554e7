// npm run bench [-- options]: benchmarks the cost of streaming against other widgets, in a real Chromium.
//   --workloads typical,steady,burst,long,empty,old     --contenders stream-chat,streaming-markdown,…
//   --runs 3        --no-probe (skips latency and animation frames)  --no-chart
//   --memory 100    streams 100 answers of 100 kB instead of the workloads, and reports the memory that they retain
//   --shapes all    draws the curve of CPU time over size for each shape of answer (one big block, very many parts)
//   --sizes 125000,250000,500000,1000000    characters of each shape
//   --profile out   writes a CPU profile of each run of stream-chat
//   --attributes pace=smooth,renderer=plain             attributes of stream-chat
import {mkdirSync, writeFileSync} from 'node:fs';
import {cpus} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

import {buildElement, buildPage, installContenders} from './bench/build.mjs';
import {drawChart} from './bench/chart.mjs';
import {measure} from './bench/measure.mjs';
import {measureMemory} from './bench/memory.mjs';
import {measureShape} from './bench/measure-shape.mjs';
import {shapeWorkload, startServer, workloads} from './bench/server.mjs';
import {isText, shapeNames} from './bench/shapes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, '.cache/bench');
const all = ['stream-chat', 'streaming-markdown', 'plain', 'marked', 'streamdown', 'deep-chat'];
/** The contender that ratios refer to. */
const base = 'streaming-markdown';

const {values: options} = parseArgs({
  options: {
    workloads: {type: 'string', default: Object.keys(workloads).join()},
    contenders: {type: 'string', default: all.join()},
    runs: {type: 'string', default: '3'},
    probe: {type: 'boolean', default: true},
    chart: {type: 'boolean', default: true},
    build: {type: 'boolean', default: true},
    memory: {type: 'string'},
    shapes: {type: 'string'},
    sizes: {type: 'string', default: '125000,250000,500000,1000000'},
    profile: {type: 'string'},
    attributes: {type: 'string', default: ''},
  },
  allowNegative: true,
});
const names = options.contenders.split(',');
const loads = options.workloads.split(',');
const unknown = [...names.filter((name) => !all.includes(name)), ...loads.filter((name) => !workloads[name])];
if (unknown.length > 0) throw new Error(`No ${unknown}. There are ${all}; ${Object.keys(workloads)}.`);

const median = (values) => {
  const sorted = values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
};
const show = (value, digits = 0) => (typeof value === 'number' ? value.toFixed(digits) : '–');

installContenders();
mkdirSync(out, {recursive: true});
if (options.build) {
  await buildElement(out);
  for (const name of names) await buildPage(name, out);
}
const server = await startServer(out);
if (options.memory) {
  const {answers, length, before, full, after} = await measureMemory(server, {answers: Number(options.memory)});
  const retained = full.heap - before.heap;
  console.log(`${answers} answers, ${(length / 1e6).toFixed(1)} million characters.`);
  console.log(`Shown: ${(retained / 1e6).toFixed(1)} MB of heap (${(retained / length).toFixed(2)} bytes a character), ${full.nodes - before.nodes} nodes.`);
  const kept = [(after.heap - before.heap) / 1e6, after.nodes - before.nodes, after.listeners - before.listeners];
  console.log(`Cleared: ${kept[0].toFixed(2)} MB, ${kept[1]} nodes and ${kept[2]} listeners more than before.`);
  process.exit(0);
}
if (options.shapes) {
  const sizes = options.sizes.split(',').map(Number);
  const contenders = names.filter((name) => ['stream-chat', base, 'plain'].includes(name));
  console.log('CPU time of the main thread in ms, and of its longest task. ×: compared with the size before.\n');
  console.log(`| shape | | ${sizes.map((size) => `${size / 1000} kB`).join(' | ')} |\n| --- | --- | ${sizes.map(() => '---').join(' | ')} |`);
  for (const shape of options.shapes === 'all' ? shapeNames : options.shapes.split(',')) {
    for (const name of contenders) {
      if (name !== 'stream-chat' && !isText(shape)) continue;
      const cells = [];
      let before;
      for (const size of sizes) {
        // What was not finished is not finished with more text either.
        if (cells.at(-1) === 'not finished') break;
        const {cpu, longest, whole, error} = await measureShape(server, name, shapeWorkload(shape, size), options);
        const times = before ? `, × ${show(cpu / before, 1)}` : '';
        cells.push(error ?? `${show(cpu)} (${show(longest)}${times})${whole ? '' : ' NOT WHOLE'}`);
        before = cpu;
      }
      console.log(`| ${shape} | ${name} | ${cells.join(' | ')} |`);
    }
  }
  process.exit(0);
}
const results = [];
const failures = new Map();
/** Whether the contender has failed this workload twice: do not run it a third time. */
const isHopeless = (name, load) => (failures.get(`${name} ${load}`) ?? 0) >= 2;

for (const load of loads) {
  for (let run = 0; run <= Number(options.runs); run++) {
    const probe = run === Number(options.runs);
    if (probe && !options.probe) break;
    for (const name of names) {
      if (isHopeless(name, load)) continue;
      const isProfiled = options.profile && name === 'stream-chat' && !probe;
      const result = await measure(server, name, load, {probe, profile: isProfiled, attributes: options.attributes});
      if (result.profile) writeFileSync(`${options.profile}-${load}-${run}.cpuprofile`, JSON.stringify(result.profile));
      delete result.profile;
      if (result.error) failures.set(`${name} ${load}`, (failures.get(`${name} ${load}`) ?? 0) + 1);
      results.push(result);
      // Written after each run, so that an interrupted benchmark keeps its results.
      writeFileSync(join(out, 'results.json'), JSON.stringify({results}, null, 1));
      if (process.stderr.isTTY) process.stderr.write(`${load} ${name} ${show(result.cpu)} ms ${result.error ?? ''}\n`);
    }
  }
}
server.close();

const rows = [];
for (const load of loads) {
  for (const name of names) {
    const mine = results.filter(({contender, workload}) => contender === name && workload === load);
    const runs = mine.filter(({probe}) => !probe);
    const probed = mine.find(({probe}) => probe);
    // Compare only runs of the same round, because the load of the machine varies.
    const ratios = runs.map(({cpu}, i) => cpu / results.filter((r) => r.contender === base && r.workload === load && !r.probe)[i]?.cpu);
    rows.push({
      load,
      name,
      cpu: median(runs.map(({cpu}) => cpu)),
      ratio: median(ratios.filter((ratio) => ratio === ratio)),
      script: median(runs.map(({script}) => script)),
      layout: median(runs.map(({layout}) => layout)),
      longest: median(runs.map(({longest}) => longest)),
      flat: median(runs.map(({flat}) => flat)),
      open: median(runs.map(({open}) => open)),
      heap: median(runs.map(({heap}) => heap)),
      nodes: median(runs.map(({nodes}) => nodes)),
      latency: probed?.latency,
      first: probed?.first,
      gap: probed?.gap,
      whole: mine.every(({whole}) => whole),
      error: mine.find(({error}) => error)?.error,
    });
  }
}

const columns = [
  ['', (row) => row.name],
  ['CPU ms', (row) => show(row.cpu)],
  ['ratio', (row) => show(row.ratio, 2)],
  ['script', (row) => show(row.script)],
  ['layout', (row) => show(row.layout)],
  ['longest task', (row) => (row.longest === 0 ? '< 50' : show(row.longest))],
  ['frame gap', (row) => show(row.gap)],
  ['latency p95', (row) => show(row.latency)],
  ['first', (row) => show(row.first)],
  ['last/first s', (row) => show(row.flat, 2)],
  ['open ms', (row) => show(row.open)],
  ['heap MB', (row) => show(row.heap, 1)],
  ['nodes', (row) => show(row.nodes)],
  ['whole', (row) => (row.whole ? 'yes' : row.error === 'not finished' ? 'not finished' : 'NO')],
];
for (const load of loads) {
  console.log(`\n${workloads[load].title}\n`);
  const shown = columns.filter(([, cell], i) => i < 3 || rows.some((row) => row.load === load && cell(row) !== '–'));
  console.log(`| ${shown.map(([title]) => title).join(' | ')} |`);
  console.log(`| ${shown.map(() => '---').join(' | ')} |`);
  for (const row of rows.filter((row) => row.load === load)) console.log(`| ${shown.map(([, cell]) => cell(row)).join(' | ')} |`);
}
for (const {load, name, error} of rows) if (error) console.log(`\n${load}, ${name}: ${error}`);

const machine = `${cpus().length} × ${cpus()[0].model.replace(/\((?:R|TM)\)| CPU| Processor/g, '').trim()}`;
const date = new Date().toISOString().slice(0, 10);
console.log(`\nMain-thread CPU, median of ${options.runs}; ratio to ${base} in the same run. ${date}, Chromium, ${machine}.`);
writeFileSync(join(out, 'results.json'), JSON.stringify({date, machine, rows, results}, null, 1));
const isAll = all.every((name) => names.includes(name)) && ['typical', 'burst'].every((load) => loads.includes(load));
if (options.chart && isAll) {
  writeFileSync(join(root, 'docs/bench.svg'), drawChart(rows, {date, machine, base}));
  console.log('The chart is in docs/bench.svg.');
}
process.exit(0);
