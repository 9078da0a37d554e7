// Fails when modules of src import each other in a ring at run time.
// `import type` and `import()` do not count: the first is gone when it runs, the second comes later.
import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import ts from 'typescript';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const files = readdirSync(join(root, 'src'), {recursive: true})
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join(root, 'src', file));

function importsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  return source.statements
    .filter(
      (s) =>
        (ts.isImportDeclaration(s) && s.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword) ||
        (ts.isExportDeclaration(s) && !s.isTypeOnly),
    )
    .map((s) => s.moduleSpecifier?.text)
    .filter((specifier) => specifier?.startsWith('.'))
    .map((specifier) => resolve(dirname(file), specifier).replace(/\.js$/, '.ts'));
}

const graph = new Map(files.map((file) => [file, importsOf(file)]));
const done = new Set();
const cycles = [];
function walk(file, path) {
  const at = path.indexOf(file);
  if (at >= 0) cycles.push([...path.slice(at), file]);
  if (at >= 0 || done.has(file)) return;
  for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
  done.add(file);
}
for (const file of files) walk(file, []);

for (const cycle of cycles) console.error(`Import cycle: ${cycle.map((file) => relative(root, file)).join(' → ')}`);
if (cycles.length > 0) process.exit(1);
console.log(`No import cycle in ${files.length} modules.`);
