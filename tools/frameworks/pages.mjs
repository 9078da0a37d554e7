// The pages, and how each is built.
import {cpSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

import {run} from './run.mjs';

/** The element is defined after the page has rendered. */
const late = {late: true};
/** A server rendered the page. */
const served = {served: true};

const tsc = ['tsc', '--pretty', 'false'];

/** React, Vue, Svelte, Solid: built by Vite into `dist/<mode>`, and for Node into `dist/server-<mode>`. */
const vite = (name, title, packageName, ending, types, moreKinds = [late, {...late, ...served}]) => ({
  name,
  title,
  packageName,
  types,
  async build(folder) {
    const cwd = join(folder, name);
    const build = (mode, ...args) =>
      run(folder, 'vite', ['build', '--mode', mode, '--logLevel', 'warn', '--emptyOutDir', ...args], {
        cwd,
        env: {NODE_ENV: mode},
      });
    await build('production', '--outDir', 'dist/production');
    await build('development', '--outDir', 'dist/development');
    await build('development', '--outDir', 'dist/server', '--ssr', `server.${ending}`);
  },
  // Frameworks only print warnings in development mode.
  kinds: [{mode: 'production'}, {}, served, ...moreKinds],
  locate: ({mode = 'development', late, path}) => ({folder: `dist/${mode}`, path: path ?? (late ? 'late.html' : '')}),
  render: async (folder) => (await import(pathToFileURL(join(folder, name, 'dist/server/server.js')).href)).render(),
  isElement: (path) => /\/element-[\w-]+\.js$/.test(path),
});

const angular = {
  name: 'angular',
  title: 'Angular',
  packageName: '@angular/core',
  types: ['ngc', '-p', 'tsconfig.types.json'],
  async build(folder) {
    for (const configuration of ['production', 'late']) {
      await run(folder, 'ng', ['build', '--configuration', configuration], {cwd: join(folder, 'angular')});
    }
  },
  kinds: [{mode: 'production'}, late],
  locate: ({late}) => ({folder: `dist/${late ? 'late' : 'production'}`, path: ''}),
  isElement: (path) => /\/element-[\w-]+\.js$/.test(path),
};

/** Copies a page that needs no build, and the files that its script tags load. */
function copy(folder, name, files) {
  const modules = join(folder, 'node_modules');
  const target = join(folder, name, 'dist');
  rmSync(target, {recursive: true, force: true});
  for (const file of readdirSync(join(folder, name))) cpSync(join(folder, name, file), join(target, file));
  cpSync(join(modules, 'stream-chat-element/dist'), join(target, 'stream-chat'), {recursive: true});
  for (const [from, to] of Object.entries(files)) cpSync(join(modules, from), join(target, to));
}

const isFile = (path) => path === '/stream-chat/stream-chat.js';

/** React in Next.js: rendered while it is built, and hydrated in the browser. `next build` checks the types. */
const next = {
  name: 'next',
  title: 'Next.js',
  packageName: 'next',
  build: (folder) => run(folder, 'next', ['build'], {cwd: join(folder, 'next'), env: {NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1'}}),
  kinds: [{mode: 'production', served: true}],
  locate: () => ({folder: 'out', path: ''}),
  isElement: () => false,
  // The exported page is complete.
  render: () => '',
};

const htmx = {
  name: 'htmx',
  title: 'htmx',
  packageName: 'htmx.org',
  build: (folder) => copy(folder, 'htmx', {'htmx.org/dist/htmx.js': 'htmx.js'}),
  kinds: [{}, late],
  locate: ({late}) => ({folder: 'dist', path: late ? 'late.html' : ''}),
  isElement: isFile,
  async createRoutes(folder) {
    const {main} = await import(pathToFileURL(join(folder, 'htmx/main.mjs')).href);
    const state = {isOpen: true, isLocked: false};
    const change = (key) => () => {
      state[key] = !state[key];
      return main(state);
    };
    return {'/main': () => main(state), '/toggle': change('isOpen'), '/lock': change('isLocked')};
  },
};

const plain = {
  name: 'plain',
  title: 'Plain HTML',
  types: tsc,
  build: (folder) => copy(folder, 'plain', {'idiomorph/dist/idiomorph.js': 'idiomorph.js'}),
  kinds: [{morphs: true}, late, {classic: true}],
  locate: ({late, classic}) => ({folder: 'dist', path: late ? 'late.html' : classic ? 'classic.html' : ''}),
  isElement: isFile,
};

export const pages = [
  // Its component imports the element, which is never defined late.
  vite('react', 'React', 'react', 'tsx', tsc, [{path: 'greeting.html', asks: true}]),
  next,
  vite('vue', 'Vue', 'vue', 'ts', ['vue-tsc', '--pretty', 'false']),
  vite('svelte', 'Svelte', 'svelte', 'ts', ['svelte-check', '--output', 'machine']),
  vite('solid', 'Solid', 'solid-js', 'tsx', tsc),
  angular,
  htmx,
  plain,
];

/** Returns the installed version of the framework. */
export const versionOf = (folder, {packageName}) =>
  packageName
    ? JSON.parse(readFileSync(join(folder, 'node_modules', packageName, 'package.json'), 'utf8')).version
    : '';
