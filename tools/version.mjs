// Run by `npm version`: writes the new version into the sources and llms.txt, and dates the changelog's "Unreleased".
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const {version} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

function edit(file, from, to) {
  const text = readFileSync(join(root, file), 'utf8');
  if (!from.test(text)) throw new Error(`${file} does not contain ${from}.`);
  writeFileSync(join(root, file), text.replace(from, to));
}

const today = new Date().toISOString().slice(0, 10);
edit('src/version.ts', /'\d[^']*'/, `'${version}'`);
edit('llms.txt', /(?<=, version )\d\S*(?=\.\n)/, version);
edit('CHANGELOG.md', /^## Unreleased\n/m, `## Unreleased\n\n## ${version} - ${today}\n`);
console.log('Version written. Commit the files together with package.json, and tag the commit.');
