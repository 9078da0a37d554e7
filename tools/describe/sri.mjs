import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

import {distName, partNames} from '../parts.mjs';

/** Where the snippet loads from; a page writes its own. */
export const placeholder = 'https://cdn.example/';

/**
 * The hashes of every file that a page may load, and the markup that loads them with these. The parts are loaded by
 * `import()`, whose integrity only an import map can tell.
 */
export function integrity(root, {name, version}) {
  const themes = existsSync(join(root, 'dist/themes'))
    ? readdirSync(join(root, 'dist/themes')).filter((file) => file.endsWith('.css'))
    : [];
  const parts = partNames(root).map((part) => `${distName(part)}.js`);
  const paths = ['stream-chat.js', 'stream-chat.iife.js', ...parts, ...themes.map((file) => `themes/${file}`)];
  const hash = (path) =>
    `sha384-${createHash('sha384')
      .update(readFileSync(join(root, 'dist', path)))
      .digest('base64')}`;
  const files = Object.fromEntries(paths.map((path) => [path, hash(path)]));
  const base = `${placeholder}${name}@${version}/dist/`;
  const map = {
    integrity: Object.fromEntries(['stream-chat.js', ...parts].map((path) => [`${base}${path}`, files[path]])),
  };
  const attributes = (path) => `src="${base}${path}" integrity="${files[path]}" crossorigin="anonymous"`;
  return {
    version,
    base,
    files,
    snippets: {
      module: `<script type="importmap">\n${JSON.stringify(map, null, 2)}\n</script>\n<script type="module" ${attributes('stream-chat.js')}></script>`,
      classic: `<script ${attributes('stream-chat.iife.js')}></script>`,
    },
  };
}
