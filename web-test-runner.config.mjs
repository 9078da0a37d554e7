import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {esbuildPlugin} from '@web/dev-server-esbuild';
import {chromeLauncher, puppeteerCore} from '@web/test-runner-chrome';
import {a11ySnapshotPlugin} from '@web/test-runner-commands/plugins';

import {findChromium, findFirefox, findWebKit, isCi, isRoot} from './tools/browsers.mjs';
import {builtFiles} from './tools/built-files.mjs';
import {engineCommandsPlugin} from './tools/engine-commands.mjs';
import {pureTests} from './tools/pure-tests.mjs';
import {sharedFiles} from './tools/shared-files.mjs';
import {testReporter} from './tools/test-reporter.mjs';
import {webkitLauncher} from './tools/webkit-launcher.mjs';

const path = (file) => fileURLToPath(new URL(file, import.meta.url));

const engines = {
  chromium: () =>
    chromeLauncher({
      concurrency: 1,
      launchOptions: {
        executablePath: findChromium(),
        args: [
          // As root, and in most containers, Chromium does not start otherwise.
          ...(isRoot || isCi ? ['--no-sandbox'] : []),
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
          '--disable-default-apps',
          '--disable-extensions',
          '--no-first-run',
          '--metrics-recording-only',
        ],
      },
      // Without it a page in the background gets no focus, and a test that presses keys waits for ever.
      async createPage({context}) {
        const page = await context.newPage();
        const cdp = await page.createCDPSession();
        await cdp.send('Emulation.setFocusEmulationEnabled', {enabled: true});
        return page;
      },
    }),
  firefox: () =>
    chromeLauncher({
      concurrency: 1,
      // Any "custom" puppeteer lets `browser` through; it drives Firefox over WebDriver BiDi.
      puppeteer: puppeteerCore,
      launchOptions: {browser: 'firefox', executablePath: findFirefox(), headless: true},
    }),
  webkit: () => webkitLauncher({binary: findWebKit()}),
};
const found = {chromium: findChromium, firefox: findFirefox, webkit: findWebKit};
const wanted = process.env.ENGINES?.split(',') ?? Object.keys(engines).filter((name) => found[name]());

// The answers that the tests stream: beside the tests, as they know what they need.
const helpers = './test/helpers/server.mjs';
const {middleware = []} = existsSync(path(helpers)) ? await import(helpers) : {};
const {middleware: chaos} = await import('./test/helpers/chaos.mjs');
const {middleware: realtime} = await import('./test/helpers/realtime.mjs');
const {middleware: producers} = await import('./test/helpers/producers.mjs');

const browsers = wanted.map((name) => engines[name]());
// A run of some files runs them in every engine. Groups would add theirs.
const pure = browsers.length > 1 && !process.argv.includes('--files') ? pureTests(path('.')) : [];

export default {
  files: ['test/**/*.test.ts', ...pure.map((file) => `!${file}`)],
  groups: pure.length > 0 ? [{name: 'pure', files: pure, browsers: browsers.slice(0, 1)}] : [],
  nodeResolve: {exportConditions: ['development', 'browser']},
  plugins: [
    esbuildPlugin({ts: true, target: 'es2022', tsconfig: path('./tsconfig.json')}),
    engineCommandsPlugin(),
    a11ySnapshotPlugin(),
  ],
  middleware: [builtFiles(), sharedFiles(), chaos, ...realtime, ...producers, ...middleware],
  concurrency: 1,
  concurrentBrowsers: 1,
  // Milliseconds until a page opens and begins: the defaults are too short for a machine that does other work too.
  browserStartTimeout: 180_000,
  testsStartTimeout: 180_000,
  // Of one file, in milliseconds.
  testsFinishTimeout: 300_000,
  filterBrowserLogs: ({args}) => !args.some((arg) => typeof arg === 'string' && arg.includes('Lit is in dev mode')),
  testFramework: {config: {timeout: 10_000}},
  coverageConfig: {include: ['src/**/*.ts'], reporters: ['text', 'lcovonly'], reportDir: 'coverage'},
  reporters: [testReporter({resultsFile: path('./.cache/test-results.json')})],
  browsers,
  testRunnerHtml: (framework) =>
    `<!DOCTYPE html><html><head></head><body><script type="module" src="/test/helpers/assertions.ts"></script><script type="module" src="${framework}"></script></body></html>`,
};
