// npm run test:spoken   what Orca, a real screen reader, says of the chat in a real browser driven by real keys (Linux only)
//   node tools/spoken.mjs [--browser chromium|firefox] [--only ask,stop] [--write]
// Needs a build (npm run build). `--write` writes the transcripts to docs/spoken. No sound: a module in the place of Speech
// Dispatcher writes down what Orca hands to the voice.
import {spawn, spawnSync} from 'node:child_process';
import {chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {findChromium, findFirefox, isRoot} from './browsers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const option = (name, other) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : other;
};
const browser = option('browser', 'chromium');
const programs = ['orca', 'Xvfb', 'dbus-run-session', 'openbox', 'xdotool'];
const packages = ['orca', 'at-spi2-core', 'xvfb', 'dbus', 'dbus-bin', 'openbox', 'xdotool', 'python3-speechd'];
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const has = (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
const missing = () => programs.filter((name) => !has(name));

const skip = (reason) => {
  console.log(`Skipped: ${reason}`);
  process.exit(0);
};
if (process.platform !== 'linux') skip('Orca runs on Linux only.');
if (!existsSync(join(root, 'dist/stream-chat.js'))) throw new Error('There is no dist/stream-chat.js. Run `npm run build`.');
if (missing().length > 0 && isRoot && has('apt-get')) {
  console.log(`Installing ${packages.join(' ')}`);
  const apt = (...args) => spawnSync('apt-get', args, {stdio: ['ignore', 'ignore', 'inherit'], env: {...process.env, DEBIAN_FRONTEND: 'noninteractive'}});
  apt('update', '-q');
  apt('install', '-y', '-q', '--no-install-recommends', ...packages);
}
if (missing().length > 0) skip(`${missing().join(', ')} not found. Install ${packages.join(' ')}.`);
const program = browser === 'firefox' ? findFirefox() : findChromium();
if (!program) skip(`${browser} not found.`);

const work = mkdtempSync(join(tmpdir(), 'spoken-'));
for (const name of ['speechd', 'bin', 'run', 'home', 'prefs', 'profile']) mkdirSync(join(work, name));
chmodSync(join(work, 'run'), 0o700);
copyFileSync(join(root, 'tools/spoken/speechd.py'), join(work, 'speechd/__init__.py'));
// Orca puts its own folder first on the path of Python, so the module is imported before it starts.
const start = `import os, runpy, sys
sys.path.insert(0, '${work}'); import speechd; sys.path.pop(0)
os.environ['PATH'] = '${work}/bin:' + os.environ['PATH']
sys.argv[0] = '/usr/bin/orca'; runpy.run_path('/usr/bin/orca', run_name='__main__')
`;
writeFileSync(join(work, 'start.py'), start);
// Orca refuses to start where `pgrep` finds another one, be it on another screen.
writeFileSync(join(work, 'bin/pgrep'), '#!/bin/sh\nexit 1\n');
chmodSync(join(work, 'bin/pgrep'), 0o755);
const profile = {profile: ['Default', 'default'], enableKeyEcho: false, sayAllOnLoad: false, enableBraille: false};
const settings = {general: {startingProfile: ['Default', 'default']}, profiles: {default: profile}, pronunciations: {}, keybindings: {}};
writeFileSync(join(work, 'prefs/user-settings.conf'), JSON.stringify(settings));
writeFileSync(join(work, 'spoken'), '');

const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {stdio: ['ignore', 'ignore', 'ignore', 'pipe']});
const display = await new Promise((resolve) => screen.stdio[3].once('data', (data) => resolve(`:${String(data).trim()}`)));
const env = {
  ...process.env,
  WORK: work,
  SPOKEN: join(work, 'spoken'),
  DISPLAY: display,
  XDG_RUNTIME_DIR: join(work, 'run'),
  HOME: join(work, 'home'),
  GSETTINGS_BACKEND: 'memory',
  GNOME_ACCESSIBILITY: '1',
  NO_AT_BRIDGE: '0',
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  BROWSER_NAME: browser,
  BROWSER_PROGRAM: program,
};
const session = spawn('dbus-run-session', ['--', process.execPath, join(root, 'tools/spoken/session.mjs'), ...process.argv.slice(2)], {
  env,
  stdio: ['ignore', 'inherit', 'ignore'],
});
const limit = setTimeout(() => session.kill(), 600_000);
const code = await new Promise((resolve) => session.on('exit', (status) => resolve(status ?? 1)));
clearTimeout(limit);
screen.kill();
await sleep(300);
rmSync(work, {recursive: true, force: true, maxRetries: 3});
process.exitCode = code;
