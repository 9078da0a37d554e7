// npm run build: everything in dist/ that is published.
import {spawnSync} from 'node:child_process';
import {cpSync, existsSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {build} from 'vite';

import {partNames} from './parts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function run(command, ...args) {
  const path = `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
  const {status, error} = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: {...process.env, PATH: path},
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const vite = (mode) => build({root, mode, logLevel: 'warn'});

await vite('production');
for (const part of partNames(root)) {
  process.env.PART = part;
  await vite('parts');
}
await vite('iife');
await vite('npm');
run('tsc', '-p', 'tsconfig.build.json');
run('cem', 'analyze', '--quiet', '--config', 'tools/custom-elements.config.mjs');
if (existsSync(join(root, 'src/themes')))
  cpSync(join(root, 'src/themes'), join(root, 'dist/themes'), {recursive: true});
run('node', 'tools/describe.mjs');
run('node', 'tools/licenses.mjs');
