import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, relative} from 'node:path';
import {pathToFileURL} from 'node:url';

import {plant} from './plant.mjs';

/** A test takes at most this long, in milliseconds, before it counts as failed by the fault. */
const timeout = (duration) => 3000 + 4 * duration;
/** Time of the tests of one page, in milliseconds, as measured without a fault. */
const maxPageTime = 15_000;
const maxFaultsInPage = 60;

/**
 * Starts the test server and a browser for the tests of `files`, with all their faults planted; the files on the disk stay
 * as they are. `run` runs the tests of one file with some faults, one after the other.
 */
export async function startRunner(root, files, testFiles) {
  const planted = new Map();
  const faults = [];
  for (const file of files) {
    const {faults: found, code} = plant(readFileSync(join(root, file), 'utf8'), file, faults.length);
    faults.push(...found);
    planted.set(`/${file}`, code);
  }

  let selection = {};
  /** What the page has reported since it was opened. */
  let reports = [];
  const reached = new Map();
  const page = readFileSync(new URL('page.js', import.meta.url), 'utf8');
  const middleware = async (ctx, next) => {
    if (!ctx.path.startsWith('/__mutate/')) return next();
    const name = ctx.path.slice('/__mutate/'.length);
    if (name.endsWith('.js')) {
      ctx.set('cache-control', 'no-store');
      ctx.type = 'text/javascript';
      ctx.body = name === 'page.js' ? page : `export default ${JSON.stringify(selection)};`;
      return;
    }
    let body = '';
    for await (const chunk of ctx.req) body += chunk;
    const report = JSON.parse(body);
    if (name === 'reached') reached.set(report.file, report.reached);
    else reports.push({name, ...report});
    ctx.body = 'ok';
  };
  const plantPlugin = {
    name: 'mutate',
    transform({path, body}) {
      if (planted.has(path)) return planted.get(path);
      const file = path.slice(1);
      if (!testFiles.includes(file)) return undefined;
      return `${body}\nimport {prepare as __prepare} from '/__mutate/page.js';\n__prepare('${file}');\n`;
    },
  };

  process.env.ENGINES = 'chromium';
  const {default: config} = await import(pathToFileURL(join(root, 'web-test-runner.config.mjs')).href);
  const require = createRequire(join(root, 'package.json'));
  const runnerPackage = require.resolve('@web/test-runner');
  const {TestRunner} = createRequire(runnerPackage)('@web/test-runner-core');
  const {parseConfig} = require(join(runnerPackage, '../config/parseConfig.js'));
  const parsed = await parseConfig({
    ...config,
    rootDir: root,
    files: testFiles.map((file) => join(root, file)),
    groups: [],
    middleware: [middleware, ...config.middleware],
    plugins: [plantPlugin, ...config.plugins],
    // The browser stays open for the next run.
    watch: true,
    browserLogs: false,
    reporters: [],
  });
  const runner = new TestRunner(parsed.config, parsed.groupConfigs);
  const ended = [];
  runner.on('test-run-finished', () => ended.shift()?.());
  const nextEnd = () => new Promise((resolve) => ended.push(resolve));

  const resultOf = ({testFile, testResults, errors}) => ({
    file: relative(root, testFile),
    tests: [...flatten(testResults)],
    errors: errors.map(({message}) => message),
  });

  const first = nextEnd();
  await runner.start();
  await first;
  const baseline = [...runner.sessions.all()].map((session) => {
    const result = resultOf(session);
    return {...result, reached: reached.get(result.file) ?? {}};
  });

  /** Opens one page. Returns the faults that failed and those that passed; the others were not reached. */
  async function openPage(file, batch, isStatic) {
    const time = batch.reduce((sum, {tests}) => sum + tests.reduce((all, {duration}) => all + duration, 0), 0);
    selection = {
      isStatic,
      faults: batch.map(({id, tests}) => ({
        id,
        tests: Object.fromEntries(tests.map(({title, duration}) => [title, timeout(duration)])),
      })),
    };
    reports = [];
    // A page without end is closed; the fault that was planted in it is noticed.
    parsed.config.testsFinishTimeout = 60_000 + 4 * time + batch.length * 4000;
    const sessions = [...runner.sessions.forTestFile(join(root, file))];
    const end = nextEnd();
    await runner.runTests(sessions);
    await end;
    const {errors} = resultOf(runner.sessions.get(sessions[0].id));
    const failed = new Map(reports.filter(({name}) => name === 'fail').map((report) => [report.fault, report]));
    const passed = new Set(reports.filter(({name}) => name === 'pass').map(({fault}) => fault));
    if (errors.length > 0) {
      // A hook failed, the page did not load, or it hung: by the fault that was planted.
      const last = reports.filter(({name}) => name === 'begin').at(-1);
      const fault = last?.fault ?? (batch.length === 1 ? batch[0].id : undefined);
      if (fault !== undefined && !failed.has(fault))
        failed.set(fault, {test: last?.test ?? file, message: errors.join('\n')});
      passed.delete(fault);
    }
    return {failed, passed};
  }

  /** Runs tests of one file with these faults: `[{id, tests: [{title, duration}]}]`. Resolves to the failures by fault. */
  async function run(file, examined, isStatic = false) {
    const failures = new Map();
    let waiting = examined;
    let isAlone = isStatic;
    while (waiting.length > 0) {
      const batch = [];
      let time = 0;
      for (const one of waiting) {
        const cost = one.tests.reduce((sum, {duration}) => sum + duration + 5, 0);
        if (batch.length > 0 && (isAlone || time + cost > maxPageTime || batch.length >= maxFaultsInPage)) break;
        time += cost;
        batch.push(one);
      }
      const {failed, passed} = await openPage(file, batch, isStatic);
      for (const [fault, failure] of failed) failures.set(fault, failure);
      const isDone = ({id}) => failed.has(id) || passed.has(id);
      // What one page did not get to is examined alone, and given up if that does not help.
      if (!batch.some(isDone) && isAlone) waiting = waiting.slice(1);
      isAlone = isStatic || !batch.some(isDone);
      waiting = waiting.filter((one) => !isDone(one));
    }
    return failures;
  }

  return {faults, baseline, run, stop: () => runner.stop()};
}

function* flatten(suite, names = []) {
  for (const test of suite?.tests ?? [])
    yield {...test, title: [...names, test.name].filter(Boolean).join(' '), duration: test.duration ?? 0};
  for (const inner of suite?.suites ?? []) yield* flatten(inner, [...names, inner.name]);
}
