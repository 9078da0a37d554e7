// Writes the files derived from dist/custom-elements.json: editor data, types for frameworks, integrity hashes.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {cssData, htmlData, webTypes} from './describe/editor-data.mjs';
import {frameworkTypes} from './describe/framework-types.mjs';
import {readElement} from './describe/manifest.mjs';
import {integrity} from './describe/sri.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const description = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const element = readElement(root);

const write = (file, content) => writeFileSync(join(dist, file), content);
const writeJson = (file, value) => write(file, `${JSON.stringify(value, null, 2)}\n`);

writeJson('vscode.html-data.json', htmlData(element));
writeJson('vscode.css-data.json', cssData(element));
writeJson('web-types.json', webTypes(element, description));
writeJson('sri.json', integrity(root, description));
mkdirSync(join(dist, 'frameworks'), {recursive: true});
for (const [file, text] of Object.entries(frameworkTypes(element))) write(`frameworks/${file}`, text);
