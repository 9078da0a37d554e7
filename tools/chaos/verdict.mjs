// Verifies that the answer of a scenario was delivered completely and exactly once.
import {isBilled, isSecondRequest} from './scenarios.mjs';

/** Counts the numbered deltas of a text that are missing in another, and the duplicates of those that are not. */
function compare(expected, found) {
  const count = (text) => {
    const counts = new Map();
    for (const [mark] of text.matchAll(/#\d+:/g)) counts.set(mark, (counts.get(mark) ?? 0) + 1);
    return counts;
  };
  return compareCounts(count(expected), count(found));
}

function compareCounts(expected, found) {
  let lost = 0;
  let doubled = 0;
  for (const [key, times] of expected) lost += Math.max(0, times - (found.get(key) ?? 0));
  for (const [key, times] of found) doubled += Math.max(0, times - (expected.get(key) ?? 0));
  return {lost, doubled};
}

/** Describes where two texts start to differ. */
function difference(expected, found) {
  let at = 0;
  while (at < expected.length && expected[at] === found[at]) at++;
  const around = (text) => JSON.stringify(text.slice(Math.max(0, at - 30), at + 50));
  return `at ${at} of ${expected.length}: expected ${around(expected)}, found ${around(found)} (of ${found.length})`;
}

/** Returns the text as it is rendered: a byte order mark belongs to the text, but is invisible. */
const renderedText = (text) => text.replaceAll('\ufeff', '');

/** Returns the verdict on the element: `exact`, or a list of problems. */
export function verifyElement(scenario, state, seen) {
  if (isSecondRequest(scenario)) return verifySecondRequests(scenario, state, seen);
  return scenario.mode === 'none' ? verifyUnresumable(state, seen) : verifyResumable(state, seen);
}

function verifyResumable(state, seen) {
  const answer = state.answers.get(0) ?? {text: '', reasoning: ''};
  const problems = [];
  const check = (name, expected, found) => {
    if (expected !== found) problems.push(`${name}: ${difference(expected, found)}`);
  };
  if (seen.timedOut) problems.push(`timed out in state ${seen.state}`);
  if (seen.done !== 1) problems.push(`done ${seen.done} times`);
  if (seen.errors.length > 0) problems.push(`error ${seen.errors.join(', ')}`);
  check('messages', answer.text, seen.text);
  check('DOM', renderedText(answer.text), seen.shown);
  check('deltas', answer.text, seen.deltas);
  check('reasoning', answer.reasoning, seen.reasoning);
  check('reasoning deltas', answer.reasoning, seen.reasoningDeltas);
  if (seen.resets > 0) problems.push(`${seen.resets} resets`);
  if (state.answers.size !== 1) problems.push(`${state.answers.size} generations`);
  if (state.open !== 0) problems.push(`${state.open} connections left open`);
  return {exact: problems.length === 0, problems, reconnects: seen.reconnects, ...compare(answer.text, seen.text)};
}

/** Without resumption, the answer is complete or reported as interrupted, and no request follows its first character. */
function verifyUnresumable(state, seen) {
  const answer = [...state.answers.values()].at(-1) ?? {text: '', reasoning: ''};
  const problems = [];
  const isComplete = seen.text === answer.text && seen.reasoning === answer.reasoning;
  const reposts = seen.requests.filter(({hasText}) => hasText).length;
  if (reposts > 0) problems.push(`${reposts} requests after the first character`);
  const falseDone = seen.done > 0 && !isComplete;
  if (falseDone) problems.push(`done on a partial text: ${difference(answer.text, seen.text)}`);
  if (seen.timedOut) problems.push(`timed out in state ${seen.state}`);
  if (seen.done + seen.errors.length !== 1) problems.push(`done ${seen.done} times, error ${seen.errors.length} times`);
  if (seen.errors.some((code) => code !== 'interrupted')) problems.push(`error ${seen.errors.join(', ')}`);
  if (!answer.text.startsWith(seen.text)) problems.push(`not a prefix of the answer: ${difference(answer.text, seen.text)}`);
  if (seen.shown !== renderedText(seen.text)) problems.push(`DOM: ${difference(renderedText(seen.text), seen.shown)}`);
  if (seen.deltas !== seen.text) problems.push(`deltas: ${difference(seen.text, seen.deltas)}`);
  if (state.open !== 0) problems.push(`${state.open} connections left open`);
  return {
    exact: problems.length === 0,
    problems,
    reconnects: seen.reconnects,
    interrupted: seen.errors.length,
    reposts,
    falseDone,
    lost: 0,
    doubled: compare(answer.text, seen.text).doubled,
  };
}

/** Maximum number of requests, besides those to resume, for which the model may run for one question. */
const maxBilled = 2;

/** Whether a connection broke right after its headers: Firefox reports that like a connection that was refused. */
const isUnseen = ({kind, text, how}) => kind === 'preamble' && text === '' && (how === 'destroy' || how === 'reset');

/**
 * Whatever a second request gets, what is shown is one answer or the beginning of one, nothing shown is removed, and the
 * model runs twice at most.
 */
function verifySecondRequests(scenario, state, seen) {
  const problems = [];
  const answers = [...state.answers.values()];
  const shown = answers.find(({text, reasoning}) => text.startsWith(seen.text) && reasoning.startsWith(seen.reasoning));
  const isWhole = answers.some(({text, reasoning}) => text === seen.text && reasoning === seen.reasoning);
  const glued = seen.text !== '' && !shown;
  if (glued) problems.push(`glued: ${answers.map(({text}) => difference(text, seen.text)).join('; ')}`);

  const falseDone = seen.done > 0 && !isWhole;
  if (falseDone) problems.push('done on a partial text');
  if (seen.timedOut) problems.push(`timed out in state ${seen.state}`);
  if (seen.done + seen.errors.length !== 1) problems.push(`done ${seen.done} times, error ${seen.errors.length} times`);
  if (seen.text !== '' && seen.errors.some((code) => code !== 'interrupted')) problems.push(`error ${seen.errors.join(', ')}`);
  if (state.open !== 0) problems.push(`${state.open} connections left open`);

  const losses = [];
  if (seen.shown !== renderedText(seen.text)) losses.push(`DOM: ${difference(renderedText(seen.text), seen.shown)}`);
  if (seen.deltas !== seen.text) losses.push(`deltas: ${difference(seen.text, seen.deltas)}`);
  if (seen.resets > 0) losses.push(`${seen.resets} resets`);
  // Of what surely arrived, only the event before the cut may be missing; of raw text, one more may have lines to come.
  const length = (state.delivered.get(shown?.generation) ?? 0) - (scenario.format === 'raw' ? 2 : 1);
  const delivered = (shown?.events ?? []).slice(0, Math.max(0, length)).map(({text = ''}) => text).join('');
  if (!seen.text.startsWith(delivered)) losses.push(`lost: ${difference(delivered, seen.text)}`);
  problems.push(...losses);

  // A request that the browser repeats by itself has the number of its attempt.
  const requests = [...new Map(state.requests.map((request) => [request.attempt, request])).values()];
  const faultOf = ({attempt}) => state.injected.find((fault) => fault.attempt === attempt);
  const billed = requests.filter((request) => request.id === undefined && (request.generation !== undefined || isBilled(faultOf(request))));
  const resumed = requests.filter(({id}) => id !== undefined);
  const answered = resumed.filter((request) => !faultOf(request));
  const unseen = billed.filter((request) => request.generation === undefined && isUnseen(faultOf(request)));
  if (billed.length - unseen.length > maxBilled) problems.push(`${billed.length} requests for which the model may have run`);
  if (answered.length > 1 && scenario.reply === 'another') problems.push(`asked ${answered.length} times to resume`);
  const mustComplete =
    (scenario.mode === 'ambiguous' && scenario.faults.length === 0) ||
    (scenario.mode === 'unanswered' && scenario.faults.filter(isBilled).length < maxBilled);
  if (mustComplete && seen.done !== 1) problems.push(`not complete, though nothing was lost: ${seen.errors.join(', ')}`);

  return {
    exact: problems.length === 0,
    problems,
    reconnects: seen.reconnects,
    glued,
    lost: losses.length,
    doubled: 0,
    falseDone,
    interrupted: seen.errors.length,
    posts: requests.length,
    resumed: resumed.length,
    billed: billed.length,
  };
}

/** Returns the verdict on plain fetch-event-source, from the data of the events that its listener received. */
export function verifyLibrary(scenario, state, {received, posts, finished}) {
  const expected = (state.answers.get(0)?.events ?? []).map(({data}) => data);
  const count = (list) => {
    const counts = new Map();
    for (const data of list) counts.set(data, (counts.get(data) ?? 0) + 1);
    return counts;
  };
  const exact = finished && received.length === expected.length && received.every((data, i) => data === expected[i]);
  // More than one generation: the model ran again, and was billed again, after it had started to answer.
  return {exact, finished, posts, generations: state.answers.size, ...compareCounts(count(expected), count(received))};
}
