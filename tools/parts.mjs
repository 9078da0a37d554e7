import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join, posix} from 'node:path';

/** The modules that the main file loads on first use, and those that these load, without their ending. */
export function partNames(root) {
  const source = join(root, 'src');
  const names = new Set();
  const look = (file) => {
    for (const [, name] of readFileSync(join(source, file), 'utf8').matchAll(/\bimport\('\.\/([\w/-]+)\.js'\)/g)) {
      const part = posix.join(posix.dirname(file), name);
      if (names.has(part) || !existsSync(join(source, `${part}.ts`))) continue;
      names.add(part);
      look(`${part}.ts`);
    }
  };
  for (const file of readdirSync(source)) if (file.endsWith('.ts')) look(file);
  return [...names].sort();
}
