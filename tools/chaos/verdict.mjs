// Says of a play whether the answer came whole and once.

/** Returns which numbered pieces of a text are missing in another, and how often some are there too often. */
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

/** Where two texts part. */
function difference(expected, found) {
  let at = 0;
  while (at < expected.length && expected[at] === found[at]) at++;
  const around = (text) => JSON.stringify(text.slice(Math.max(0, at - 30), at + 50));
  return `at ${at} of ${expected.length}: expected ${around(expected)}, found ${around(found)} (of ${found.length})`;
}

/** What is shown of a text: a byte order mark is in it, and not to be seen. */
const shownOf = (text) => text.replaceAll('\ufeff', '');

/** The verdict on what the element showed. `exact`, or what was wrong. */
export function judge(play, state, seen) {
  return play.mode === 'none' ? judgeUnresumable(state, seen) : judgeWhole(state, seen);
}

function judgeWhole(state, seen) {
  const answer = state.answers.get(0) ?? {text: '', reasoning: ''};
  const problems = [];
  const check = (name, expected, found) => {
    if (expected !== found) problems.push(`${name}: ${difference(expected, found)}`);
  };
  if (seen.timedOut) problems.push(`no end within the time, state ${seen.state}`);
  if (seen.done !== 1) problems.push(`done ${seen.done} times`);
  if (seen.errors.length > 0) problems.push(`error ${seen.errors.join(', ')}`);
  check('messages', answer.text, seen.text);
  check('DOM', shownOf(answer.text), seen.shown);
  check('deltas', answer.text, seen.deltas);
  check('reasoning', answer.reasoning, seen.reasoning);
  check('reasoning deltas', answer.reasoning, seen.reasoningDeltas);
  if (seen.resets > 0) problems.push(`${seen.resets} resets`);
  if (state.answers.size !== 1) problems.push(`${state.answers.size} generations`);
  if (state.open !== 0) problems.push(`${state.open} connections left open`);
  return {exact: problems.length === 0, problems, reconnects: seen.reconnects, ...compare(answer.text, seen.text)};
}

/** Nothing to resume: the answer is whole, or said to be interrupted; and nothing was asked again once it had begun. */
function judgeUnresumable(state, seen) {
  const answer = [...state.answers.values()].at(-1) ?? {text: '', reasoning: ''};
  const problems = [];
  const isWhole = seen.text === answer.text && seen.reasoning === answer.reasoning;
  const reposts = seen.requests.filter(({begun}) => begun).length;
  if (reposts > 0) problems.push(`${reposts} requests after the first character`);
  const falseDone = seen.done > 0 && !isWhole;
  if (falseDone) problems.push(`done on half a text: ${difference(answer.text, seen.text)}`);
  if (seen.timedOut) problems.push(`no end within the time, state ${seen.state}`);
  if (seen.done + seen.errors.length !== 1) problems.push(`done ${seen.done} times, error ${seen.errors.length} times`);
  if (seen.errors.some((code) => code !== 'interrupted')) problems.push(`error ${seen.errors.join(', ')}`);
  if (!answer.text.startsWith(seen.text)) problems.push(`not its beginning: ${difference(answer.text, seen.text)}`);
  if (seen.shown !== shownOf(seen.text)) problems.push(`DOM: ${difference(shownOf(seen.text), seen.shown)}`);
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

/** The verdict on plain fetch-event-source: the data of the events that it gave its listener. */
export function judgeLibrary(play, state, {received, posts, finished}) {
  const expected = (state.answers.get(0)?.events ?? []).map(({data}) => data);
  const count = (list) => {
    const counts = new Map();
    for (const data of list) counts.set(data, (counts.get(data) ?? 0) + 1);
    return counts;
  };
  const exact = finished && received.length === expected.length && received.every((data, i) => data === expected[i]);
  // The model was asked again, and paid for, after it had begun to speak.
  return {exact, finished, posts, generations: state.answers.size, ...compareCounts(count(expected), count(received))};
}
