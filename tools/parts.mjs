import {existsSync, readFileSync} from 'node:fs';
import {join, posix} from 'node:path';

/**
 * The modules that the main file loads on first use, and those that these load, without their ending: all that is
 * reached from `src/index.ts` by an `import()`.
 */
export function partNames(root) {
  const source = join(root, 'src');
  const names = new Set();
  const seen = new Set();
  const look = (file) => {
    // A comment may speak of a file that there is not.
    if (seen.has(file) || !existsSync(join(source, file))) return;
    seen.add(file);
    const code = readFileSync(join(source, file), 'utf8');
    const reach = (specifier) => posix.join(posix.dirname(file), specifier.replace(/\.js$/, '.ts'));
    for (const [, specifier] of code.matchAll(/\bimport\(\s*'(\.\.?\/[\w./-]+\.js)',?\s*\)/g)) {
      const part = reach(specifier);
      if (existsSync(join(source, part))) names.add(part.replace(/\.ts$/, ''));
      look(part);
    }
    // What is imported for its types alone is not there when it runs.
    for (const [, specifier] of code.matchAll(
      /^(?:import|export)\b(?! type\b)(?:[^;']*?\bfrom)? ?'(\.\.?\/[\w./-]+\.js)';/gm,
    )) {
      look(reach(specifier));
    }
  };
  look('index.ts');
  return [...names].sort();
}
