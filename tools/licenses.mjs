// Writes dist/licenses.txt: the packages contained in the built files, and their licenses.
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const vendor = join(root, 'dist/modules/vendor');
const folders = (path) => (existsSync(path) ? readdirSync(path) : []);

/** Lit is bundled into the files for pages, and imported by the others. */
const names = ['lit', 'lit-html', 'lit-element', '@lit/reactive-element'].concat(
  folders(vendor).flatMap((name) =>
    name.startsWith('@') ? folders(join(vendor, name)).map((inner) => `${name}/${inner}`) : [name],
  ),
);

const texts = names
  .map((name) => name.replace(/\.js$/, ''))
  .map((name) => {
    const folder = join(root, 'node_modules', name);
    const {version, license, author} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    const terms = file
      ? readFileSync(join(folder, file), 'utf8').trim()
      : `${license}, ${author?.name ?? author ?? name}`;
    return `${name} ${version} (${license})\n\n${terms}\n`;
  });

writeFileSync(
  join(root, 'dist/licenses.txt'),
  `The built files contain code of these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`,
);
