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
