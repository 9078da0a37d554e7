// Runs demo/backends/resumable for the tests, on first use: two instances with one Redis behind nginx, and a third one
// that keeps its answers in memory.
//
//   /__resumable/*             nginx, which alternates between the two instances
//   /__resumable-<0|1>/*       one of them, without nginx
//   /__resumable-openai/*      two more instances, which use the `openai` package; the first that is alive
//   /__resumable-memory/*      the instance without Redis
//   /__resumable-cuts/*        the same, with the first ten responses per Idempotency-Key cut at random offsets
//
//   GET  /__resumable-control/status                     {missing?, instances, counters}; `missing`: why it does not run
//   POST /__resumable-control/<kill|freeze>              SIGKILL or SIGSTOP to the instance that generates an answer
//   POST /__resumable-control/restart                    restarts dead instances, resumes frozen ones
//                                                        (with `?openai`: for the two that use the package)
//   GET  /__resumable-control/cuts?key=                  where the responses for this key were cut, in bytes
import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, rmSync} from 'node:fs';
import {mkdir, mkdtemp, writeFile} from 'node:fs/promises';
import {createServer as createHttpServer, request as httpRequest} from 'node:http';
import {connect, createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {delimiter, dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

import {isCi, isRoot} from '../../tools/browsers.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const run = promisify(execFile);
const packages = {'redis-server': 'redis-server', nginx: 'nginx-light'};
const startTimeout = 20_000;
const cutsPerKey = 10;
/** Short enough for a test to wait for its end, in milliseconds. */
const lease = 600;
const pace = 3;

const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));

// --- Requirements -------------------------------------------------------------------------------------------------

function find(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
}

/** Finds the programs; installs missing ones as root in CI. Returns their paths, or `{missing}`. */
async function ensurePrograms() {
  const missing = () => Object.keys(packages).filter((program) => !find(program));
  let problem = '';
  if (missing().length > 0 && isRoot && isCi) {
    const env = {...process.env, DEBIAN_FRONTEND: 'noninteractive'};
    const names = missing().map((program) => packages[program]);
    try {
      await run('apt-get', ['update', '-q'], {env});
      await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], {env});
    } catch (error) {
      problem = ` (${error.message.split('\n')[0]})`;
    }
  }
  if (missing().length === 0) return {redis: find('redis-server'), nginx: find('nginx')};
  const names = missing().map((program) => packages[program]);
  return {missing: `${missing().join(' and ')} not installed${problem}. Run \`sudo apt-get install ${names.join(' ')}\`.`};
}

async function compile() {
  const {build} = await import('esbuild');
  const outfile = join(root, '.cache/backends/resumable-server.mjs');
  await mkdir(dirname(outfile), {recursive: true});
  await build({
    entryPoints: [join(root, 'demo/backends/resumable/server.ts')],
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

// --- Processes ----------------------------------------------------------------------------------------------------

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

/** Starts a server that ends when its standard input closes: together with this process, even if that is killed. */
async function start(command, args, env, port) {
  const child = spawn(command, args, {stdio: ['pipe', 'ignore', 'pipe'], env: {...process.env, ...env}});
  let output = '';
  let ended = false;
  child.stderr.on('data', (text) => (output = (output + text).slice(-2_000)));
  child.on('error', (error) => (output += error.message));
  child.on('close', () => {
    ended = true;
  });
  child.stdin.on('error', () => {}); // The process has exited; `close` reports that.
  for (const handle of [child, child.stdin, child.stderr]) handle.unref?.();

  const deadline = performance.now() + startTimeout;
  while (!(await accepts(port))) {
    if (ended || performance.now() > deadline) throw new Error(`${command} did not start: ${output}`);
    await sleep(50);
  }
  return child;
}

/** Wraps a program that ignores its standard input in a shell that ends it when the input closes. */
const guard = 'trap "" HUP INT TERM; "$@" </dev/null & cat >/dev/null; kill -9 $!';
const startGuarded = (program, args, port) => start('/bin/sh', ['-c', guard, 'sh', program, ...args], {}, port);

const watch = 'data:text/javascript,process.stdin.resume().on("end",()=>process.exit())';

class Instance {
  frozen = false;

  constructor(name, file, port, env) {
    Object.assign(this, {name, file, port, env});
    // A frozen instance does not notice that its standard input closes.
    process.on('exit', () => this.child?.kill('SIGKILL'));
  }

  get alive() {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  async start() {
    const env = {OPENAI_API_KEY: '', PORT: String(this.port), INSTANCE: this.name, ...this.env};
    // Without a key, it simulates its model, even if the machine has one.
    this.child = await start(process.execPath, ['--import', watch, this.file], env, this.port);
    this.frozen = false;
  }

  async kill() {
    const closed = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await closed;
  }

  freeze() {
    this.frozen = this.child.kill('SIGSTOP');
  }

  async restart() {
    if (!this.alive) return this.start();
    if (this.frozen) this.child.kill('SIGCONT');
    this.frozen = false;
  }

  async status() {
    const state = {name: this.name, alive: this.alive, frozen: this.frozen};
    if (!this.alive || this.frozen) return state;
    const response = await fetch(`http://127.0.0.1:${this.port}/status`);
    return {...state, ...(await response.json())};
  }
}

const shared = {SIMULATED_PACE: String(pace), LEASE: String(lease)};

async function startMemory() {
  const instance = new Instance('memory', await compile(), await freePort(), {...shared, REDIS_URL: ''});
  await instance.start();
  return {instances: [instance], port: instance.port};
}

async function startCluster() {
  const programs = await ensurePrograms();
  if (programs.missing) return programs;
  const folder = await mkdtemp(join(tmpdir(), 'stream-chat-resumable-'));
  process.on('exit', () => rmSync(folder, {recursive: true, force: true}));

  const redisPort = await freePort();
  const redisArgs = ['--port', redisPort, '--bind', '127.0.0.1', '--save', '', '--dir', folder].map(String);
  await startGuarded(programs.redis, redisArgs, redisPort);

  const file = await compile();
  const env = {...shared, REDIS_URL: `redis://127.0.0.1:${redisPort}`};
  const instances = [];
  for (const name of ['0', '1']) instances.push(new Instance(name, file, await freePort(), env));
  await Promise.all(instances.map((instance) => instance.start()));

  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  await writeFile(config, nginxConfig(folder, port, instances));
  await startGuarded(programs.nginx, ['-p', folder, '-c', config, '-e', 'stderr'], port);
  return {instances, port, redisPort};
}

/** Simulates OpenAI's API with random words, and counts its requests. */
async function startVendor() {
  const vendor = createHttpServer((req, res) => {
    vendor.asked++;
    res.writeHead(200, {'content-type': 'text/event-stream'});
    const timer = setInterval(() => {
      const choices = [{index: 0, delta: {content: `${Math.random()} `}, finish_reason: null}];
      res.write(`data: ${JSON.stringify({id: 'vendor', object: 'chat.completion.chunk', choices})}\n\n`);
    }, 10);
    res.on('close', () => clearInterval(timer));
  });
  vendor.asked = 0;
  vendor.unref();
  vendor.on('connection', (socket) => socket.unref());
  await once(vendor.listen(0, '127.0.0.1'), 'listening');
  return vendor;
}

async function startOpenai() {
  const {missing, redisPort} = await ensure('cluster');
  if (missing) return {missing};
  const vendor = await startVendor();
  const file = await compile();
  const env = {
    ...shared,
    REDIS_URL: `redis://127.0.0.1:${redisPort}/1`,
    OPENAI_API_KEY: 'none',
    OPENAI_BASE_URL: `http://127.0.0.1:${vendor.address().port}/v1`,
  };
  const instances = [];
  for (const name of ['0', '1']) instances.push(new Instance(name, file, await freePort(), env));
  await Promise.all(instances.map((instance) => instance.start()));
  return {
    instances,
    get port() {
      return instances.find(({alive}) => alive)?.port;
    },
    counters: () => ({asked: vendor.asked}),
  };
}

/** A minimal configuration: buffering is on, and upstream requests use HTTP/1.0, where closing ends the body. */
const nginxConfig = (folder, port, instances) => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr crit;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  gzip on;
  gzip_types text/event-stream;
  upstream chat {
    ${instances.map((instance) => `server 127.0.0.1:${instance.port} max_fails=1 fail_timeout=1s;`).join('\n    ')}
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://chat;
      proxy_buffering on;
      proxy_next_upstream off;
    }
  }
}
`;

const starters = {cluster: startCluster, openai: startOpenai, memory: startMemory};
const started = {};
/** Starts a set-up once. Returns a failure as `{missing}` instead of throwing. */
const ensure = (name) =>
  (started[name] ??= starters[name]().catch((error) => ({missing: `It does not run: ${error.message}`})));

// --- Requests -----------------------------------------------------------------------------------------------------

/** Forwards a request, and streams back the response. `cut`: where and how the body is cut. */
function proxy(req, res, path, port, cut) {
  const {host: _host, connection: _connection, ...headers} = req.headers;
  const forward = httpRequest({host: '127.0.0.1', port, path, method: req.method, headers}, (answer) => {
    res.writeHead(answer.statusCode, answer.headers);
    res.flushHeaders();
    let isCut = false;
    answer.on('data', (bytes) => {
      if (isCut) return;
      isCut = bytes.length >= (cut?.left ?? Infinity);
      if (!isCut) {
        if (cut) cut.left -= bytes.length;
        return res.write(bytes);
      }
      const finish = () => (cut.clean ? res.end() : res.destroy());
      // Only after the written data has been sent, so that it arrives.
      res.write(bytes.subarray(0, cut.left), () => setTimeout(finish, 5));
    });
    answer.on('end', () => isCut || res.end());
    answer.on('error', () => res.destroy());
  });
  forward.on('error', () => res.destroy());
  res.on('close', () => forward.destroy());
  req.pipe(forward);
}

const cuts = new Map();

/** Returns where to cut the next response for this key; `undefined` after ten. Every third one ends cleanly. */
function nextCut(key = '') {
  const places = cuts.get(key) ?? [];
  cuts.set(key, places);
  if (places.length === cutsPerKey) return undefined;
  const left = 1 + Math.floor(Math.random() * 8_000);
  places.push(left);
  return {left, clean: places.length % 3 === 0};
}

async function control(ctx, action) {
  if (action === 'cuts') return cuts.get(ctx.query.key) ?? [];
  const {instances, missing, counters} = await ensure('openai' in ctx.query ? 'openai' : 'cluster');
  if (missing) return {missing};
  if (action === 'restart') await Promise.all(instances.map((instance) => instance.restart()));
  const states = await Promise.all(instances.map((instance) => instance.status()));
  if (action === 'kill' || action === 'freeze') {
    const found = instances[states.findIndex(({writing}) => writing > 0)];
    if (!found) ctx.throw(409, `No instance is generating: ${JSON.stringify(states)}`);
    await found[action]();
    return {name: found.name};
  }
  return {instances: states, counters: {...states.find((state) => state.counters)?.counters, ...counters?.()}};
}

async function resumable(ctx, next) {
  const [, where = 'cluster', path] = /^\/__resumable(?:-(\w+))?(\/.*)$/.exec(ctx.url) ?? [];
  if (!path) return next();
  if (where === 'control') {
    ctx.body = await control(ctx, ctx.path.split('/').at(-1));
    return;
  }
  const setup = where === 'cuts' ? 'memory' : where in starters ? where : 'cluster';
  const {missing, port, instances} = await ensure(setup);
  if (missing) {
    ctx.status = 503;
    ctx.body = {error: {message: missing}};
    return;
  }
  const cut = where === 'cuts' ? nextCut(ctx.get('idempotency-key')) : undefined;
  // Otherwise Koa would send the response when this function returns.
  ctx.respond = false;
  ctx.status = 200;
  proxy(ctx.req, ctx.res, path, instances[where]?.port ?? port, cut);
}

/** Middleware for the test runner. */
export const middleware = [resumable];
