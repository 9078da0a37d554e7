// Serves a built page and a scripted streaming endpoint.
import {createServer} from 'node:http';
import {readFile} from 'node:fs/promises';
import {once} from 'node:events';
import {extname, join, normalize} from 'node:path';
import {setImmediate as nextTurn} from 'node:timers/promises';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
};

/** Deltas of the answer to `count`. */
export const pieces = Array.from({length: 120}, (_, i) => `word${i} `);

const chunk = (delta, reason = null) =>
  `data: ${JSON.stringify({object: 'chat.completion.chunk', choices: [{index: 0, delta, finish_reason: reason}]})}\n\n`;
const end = (reason = 'stop') => `${chunk({}, reason)}data: [DONE]\n\n`;

/**
 * Responds depending on the question: `count` streams all deltas, one per turn of the event loop; `hold` streams half
 * of them, and the rest after `release('rest')`; `add` calls the tool; `refuse` responds with status 401.
 */
async function answer(response, {question, body}, gate) {
  const write = async (list) => {
    for (const content of list) {
      response.write(chunk({content}));
      await nextTurn();
    }
  };
  if (question === 'refuse') {
    response.writeHead(401, {'content-type': 'application/json'}).end('{"error": {"message": "Missing token."}}');
    return;
  }
  response.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-store'});
  const result = body.messages.at(-1);
  if (question === 'hold') {
    await write(pieces.slice(0, 60));
    await gate('rest', response);
    await write(pieces.slice(60));
    response.end(end());
  } else if (result.role === 'tool') {
    await write(['The sum is ', `${result.content}.`]);
    response.end(end());
  } else if (question === 'add') {
    const call = {index: 0, id: 'call-1', type: 'function', function: {name: 'add', arguments: '{"a": 2, "b": 3}'}};
    response.write(chunk({role: 'assistant', tool_calls: [call]}));
    response.end(end('tool_calls'));
  } else {
    await write(pieces);
    response.end(end());
  }
}

/**
 * Serves `folder`. `fill` transforms the HTML of a page, `hold` selects the paths that wait for `release('file')`,
 * `routes` maps paths to functions that return HTML.
 */
export async function serve(folder, {fill = (html) => html, hold = () => false, routes = {}} = {}) {
  const log = [];
  const changed = new EventTarget();
  const notify = () => changed.dispatchEvent(new Event('change'));
  const releases = new Map();

  const waitFor = async (condition, what) => {
    const signal = AbortSignal.timeout(15_000);
    while (!condition(log)) {
      await once(changed, 'change', {signal}).catch((cause) => {
        throw new Error(`Not observed by the server: ${what}. Its log: ${JSON.stringify(log)}`, {cause});
      });
    }
  };
  /** Waits for a release that no other request has used; never resolves if the client disconnects first. */
  const gate = async (name, response) => {
    let isOpen = true;
    response.once('close', () => (isOpen = false));
    while (!(releases.get(name) > 0)) {
      await once(changed, 'change');
      if (!isOpen) return new Promise(() => {});
    }
    releases.set(name, releases.get(name) - 1);
  };

  async function chat(request, response) {
    let text = '';
    for await (const part of request) text += part;
    const body = JSON.parse(text);
    const question = body.messages.findLast(({role}) => role === 'user').content;
    const entry = {question, headers: request.headers, body, closed: undefined};
    log.push(entry);
    response.on('close', () => {
      entry.closed = response.writableFinished ? 'server' : 'client';
      notify();
    });
    notify();
    await answer(response, entry, gate);
  }

  async function file(path, response) {
    try {
      const name = normalize(path.endsWith('/') ? `${path}index.html` : path);
      const found = await readFile(join(folder, name));
      const type = extname(name);
      response.writeHead(200, {'content-type': types[type] ?? 'application/octet-stream', 'cache-control': 'no-store'});
      response.end(type === '.html' ? await fill(String(found)) : found);
    } catch (error) {
      response.writeHead(error.code === 'ENOENT' ? 404 : 500).end(String(error));
    }
  }

  const server = createServer(async (request, response) => {
    const {pathname} = new URL(request.url, 'http://localhost');
    if (pathname === '/api/chat') return chat(request, response);
    if (hold(pathname)) await gate('file', response);
    if (!Object.hasOwn(routes, pathname)) return file(pathname, response);
    response.writeHead(200, {'content-type': types['.html'], 'cache-control': 'no-store'}).end(routes[pathname]());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** The requests to the endpoint so far. */
    log,
    /** Resolves when the log meets the condition. */
    waitFor,
    /** Releases `count` requests that wait for `name`, now or later; `file` stands for the files selected by `hold`. */
    release(name, count = 1) {
      releases.set(name, (releases.get(name) ?? 0) + count);
      notify();
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
