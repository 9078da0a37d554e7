// The server of the size measurement: dist/ gzipped as a server would send it, one page, and an endpoint.
import {createReadStream} from 'node:fs';
import {realpath} from 'node:fs/promises';
import {createServer} from 'node:http';
import {extname, join, sep} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {createGzip} from 'node:zlib';

const types = {'.js': 'text/javascript', '.json': 'application/json', '.css': 'text/css'};
/** Where the page of the README expects the files. */
const prefix = '/stream-chat/';
/** Between two pieces of an answer, in milliseconds: it streams, and is not there at once. */
const pause = 20;

/** Starts a server for one page on a free port. Its endpoint gives one of `answers` after the other. */
export async function startServer(dist, page, answers) {
  const waiting = [...answers];
  const transfers = [];
  let open = 0;
  let lastChange = performance.now();

  /** Sends a body with gzip, and records its compressed size. */
  async function send(response, name, type, body) {
    response.writeHead(200, {
      'content-type': `${type}; charset=utf-8`,
      'content-encoding': 'gzip',
      'cache-control': 'no-store',
    });
    const transfer = {name, bytes: 0};
    transfers.push(transfer);
    const gzip = createGzip({level: 9});
    gzip.on('data', (chunk) => (transfer.bytes += chunk.length));
    if (typeof body === 'string') gzip.end(body);
    else body.pipe(gzip);
    await pipeline(gzip, response);
  }

  async function answer(response) {
    response.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-store'});
    for (const event of waiting.shift() ?? []) {
      response.write(event);
      await sleep(pause);
    }
    response.end();
  }

  async function respond(request, response) {
    const {pathname} = new URL(request.url, 'http://localhost');
    if (request.method === 'POST') return answer(response);
    if (pathname === '/') return send(response, 'page', 'text/html', page);
    const path = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : '';
    const file = await realpath(join(dist, decodeURIComponent(path))).catch(() => undefined);
    if (file?.startsWith(dist + sep)) {
      const name = file.slice(dist.length + 1).replaceAll(sep, '/');
      return send(response, name, types[extname(file)] ?? 'application/octet-stream', createReadStream(file));
    }
    // Chromium asks for an icon by itself. Whatever else is missing is recorded, as it makes a figure wrong.
    if (pathname !== '/favicon.ico') transfers.push({name: `${pathname} (missing)`, bytes: 0, isMissing: true});
    response.writeHead(404).end();
  }

  const server = createServer(async (request, response) => {
    open++;
    lastChange = performance.now();
    try {
      await respond(request, response);
    } catch (error) {
      console.error(`${request.url}: ${error.message}`);
      response.destroy();
    }
    open--;
    lastChange = performance.now();
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));

  return {
    /** What was sent so far: the name of the file, and the size of its body after gzip. */
    transfers,
    /** The answers that were not asked for. */
    waiting,
    url: `http://127.0.0.1:${server.address().port}/`,
    /** Resolves when no request was open for `quiet` milliseconds. */
    async idle(quiet = 600) {
      while (open > 0 || performance.now() - lastChange < quiet) await sleep(50);
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
