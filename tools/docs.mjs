// npm run docs               the tables of the README and of docs/reference.md, and llms.txt, from dist/custom-elements.json;
//                            and, in the doc block of the element, the defaults of custom properties from where they are
//                            used
// npm run docs -- --check    fails where they are stale
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';

import {llmsText} from './describe/llms.mjs';
import {readElement} from './describe/manifest.mjs';
import {defaults} from './describe/sources.mjs';
import {fillTables} from './describe/tables.mjs';

/** Returns the files that are made, each with what it has to say. */
function documents(root) {
  const element = readElement(root);
  const description = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    'README.md': fillTables(readFileSync(join(root, 'README.md'), 'utf8'), element),
    'docs/reference.md': fillTables(readFileSync(join(root, 'docs/reference.md'), 'utf8'), element),
    'llms.txt': llmsText(element, description),
    'src/stream-chat.ts': fillDefaults(readFileSync(join(root, 'src/stream-chat.ts'), 'utf8'), defaults(root)),
  };
}

function fillDefaults(code, known) {
  return code.replace(/(?<=@cssprop \[)(--[\w-]+)=.*(?=\] - )/g, (all, name) =>
    known.has(name) ? `${name}=${known.get(name)}` : all,
  );
}

/** Returns the files that do not say what the manifest says. */
export function staleDocuments(root) {
  return Object.entries(documents(root))
    .filter(([file, text]) => !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== text)
    .map(([file]) => file);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  if (process.argv.includes('--check')) {
    const stale = staleDocuments(root);
    if (stale.length > 0) {
      console.error(`${stale.join(' and ')} do not say what the element is. Run: npm run build && npm run docs`);
      process.exit(1);
    }
  } else {
    for (const [file, text] of Object.entries(documents(root))) writeFileSync(join(root, file), text);
  }
}
