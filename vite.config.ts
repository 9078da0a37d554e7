import {readdirSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {defineConfig, type Plugin, type UserConfig} from 'vite';

import {demoServer} from './demo/server/plugin.ts';
import {foldTemplates} from './tools/fold-templates.ts';

// vite                     the demo, with its built-in endpoints
// vite build               dist/stream-chat.js       one self-contained ES module
// vite build --mode parts  dist/protocols/*.js, …    what that one loads on first use, each a self-contained file
// vite build --mode iife   dist/stream-chat.iife.js  the same as one classic script, global `StreamChat`
// vite build --mode npm    dist/index.js             for bundlers: lit and @lezer stay imports
// vite build --mode demo   dist/demo/                the demo's pages

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
 * Leaves `import('./part.js')` as it is: each part is a file of its own with a fixed name, so that it can have an
 * integrity hash, and shares no module with the main file, which may be loaded under any URL.
 */
function separateParts(): Plugin {
  return {
    name: 'separate-parts',
    enforce: 'pre',
    resolveId(source, _importer, {kind}) {
      return (kind as string) === 'dynamic-import' && source.startsWith('./') ? {id: source, external: true} : null;
    },
  };
}

const es2022 = {target: 'es2022', emptyOutDir: false, outDir: 'dist'} as const;

/** What every built file of the library shares. Lit's production files, and nothing that asks for `process`. */
const library: UserConfig = {
  publicDir: false,
  define: {'process.env.NODE_ENV': '"production"'},
  resolve: {conditions: ['module', 'browser', 'production']},
};

export default defineConfig(({mode, command}): UserConfig => {
  if (command === 'serve') return {plugins: [demoServer()], server: {port: 5173}};
  switch (mode) {
    case 'demo': {
      const pages = readdirSync(path('.'), {recursive: false})
        .concat(readdirSync(path('demo')).map((file) => `demo/${file}`))
        .filter((file) => String(file).endsWith('.html'));
      return {
        base: './',
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
          sourcemap: true,
          lib: {entry: 'src/index.ts', formats: ['es'], fileName: () => 'index.js'},
          rolldownOptions: {
            // fetch-event-source stays inside: its imports have no extension, which only a bundler understands.
            external: [/^lit($|\/)/, /^@lit\//, /^lit-(html|element)($|\/)/, /^@lezer\//],
            output: {chunkFileNames: 'modules/[name].js'},
          },
        },
      };
    case 'parts':
      return {
        ...library,
        plugins: [separateParts()],
        build: {
          ...es2022,
          minify: true,
          lib: {entry: `src/${process.env['PART']}.ts`, formats: ['es'], fileName: () => `${process.env['PART']}.js`},
          rolldownOptions: {output: {minify: true}},
        },
      };
    case 'iife':
      return {
        ...library,
        plugins: [renamePolicy(), foldTemplates()],
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
        plugins: [separateParts(), renamePolicy(), foldTemplates()],
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
