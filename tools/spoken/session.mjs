// One screen, one Orca and one browser: plays the journeys, compares what was handed to the voice, writes transcripts.
import {execFileSync, spawn} from 'node:child_process';
import {existsSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {extname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {journeys} from './journeys.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const {WORK, SPOKEN, BROWSER_NAME, BROWSER_PROGRAM} = process.env;
const isWriting = process.argv.includes('--write');
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1].split(',') : Object.keys(journeys);
/** Words of the screen reader about its own modes and about what the focus enters. */
const ownWords = /^(?:Focus mode|Browse mode|form|leaving .*|region .*|Ask us|dialog|article.*)\.?$/i;
const children = [];
const failures = [];
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const launch = (command, args) => children.push(spawn(command, args, {stdio: 'ignore', detached: true}));
const said = () => readFileSync(SPOKEN, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
const until = async (condition, limit = 40_000) => {
  const deadline = Date.now() + limit;
  while (Date.now() < deadline) {
    if (condition()) return true;
    await sleep(50);
  }
  return false;
};
const quiet = (milliseconds) => until(() => Date.now() - (said().at(-1)?.t ?? 0) > milliseconds);

let current;
let askedCount = 0;
let isReady = false;
let order;
const page = ({attributes = '', script = '', lang = 'en'}, name) => `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>${name}</title>
<script type="module" src="/dist/stream-chat.js"></script><body style="margin:0"><h1>Shop</h1>
<div style="height:650px"><stream-chat endpoint="/chat" heading="Ask us" style="height:100%" ${attributes}></stream-chat></div>
<script type="module">
await customElements.whenDefined('stream-chat');
const chat = document.querySelector('stream-chat');
${script};
await chat.updateComplete;
setTimeout(() => { chat.focus(); fetch('/ready?' + Math.random(), {cache: 'no-store'}); }, 1500);
for (;;) { const order = await (await fetch('/order?' + Math.random(), {cache: 'no-store'})).text(); (0, eval)(order); }
</script></body></html>`;
const types = {'.js': 'text/javascript', '.css': 'text/css'};
const server = createServer((req, res) => {
  const {pathname} = new URL(req.url, 'http://localhost');
  if (pathname === '/order') {
    order = res;
    // That of a page which was left would swallow the next order.
    return void res.on('close', () => (order = order === res ? undefined : order));
  }
  if (pathname === '/ready') {
    isReady = true;
    return res.writeHead(204).end();
  }
  if (pathname === '/chat') return current.answers[Math.min(askedCount++, current.answers.length - 1)](res);
  const name = pathname.slice(1);
  if (name in journeys) return res.writeHead(200, {'content-type': 'text/html; charset=utf-8'}).end(page(journeys[name], name));
  const file = join(root, pathname);
  if (!existsSync(file) || !statSync(file).isFile()) return res.writeHead(404).end();
  return res.writeHead(200, {'content-type': types[extname(file)] ?? 'application/octet-stream'}).end(readFileSync(file));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;
const run = async (script) => {
  await until(() => order);
  order.end(script);
  order = undefined;
};

/** Compares sentences, because how utterances are grouped depends on timers. */
function compare(name, expected, utterances) {
  const all = utterances.filter((text) => !ownWords.test(text)).join(' ');
  let rest = all;
  let at = 0;
  for (const sentence of expected) {
    const found = all.indexOf(sentence, at);
    if (found < 0) failures.push(`${name}: “${sentence}” was ${all.includes(sentence) ? 'said out of order' : 'not said'}`);
    else at = found + sentence.length;
    rest = rest.replace(sentence, '');
  }
  if (rest.trim() !== '') failures.push(`${name}: said beside what is expected: “${rest.trim()}”`);
}

async function playStep(name, {type, key, script, heard, until: awaited, never}, lines) {
  const since = Date.now();
  const utterances = () => said().filter(({t}) => t >= since).map(({text}) => text);
  if (type) {
    execFileSync('xdotool', ['type', '--delay', '40', type]);
    await sleep(500);
    return void lines.push(`**types** ${type}`, '');
  }
  if (key) execFileSync('xdotool', ['key', key]);
  else await run(script);
  const last = heard?.at(-1) ?? awaited;
  const isHeard = await until(() => utterances().join(' ').includes(last));
  if (heard || key !== 'Return' || never) await quiet(1500);
  if (!isHeard && !heard) failures.push(`${name}: after ${key ?? script} “${last}” was not said, but: ${utterances().join(' | ')}`);
  if (heard) compare(name, heard, utterances());
  if (never?.test(utterances().join(' '))) failures.push(`${name}: after ${key ?? script} was said: ${utterances().join(' | ')}`);
  lines.push(key ? `**presses** ${key}` : '**the page acts**', '', ...utterances().map((text) => `> ${text}  `), '');
}

try {
  launch('openbox', []);
  launch('/usr/bin/python3', [join(WORK, 'start.py'), '--user-prefs', join(WORK, 'prefs')]);
  if (!(await until(() => said().length > 0, 60_000))) throw new Error('Orca did not start.');
  const profile = join(WORK, 'profile');
  const first = `${origin}/${only[0]}`;
  current = journeys[only[0]];
  if (BROWSER_NAME === 'firefox') {
    const off = ['browser.shell.checkDefaultBrowser', 'browser.aboutwelcome.enabled', 'datareporting.policy.dataSubmissionEnabled', 'app.update.enabled'];
    const preferences = {'accessibility.force_disabled': -1, 'termsofuse.bypassNotification': true, ...Object.fromEntries(off.map((key) => [key, false]))};
    writeFileSync(join(profile, 'user.js'), Object.entries(preferences).map(([key, value]) => `user_pref("${key}", ${value});\n`).join(''));
    launch(BROWSER_PROGRAM, ['--no-remote', '--profile', profile, '--kiosk', first]);
  } else {
    const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--no-default-browser-check', '--password-store=basic', '--force-renderer-accessibility'];
    launch(BROWSER_PROGRAM, [...flags, `--user-data-dir=${profile}`, '--window-size=1280,900', `--app=${first}`]);
  }
  for (const name of only) {
    current = journeys[name];
    askedCount = 0;
    if (name !== only[0]) {
      isReady = false;
      await run(`location.href = '/${name}'`);
    }
    if (!(await until(() => isReady, 90_000))) throw new Error(`The page of ${name} did not load.`);
    await quiet(1500);
    const count = failures.length;
    const lines = [`# ${name}`, '', `What Orca hands to the voice in ${BROWSER_NAME}. Written by \`npm run test:spoken -- --write\`.`, ''];
    for (const step of current.steps) await playStep(name, step, lines);
    const isGood = failures.length === count;
    console.log(`${isGood ? '✔' : '✖'} ${name}`);
    if (!isGood) console.log(lines.slice(4).join('\n'));
    if (isWriting && isGood) writeFileSync(join(root, `docs/spoken/${name}.${BROWSER_NAME}.md`), `${lines.join('\n').trimEnd()}\n`);
  }
} catch (error) {
  failures.push(String(error));
} finally {
  for (const {pid} of children) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      console.warn(`Process ${pid} had ended before: ${error.message}`);
    }
  }
  server.closeAllConnections();
  server.close();
}
console.log(failures.length > 0 ? `FAILED\n${failures.map((line) => `- ${line}`).join('\n')}` : 'ok');
process.exit(failures.length > 0 ? 1 : 0);
