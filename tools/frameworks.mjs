// node tools/frameworks.mjs   tests the packed element in the pages of demo/frameworks: builds each page and runs it in
//                             Chromium; builds the element first if `dist` is missing
//   --only react,vue   only these pages
//   --package FILE     this tarball, instead of the output of `npm pack`
//   --headed           shows the browser
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

import {chromium} from 'playwright-core';

import {findChromium, isCi, isRoot} from './browsers.mjs';
import {install, NoPackages, pack} from './frameworks/install.mjs';
import {collectConsoleErrors, runInitialQuestion, runJourney} from './frameworks/journey.mjs';
import {pages, versionOf} from './frameworks/pages.mjs';
import {serve} from './frameworks/server.mjs';
import {checkTypes} from './frameworks/types.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'demo/frameworks');

const {values: given} = parseArgs({
  options: {
    only: {type: 'string'},
    package: {type: 'string'},
    headed: {type: 'boolean', default: false},
  },
});
const names = given.only?.split(',');
const unknown = names?.find((name) => !pages.some((page) => page.name === name));
if (unknown) throw new Error(`No page "${unknown}". There are ${pages.map(({name}) => name).join(', ')}.`);
const wanted = pages.filter(({name}) => !names || names.includes(name));

// The frameworks' server files read it when they are loaded.
process.env.NODE_ENV = 'development';

const stopwatch = () => {
  const start = performance.now();
  return () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
};
const total = stopwatch();

let failures = 0;
function fail(where, error) {
  failures += 1;
  console.error(`\n✖ ${where}: ${error.message}\n`);
}

/** Processes two items at a time: while one waits for its process or its page, the other uses the CPU. */
async function each(list, act) {
  const rest = list.values();
  const work = async () => {
    for (const one of rest) await act(one);
  };
  await Promise.all([work(), work()]);
}

function prepare() {
  const isBuilt = ['index.js', 'index.d.ts', 'frameworks/react.d.ts'].every((file) =>
    existsSync(join(root, 'dist', file)),
  );
  if (!given.package && !isBuilt) {
    const {status} = spawnSync(process.execPath, [join(root, 'tools/build.mjs')], {cwd: root, stdio: 'inherit'});
    if (status !== 0) process.exit(1);
  }
  try {
    install(folder, given.package ? resolve(given.package) : pack(root, join(root, '.cache/frameworks')));
  } catch (error) {
    if (!(error instanceof NoPackages)) throw error;
    console.log(`skipped: the frameworks cannot be installed here (${error.message})`);
    process.exit(0);
  }
}

/** Results by the name of the page. */
const notes = new Map(wanted.map(({name}) => [name, {built: '✖', refused: '–', kinds: 0, steps: 0}]));

async function make({name, title, build, types}) {
  const time = stopwatch();
  const note = notes.get(name);
  try {
    await build(folder);
    note.built = time();
  } catch (error) {
    fail(`${title}, build`, error);
  }
  try {
    if (types) note.refused = await checkTypes(folder, name, types);
  } catch (error) {
    fail(`${title}, types`, error);
  }
}

const describe = ({mode = 'development', served, late, classic, asks}) =>
  [
    mode,
    served && 'rendered by a server',
    late && 'defined late',
    classic && 'classic script',
    asks && 'sends a question by itself',
  ]
    .filter(Boolean)
    .join(', ');

async function drive(browser, {name, title, locate, isElement, createRoutes, render}, kind) {
  const time = stopwatch();
  const place = locate(kind);
  const server = await serve(join(folder, name, place.folder), {
    fill: kind.served ? async (html) => html.replace('<!--app-->', await render(folder)) : undefined,
    hold: kind.late ? isElement : undefined,
    routes: await createRoutes?.(folder),
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  const consoleErrors = collectConsoleErrors(page);
  try {
    await page.addInitScript(() => {
      // After the page is parsed, and before its modules run.
      document.addEventListener('readystatechange', () => {
        if (document.readyState === 'interactive') window.served = document.querySelector('stream-chat');
      });
    });
    await page.goto(`${server.url}/${place.path}`, {waitUntil: 'commit'});
    const seen = await (kind.asks ? runInitialQuestion : runJourney)({page, server, kind});
    if (consoleErrors.length > 0) throw new Error('errors in the console:');
    const note = notes.get(name);
    note.kinds += 1;
    note.steps += seen.length;
    console.log(`✔ ${title}, ${describe(kind)}: ${seen.length} steps, ${time()}`);
  } catch (error) {
    error.message += consoleErrors.map((text) => `\n  ${text}`).join('');
    fail(`${title}, ${describe(kind)}`, error);
  }
  await context.close();
  server.close();
}

function printTable(lines) {
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => String(line[i]).length)));
  for (const line of lines) console.log(`| ${line.map((cell, i) => String(cell).padEnd(widths[i])).join(' | ')} |`);
}

prepare();
console.log(`Installed: ${total()}`);

// Reversed, so that the slowest build starts among the first.
await each(wanted.toReversed(), make);
console.log(`Built, and types checked: ${total()}`);

const browser = await chromium.launch({
  executablePath: findChromium(),
  headless: !given.headed,
  args: isRoot || isCi ? ['--no-sandbox'] : [],
});
const drives = wanted
  .filter(({name}) => notes.get(name).built !== '✖')
  .flatMap((page) => page.kinds.map((kind) => [page, kind]));
await each(drives, ([page, kind]) => drive(browser, page, kind));
await browser.close();

console.log();
printTable([
  ['page', 'version', 'built in', 'type errors found', 'variants passed', 'steps'],
  ...wanted.map((page) => {
    const {built, refused, kinds, steps} = notes.get(page.name);
    return [page.title, versionOf(folder, page), built, refused, `${kinds} of ${page.kinds.length}`, steps];
  }),
]);
console.log(`\n${failures === 0 ? 'All passed' : `${failures} failed`}, ${total()}`);
process.exit(failures > 0 ? 1 : 0);
