// npm test                                  browsers, typecheck, lint, build, size, package, site, then the tests in every engine
// npm test -- --files test/foo.test.ts      only these tests (quoted patterns work); `--files` can be omitted
// npm test -- --coverage | --watch          only the tests, with these options passed to the runner
// ENGINES=chromium,firefox,webkit npm test  in these engines
import {spawnSync} from 'node:child_process';
import {mkdirSync, readFileSync, rmSync} from 'node:fs';
import {delimiter, dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

import {ensureBrowsers} from './browsers.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const results = join(root, '.cache/test-results.json');
const args = process.argv.slice(2);
/** Maximum number of failed files to run again. If more fail, the cause is not timing. */
const maxRerunFiles = 6;

function run(command, ...rest) {
  const {status, signal, error} = spawnSync(command, rest, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: {...process.env, PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`},
  });
  if (error) throw error;
  if (status !== 0) throw new Error(signal ? `killed by ${signal}` : `exit code ${status}`);
}

/** Runs the tests in these files. Returns the numbers of passed, failed and skipped tests, and the files that failed. */
function runTests(files) {
  mkdirSync(dirname(results), {recursive: true});
  rmSync(results, {force: true});
  let problem;
  try {
    run('wtr', ...(args.includes('--watch') ? [] : ['--static-logging']), ...files);
  } catch (error) {
    problem = error;
  }
  let counts = {passed: 0, failed: 0, skipped: 0, failing: []};
  try {
    counts = JSON.parse(readFileSync(results, 'utf8'));
  } catch {
    problem ??= new Error('the runner wrote no results');
  }
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  if (problem && counts.failed === 0) throw problem;
  if (counts.passed === 0) throw new Error('no test ran');
  return counts;
}

/**
 * Runs the tests. Files that fail are run once more, alone: on a busy machine, tests that wait for a real network and a
 * real browser can time out. A test that fails twice has failed; one that passes the second time is reported as flaky.
 */
function test() {
  const files = args.length > 0 && !args[0].startsWith('-') ? ['--files', ...args] : args;
  const {failed, failing} = runTests(files);
  if (failed === 0) return;
  if (args.length > 0 || failing.length > maxRerunFiles) throw new Error(`${failed} failed`);
  console.log(`▶ rerun: ${failing.join(', ')}`);
  const again = runTests(failing.flatMap((file) => ['--files', file]));
  if (again.failed > 0) throw new Error(`${again.failed} failed, twice`);
  console.log(`Flaky: ${failed} failed in the full run and passed alone, in ${failing.join(', ')}.`);
}

function browsers() {
  const engines = ensureBrowsers();
  console.log(engines.join(', '));
  process.env.ENGINES = engines.join();
}

const allSteps = [
  ['browsers', browsers],
  ['typecheck', () => run('npm', 'run', '--silent', 'typecheck')],
  ['lint', () => run('npm', 'run', '--silent', 'lint')],
  ['build', () => run('npm', 'run', '--silent', 'build')],
  ['size', () => run('npm', 'run', '--silent', 'size')],
  ['package', () => run('npm', 'run', '--silent', 'package')],
  ['site', () => run('npm', 'run', '--silent', 'build:demo')],
  ['test', test],
];
const steps = args.length > 0 ? allSteps.filter(([name]) => name === 'browsers' || name === 'test') : allSteps;

for (const [name, step] of steps) {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  console.log(`\n▶ ${name}`);
  try {
    step();
    if (name !== 'test') console.log(`✔ ${name} (${seconds()})`);
  } catch (error) {
    console.error(`✖ ${name} failed after ${seconds()}: ${error.message}`);
    process.exit(1);
  }
}
