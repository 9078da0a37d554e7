// Finds the browsers that the tests run in, and installs them where that can be done.
//   node tools/browsers.mjs    prints what is found
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
/** The first that exists of names (looked for on the PATH) and absolute paths. */
const first = (...candidates) => {
  for (const candidate of candidates) {
    const found = /[\\/]/.test(candidate) ? isExecutable(candidate) && candidate : onPath(candidate);
    if (found) return found;
  }
  return undefined;
};

/** `CHROME_PATH`, or a Chromium in one of the usual places. */
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

/** `FIREFOX_PATH`, or a Firefox in one of the usual places. */
export const findFirefox = () =>
  process.env.FIREFOX_PATH ||
  first(
    'firefox-esr',
    'firefox',
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  );

/**
 * `WEBKIT_MINIBROWSER`, or WebKitGTK's MiniBrowser of the GTK 3 build: that of the GTK 4 build answers
 * "unsupported operation" to every key and mouse action. Needs WebKitWebDriver, and a display or Xvfb.
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
      continue; // not on this system
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
 * Names the engines to test in: those of `ENGINES`, else Chromium and whatever else is here; in CI all three.
 * Installs what is missing (as root, with apt-get). Throws when an engine that must be here is not.
 */
export function ensureBrowsers() {
  const asked = process.env.ENGINES?.split(/[\s,]+/).filter(Boolean);
  const unknown = asked?.find((engine) => !(engine in FINDERS));
  if (unknown) throw new Error(`No engine "${unknown}". ENGINES takes ${Object.keys(FINDERS).join(', ')}.`);
  const missing = () => wanted.filter((engine) => !FINDERS[engine]());
  const wanted = asked ?? (isCi ? Object.keys(FINDERS) : ['chromium']);
  if (missing().length > 0 && isRoot && onPath('apt-get')) install(missing());

  const required = asked ?? ['chromium'];
  const absent = missing();
  const fatal = absent.filter((engine) => required.includes(engine));
  if (fatal.length > 0) {
    const packages = fatal.flatMap((engine) => PACKAGES[engine]).join(' ');
    throw new Error(
      `Not found: ${fatal.join(', ')}. Run \`sudo apt-get install --no-install-recommends ${packages}\`, ` +
        'or set CHROME_PATH, FIREFOX_PATH or WEBKIT_MINIBROWSER.',
    );
  }
  if (absent.length > 0) console.log(`Not here, so nothing is tested in: ${absent.join(', ')}`);
  return asked ?? Object.keys(FINDERS).filter((engine) => FINDERS[engine]());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const [engine, find] of Object.entries(FINDERS)) console.log(`${engine}: ${find() ?? 'not found'}`);
