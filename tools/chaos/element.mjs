// Provides the built element that is tested.
import {cpSync, existsSync, readFileSync, readdirSync, rmSync, statSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {pathToFileURL} from 'node:url';

import {build} from 'vite';

const newest = (folder) =>
  Math.max(...readdirSync(folder, {recursive: true}).map((file) => statSync(join(folder, file)).mtimeMs));

/** Whether a file and everything it imports exist and are newer than the sources. */
function isFresh(file, changed, seen = new Set()) {
  if (seen.has(file)) return true;
  seen.add(file);
  if (!existsSync(file) || statSync(file).mtimeMs < changed) return false;
  const imports = readFileSync(file, 'utf8').matchAll(/\b(?:import\(|from\s?|import\s?)(["'`])(\.\.?\/[\w./-]+\.js)\1/g);
  return [...imports].every(([, , path]) => isFresh(join(dirname(file), path), changed, seen));
}

/** Builds the sources of `root` into `folder`: the element and its lazy modules. */
export async function buildElement(root, folder) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    define: {'process.env.NODE_ENV': '"production"'},
    resolve: {conditions: ['module', 'browser', 'production']},
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      lib: {entry: join(root, 'src/index.ts'), formats: ['es'], fileName: () => 'stream-chat.js'},
      rolldownOptions: {output: {minify: true, chunkFileNames: 'chunks/[name].js'}},
    },
  });
}

/** Copies the element from `dist`, as it is published, into `folder`; if `dist` is outdated, builds it there instead. */
export async function prepareElement(root, folder, given) {
  const dist = given ?? join(root, 'dist');
  rmSync(folder, {recursive: true, force: true});
  if (given || isFresh(join(dist, 'stream-chat.js'), newest(join(root, 'src')))) {
    // A copy, because a build during the test would delete lazy modules that are loaded later.
    cpSync(dist, folder, {recursive: true});
    return dist;
  }
  await buildElement(root, folder);
  return 'a build of src (dist is older)';
}

// node tools/chaos/element.mjs ROOT FOLDER
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildElement(...process.argv.slice(2, 4));
