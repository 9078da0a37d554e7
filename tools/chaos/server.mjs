// The server of the fault-injection test: streams the answers of a session and injects the faults of their scenarios.
//
//   GET  <prefix>/<session>/next               the next scenario, or null
//   POST <prefix>/<session>/result/<n>         what the page observed; responds with the verdict
//   *    <prefix>/<session>/s/<n>/<client>/…   the endpoint of a scenario: `chat`, `chat/…/stream`, `resume`, …
//
// `x-attempt` is the number of the attempt, so that each gets its own fault even if the browser repeats a request by
// itself; `x-answer` is the number of the question.
import {createAnotherAnswer, createAnswer} from './answers.mjs';
import {verifyElement, verifyLibrary} from './verdict.mjs';
import {createScenario, isSecondRequest} from './scenarios.mjs';

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
/** Maximum time to wait for the connections of a scenario to close, in milliseconds. */
const closeTimeout = 10_000;

const sessions = new Map();

/** Creates a session: the scenarios that a page runs one after another. `list`: pairs of combination and index. */
export function createSession(id, list, {seed, count, library = false, onVerdict = () => {}}) {
  const session = {
    id,
    list,
    options: {seed, count},
    library,
    taken: 0,
    scenarios: new Map(),
    verdicts: [],
    onVerdict,
    open: 0,
  };
  session.done = new Promise((resolve) => (session.finish = resolve));
  sessions.set(id, session);
  return session;
}

/** Creates the server's state for one client of a scenario: the answers it sent and the requests it received. */
function createState(scenario) {
  return {scenario, answers: new Map(), keys: new Map(), requests: [], injected: [], delivered: new Map(), open: 0, furthest: 0, grown: 0};
}

function stateOf(session, number, client, answer) {
  const key = `${number}/${client}/${answer}`;
  const entry = session.scenarios.get(Number(number));
  if (!entry) return undefined;
  if (!entry.states.has(key)) entry.states.set(key, createState(entry.scenario));
  return entry.states.get(key);
}

const readBody = async (req) => {
  const parts = [];
  for await (const part of req) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
};

function sendJson(res, value, status = 200) {
  res.writeHead(status, {'content-type': 'application/json', 'cache-control': 'no-store'});
  res.end(JSON.stringify(value));
}

/** Handles a request below `prefix`. Resolves to whether the path matched. */
export async function serve(req, res, prefix) {
  const url = new URL(req.url, 'http://server');
  if (!url.pathname.startsWith(`${prefix}/`)) return false;
  const [sessionId, action, number, client, ...rest] = url.pathname.slice(prefix.length + 1).split('/');
  const session = sessions.get(sessionId);
  if (!session) sendJson(res, {error: 'no such session'}, 404);
  else if (action === 'next') next(session, res, prefix);
  else if (action === 'result') await receiveResult(session, Number(number), req, res);
  else if (action === 's') await handleRequest(session, number, client, rest.join('/'), url, req, res);
  else sendJson(res, {error: 'no such path'}, 404);
  return true;
}

function next(session, res, prefix) {
  const entry = session.list[session.taken];
  if (!entry) return sendJson(res, null);
  const number = session.taken++;
  const [combination, index] = entry;
  const scenario = createScenario(combination, index, session.options);
  session.scenarios.set(number, {scenario, states: new Map()});
  // What happens with another answer is not compared: the library appends it.
  const library = session.library && !isSecondRequest(scenario);
  sendJson(res, {number, scenario, library, base: `${prefix}/${session.id}/s/${number}`});
}

async function receiveResult(session, number, req, res) {
  const {element, library} = JSON.parse(await readBody(req));
  const {scenario} = session.scenarios.get(number);
  const state = stateOf(session, number, 'element', 1);
  for (let waited = 0; state.open > 0 && waited < closeTimeout; waited += 20) await sleep(20);
  const verdict = {
    combination: scenario.combination,
    index: scenario.index,
    number,
    format: scenario.format,
    shape: scenario.shape,
    faults: state.injected,
    requests: state.requests,
    ...verifyElement(scenario, state, element),
    ...(library && {library: verifyLibrary(scenario, stateOf(session, number, 'library', 1), library)}),
  };
  session.scenarios.delete(number);
  session.verdicts.push(verdict);
  session.onVerdict(verdict);
  sendJson(res, verdict);
  if (session.verdicts.length === session.list.length) session.finish();
}

/** Returns the answer that a request refers to. A new question creates a new one. */
function answerOf(state, req, isPost) {
  const {scenario, answers, keys} = state;
  const key = req.headers['idempotency-key'] ?? '';
  const latest = answers.get(answers.size - 1);
  const isResumed = !isPost || req.headers['last-event-id'] !== undefined || keys.has(key);
  if (latest && isResumed && resumes(scenario)) return latest;
  if (latest && keys.get(key) === req.headers['x-attempt']) return latest; // Repeated by the browser.
  const create = scenario.relation ? createAnotherAnswer : createAnswer;
  const answer = create({...scenario, seed: `${scenario.seed}/${state.name ?? ''}`}, answers.size, answers.get(0));
  answers.set(answers.size, answer);
  keys.set(key, resumes(scenario) ? true : req.headers['x-attempt']);
  return answer;
}

/** Whether the server keeps an answer for later requests. */
const resumes = ({mode, reply}) => (mode === 'ambiguous' ? reply !== 'another' : !['none', 'another', 'unanswered'].includes(mode));

async function handleRequest(session, number, client, path, url, req, res) {
  const attempt = Number(req.headers['x-attempt'] ?? 0);
  const answerNumber = Number(req.headers['x-answer'] ?? 1);
  const state = stateOf(session, number, client, answerNumber);
  if (!state) return sendJson(res, {error: 'over'}, 404);
  if (answerNumber === 0) state.name = 'warm-up';
  const isWarmUp = answerNumber === 0;
  const entry = {attempt, method: req.method, path: path + url.search, id: req.headers['last-event-id']};
  const signal = {gone: false, leave: []};
  state.open++;
  res.on('close', () => {
    state.open--;
    signal.gone = true;
    for (const leave of signal.leave) leave();
  });
  await readBody(req);
  state.requests.push(entry);
  req.socket.setNoDelay(true);

  const {scenario} = state;
  const fault = isWarmUp ? undefined : scenario.faults[attempt];
  const recordFault = (what) => {
    // A request that the browser repeats by itself gets the same fault: count it once.
    if (!state.injected.some((one) => one.attempt === attempt)) state.injected.push({...fault, attempt, ...what});
  };
  if (fault && fault.kind !== 'cut') {
    recordFault();
    return injectFault(fault, res, signal);
  }
  const answer = answerOf(state, req, req.method === 'POST');
  entry.generation = answer.generation;
  const {body, start, headers, marks} = bodyOf(state, answer, path, url, req, fault);
  entry.start = start;
  const at = fault ? findCut(state, fault, {body, start, marks, answer}) : undefined;
  if (at === undefined) {
    state.furthest = answer.blocks.length;
    return writeWhole(scenario, body, marks !== undefined, headers, res, signal);
  }
  recordFault({at: at.bytes, event: at.event});
  await writeCut(state, fault, body, {...at, generation: answer.generation, isFirst: entry.id === undefined}, headers, res, signal);
}

const untilGone = (signal) => new Promise((resolve) => (signal.gone ? resolve() : signal.leave.push(resolve)));

/** Injects a fault before the first byte of the answer. `refuse` happens in the page: it requests a closed port. */
async function injectFault(fault, res, signal) {
  const {kind, status, retryAfter, body} = fault;
  if (kind === 'drop') return void res.socket.destroy();
  if (kind === 'hold') return untilGone(signal);
  if (kind === 'empty') return void res.writeHead(200, {'content-type': 'text/event-stream'}).end();
  if (kind === 'preamble') return sendPreamble(fault, res, signal);
  const bodies = {
    json: ['application/json', JSON.stringify({error: {message: 'Overloaded.', type: 'server_error'}})],
    html: ['text/html', '<html><body><h1>502 Bad Gateway</h1></body></html>'],
    empty: ['text/plain', ''],
  };
  const [type, text] = bodies[body];
  const wait = {ms: {'retry-after-ms': '12'}, zero: {'retry-after': '0'}, none: {}}[retryAfter];
  res.writeHead(status, {'content-type': type, ...wait});
  res.end(text);
}

/** Sends headers and comments, and nothing of an answer. */
async function sendPreamble({text, how}, res, signal) {
  res.writeHead(200, {'content-type': 'text/event-stream'});
  res.flushHeaders();
  if (text) await writeChunk(res, Buffer.from(text));
  await sleep(30);
  return hangUp(how, res, signal);
}

/** Returns the body without faults: the bytes, and the index of the event that they start with. */
function bodyOf(state, answer, path, url, req, fault) {
  const {scenario} = state;
  if (scenario.mode === 'snapshot' && path === 'resume') return snapshot(state, answer, fault);
  const start = firstEvent(state, answer, path, url, req);
  const bom = scenario.shape.bom ? [Buffer.from('\ufeff')] : [];
  const blocks = answer.blocks.slice(start);
  const marks = [];
  let length = bom.length > 0 ? 3 : 0;
  for (const block of blocks) {
    marks.push(length);
    length += block.length;
  }
  return {
    body: Buffer.concat([...bom, ...blocks]),
    start,
    marks,
    headers: {'content-type': 'text/event-stream; charset=utf-8'},
  };
}

/** Returns the first event to send: the one after the cursor, minus the overlap, moved to an event that has an ID. */
function firstEvent(state, answer, path, url, req) {
  const {scenario} = state;
  const {events} = answer;
  if (scenario.mode === 'another' || scenario.mode === 'unanswered') return 0;
  if (scenario.mode === 'ambiguous') return firstAmbiguous(state, events, req.headers['last-event-id']);
  const replays = scenario.mode === 'replay' || scenario.mode === 'ai-sdk' || scenario.style === 'constant';
  if (replays) return 0;
  const param = scenario.format === 'responses' ? 'starting_after' : 'after';
  const id = url.searchParams.get(param) || req.headers['last-event-id'];
  if (!id) return 0;
  const idOf = ({id, position}) => (scenario.format === 'responses' ? position : id);
  const last = events.findIndex((event) => idOf(event) === id);
  if (last === -1) return 0;
  const overlap = scenario.overlaps[Number(req.headers['x-attempt'])] ?? 0;
  if (overlap === 0) return last + 1;
  let first = Math.max(0, last + 1 - overlap);
  while (first > 0 && idOf(events[first]) === undefined) first--;
  // Events before the first ID cannot be addressed, so a replay cannot start there.
  while (idOf(events[first]) === undefined) first++;
  return first;
}

/** Returns the first event after an ID that several events have. */
function firstAmbiguous({scenario, furthest}, events, lastId) {
  if (lastId === undefined || scenario.reply === 'start' || scenario.reply === 'another') return 0;
  const ids = events.slice(0, Math.max(1, furthest)).map(({id}) => id);
  return 1 + (scenario.reply === 'first' ? ids.indexOf(lastId) : ids.lastIndexOf(lastId));
}

/** Returns the answer so far as one JSON object; it grows with each request. */
function snapshot(state, answer, fault) {
  const {scenario} = state;
  state.grown = fault ? Math.min(answer.events.length, Math.max(state.furthest, state.grown) + fault.advance) : Infinity;
  const events = answer.events.slice(0, state.grown);
  const whole = events.length === answer.events.length;
  const text = events.map((event) => event.text ?? '').join('');
  const reasoning = events.map((event) => event.reasoning ?? '').join('');
  const value =
    scenario.format === 'json'
      ? {content: text, done: whole}
      : {
          id: answer.name,
          object: 'chat.completion',
          choices: [
            {
              index: 0,
              message: {role: 'assistant', content: text, ...(reasoning && {reasoning_content: reasoning})},
              finish_reason: whole ? 'stop' : null,
            },
          ],
        };
  return {body: Buffer.from(JSON.stringify(value)), start: 0, headers: {'content-type': 'application/json'}};
}

/** Returns where a connection is cut, as a number of bytes of the body. `undefined`: after its end. */
function findCut(state, fault, {body, start, marks, answer}) {
  const {blocks} = answer;
  if (!marks) {
    // Half of the snapshots arrive complete; what is incomplete is the answer in them.
    return fault.place < 0.5 ? undefined : {bytes: 1 + Math.floor((fault.place - 0.5) * 2 * (body.length - 2)), event: state.grown};
  }
  const from = Math.max(state.furthest, start);
  const wanted = fault.early && from > start ? start + Math.floor((from - start) * fault.early) : from + fault.advance;
  for (let event = wanted; event < Math.min(blocks.length, wanted + 12); event++) {
    const places = cutOffsets(blocks[event], answer.events[event], fault.target);
    if (places.length === 0) continue;
    const offset = places[Math.floor(fault.place * places.length)];
    return {bytes: marks[event - start] + offset, event};
  }
  if (wanted >= blocks.length) return undefined;
  return {bytes: marks[wanted - start] + Math.floor(fault.place * blocks[wanted].length), event: wanted};
}

/** Returns the offsets in the block of an event that match the target of a cut. */
function cutOffsets(block, event, target) {
  const all = Array.from(block.keys());
  if (target === 'utf8') return all.filter((i) => (block[i] & 0xc0) === 0x80);
  if (target === 'edge') return [0, block.length - 1];
  const find = (text) => block.indexOf(text);
  if (target === 'id') {
    // From inside the ID up to the blank line.
    const begin = find('id: ');
    return event.id === undefined ? [] : all.filter((i) => i > begin + 2);
  }
  if (target === 'json') {
    const begin = find('data: ');
    const end = block.lastIndexOf('}');
    return all.filter((i) => i > begin && i <= end + 1);
  }
  return all;
}

const writeChunk = (res, chunk) => new Promise((resolve) => res.write(chunk, resolve));

/** Writes bytes in chunks of varying size, so that the browser sees chunk boundaries anywhere. */
async function writeChunks(res, bytes, signal, scenario) {
  const sizes = [3, 40, 700, 5, 2500, 160, 16000, 1, 900];
  let turn = scenario.index;
  for (let at = 0; at < bytes.length && !signal.gone; turn++) {
    const size = sizes[turn % sizes.length];
    await writeChunk(res, bytes.subarray(at, at + size));
    at += size;
    if (turn % 5 === 0) await sleep(1);
  }
}

async function writeWhole(scenario, body, isStream, headers, res, signal) {
  res.writeHead(200, headers);
  await writeChunks(res, body, signal, scenario);
  if (signal.gone || !isStream || scenario.tail === 'end') return void res.end();
  if (scenario.tail === 'more') {
    await writeChunk(res, Buffer.from('data: {"choices":[{"index":0,"delta":{"content":"too late"}}]}\n\n'));
    return void res.end();
  }
  await untilGone(signal);
}

/** Writes the bytes before the cut, then cuts the connection. */
async function writeCut(state, fault, body, at, headers, res, signal) {
  const {how, flushDelay} = fault;
  if (how === 'close') res.useChunkedEncodingByDefault = false;
  const length = how === 'short' ? {'content-length': body.length} : {};
  res.writeHead(200, {...headers, ...length, ...(how === 'close' && {connection: 'close'})});
  res.flushHeaders();
  await writeChunks(res, body.subarray(0, at.bytes), signal, state.scenario);
  state.furthest = Math.max(state.furthest, at.event);
  if (signal.gone) return;
  if (flushDelay) await sleep(flushDelay);
  if (at.isFirst && flushDelay && ['end', 'close', 'stall'].includes(how)) {
    state.delivered.set(at.generation, Math.max(state.delivered.get(at.generation) ?? 0, at.event));
  }
  return hangUp(how, res, signal);
}

function hangUp(how, res, signal) {
  if (how === 'stall') return untilGone(signal);
  if (how === 'reset') res.socket?.resetAndDestroy();
  else if (how === 'destroy') res.socket?.destroy();
  else if (how === 'end') res.end();
  else res.socket?.end(() => res.destroy());
}
