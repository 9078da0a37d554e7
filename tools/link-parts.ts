import {dirname, join, posix, relative, sep} from 'node:path';
import type {Plugin} from 'vite';

import {distName, linkedParts, sharedNames} from './parts.mjs';

// A linked part is a lazy module that uses the modules of the main file instead of copies: fewer bytes, and one class of
// each event and error. It cannot import them, because the main file may be loaded under any URL (`?v=2`), and would then
// run twice. So the file exports a function, `link(shared)`, and the main file calls it with what the part uses.

const prefix = '\0linked:';

/** The main file: turns each `import()` of a linked part into one that links it. */
export function linkParts(root: string): Plugin {
  return {
    name: 'link-parts',
    enforce: 'pre',
    resolveId(source, importer) {
      if (source.startsWith(prefix)) return source;
      return importer?.startsWith(prefix) && source.startsWith('./') ? {id: source, external: true} : null;
    },
    load(id) {
      if (!id.startsWith(prefix)) return null;
      const part = id.slice(prefix.length);
      const shared = sharedNames(root, part);
      const imports = [...shared].map(([module, names]) => `import {${[...names].join()}} from ${JSON.stringify(join(root, 'src', `${module}.ts`))};`);
      const names = [...shared.values()].flatMap((of) => [...of]);
      return `${imports.join('\n')}
        let linked;
        export const load = () => import('./${distName(part)}.js').then(({link}) => (linked ??= link({${names.join()}})));`;
    },
    transform: {
      filter: {id: /[\\/]src[\\/].*\.ts$/, code: /\bimport\(/},
      handler(code, importer) {
        const links: string[] = [];
        const linked = code.replace(/(?<!typeof )\bimport\('(\.[^']*)'\)/g, (whole, source: string) => {
          const part = moduleOf(root, source, importer);
          if (!part || !linkedParts.includes(part)) return whole;
          links.push(`import {load as load${links.length}} from ${JSON.stringify(prefix + part)};`);
          return `load${links.length - 1}()`;
        });
        return links.length > 0 ? {code: `${links.join('')}${linked}`, map: null} : null;
      },
    },
  };
}

/** A linked part: takes what is in the main file from the argument of `link`. */
export function linkPart(root: string, part: string): Plugin {
  const shared = sharedNames(root, part);
  return {
    name: 'link-part',
    enforce: 'pre',
    resolveId(source, importer, {kind}) {
      if ((kind as string) === 'dynamic-import') return null;
      const module = moduleOf(root, source, importer);
      return module && shared.has(module) ? prefix + module : null;
    },
    load(id) {
      if (!id.startsWith(prefix)) return null;
      return `export const {${[...shared.get(id.slice(prefix.length))!].join()}} = shared;`;
    },
    generateBundle(_options, bundle) {
      // The script is `var part = function…`: its scope becomes that of a function.
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk') file.code = `export function link(shared){${file.code.trim()}\nreturn part}\n`;
      }
    },
  };
}

/** The path of an imported module below `src/`, without its ending. */
function moduleOf(root: string, source: string, importer: string | undefined): string | undefined {
  if (!source.startsWith('.') || !importer) return undefined;
  const folder = relative(join(root, 'src'), dirname(importer)).replaceAll(sep, '/');
  return posix.join(folder, source.replace(/\.js$/, ''));
}
