// In the page: which fault is planted, which faults each test reaches, and which tests run.
// `selection` is served by runner.mjs: `{}` for the run without a fault, or the faults to plant one after the other, with
// the tests of each: `{faults: [{id, tests: {[title]: timeout}}], isStatic}`.
import selection from '/__mutate/selection.js';

/** A fault may turn a loop into one without end; after as many questions in one test the page gives up. */
const maxQuestions = 20_000_000;

/** Of the page with the tests. Pages in frames, and those that it opened, use it too. */
const state = (findTestPage().__mutate ??= {
  reached: {},
  test: '',
  questions: 0,
  // A fault in what runs while modules are loaded is planted from the start, and alone.
  fault: selection.isStatic ? selection.faults[0].id : undefined,
  isRecording: !selection.faults,
});

function findTestPage() {
  for (const page of [globalThis.opener, globalThis.parent]) {
    try {
      if (page?.__mutate) return page;
    } catch {
      // Another origin: not the page with the tests.
    }
  }
  return globalThis;
}

/** Whether this fault is planted. Records that the current test reached it. */
export function isPlanted(id) {
  if (state.isRecording) (state.reached[state.test] ??= new Set()).add(id);
  else if (++state.questions > maxQuestions) throw new Error('A loop without end.');
  return id === state.fault;
}

const send = (name, value) => fetch(`/__mutate/${name}`, {method: 'POST', body: JSON.stringify(value)});

/** Called at the end of each test file. */
export function prepare(file) {
  const root = describe('faults', () => undefined).parent;
  if (state.isRecording) record(root, file);
  else plantEach(root);
}

function record(root, file) {
  root.beforeEach(function () {
    state.test = this.currentTest.fullTitle();
  });
  root.afterAll(async () => {
    const reached = Object.fromEntries(Object.entries(state.reached).map(([test, ids]) => [test, [...ids]]));
    await send('reached', {file, reached});
  });
}

/** Replaces each test by one copy per fault that it reaches. */
function plantEach(root) {
  const failed = new Set();
  const left = new Map(selection.faults.map(({id}) => [id, 0]));
  const visit = (suite) => {
    const originals = suite.tests;
    suite.tests = [];
    for (const {id, tests} of selection.faults) {
      for (const original of originals) {
        const title = original.fullTitle();
        if (!Object.hasOwn(tests, title)) continue;
        const test = Object.assign(original.clone(), {fault: id, original: title});
        suite.addTest(test);
        test.timeout(tests[title]);
        // A test that sets its own would wait as long for a faulty chat.
        test.timeout = (...args) => (args.length > 0 ? test : test._timeout);
        left.set(id, left.get(id) + 1);
      }
    }
    for (const inner of suite.suites) visit(inner);
  };
  visit(root);

  root.beforeEach(async function () {
    const {fault, original} = this.currentTest;
    state.questions = 0;
    state.fault = fault;
    if (failed.has(fault)) {
      left.set(fault, left.get(fault) - 1);
      this.skip();
    }
    await send('begin', {fault, test: original});
  });
  root.afterEach(async function () {
    const {fault, original, state: outcome, err} = this.currentTest;
    left.set(fault, left.get(fault) - 1);
    if (outcome === 'failed') {
      failed.add(fault);
      await send('fail', {fault, test: original, message: String(err?.message ?? '')});
    } else if (left.get(fault) <= 0 && !failed.has(fault)) await send('pass', {fault});
  });
}
