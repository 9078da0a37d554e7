// Finds the browsers that the tests run in, and installs them if possible.
//   node tools/browsers.mjs    prints the browsers found
import {spawnSync} from 'node:child_process';
import {accessSync, constants, readdirSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {pathToFileURL} from 'node:url';

export const isRoot = process.getuid?.() === 0;
export const isCi = !['', '0', 'false', undefined].includes(process.env.CI);

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(isExecutable);
/** Returns the first candidate that exists: a name on the PATH, or an absolute path. */
const first = (...candidates) => {
  for (const candidate of candidates) {
    const found = /[\\/]/.test(candidate) ? isExecutable(candidate) && candidate : onPath(candidate);
    if (found) return found;
  }
  return undefined;
};

/** Returns `CHROME_PATH`, or a Chromium in one of the usual places. */
export const findChromium = () =>
  process.env.CHROME_PATH ||
  first(
    'chromium',
    'chromium-browser',
    'google-chrome-stable',
    'google-chrome',
    'chrome',
    'microsoft-edge',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  );

/** Returns `FIREFOX_PATH`, or a Firefox in one of the usual places. */
export const findFirefox = () =>
  process.env.FIREFOX_PATH ||
  first(
    'firefox-esr',
    'firefox',
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  );

/**
 * Returns `WEBKIT_MINIBROWSER`, or the MiniBrowser of WebKitGTK's GTK 3 build: the one of the GTK 4 build answers
 * "unsupported operation" to every key and mouse action. Requires WebKitWebDriver, and a display or Xvfb.
 */
export function findWebKit() {
  if (!onPath('WebKitWebDriver') || !(process.env.DISPLAY || onPath('Xvfb'))) return undefined;
  if (process.env.WEBKIT_MINIBROWSER) return process.env.WEBKIT_MINIBROWSER;
  const folders = ['/usr/lib', '/usr/lib64', '/usr/libexec'];
  for (const base of folders.slice()) {
    try {
      folders.push(
        ...readdirSync(base)
          .filter((n) => n.includes('-linux-'))
          .map((n) => join(base, n)),
      );
    } catch {
      continue; // The folder does not exist on this system.
    }
  }
  return first(...folders.map((folder) => join(folder, 'webkit2gtk-4.1/MiniBrowser')));
}

const FINDERS = {chromium: findChromium, firefox: findFirefox, webkit: findWebKit};
const PACKAGES = {
  chromium: ['chromium', 'fonts-dejavu-core'],
  firefox: ['firefox-esr', 'fonts-noto-color-emoji'],
  webkit: ['webkit2gtk-driver', 'xvfb'],
};

function install(engines) {
  const packages = engines.flatMap((engine) => PACKAGES[engine]);
  console.log(`Installing ${packages.join(' ')}`);
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {...process.env, DEBIAN_FRONTEND: 'noninteractive'},
    }).status === 0;
  return apt('update', '-q') && apt('install', '-y', '-q', '--no-install-recommends', ...packages);
}

/**
 * Returns the engines to test in: those of `ENGINES`, otherwise Chromium and any others installed; in CI all three.
 * Installs missing ones (as root, with apt-get). Throws if a required engine is missing.
 */
export function ensureBrowsers() {
  const requested = process.env.ENGINES?.split(/[\s,]+/).filter(Boolean);
  const unknown = requested?.find((engine) => !(engine in FINDERS));
  if (unknown) throw new Error(`No engine "${unknown}". ENGINES accepts ${Object.keys(FINDERS).join(', ')}.`);
  const missing = () => wanted.filter((engine) => !FINDERS[engine]());
  const wanted = requested ?? (isCi ? Object.keys(FINDERS) : ['chromium']);
  if (missing().length > 0 && isRoot && onPath('apt-get')) install(missing());

  const required = requested ?? ['chromium'];
  const absent = missing();
  const fatal = absent.filter((engine) => required.includes(engine));
  if (fatal.length > 0) {
    const packages = fatal.flatMap((engine) => PACKAGES[engine]).join(' ');
    throw new Error(
      `Not found: ${fatal.join(', ')}. Run \`sudo apt-get install --no-install-recommends ${packages}\`, ` +
        'or set CHROME_PATH, FIREFOX_PATH or WEBKIT_MINIBROWSER.',
    );
  }
  if (absent.length > 0) console.log(`Not installed, not tested: ${absent.join(', ')}`);
  return requested ?? Object.keys(FINDERS).filter((engine) => FINDERS[engine]());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const [engine, find] of Object.entries(FINDERS)) console.log(`${engine}: ${find() ?? 'not found'}`);
