import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, relative} from 'node:path';

/** Number of the slowest files to print. */
const slowest = 10;

/**
 * Reporter for @web/test-runner: prints one line per file and engine while the tests run, then failures with message
 * and stack, then skipped tests and the slowest files. Writes the totals to a file for tools/test.mjs.
 */
export function testReporter({resultsFile}) {
  const print = (text = '') => process.stdout.write(`${text}\n`);
  const indent = (text, by) => text.replace(/^(?=.)/gm, ' '.repeat(by));
  let root = process.cwd();
  /** When the page of each session was opened, and milliseconds that its file took. */
  const openedAt = new Map();
  const durations = new Map();

  return {
    start({config, sessions}) {
      root = config.rootDir ?? root;
      sessions.on('session-status-updated', (session) => {
        if (session.status === 'INITIALIZING') openedAt.set(session.id, Date.now());
        if (session.status !== 'FINISHED') return;
        durations.set(session, Date.now() - (openedAt.get(session.id) ?? Date.now()));
        const {passed, failed, skipped} = count(session);
        const notes = [`${passed} passed`, failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`];
        print(
          `${failed > 0 ? '✖' : '✓'} ${session.browser.name.padEnd(8)} ${relative(root, session.testFile)}: ${notes.filter(Boolean).join(', ')}`,
        );
        for (const log of session.logs ?? []) print(indent(`log: ${log.map(show).join(' ')}`.slice(0, 2000), 4));
      });
    },

    onTestRunFinished({sessions}) {
      const sum = {passed: 0, failed: 0, skipped: 0};
      const failing = new Set();
      const failures = new Map();
      const skips = new Map();
      const note = (map, key, session, value) => {
        const entry = map.get(key) ?? {browsers: new Set(), value};
        entry.browsers.add(session.browser.name);
        map.set(key, entry);
      };
      for (const session of sessions) {
        const {passed, failed, skipped, tests} = count(session);
        sum.passed += passed;
        sum.failed += failed;
        sum.skipped += skipped;
        const file = relative(root, session.testFile);
        if (failed > 0) failing.add(file);
        for (const test of tests) {
          if (test.skipped) note(skips, `${file}: ${test.path}`, session);
          else if (!test.passed)
            note(
              failures,
              `${file}: ${test.path}`,
              session,
              test.error ?? {message: 'It did not run: a hook or the test before it failed.'},
            );
        }
        for (const error of [...session.errors, ...unhandled(session)])
          note(failures, `${file}: ${error.message}`, session, error);
        if (failed > 0)
          for (const url of session.request404s ?? [])
            note(failures, `${file}: 404 for ${url}`, session, {message: 'Not found.'});
      }
      for (const [name, {browsers, value}] of failures)
        print(`\n✖ ${name} [${[...browsers].join(', ')}]\n${indent(describe(value), 4)}`);
      if (skips.size > 0) print('\nSkipped:');
      for (const [name, {browsers}] of skips) print(`  - ${name} [${[...browsers].join(', ')}]`);
      if (durations.size > slowest) {
        print('\nSlowest files:');
        const sorted = [...durations].sort((a, b) => b[1] - a[1]).slice(0, slowest);
        for (const [{browser, testFile}, duration] of sorted) {
          print(
            `  ${(duration / 1000).toFixed(1).padStart(6)} s ${browser.name.padEnd(8)} ${relative(root, testFile)}`,
          );
        }
        const byBrowser = new Map();
        for (const [{browser}, duration] of durations)
          byBrowser.set(browser.name, (byBrowser.get(browser.name) ?? 0) + duration);
        for (const [name, duration] of byBrowser)
          print(`  ${(duration / 1000).toFixed(0).padStart(6)} s ${name}, all files`);
      }
      // The runner erases the last line when it exits.
      print();
      mkdirSync(dirname(resultsFile), {recursive: true});
      writeFileSync(resultsFile, JSON.stringify({...sum, failing: [...failing]}));
    },
  };
}

/** Yields every test of a session, with the names of its suites before its own. */
function* flatten(suite, names = []) {
  for (const test of suite?.tests ?? []) yield {...test, path: [...names, test.name].join(' › ')};
  for (const inner of suite?.suites ?? []) yield* flatten(inner, [...names, inner.name]);
}

function count(session) {
  const tests = [...flatten(session.testResults)];
  const skipped = tests.filter((test) => test.skipped).length;
  const passed = tests.filter((test) => test.passed && !test.skipped).length;
  // An error outside of a test (a module that fails to load, a failed hook) counts as one failure.
  const failed = tests.length - skipped - passed + session.errors.length + unhandled(session).length;
  return {tests, skipped, passed, failed: failed || (session.passed ? 0 : 1)};
}

/** Returns unhandled rejections as failures. The runner only logs them, but in a page they would be console errors. */
function unhandled(session) {
  const logs = (session.logs ?? []).map((log) => log.map(show).join(' '));
  return logs.flatMap((log, i) =>
    log.includes('An error was thrown in a Promise outside a test')
      ? [
          {
            message: 'Unhandled rejection',
            stack: log
              .split('\n')
              .slice(1)
              .concat(logs[i + 1] ?? [])
              .join('\n'),
          },
        ]
      : [],
  );
}

function describe({name, message = 'Unknown error', stack, expected, actual}) {
  const title = name && !message.startsWith(name) ? `${name}: ${message}` : message;
  const diff =
    typeof expected === 'string' && typeof actual === 'string' ? `\nexpected: ${expected}\nactual:   ${actual}` : '';
  const trace = stack
    ?.replace(`${name}: ${message}`, '')
    .split('\n')
    .map((line) => line.trim())
    .filter(
      (line) =>
        line && line !== message && !line.includes('/node_modules/mocha/') && !line.includes('test-runner-mocha'),
    )
    .map((line) => `\n  ${line}`)
    .join('');
  return title + diff + (trace ?? '');
}

function show(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
