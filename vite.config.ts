import {existsSync, readdirSync} from 'node:fs';
import {dirname, posix, relative, sep} from 'node:path';
import {fileURLToPath} from 'node:url';
import {defineConfig, type Plugin, type UserConfig} from 'vite';

import {demoServer} from './demo/server/plugin.ts';
import {docsSite} from './demo/site/plugin.ts';
import {foldTemplates} from './tools/fold-templates.ts';
import {linkPart, linkParts} from './tools/link-parts.ts';
import {distName, linkedParts} from './tools/parts.mjs';

// vite                     the demo, with its built-in endpoints
// vite build               dist/stream-chat.js       one self-contained ES module
// vite build --mode parts  dist/protocols/*.js, …    what that one loads on first use, each a self-contained file
// vite build --mode iife   dist/stream-chat.iife.js  the same as one classic script, global `StreamChat`
// vite build --mode npm    dist/index.js, …          for bundlers and servers: a module a file, lit stays an import
// vite build --mode core   .cache/size/core.js       the core in one file, to be measured
// vite build --mode demo   dist/demo/                the demo's pages, and the documentation as a site of static files

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/**
 * Renames Lit's Trusted Types policy, so that a page can allow this element by its own name, and a second
 * Lit on the page does not collide with it where duplicates are not allowed.
 */
function renamePolicy(): Plugin {
  let found = false;
  return {
    name: 'rename-trusted-types-policy',
    transform: {
      filter: {id: /lit-html[\\/]lit-html\.js$/},
      handler(code) {
        const renamed = code.replace(/createPolicy\((["'])lit-html\1/, 'createPolicy("stream-chat"');
        found ||= renamed !== code;
        return {code: renamed, map: null};
      },
    },
    buildEnd(error) {
      if (!error && !found) this.error('lit-html no longer creates its policy in the form that is looked for');
    },
  };
}

/**
 * Keeps each `import()` of a lazy module as an import of its file in dist/: each is a file of its own with a fixed name,
 * so that it can have an integrity hash, and shares no module with the main file, which may be loaded under any URL.
 * `output` is the name of the file that is built, below dist/; `only` limits this to some modules.
 */
function separateParts(output = 'stream-chat', only = /^/): Plugin {
  return {
    name: 'separate-parts',
    enforce: 'pre',
    resolveId(source, importer, {kind}) {
      if ((kind as string) !== 'dynamic-import' || !source.startsWith('.') || !importer) return null;
      const module = posix.join(relative(path('src'), dirname(importer)).replaceAll(sep, '/'), source.replace(/\.js$/, ''));
      if (!only.test(module)) return null;
      const id = `${posix.relative(posix.dirname(output), distName(module))}.js`;
      return {id: id.startsWith('.') ? id : `./${id}`, external: true};
    },
  };
}

/**
 * Takes out of fetch-event-source what never runs here: its parser, which is handed empty pieces, and its listening to
 * the document, which it is told not to do. What is left needs no window: it runs in a worker, and on a server.
 */
function leanFetchEventSource(): Plugin {
  return {
    name: 'lean-fetch-event-source',
    transform: {
      filter: {id: /fetch-event-source[\\/]lib[\\/]esm[\\/]fetch\.js$/},
      handler(code) {
        const lean = code
          .replace(/^import .*;$/m, '')
          .replace(
            /await getBytes\([^]*?onmessage\)\)\);/,
            'for (const reader = response.body.getReader(); !(await reader.read()).done; );',
          )
          .replace(/function onVisibilityChange\(\) \{[^]*?\}\s*let retryInterval/, 'let retryInterval')
          .replace(/document\.removeEventListener\(.*\);/, '')
          .replace(/\bwindow\./g, 'globalThis.');
        if (
          /\b(window|document|onVisibilityChange|get(Bytes|Lines|Messages))\b/.test(lean) ||
          !lean.includes('getReader')
        ) {
          this.error('fetch-event-source no longer has the form that is looked for');
        }
        return {code: lean, map: null};
      },
    },
  };
}

/**
 * Removes from eventsource-parser what its framer never uses: the check of its configuration, and the errors of fields that
 * the standard tells to ignore, which it would also create for every line of another format.
 */
function leanEventSourceParser(): Plugin {
  const report = String.raw`onError === null \|\| onError === void 0 \? void 0 : onError\(new ParseError\(`;
  return {
    name: 'lean-eventsource-parser',
    transform: {
      filter: {id: /eventsource-parser[\\/]dist[\\/]parse\.js$/},
      handler(code) {
        const lean = code
          .replace(/^import \{ ParseError \}.*$/m, '')
          .replace(/if \(typeof config === 'function'\) \{[^]*?\n {4}\}/, '')
          .replace(/throw new Error\('Cannot feed parser[^']*'\)/, "throw new Error('terminated')")
          .replace(new RegExp(`${report}\`Buffered [^]*?\\}\\)\\)`), "onError?.({type: 'max-buffer-size-exceeded'})")
          .replace(new RegExp(`else \\{\\s*${report}\`Invalid [^]*?\\}\\)\\);\\s*\\}`), '')
          .replace(new RegExp(`${report}\`Unknown [^]*?\\}\\)\\);`), '');
        if (/\b(ParseError|TypeError)\b|Cannot feed/.test(lean) || !lean.includes("onError?.({type: 'max-")) {
          this.error('eventsource-parser no longer has the expected form');
        }
        return {code: lean, map: null};
      },
    },
  };
}

/** What each module is called in the package: entries at the top, the rest in `modules/`, libraries in `modules/vendor/`. */
function fileName({name}: {name: string}): string {
  // npm packs no folder of the name node_modules.
  const file = name.replace(/^.*node_modules\//, 'vendor/').replace(/^src\//, '');
  return entries.includes(file) ? `${file}.js` : `modules/${file}.js`;
}

/** What can be imported from the package by name. */
const entries = ['index', 'define', 'element', 'core', 'react'];

/** Takes out the hints for tools that would shake the file: it is whole. */
function dropHints(): Plugin {
  return {
    name: 'drop-hints',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = file.code.replace(/\/\* @__PURE__ \*\/ ?/g, '');
    },
  };
}

const es2022 = {target: 'es2022', emptyOutDir: false, outDir: 'dist'} as const;

/** Next to the members of an open set: its contract, and how a member is found. Not to be imported by themselves. */
const contracts = ['protocol', 'renderer', 'locale', 'localize', 'find-locale'];

/** The members of the open sets: each can be imported by itself. */
function openSets(): string[] {
  return ['protocols', 'renderers', 'locales', 'themes']
    .filter((folder) => existsSync(path(`src/${folder}`)))
    .flatMap((folder) => readdirSync(path(`src/${folder}`)).map((file) => `src/${folder}/${file}`))
    .filter((file) => file.endsWith('.ts') && !contracts.includes(posix.basename(file, '.ts')));
}

/** What every built file of the library shares. Lit's production files, and nothing that asks for `process`. */
const library = {
  plugins: [leanFetchEventSource(), leanEventSourceParser()],
  publicDir: false,
  define: {'process.env.NODE_ENV': '"production"'},
  resolve: {conditions: ['module', 'browser', 'production']},
} satisfies UserConfig;

export default defineConfig(({mode, command}): UserConfig => {
  // Left to itself, Vite would look for dependencies in the pages of demo/frameworks, too.
  const optimizeDeps = {entries: ['index.html', 'demo/*.html']};
  if (command === 'serve') return {plugins: [demoServer(), docsSite(path('.'))], server: {port: 5173}, optimizeDeps};
  switch (mode) {
    case 'demo': {
      const pages = readdirSync(path('.'), {recursive: false})
        .concat(readdirSync(path('demo')).map((file) => `demo/${file}`))
        .filter((file) => String(file).endsWith('.html'));
      return {
        base: './',
        plugins: [docsSite(path('.')), renamePolicy()],
        resolve: library.resolve,
        build: {
          target: 'es2022',
          outDir: 'dist/demo',
          emptyOutDir: true,
          rolldownOptions: {input: pages.map((page) => path(String(page)))},
        },
      };
    }
    case 'npm':
      return {
        ...library,
        build: {
          ...es2022,
          minify: false,
          sourcemap: false,
          lib: {entry: openSets().concat(entries.map((name) => `src/${name}.ts`)), formats: ['es']},
          rolldownOptions: {
            // Lit and React are the page's own, once; fetch-event-source's imports have no extension, which only a bundler understands.
            onLog: (level, log, handle) => {
              // 'use client' of react.ts is meant for the bundler of the page.
              if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
            },
            external: ['react', /^lit($|\/)/, /^@lit\//, /^lit-(html|element)($|\/)/],
            output: {preserveModules: true, preserveModulesRoot: 'src', entryFileNames: fileName},
          },
        },
      };
    case 'core':
      return {
        ...library,
        plugins: [separateParts(), ...library.plugins],
        build: {
          ...es2022,
          outDir: '.cache/size',
          minify: true,
          lib: {entry: 'src/core.ts', formats: ['es'], fileName: () => 'core.js'},
          rolldownOptions: {output: {minify: true}},
        },
      };
    case 'parts': {
      const part = process.env['PART'] ?? '';
      const isLinked = linkedParts.includes(part);
      return {
        ...library,
        plugins: [
          ...(isLinked ? [linkPart(path('.'), part)] : []),
          separateParts(distName(part)),
          foldTemplates(),
          dropHints(),
          ...library.plugins,
        ],
        build: {
          ...es2022,
          minify: true,
          lib: {entry: `src/${part}.ts`, formats: [isLinked ? 'iife' : 'es'], name: 'part', fileName: () => `${distName(part)}.js`},
          rolldownOptions: {output: {minify: true}},
        },
      };
    }
    case 'iife':
      return {
        ...library,
        // A page needs one language of many: they stay files, which a classic script finds beside itself, too.
        plugins: [separateParts('stream-chat', /^locales\/(?!find-locale)/), renamePolicy(), foldTemplates(), ...library.plugins],
        build: {
          ...es2022,
          minify: true,
          sourcemap: false,
          lib: {entry: 'src/index.ts', formats: ['iife'], name: 'StreamChat', fileName: () => 'stream-chat.iife.js'},
          rolldownOptions: {output: {minify: true, codeSplitting: false}},
        },
      };
    default:
      return {
        ...library,
        plugins: [linkParts(path('.')), separateParts(), renamePolicy(), foldTemplates(), dropHints(), ...library.plugins],
        build: {
          ...es2022,
          emptyOutDir: true,
          minify: true,
          sourcemap: false,
          lib: {entry: 'src/index.ts', formats: ['es'], fileName: () => 'stream-chat.js'},
          // Said a second time: for a library as ES module Vite alone leaves the white space in.
          rolldownOptions: {output: {minify: true}},
        },
      };
  }
});
