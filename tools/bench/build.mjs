// Builds what the pages of the benchmark load: the element as it is published, and the page of each contender.
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {build} from 'vite';

import {partNames} from '../parts.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');

/** Installs the contenders, once. */
export function installContenders() {
  if (existsSync(join(here, 'node_modules/streaming-markdown'))) return;
  console.log('Installing the other widgets (first run only).');
  const {status} = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: here,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('The contenders could not be installed.');
}

/** Builds the element into `out`/dist. */
export async function buildElement(out) {
  const dist = join(out, 'dist');
  const options = {root, logLevel: 'warn', build: {outDir: dist, reportCompressedSize: false}};
  await build({...options, mode: 'production'});
  for (const part of partNames(root)) {
    process.env.PART = part;
    await build({...options, mode: 'parts'});
  }
}

/** Builds the page of a contender into `out`. */
export async function buildPage(name, out) {
  const file = ['js', 'jsx'].map((ending) => join(here, `pages/${name}.${ending}`)).find(existsSync);
  await build({
    configFile: false,
    root: here,
    logLevel: 'error',
    publicDir: false,
    define: {'process.env.NODE_ENV': '"production"'},
    build: {
      target: 'es2022',
      outDir: out,
      emptyOutDir: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 100_000,
      rolldownOptions: {
        input: file,
        output: {entryFileNames: `${name}.js`, chunkFileNames: `chunks/${name}-[hash].js`},
      },
    },
  });
}
