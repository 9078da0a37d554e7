// Fails if modules of src import each other in a cycle. Type imports count, because a reader follows them too. Only
// `import()` does not: it defers the module, which is how a lazy module may import from the one that loads it.
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
  const specifiers = [];
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) specifiers.push(node.moduleSpecifier?.text);
    if (ts.isImportTypeNode(node) && !node.isTypeOf) specifiers.push(node.argument.literal.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return specifiers
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
