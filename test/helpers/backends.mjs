// Runs the back ends of demo/backends for the tests, each when it is first asked.
//
//   /__fastapi/*   main.py under uvicorn, where Python has FastAPI
//   /__node/*      server.ts as a process of its own
//   /__next/*      the route handler, called with the request
//   /__backends    {fastapi, node, next}: `true`, or the reason why it does not run
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir} from 'node:fs/promises';
import {request as httpRequest} from 'node:http';
import {connect, createServer} from 'node:net';
import {dirname, join, resolve} from 'node:path';
import {Readable} from 'node:stream';
import {pathToFileURL, fileURLToPath} from 'node:url';

import {ensureFastapi} from '../../tools/fastapi.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const cache = join(root, '.cache/backends');
const START = 20_000;

const children = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function accepts(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // Not yet.
  } finally {
    socket.destroy();
  }
}

/** Starts a server in a process that ends with this one, even if this one is killed, because its standard input closes. */
async function start(command, args, env, port) {
  const child = spawn(command, args, {stdio: ['pipe', 'ignore', 'pipe'], env: {...process.env, ...env}});
  children.add(child);
  let output = '';
  let ended = false;
  child.stderr.on('data', (text) => (output = (output + text).slice(-2_000)));
  child.on('error', (error) => (output += error.message));
  child.on('close', () => {
    ended = true;
    children.delete(child);
  });
  child.stdin.on('error', () => {}); // The process has exited; `close` reports that.
  for (const handle of [child, child.stdin, child.stderr]) handle.unref?.();

  const deadline = performance.now() + START;
  while (!(await accepts(port))) {
    if (ended || performance.now() > deadline) throw new Error(`${command} did not start: ${output}`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
  return port;
}

async function compile(entry, name) {
  const {build} = await import('esbuild');
  await mkdir(cache, {recursive: true});
  const outfile = join(cache, name);
  await build({
    entryPoints: [join(root, 'demo/backends', entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
  });
  return outfile;
}

// Makes the back ends simulate their model even if the machine has API keys.
const withoutKeys = {OPENAI_API_KEY: ''};

const PYTHON = `
import os, sys, threading, uvicorn
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
uvicorn.run("main:app", host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
`;

async function startFastapi() {
  const {python, missing} = await ensureFastapi();
  if (missing) return {missing};
  const port = await freePort();
  const folder = join(root, 'demo/backends/fastapi');
  const env = {...withoutKeys, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1'};
  return {port: await start(python, ['-c', PYTHON, String(port)], env, port)};
}

async function startNode() {
  const file = await compile('node/server.ts', 'node-server.mjs');
  const port = await freePort();
  const watch = 'data:text/javascript,process.stdin.resume().on("end",()=>process.exit())';
  return {port: await start(process.execPath, ['--import', watch, file], {...withoutKeys, PORT: String(port)}, port)};
}

async function startNext() {
  const file = await compile('nextjs/app/api/chat/route.ts', 'next-route.mjs');
  delete process.env.OPENAI_API_KEY;
  return {handlers: await import(pathToFileURL(file).href)};
}

const starters = {fastapi: startFastapi, node: startNode, next: startNext};
const started = {};
/** Starts a back end once. Returns a failure as `{missing}` instead of throwing. */
const ensure = (name) =>
  (started[name] ??= starters[name]().catch((error) => ({missing: `${name} does not run: ${error.message}`})));

/** Forwards a request, and streams back the response. */
function proxy(req, res, path, port) {
  const {host: _host, connection: _connection, ...headers} = req.headers;
  const forward = httpRequest({host: '127.0.0.1', port, path, method: req.method, headers}, (answer) => {
    res.writeHead(answer.statusCode, answer.headers);
    res.flushHeaders();
    answer.on('data', (bytes) => res.write(bytes));
    answer.on('end', () => res.end());
    answer.on('error', () => res.destroy());
  });
  forward.on('error', () => res.destroy());
  res.on('close', () => forward.destroy());
  req.pipe(forward);
}

async function callHandler(req, res, {handlers}) {
  const handler = handlers[req.method];
  if (!handler) return res.writeHead(405).end();
  const request = new Request(`http://next${req.url}`, {
    method: req.method,
    headers: Object.entries(req.headers).filter(([name]) => name !== 'connection'),
    ...(req.method === 'GET' ? {} : {body: Readable.toWeb(req), duplex: 'half'}),
  });
  const response = await handler(request);
  res.writeHead(response.status, Object.fromEntries(response.headers));
  res.flushHeaders();
  const reader = response.body.getReader();
  res.on('close', () => void reader.cancel());
  for (;;) {
    const {value, done} = await reader.read();
    if (done) return res.end();
    res.write(value);
  }
}

/** Middleware that serves the back ends. */
export function backends() {
  return async (ctx, next) => {
    if (ctx.path === '/__backends') {
      const entries = Object.keys(starters).map(async (name) => [name, (await ensure(name)).missing ?? true]);
      ctx.body = Object.fromEntries(await Promise.all(entries));
      return;
    }
    const [, name, path] = /^\/__(fastapi|node|next)(\/.*)$/.exec(ctx.url) ?? [];
    if (!name) return next();
    const backend = await ensure(name);
    if (backend.missing) {
      ctx.status = 503;
      ctx.body = {error: {message: backend.missing}};
      return;
    }
    // Otherwise Koa would send the response when this function returns.
    ctx.respond = false;
    ctx.status = 200;
    if (backend.port) proxy(ctx.req, ctx.res, path, backend.port);
    else callHandler(ctx.req, ctx.res, backend).catch(() => ctx.res.destroy());
  };
}
