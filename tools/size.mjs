// npm run size              what the plain page of the README transfers in a real Chromium, and what each feature adds;
//                           fails above a limit, or where the tables of docs/performance.md are out of date
// npm run size -- --write   writes these tables
//
// Counted are the bytes of the bodies after gzip, of the page and of all that it requests: not the question itself,
// which goes to the endpoint, nor the icon that a browser asks for.
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';

import {chromium} from 'playwright-core';
import {build} from 'vite';

import {findChromium} from './browsers.mjs';
import {features, plainAnswer} from './size/features.mjs';
import {startServer} from './size/server.mjs';
import {fillTables, staleRows} from './size/tables.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const document = join(root, 'docs/performance.md');
/** An answer that takes longer than this has failed, in milliseconds. */
const patience = 30_000;

/** The page of README.md: what a newcomer copies is what is measured. */
function plainPage() {
  const [, page] = readFileSync(join(root, 'README.md'), 'utf8').match(/```html\n(<!doctype html>[^]*?)```/) ?? [];
  if (!page?.includes('<stream-chat endpoint="/api/chat">')) throw new Error('README.md has no page with the tag.');
  return page;
}

/** Measures one page before a question is asked, and until the answer is complete. */
async function measure(browser, plain, {attributes, head = '', without, answers = [plainAnswer], prepare} = {}) {
  if (without && !without.test(plain)) throw new Error(`The page of README.md does not contain ${without}.`);
  const page = plain
    .replace(without ?? '', '')
    .replace(/<stream-chat(?= )/, `${head}<stream-chat${attributes ? ` ${attributes}` : ''}`);
  const server = await startServer(join(root, 'dist'), page, answers);
  const context = await browser.newContext();
  try {
    const tab = await context.newPage();
    tab.setDefaultTimeout(patience);
    await tab.goto(server.url, {waitUntil: 'load'});
    const chat = tab.locator('stream-chat');
    await chat.evaluate((element) => customElements.whenDefined(element.localName).then(() => element.updateComplete));
    await server.idle();
    const load = [...server.transfers];

    if (prepare) await chat.evaluate(prepare);
    if (attributes?.includes('launcher')) await chat.evaluate((element) => element.show());
    await chat.locator('textarea').fill('How does streaming work?');
    const finished = chat.evaluate(
      (element) =>
        new Promise((resolve, reject) => {
          element.addEventListener('done', () => resolve());
          element.addEventListener('error', ({detail}) =>
            reject(new Error(`The answer failed: ${detail.error.message}`)),
          );
        }),
    );
    await chat.locator('[part~="send"]').click();
    await finished;
    await server.idle();
    if (server.waiting.length > 0) throw new Error('The endpoint was asked less often than expected.');
    const answer = [...server.transfers];
    const missing = answer.find(({isMissing}) => isMissing);
    if (missing) throw new Error(`The page requested ${missing.name}.`);
    return {load, answer};
  } finally {
    await context.close();
    server.close();
  }
}

const bytesOf = (transfers) => transfers.reduce((sum, {bytes}) => sum + bytes, 0);
const total = (transfers) => ({bytes: bytesOf(transfers), requests: transfers.length, files: transfers});
const gzipped = (file) => ({bytes: gzipSync(readFileSync(file), {level: 9}).length});

if (!existsSync(join(dist, 'stream-chat.js'))) {
  console.error('There is no dist/. Run: npm run build');
  process.exit(1);
}
const executablePath = findChromium();
if (!executablePath) {
  console.error('No Chromium was found: CHROME_PATH may name one.');
  process.exit(1);
}

await build({root, mode: 'core', logLevel: 'warn'});
const browser = await chromium.launch({executablePath, args: ['--no-sandbox']});
let totals;
let additions;
try {
  const page = plainPage();
  // Several at once, as a measurement mostly waits until no more is requested.
  const measured = [];
  const waiting = [{}, ...features].entries();
  const work = async () => {
    for (const [index, feature] of waiting) measured[index] = await measure(browser, page, feature);
  };
  await Promise.all(Array.from({length: 4}, work));
  const [plain, ...others] = measured;
  // The limits keep the sizes from growing. Two goals are lower: 78 kB until the answer is complete, 13 kB for the core.
  totals = [
    {name: 'the page, before a question is asked', ...total(plain.load), limit: {bytes: 74_000, requests: 4}},
    {
      name: 'until an answer with a block of code is complete',
      ...total(plain.answer),
      limit: {bytes: 103_000, requests: 6},
    },
    {name: '`stream-chat.js`', ...gzipped(join(dist, 'stream-chat.js')), limit: {bytes: 46_000}},
    {name: '`renderers/markdown.js`', ...gzipped(join(dist, 'renderers/markdown.js')), limit: {bytes: 28_500}},
    {name: '`renderers/math.js`', ...gzipped(join(dist, 'renderers/math.js')), limit: {bytes: 66_000}},
    {name: '`stream-chat.iife.js`', ...gzipped(join(dist, 'stream-chat.iife.js')), limit: {bytes: 222_000}},
    {
      name: '`stream-chat-element/core`, bundled',
      ...gzipped(join(root, '.cache/size/core.js')),
      limit: {bytes: 19_500},
    },
  ];
  additions = features.map(({name, until, base}, index) => {
    const before = (others[features.findIndex((feature) => feature.name === base)] ?? plain)[until];
    const after = others[index][until];
    const isNew = (file) => !before.some((transfer) => transfer.name === file.name);
    return {
      name,
      bytes: bytesOf(after) - bytesOf(before),
      requests: after.length - before.length,
      files: after.filter(isNew),
    };
  });
} finally {
  await browser.close();
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const problems = [];
for (const {name, bytes, requests, files, limit} of totals) {
  const inRequests = requests === undefined ? '' : ` in ${requests} requests`;
  console.log(`${kilobytes(bytes).padStart(9)}${inRequests}  ${name}`);
  for (const file of files ?? []) console.log(`${kilobytes(file.bytes).padStart(15)}  ${file.name}`);
  if (bytes > limit.bytes) problems.push(`${name}: ${kilobytes(bytes)}, the limit is ${kilobytes(limit.bytes)}.`);
  if (requests > limit.requests) problems.push(`${name}: ${requests} requests, the limit is ${limit.requests}.`);
}
console.log('\nadded to the plain page:');
for (const {name, bytes, requests, files} of additions) {
  const names = files.map((file) => file.name).join(', ');
  console.log(`${kilobytes(bytes).padStart(9)} in ${String(requests).padStart(2)}  ${name}${names && `: ${names}`}`);
}

const text = readFileSync(document, 'utf8');
if (process.argv.includes('--write')) writeFileSync(document, fillTables(text, totals, additions));
else {
  const stale = staleRows(text, totals, additions);
  if (stale.length > 0) {
    problems.push(
      `docs/performance.md is out of date: ${stale.join('; ')}. Run: npm run build && npm run size -- --write`,
    );
  }
}
if (problems.length > 0) {
  console.error(`\n${problems.join('\n')}`);
  process.exit(1);
}
