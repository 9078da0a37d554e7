// npm run package: verifies the packed tarball: files, hashes, imports, types.
import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {delimiter, join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {publint} from 'publint';
import {formatMessage} from 'publint/utils';

import {checkManifest} from './describe/check.mjs';
import {staleDocuments} from './docs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const description = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** A consumer project with the package in its node_modules. Inside this project, so that `lit` and types resolve. */
const consumer = join(root, '.cache/consumer');
const installed = join(consumer, 'node_modules', description.name);
const problems = [];

/** Runs a command. Resolves to whether it succeeded, and its output. */
function run(command, args, cwd = root) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      shell: process.platform === 'win32',
      env: {...process.env, NO_COLOR: '1', PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`},
    });
    let stdout = '';
    let output = '';
    child.stdout.on('data', (data) => {
      stdout += data;
      output += data;
    });
    child.stderr.on('data', (data) => (output += data));
    child.once('error', reject);
    child.once('close', (code) => resolve({isOk: code === 0, output: output.trim(), stdout}));
  });
}

async function check(name, running) {
  const {isOk, output} = await running;
  if (!isOk) problems.push(`${name}:\n${output}`);
}

async function pack() {
  rmSync(consumer, {recursive: true, force: true});
  mkdirSync(installed, {recursive: true});
  const {isOk, output, stdout} = await run('npm', [
    'pack',
    '--json',
    '--ignore-scripts',
    '--pack-destination',
    consumer,
  ]);
  if (!isOk) throw new Error(output);
  const [{filename, files, size}] = JSON.parse(stdout);
  const unpacking = await run('tar', ['xzf', join(consumer, filename), '-C', installed, '--strip-components=1']);
  if (!unpacking.isOk) throw new Error(unpacking.output);
  writeFileSync(join(consumer, 'package.json'), '{"type": "module", "private": true}\n');
  return {tarball: join(consumer, filename), files: files.map(({path}) => path), size};
}

/** Checks that the package contains only files meant for it, none from this machine, and that the hashes match. */
function checkFiles(files) {
  const allowed =
    /^(?:dist\/[\w/.@-]+\.(?:js|d\.ts|css|json|txt)|(?:README(?:\.[\w-]+)?|CHANGELOG|LICENSE|SECURITY|THIRD-PARTY)(?:\.md)?|docs\/[\w-]+\.(?:md|svg)|llms\.txt|package\.json)$/;
  const unexpected = files.filter((path) => !allowed.test(path) || /(?:^|\/)(?:demo|test|node_modules|src)\//.test(path));
  if (unexpected.length > 0) problems.push(`Unexpected files in the package: ${unexpected.join(', ')}`);
  for (const path of files) {
    const text = readFileSync(join(installed, path), 'utf8');
    if (text.includes(root) || (homedir().length > 1 && text.includes(`${homedir()}/`)))
      problems.push(`${path} contains a path of this machine.`);
    if (/\.js$/.test(path) && /Lit is in dev mode|process\.env/.test(text))
      problems.push(`${path} contains development code.`);
  }
  const sri = JSON.parse(readFileSync(join(installed, 'dist/sri.json'), 'utf8'));
  for (const [path, hash] of Object.entries(sri.files)) {
    const file = join(installed, 'dist', path);
    if (!existsSync(file)) problems.push(`sri.json lists ${path}, which is not in the package.`);
    else if (hash !== `sha384-${createHash('sha384').update(readFileSync(file)).digest('base64')}`)
      problems.push(`The hash of ${path} in sri.json does not match.`);
  }
}

/** Returns every specifier that the package can be imported by, with all files of the patterns in `exports`. */
function specifiers() {
  return Object.entries(description.exports).flatMap(([subpath, target]) => {
    const file = target.default ?? target;
    if (!file.endsWith('.js') || file.endsWith('.iife.js')) return [];
    if (!file.includes('*')) return [description.name + subpath.slice(1)];
    return readdirSync(join(installed, file.slice(0, file.indexOf('*'))))
      .filter((name) => name.endsWith('.js'))
      .map((name) => `${description.name}${subpath.slice(1).replace('*.js', name)}`);
  });
}

/** Imports every specifier without a DOM, and streams an answer with the core. */
function checkImports() {
  writeFileSync(
    join(consumer, 'imports.mjs'),
    `const peers = ${JSON.stringify(Object.keys(description.peerDependencies ?? {}))};
for (const name of ${JSON.stringify(specifiers())}) await import(name).catch((error) => {
  // An optional peer that is not installed here: the pages of demo/frameworks import it.
  if (error.code === 'ERR_MODULE_NOT_FOUND' && peers.some((peer) => error.message.includes(\`'\${peer}'\`))) return;
  console.error(name, error);
  process.exitCode = 1;
});
const {StreamChat} = await import('${description.name}');
if (StreamChat.version !== '${description.version}') throw new Error(\`The version is \${StreamChat.version}.\`);
if (globalThis.window ?? globalThis.document) throw new Error('The import created a global window or document.');

const {createServer} = await import('node:http');
const {ask} = await import('${description.name}/core');
const server = createServer((request, response) => {
  response.writeHead(200, {'content-type': 'text/event-stream', connection: 'close'});
  response.write('data: {"content": "Hello "}\\n\\n');
  setTimeout(() => response.end('data: {"content": "server"}\\n\\ndata: [DONE]\\n\\n'), 20);
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const message = await ask(\`http://127.0.0.1:\${server.address().port}/\`, {messages: 'Hi'}).finished;
server.close();
if (message.text !== 'Hello server' || message.status !== 'done') throw new Error(JSON.stringify(message));
const refused = await ask('http://127.0.0.1:1/', {messages: 'Hi', retries: 1}).finished;
if (refused.error?.code !== 'network') throw new Error(JSON.stringify(refused));
`,
  );
  return check('imports in Node', run('node', ['imports.mjs'], consumer));
}

function checkTypes() {
  cpSync(join(root, 'test/types'), join(consumer, 'types'), {recursive: true});
  return check('types', run('tsc', ['-p', 'types'], consumer));
}

async function lint() {
  const {messages} = await publint({pkgDir: installed, strict: true, pack: false});
  for (const message of messages) problems.push(`publint: ${formatMessage(message, description, {color: false})}`);
}

function checkResolution(tarball) {
  const noModules = Object.keys(description.exports).filter((name) => name.endsWith('.iife.js'));
  return check('attw', run('attw', [tarball, '--profile', 'esm-only', '--exclude-entrypoints', ...noModules]));
}

problems.push(...checkManifest(root));
const stale = staleDocuments(root);
if (stale.length > 0) problems.push(`Outdated: ${stale.join(', ')}. Run: npm run docs`);

const {tarball, files, size} = await pack();
checkFiles(files);
await Promise.all([checkTypes(), checkImports(), lint(), checkResolution(tarball)]);

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
const unpacked = files.reduce((sum, path) => sum + statSync(join(installed, path)).size, 0);
const kilobytes = (bytes) => `${Math.round(bytes / 1000)} kB`;
console.log(
  `${files.length} files, ${kilobytes(size)} packed, ${kilobytes(unpacked)} unpacked: no problems found.`,
);
