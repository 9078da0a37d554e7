// The server of the bench: it plays the answers of a session, and does to them what their plays say.
//
//   GET  <prefix>/<session>/next               the next play, or null
//   POST <prefix>/<session>/result/<n>         what the page saw of it; answers with the verdict
//   *    <prefix>/<session>/p/<n>/<client>/…   the endpoint of a play: `chat`, `chat/…/stream`, `resume`, …
//
// A request says in `x-attempt` which attempt it is, so that each meets its own fault whatever the browser repeats by
// itself, and in `x-answer` which question.
import {createAnswer} from './answers.mjs';
import {judge, judgeLibrary} from './judge.mjs';
import {createPlay} from './plays.mjs';

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
/** Longest wait for the connections of a play to be closed, in milliseconds. */
const closingTime = 3000;

const sessions = new Map();

/** Makes a session: the plays that a page takes one after the other. `list`: pairs of combination and index. */
export function createSession(id, list, {seed, count, library = false, onVerdict = () => {}}) {
  const session = {
    id,
    list,
    options: {seed, count},
    library,
    taken: 0,
    plays: new Map(),
    verdicts: [],
    onVerdict,
    open: 0,
  };
  session.done = new Promise((resolve) => (session.finish = resolve));
  sessions.set(id, session);
  return session;
}

/** What the server knows of one client of a play: the answers it wrote, and what it was asked. */
function createState(play) {
  return {play, answers: new Map(), keys: new Map(), requests: [], played: [], open: 0, furthest: 0, grown: 0};
}

function stateOf(session, number, client, answer) {
  const key = `${number}/${client}/${answer}`;
  const entry = session.plays.get(Number(number));
  if (!entry) return undefined;
  if (!entry.states.has(key)) entry.states.set(key, createState(entry.play));
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

/** Answers a request below `prefix`. Resolves to whether it was one. */
export async function serve(req, res, prefix) {
  const url = new URL(req.url, 'http://server');
  if (!url.pathname.startsWith(`${prefix}/`)) return false;
  const [sessionId, action, number, client, ...rest] = url.pathname.slice(prefix.length + 1).split('/');
  const session = sessions.get(sessionId);
  if (!session) sendJson(res, {error: 'no such session'}, 404);
  else if (action === 'next') next(session, res, prefix);
  else if (action === 'result') await takeResult(session, Number(number), req, res);
  else if (action === 'p') await playRequest(session, number, client, rest.join('/'), url, req, res);
  else sendJson(res, {error: 'no such path'}, 404);
  return true;
}

function next(session, res, prefix) {
  const entry = session.list[session.taken];
  if (!entry) return sendJson(res, null);
  const number = session.taken++;
  const [combination, index] = entry;
  const play = createPlay(combination, index, session.options);
  session.plays.set(number, {play, states: new Map()});
  sendJson(res, {number, play, library: session.library, base: `${prefix}/${session.id}/p/${number}`});
}

async function takeResult(session, number, req, res) {
  const {element, library} = JSON.parse(await readBody(req));
  const {play} = session.plays.get(number);
  const state = stateOf(session, number, 'element', 1);
  for (let waited = 0; state.open > 0 && waited < closingTime; waited += 20) await sleep(20);
  const verdict = {
    combination: play.combination,
    index: play.index,
    number,
    format: play.format,
    shape: play.shape,
    faults: state.played,
    requests: state.requests,
    ...judge(play, state, element),
    ...(library && {library: judgeLibrary(play, stateOf(session, number, 'library', 1), library)}),
  };
  session.plays.delete(number);
  session.verdicts.push(verdict);
  session.onVerdict(verdict);
  sendJson(res, verdict);
  if (session.verdicts.length === session.list.length) session.finish();
}

/** The answer that a request is about. A question that was not asked before begins another one. */
function answerOf(state, req, isPost) {
  const {play, answers, keys} = state;
  const key = req.headers['idempotency-key'] ?? '';
  const latest = answers.get(answers.size - 1);
  const goesOn = !isPost || req.headers['last-event-id'] !== undefined || keys.has(key);
  if (latest && goesOn && play.mode !== 'none') return latest;
  if (latest && keys.get(key) === req.headers['x-attempt']) return latest; // Repeated by the browser.
  const answer = createAnswer({...play, seed: `${play.seed}/${state.name ?? ''}`}, answers.size);
  answers.set(answers.size, answer);
  keys.set(key, play.mode === 'none' ? req.headers['x-attempt'] : true);
  return answer;
}

async function playRequest(session, number, client, path, url, req, res) {
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

  const {play} = state;
  const fault = isWarmUp ? undefined : play.faults[attempt];
  const played = (what) => {
    // What the browser repeats by itself meets the same fault again: it is one.
    if (!state.played.some((one) => one.attempt === attempt)) state.played.push({...fault, attempt, ...what});
  };
  if (fault && fault.kind !== 'cut') {
    played();
    return playFault(fault, res, signal);
  }
  const answer = answerOf(state, req, req.method === 'POST');
  entry.generation = answer.generation;
  const {body, start, headers, marks} = bodyOf(state, answer, path, url, req, fault);
  entry.start = start;
  const at = fault ? cutPlace(state, fault, {body, start, marks, answer}) : undefined;
  if (at === undefined) {
    state.furthest = answer.blocks.length;
    return writeWhole(play, body, marks !== undefined, headers, res, signal);
  }
  played({at: at.bytes, event: at.event});
  await writeCut(state, fault, body, at, headers, res, signal);
}

const untilGone = (signal) => new Promise((resolve) => (signal.gone ? resolve() : signal.leave.push(resolve)));

/** A fault before any byte of the answer. `refuse` is the page's: it asks a port where nobody listens. */
async function playFault(fault, res, signal) {
  const {kind, status, retryAfter, body} = fault;
  if (kind === 'drop') return void res.socket.destroy();
  if (kind === 'hold') return untilGone(signal);
  if (kind === 'empty') return void res.writeHead(200, {'content-type': 'text/event-stream'}).end();
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

/** What the server would send if nothing happened: the bytes, and the number of the event that they begin with. */
function bodyOf(state, answer, path, url, req, fault) {
  const {play} = state;
  if (play.mode === 'snapshot' && path === 'resume') return snapshot(state, answer, fault);
  const start = firstEvent(state, answer, path, url, req);
  const bom = play.shape.bom ? [Buffer.from('\ufeff')] : [];
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

/** The first event to send: the one behind the position, less the overlap, and then an event that has an id. */
function firstEvent(state, answer, path, url, req) {
  const {play} = state;
  const {events} = answer;
  const replays = play.mode === 'replay' || play.mode === 'ai-sdk' || play.style === 'constant';
  if (replays) return 0;
  const param = play.format === 'responses' ? 'starting_after' : 'after';
  const id = url.searchParams.get(param) || req.headers['last-event-id'];
  if (!id) return 0;
  const idOf = ({id, position}) => (play.format === 'responses' ? position : id);
  const last = events.findIndex((event) => idOf(event) === id);
  if (last === -1) return 0;
  const overlap = play.overlaps[Number(req.headers['x-attempt'])] ?? 0;
  if (overlap === 0) return last + 1;
  let first = Math.max(0, last + 1 - overlap);
  while (first > 0 && idOf(events[first]) === undefined) first--;
  // What comes before the first id of an answer has no name: a replay cannot begin there.
  while (idOf(events[first]) === undefined) first++;
  return first;
}

/** The answer as one object, as far as it has come: further each time that it is asked for. */
function snapshot(state, answer, fault) {
  const {play} = state;
  state.grown = fault ? Math.min(answer.events.length, Math.max(state.furthest, state.grown) + fault.advance) : Infinity;
  const events = answer.events.slice(0, state.grown);
  const whole = events.length === answer.events.length;
  const text = events.map((event) => event.text ?? '').join('');
  const reasoning = events.map((event) => event.reasoning ?? '').join('');
  const value =
    play.format === 'json'
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

/** Where a connection is cut: so many bytes of the body. `undefined`: behind its end. */
function cutPlace(state, fault, {body, start, marks, answer}) {
  const {blocks} = answer;
  if (!marks) {
    // Half of the snapshots come whole: it is their answer that does not.
    return fault.place < 0.5 ? undefined : {bytes: 1 + Math.floor((fault.place - 0.5) * 2 * (body.length - 2)), event: state.grown};
  }
  const from = Math.max(state.furthest, start);
  const wanted = fault.early && from > start ? start + Math.floor((from - start) * fault.early) : from + fault.advance;
  for (let event = wanted; event < Math.min(blocks.length, wanted + 12); event++) {
    const places = placesIn(blocks[event], answer.events[event], fault.target);
    if (places.length === 0) continue;
    const offset = places[Math.floor(fault.place * places.length)];
    return {bytes: marks[event - start] + offset, event};
  }
  if (wanted >= blocks.length) return undefined;
  return {bytes: marks[wanted - start] + Math.floor(fault.place * blocks[wanted].length), event: wanted};
}

/** The offsets in the block of an event that a cut may be aimed at. */
function placesIn(block, event, target) {
  const all = Array.from(block.keys());
  if (target === 'utf8') return all.filter((i) => (block[i] & 0xc0) === 0x80);
  if (target === 'edge') return [0, block.length - 1];
  const find = (text) => block.indexOf(text);
  if (target === 'id') {
    // From within the id to before the blank line.
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

/** Writes bytes in pieces of any size, so that the browser sees them cut anywhere. */
async function writePieces(res, bytes, signal, play) {
  const sizes = [3, 40, 700, 5, 2500, 160, 16000, 1, 900];
  let turn = play.index;
  for (let at = 0; at < bytes.length && !signal.gone; turn++) {
    const size = sizes[turn % sizes.length];
    await writeChunk(res, bytes.subarray(at, at + size));
    at += size;
    if (turn % 5 === 0) await sleep(1);
  }
}

async function writeWhole(play, body, isStream, headers, res, signal) {
  res.writeHead(200, headers);
  await writePieces(res, body, signal, play);
  if (signal.gone || !isStream || play.tail === 'end') return void res.end();
  if (play.tail === 'more') {
    await writeChunk(res, Buffer.from('data: {"choices":[{"index":0,"delta":{"content":"too late"}}]}\n\n'));
    return void res.end();
  }
  await untilGone(signal);
}

/** Writes what comes before the cut, and cuts. */
async function writeCut(state, fault, body, at, headers, res, signal) {
  const {how, settle} = fault;
  if (how === 'close') res.useChunkedEncodingByDefault = false;
  const length = how === 'short' ? {'content-length': body.length} : {};
  res.writeHead(200, {...headers, ...length, ...(how === 'close' && {connection: 'close'})});
  res.flushHeaders();
  await writePieces(res, body.subarray(0, at.bytes), signal, state.play);
  state.furthest = Math.max(state.furthest, at.event);
  if (signal.gone) return;
  if (settle) await sleep(settle);
  if (how === 'silence') return untilGone(signal);
  if (how === 'reset') res.socket?.resetAndDestroy();
  else if (how === 'destroy') res.socket?.destroy();
  else if (how === 'end') res.end();
  else res.socket?.end(() => res.destroy());
}
