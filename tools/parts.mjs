// The lazy modules of the element: which they are, and what they are called in dist/.
import {existsSync, readFileSync} from 'node:fs';
import {join, posix} from 'node:path';

/** Members of an open set keep its folder in dist/; all other lazy modules are next to the main file. */
const keepsFolder = /^(protocols|renderers)\/|^locales\/(?!find-locale$)/;

/** The name of a lazy module in dist/, without its ending: `transcript/pace` is `pace` there. */
export function distName(module) {
  return keepsFolder.test(module) ? module : posix.basename(module);
}

/**
 * The modules that the main file loads on first use, and those that these load, as paths below `src/` without their
 * ending: everything reached from `src/index.ts` by an `import()`.
 */
export function partNames(root) {
  const source = join(root, 'src');
  const names = new Set();
  const seen = new Set();
  const visit = (file) => {
    // A comment may name a file that does not exist.
    if (seen.has(file) || !existsSync(join(source, file))) return;
    seen.add(file);
    const code = readFileSync(join(source, file), 'utf8');
    const reach = (specifier) => posix.join(posix.dirname(file), specifier.replace(/\.js$/, '.ts'));
    for (const [, specifier] of code.matchAll(/\bimport\(\s*'(\.\.?\/[\w./-]+\.js)',?\s*\)/g)) {
      const part = reach(specifier);
      if (existsSync(join(source, part))) names.add(part.replace(/\.ts$/, ''));
      visit(part);
    }
    // Type imports are erased, so they do not load anything.
    for (const [, specifier] of code.matchAll(
      /^(?:import|export)\b(?! type\b)(?:[^;']*?\bfrom)? ?'(\.\.?\/[\w./-]+\.js)';/gm,
    )) {
      visit(reach(specifier));
    }
  };
  visit('index.ts');
  const files = [...names].map(distName);
  const twice = files.find((name, index) => files.indexOf(name) !== index);
  if (twice) throw new Error(`Two lazy modules would both be dist/${twice}.js. Rename one.`);
  return [...names].sort();
}

/**
 * The lazy modules that each page with an answer loads: they use the modules of the main file instead of copies.
 * See tools/link-parts.ts.
 */
export const linkedParts = ['chat/answering'];

/** Value imports of a module: `[names, specifier]`, the names as in the module that exports them. */
function* valueImports(code) {
  // Type imports are erased.
  for (const [, clause, specifier] of code.matchAll(
    /^(?:import|export)\b(?! type\b) ?([^;']*?)(?:\bfrom)? ?'(\.\.?\/[\w./-]+\.js)';/gm,
  )) {
    const [, list] = clause.match(/^\{([^]*)\}\s*$/) ?? [];
    const names = list?.split(',').map((name) => name.trim()) ?? [];
    const values = names.filter((name) => name && !name.startsWith('type ')).map((name) => name.split(' as ')[0]);
    if (values.length > 0 || list === undefined) yield [list === undefined ? undefined : values, specifier];
  }
}

/** The modules that are loaded with a module: by their paths below `src/` without ending, with their value imports. */
function staticGraph(root, entry) {
  const graph = new Map();
  const visit = (module) => {
    if (graph.has(module)) return;
    const imports = [...valueImports(readFileSync(join(root, 'src', `${module}.ts`), 'utf8'))].map(([names, specifier]) => [
      names,
      posix.join(posix.dirname(module), specifier.replace(/\.js$/, '')),
    ]);
    graph.set(module, imports);
    for (const [, imported] of imports) visit(imported);
  };
  visit(entry);
  return graph;
}

/** What a linked part uses of the main file: the names by module. */
export function sharedNames(root, part) {
  const main = staticGraph(root, 'index');
  const shared = new Map();
  for (const [module, imports] of staticGraph(root, part)) {
    if (main.has(module)) continue;
    for (const [names, imported] of imports) {
      if (!main.has(imported)) continue;
      if (!names) throw new Error(`src/${module}.ts has to import from ${imported} by name, as that is in the main file.`);
      shared.set(imported, new Set([...(shared.get(imported) ?? []), ...names]));
    }
  }
  const all = [...shared.values()].flatMap((names) => [...names]);
  const twice = all.find((name, index) => all.indexOf(name) !== index);
  if (twice) throw new Error(`Two modules of the main file export ${twice}, which ${part} uses. Rename one.`);
  return shared;
}
