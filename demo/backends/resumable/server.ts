// A chat back end whose answers survive lost connections, reloads and dead instances. See README.md.
import {randomUUID} from 'node:crypto';
import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {hostname} from 'node:os';

import {answerId, Answers} from './answers.ts';
import {MemoryStore} from './memory-store.ts';
import {model, type Message} from './model.ts';
import {RedisStore} from './redis-store.ts';
import {placeOf} from './store.ts';

const {REDIS_URL, INSTANCE = `${hostname()}:${process.pid}`, HOST = '127.0.0.1', PORT = '3000'} = process.env;
/** How long an answer is kept after its last event, in milliseconds. */
const keep = Number(process.env.KEEP ?? 10 * 60_000);
/** After so many milliseconds without a sign of life an instance counts as dead. */
const lease = Number(process.env.LEASE ?? 10_000);
/** Proxies close a connection that is silent for a minute or so. */
const heartbeat = 15_000;
const maxBody = 1_000_000;

const store = REDIS_URL ? new RedisStore({url: REDIS_URL, instance: INSTANCE, keep, lease}) : new MemoryStore(keep);
const answers = new Answers(store, model, lease);
let listeners = 0;

/** What the client did wrong, and the status that tells it. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

// --- Asking, listening again, stopping --------------------------------------------------------------------------

/** Asks a question; with a key that was used before, or `Last-Event-ID`: listens to the answer that there is. */
async function ask(request: IncomingMessage, response: ServerResponse) {
  const body = await readJson(request);
  const key = request.headers['idempotency-key'] ?? body['id'] ?? randomUUID();
  if (typeof key !== 'string' || key === '' || key.length > 200) throw new Refusal(422, 'The key is no short string.');
  const id = answerId(key);

  // Someone who has a part of an answer must not get the rest of another one: if it is gone, it is gone.
  if (request.headers['last-event-id'] === undefined) {
    if (!Array.isArray(body['messages'])) throw new Refusal(422, 'There are no "messages".');
    await answers.begin(id, body['messages'] as Message[]);
  }
  await listen(id, request, response);
}

/** Sends the events of an answer behind `Last-Event-ID`: those that are there, then those that come. */
async function listen(id: string, request: IncomingMessage, response: ServerResponse) {
  const after = placeOf(request.headers['last-event-id']?.toString());
  const [question, {count, ended}] = await Promise.all([store.question(id), store.progress(id)]);
  if (question === undefined || (ended && after >= count)) {
    response.writeHead(204).end(); // Nothing to come: the client is to stop asking.
    return;
  }
  await answers.attend(id);

  // The connection may go, the answer goes on: only the listening ends.
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-cache, no-transform', // no-transform: nobody is to compress it, which collects
    'X-Accel-Buffering': 'no', // nginx would collect it otherwise
  });
  response.flushHeaders();
  const beat = setInterval(() => response.write(':\n\n'), heartbeat);
  listeners++;
  try {
    for await (const event of store.read(id, after, gone.signal)) {
      const goesOn = response.write(`id: ${event.id}\ndata: ${event.data}\n\n`);
      if (!goesOn) await once(response, 'drain', {signal: gone.signal});
    }
    response.end();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  } finally {
    listeners--;
    clearInterval(beat);
  }
}

/** Stops an answer. As listeners are not counted, leaving alone stops nothing. */
async function stop(request: IncomingMessage, response: ServerResponse) {
  const {id} = await readJson(request);
  if (typeof id !== 'string') throw new Refusal(422, 'There is no "id".');
  if ((await store.question(id)) === undefined) throw new Refusal(404, 'There is no such answer.');
  // Where conversations are kept, the answer would now be cut to the `length` that the person had seen.
  await answers.stop(id);
  response.writeHead(204).end();
}

/** What this instance does. Counters are those of all. */
async function tellStatus(response: ServerResponse) {
  const status = {instance: INSTANCE, writing: answers.writing, listeners, counters: await store.counters()};
  response.writeHead(200, {'Content-Type': 'application/json'}).end(JSON.stringify(status));
}

// --- The server and the page ------------------------------------------------------------------------------------

const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  'GET /': ['index.html', 'text/html; charset=utf-8'],
  'GET /stream-chat.js': ['stream-chat.js', 'text/javascript; charset=utf-8'],
};

async function route(request: IncomingMessage, response: ServerResponse) {
  const {pathname} = new URL(request.url ?? '/', 'http://localhost');
  const path = `${request.method} ${pathname}`;
  const [, id] = /^GET \/api\/chat\/([\w-]{1,100})\/stream$/.exec(path) ?? [];
  const file = files[path];
  if (path === 'POST /api/chat') await ask(request, response);
  else if (path === 'POST /api/chat/stop') await stop(request, response);
  else if (id) await listen(id, request, response);
  else if (path === 'GET /status') await tellStatus(response);
  else if (file) {
    const content = await readFile(new URL(file[0], import.meta.url));
    response.writeHead(200, {'Content-Type': file[1]}).end(content);
  } else throw new Refusal(404, 'There is nothing here.');
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const piece of request.setEncoding('utf8')) {
    text += piece;
    if (text.length > maxBody) throw new Refusal(413, 'The request is too large.');
  }
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) return body as Record<string, unknown>;
  } catch {
    // Told below, together with JSON that is no object.
  }
  throw new Refusal(400, 'The body is no JSON object.');
}

const server = createServer(async (request, response) => {
  try {
    await route(request, response);
  } catch (error) {
    const refusal = error instanceof Refusal ? error : undefined;
    if (!refusal) console.error(error);
    if (response.headersSent) {
      response.destroy(); // The client sees that it is not the end, and comes back.
      return;
    }
    const headers = {'Content-Type': 'application/json', ...(refusal ? {} : {'Retry-After': '1'})};
    const message = refusal?.message ?? 'The server cannot answer now.';
    response.writeHead(refusal?.status ?? 503, headers).end(JSON.stringify({error: {message}}));
  }
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.close();
    // Listeners come back to another instance, which by then may write.
    void answers
      .close()
      .catch(console.error)
      .finally(() => process.exit());
  });
}

server.listen(Number(PORT), HOST, () => {
  const address = server.address();
  if (address && typeof address === 'object') console.log(`http://${HOST}:${address.port}`);
});
