// The HTTP server that the tests stream from. It misbehaves on purpose.
//
// A test writes a script (`script()` in server.ts): the n-th request gets the n-th response, and each response is
// a list of steps. The server logs what it received, what it sent and who closed the connection.
//
//   PUT    /__script/<id>           {responses, resume?, routes?, strict?, cors?}  creates the script
//   GET    /__script/<id>?after=n   its log, as soon as there is a version after n
//   POST   /__script/<id>/release   {gate, count}: releases `{until: gate}`
//   DELETE /__script/<id>           closes its connections, and removes it
//   *      /__s/<id>[/<route>]      the endpoint
//
// All of that is served a second time on another port, with CORS headers; there `/__stranger/<id>` is the endpoint
// without them. The tests control the server through that port, because a browser opens only six connections per host.
import {createServer} from 'node:http';

import {backends} from './backends.mjs';
import {middleware as resumable} from './resumable.mjs';

const LIFETIME = 300_000;
const LONG_POLL = 2_000;
const MAX_BODY = 8_000_000;

const scripts = new Map();
const now = () => Math.round(performance.now());

/** Resolves after `ms`, or when `signal` aborts. */
function sleep(ms, signal) {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

/** Resolves when `signal` aborts. */
const aborted = (signal) =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', resolve, {once: true});
  });

/** The responses of one test, the log of its requests, and the gates that its steps wait for. */
class Script {
  #watchers = new Set();
  #permits = new Map();
  #waiting = new Map();
  #counts = new Map();
  version = 0;
  log = [];

  constructor(id, definition) {
    this.id = id;
    this.definition = definition;
    this.created = now();
    this.gone = new AbortController();
  }

  /** Milliseconds since the script was created. */
  get time() {
    return now() - this.created;
  }

  changed() {
    this.version++;
    for (const watcher of this.#watchers) watcher();
  }

  /** Resolves when there is a version after `version`, or after two seconds. */
  async watch(version) {
    if (this.version > version) return;
    await new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#watchers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, LONG_POLL);
      this.#watchers.add(done);
    });
  }

  snapshot() {
    return {version: this.version, open: this.log.filter(({closed}) => closed === 'open').length, requests: this.log};
  }

  /** Returns the definition for a route, and the number of earlier requests to it. */
  next(route) {
    const definition = route === '' ? this.definition : this.definition.routes?.[route];
    if (!definition) return undefined;
    const count = this.#counts.get(route) ?? 0;
    this.#counts.set(route, count + 1);
    return {count, definition: Array.isArray(definition) ? {responses: definition} : definition};
  }

  /** Releases `count` steps that wait for `gate`, now or later. */
  release(gate, count = 1) {
    this.#permits.set(gate, (this.#permits.get(gate) ?? 0) + (count ?? Infinity));
    for (const check of this.#waiting.get(gate) ?? []) check();
  }

  /** Resolves when `gate` is released or `signal` aborts. */
  gate(gate, signal) {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(gate) ?? new Set();
      this.#waiting.set(gate, waiting);
      const check = () => {
        const permits = this.#permits.get(gate) ?? 0;
        if (!signal.aborted && permits < 1) return;
        if (!signal.aborted) this.#permits.set(gate, permits - 1);
        waiting.delete(check);
        signal.removeEventListener('abort', check);
        resolve();
      };
      waiting.add(check);
      signal.addEventListener('abort', check);
      check();
    });
  }

  remove() {
    scripts.delete(this.id);
    clearTimeout(this.timer);
    this.gone.abort();
    for (const watcher of this.#watchers) watcher();
  }
}

function addScript(id, definition) {
  scripts.get(id)?.remove();
  const script = new Script(id, definition);
  script.timer = setTimeout(() => script.remove(), LIFETIME);
  script.timer.unref();
  scripts.set(id, script);
  return script;
}

async function readBody(req) {
  const parts = [];
  let size = 0;
  try {
    for await (const part of req) {
      size += part.length;
      if (size <= MAX_BODY) parts.push(part);
    }
  } catch {
    return undefined; // The client disconnected while sending.
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Logs who closes the connection. The returned signal aborts when it is closed. */
function observe(req, res, script, entry) {
  const over = new AbortController();
  const finish = (by) => {
    if (entry.closed !== 'open') return;
    entry.closed = by;
    entry.closedAt = script.time;
    entry.aborted = by === 'client';
    over.abort();
    script.changed();
  };
  res.on('finish', () => finish('server'));
  res.on('close', () => finish(entry.destroyed ? 'server' : 'client'));
  req.on('error', () => finish('client'));
  res.on('error', () => finish('client'));
  script.gone.signal.addEventListener('abort', () => {
    entry.destroyed = true;
    res.destroy();
  });
  return over.signal;
}

async function write(res, bytes, script, entry, signal) {
  if (signal.aborted || bytes.length === 0) return;
  entry.bytesWritten += bytes.length;
  script.changed();
  if (res.write(bytes)) return;
  await new Promise((resolve) => {
    const done = () => {
      res.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    res.on('drain', done);
    signal.addEventListener('abort', done);
  });
}

/** Closes the socket after the written data has been sent, so that nothing before the cut is lost, even with a reset. */
async function destroy(res, entry, signal, reset = false) {
  if (signal.aborted) return;
  if (res.headersSent) {
    await new Promise((resolve) => res.write('', resolve));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  entry.destroyed = true;
  if (reset) res.socket?.resetAndDestroy();
  res.destroy();
}

/** Ends the connection with an invalid response. An empty one would make browsers repeat the request by themselves. */
function refuse(res, entry) {
  entry.destroyed = true;
  res.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', () => res.destroy());
}

async function repeat({repeat: count, write: text, wait = 0}, res, script, entry, signal) {
  const start = performance.now();
  for (let i = 0; i < count && !signal.aborted; i++) {
    // By the clock instead of adding up timers, which run late, to keep the requested rate.
    const early = start + i * wait - performance.now();
    if (early > 1) await sleep(early, signal);
    else if (wait === 0 && i % 64 === 63) await new Promise((resolve) => setImmediate(resolve));
    await write(res, Buffer.from(text.replaceAll('{i}', String(i))), script, entry, signal);
  }
}

async function runStep(step, res, script, entry, signal) {
  if ('repeat' in step) return repeat(step, res, script, entry, signal);
  if ('write' in step || 'base64' in step) {
    const bytes = 'write' in step ? Buffer.from(step.write) : Buffer.from(step.base64, 'base64');
    const size = step.chunk ?? bytes.length;
    for (let at = 0; at < bytes.length && !signal.aborted; at += size) {
      await write(res, bytes.subarray(at, at + size), script, entry, signal);
      if (step.pause !== undefined) await sleep(step.pause, signal);
    }
    return;
  }
  if ('wait' in step) return sleep(step.wait, signal);
  if ('until' in step) return script.gate(step.until, signal);
  if ('silence' in step) return aborted(signal);
  if ('destroy' in step) return destroy(res, entry, signal);
  if ('reset' in step) return destroy(res, entry, signal, true);
  if ('end' in step) return void res.end();
  throw new Error(`No such step: ${JSON.stringify(step)}`);
}

async function sendResponse(response, res, script, entry, signal, extraHeaders) {
  const {status = 200, headers = {}, steps = []} = response;
  if (response.refuse) return refuse(res, entry);
  if (response.hold) await script.gate(response.hold === true ? 'released' : response.hold, signal);
  if (response.delay) await sleep(response.delay, signal);
  if (signal.aborted) return;
  // Without chunked encoding, the end of the connection ends the body, and a cut looks like a clean end.
  if (response.closeDelimited) res.useChunkedEncodingByDefault = false;
  const bare = status === 204 || status === 304 || (status >= 300 && status < 400);
  res.writeHead(status, {
    'cache-control': 'no-store',
    ...(bare ? {} : {'content-type': 'text/event-stream'}),
    ...extraHeaders,
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  });
  if (!bare) res.flushHeaders();
  for (const step of steps) {
    if (signal.aborted) return;
    await runStep(step, res, script, entry, signal);
  }
  if (!signal.aborted && !entry.destroyed) res.end();
}

/**
 * Returns the response of a server that can resume: the events after the cursor of the request, cut as the script
 * defines.
 */
function resumeResponse(resume, attempt, req, url) {
  const {events, ids = 'all', overlap = 0, style = 'after', cursor, attempts = [], chunk, pause, headers} = resume;
  const fault = attempts[attempt];
  if (fault !== undefined && typeof fault === 'object' && !('at' in fault)) return fault;

  const every = {all: 1, third: 3}[ids] ?? ids;
  const idOf = (i) => {
    if (ids === 'none') return undefined;
    if (ids === 'constant') return 'answer';
    return i % every === 0 ? String(i) : undefined;
  };
  const blocks = events.map((event, i) => {
    const id = idOf(i);
    return Buffer.from(`${id === undefined ? '' : `id: ${id}\n`}${event}\n\n`);
  });
  const given = (cursor && url.searchParams.get(cursor)) || req.headers['last-event-id'];

  let body;
  if (style === 'bytes') {
    body = Buffer.concat(blocks).subarray(Number(given ?? 0));
  } else {
    let first = 0;
    if (style === 'after' && given !== undefined && ids !== 'constant' && ids !== 'none') {
      first = Number(given) + 1;
      if (overlap > 0) first = Math.max(0, first - overlap);
      // A replay has to start at an event that has an ID, because others cannot be addressed.
      while (first > 0 && idOf(first) === undefined) first--;
    }
    body = Buffer.concat(blocks.slice(first));
  }

  const cut = typeof fault === 'number' ? {at: fault} : fault;
  const part = cut ? body.subarray(0, cut.at) : body;
  const whole = !cut || cut.at >= body.length;
  const how = cut?.how ?? 'destroy';
  const bytes = {
    base64: part.toString('base64'),
    ...(chunk === undefined ? {} : {chunk}),
    ...(pause === undefined ? {} : {pause}),
  };
  return {headers, steps: [bytes, ...(whole ? [] : [{[how]: true}])]};
}

function pick(definition, count, req, url) {
  if (definition.resume) return resumeResponse(definition.resume, count, req, url);
  const {responses = [], strict} = definition;
  if (count < responses.length) return responses[count];
  if (!strict && responses.length > 0) return responses.at(-1);
  return {
    status: 500,
    headers: {'content-type': 'application/json'},
    steps: [{write: JSON.stringify({error: {message: `The script has no response for request ${count + 1}.`}})}],
  };
}

function corsHeaders(req, {credentials = false, allowHeaders, exposeHeaders} = {}) {
  return {
    'access-control-allow-origin': req.headers.origin ?? '*',
    vary: 'origin',
    ...(credentials ? {'access-control-allow-credentials': 'true'} : {}),
    'access-control-allow-methods': 'GET, POST, PUT, DELETE',
    'access-control-allow-headers':
      allowHeaders?.join(', ') ?? req.headers['access-control-request-headers'] ?? 'content-type',
    ...(exposeHeaders ? {'access-control-expose-headers': exposeHeaders.join(', ')} : {}),
  };
}

async function serveEndpoint(req, res, url, cors) {
  const [, , id, ...rest] = url.pathname.split('/');
  const script = scripts.get(id);
  const route = rest.join('/');
  const preflight = req.method === 'OPTIONS' && 'access-control-request-method' in req.headers;
  const answered = !preflight && script?.next(route);
  if (!script || (!preflight && !answered)) {
    res.writeHead(404, {'content-type': 'application/json', 'access-control-allow-origin': '*'});
    return res.end(JSON.stringify({error: {message: `No script answers ${url.pathname}.`}}));
  }
  const entry = {
    n: script.log.length,
    route,
    method: req.method,
    url: req.url,
    headers: req.headers,
    body: '',
    preflight,
    time: script.time,
    bytesWritten: 0,
    closed: 'open',
    closedAt: undefined,
    aborted: false,
  };
  // Whether this side cut the connection; not part of the log.
  Object.defineProperty(entry, 'destroyed', {value: false, writable: true, enumerable: false});
  const signal = observe(req, res, script, entry);
  entry.body = (await readBody(req)) ?? '';
  script.log.push(entry);
  script.changed();
  res.socket?.setNoDelay(true);

  const headers = cors ? corsHeaders(req, script.definition.cors) : {};
  if (preflight) return res.writeHead(204, headers).end();
  const response = pick(answered.definition, answered.count, req, url);
  await sendResponse(response, res, script, entry, signal, headers);
}

async function serveControl(req, res, url) {
  const json = (status, value) => {
    res.writeHead(status, {'content-type': 'application/json', 'cache-control': 'no-store', ...corsHeaders(req)});
    res.end(JSON.stringify(value));
  };
  if (req.method === 'OPTIONS') return json(204, undefined);
  const [, , id, action] = url.pathname.split('/');
  if (!id) return json(200, {control: await otherOrigin()});
  const body = await readBody(req);
  if (req.method === 'PUT') return json(200, addScript(id, JSON.parse(body)).snapshot());
  const script = scripts.get(id);
  if (!script) return json(404, {error: `no script ${id}`});
  if (req.method === 'DELETE') {
    script.remove();
    return json(200, {});
  }
  if (action === 'release') {
    const {gate = 'released', count} = JSON.parse(body || '{}');
    script.release(gate, count);
    return json(200, {});
  }
  if (url.searchParams.has('after')) await script.watch(Number(url.searchParams.get('after')));
  return json(200, script.snapshot());
}

/** Handles requests to the scripts. Resolves to `false` for every other path. */
async function serve(req, res, {cors}) {
  const url = new URL(req.url, 'http://server');
  const [, first] = url.pathname.split('/');
  if (first === '__script') await serveControl(req, res, url);
  else if (first === '__s') await serveEndpoint(req, res, url, cors);
  else if (first === '__stranger' && cors) await serveEndpoint(req, res, url, false);
  else return false;
  return true;
}

function fail(res, error) {
  console.error(error);
  if (!res.headersSent) res.writeHead(500, {'content-type': 'text/plain'});
  res.end(String(error));
}

let other;
/** Starts the server on the second port on first use. Returns its origin. */
function otherOrigin() {
  other ??= new Promise((resolve, reject) => {
    const server = createServer((req, res) => {
      serve(req, res, {cors: true})
        .then((served) => {
          if (!served) res.writeHead(404).end();
        })
        .catch((error) => fail(res, error));
    });
    // Otherwise the process would stay alive until the last browser closes its connection.
    server.unref();
    server.on('connection', (socket) => socket.unref());
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
  return other;
}

async function scriptMiddleware(ctx, next) {
  if (!/^\/__(script|s)(\/|$)/.test(ctx.path)) return next();
  // Otherwise Koa would send the response when this function returns.
  ctx.respond = false;
  ctx.status = 200;
  serve(ctx.req, ctx.res, {cors: false}).catch((error) => fail(ctx.res, error));
}

/** Middleware for the test runner. */
export const middleware = [scriptMiddleware, backends(), ...resumable];
