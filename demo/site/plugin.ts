import {readdirSync, readFileSync} from 'node:fs';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {dirname, join} from 'node:path';
import {build, type Connect, type Plugin} from 'vite';

import {answer} from './endpoint.js';
import {renderMarkdown, type Rendered} from './markdown.js';
import {pages, type PageEntry} from './pages.js';
import {pageHtml} from './template.js';

const INDEX = 'virtual:search-index';
const EXAMPLES = '/docs/examples/';
const WORKER = 'service-worker.js';

/** What is shown of a back end below its README. */
const shown = /\.(py|ts|tsx|css|html|conf|txt)$|^package\.json$/;

/**
 * The documentation: a page of each Markdown file that pages.ts names, with the code of its live examples as a module.
 * Nothing is written into the repository; the pages exist while Vite asks for them.
 *
 * In a build, every page of the demo also gets the service worker that answers in place of a server.
 */
export function docsSite(root: string): Plugin {
  const file = (page: PageEntry) => join(root, 'docs', `${page.slug}.html`);
  const byFile = new Map(pages.map((page) => [file(page), page]));
  const render = ({source}: PageEntry): Rendered => renderMarkdown(source, readFileSync(join(root, source), 'utf8'));
  let isBuild = false;

  function html(page: PageEntry): string {
    const content = render(page);
    const script = content.script ? `${EXAMPLES}${page.slug}.js` : undefined;
    return pageHtml(page, content, sources(page), script);
  }

  /** The files beside the README of a back end. */
  function sources({source}: PageEntry): string {
    if (!source.startsWith('demo/backends/')) return '';
    const folder = join(root, dirname(source));
    const files = readdirSync(folder, {recursive: true, encoding: 'utf8'})
      .filter((name) => shown.test(name) && !/node_modules|\.next|\.d\.ts$/.test(name))
      .sort();
    const blocks = files.map((name) => {
      const code = readFileSync(join(folder, name), 'utf8').trimEnd();
      return `### ${name}\n\n\`\`\`\`${/\w+$/.exec(name)?.[0] ?? ''}\n${code}\n\`\`\`\`\n`;
    });
    return renderMarkdown(source, `## The files\n\n${blocks.join('\n')}`).html;
  }

  function searchIndex() {
    return pages.flatMap((page) =>
      render(page).sections.map(({title, anchor, text}) => ({
        page: page.label,
        url: `./${page.slug}.html${anchor ? `#${anchor}` : ''}`,
        title: anchor ? title : page.label,
        text: text.replace(/\s+/g, ' ').trim(),
      })),
    );
  }

  return {
    name: 'docs-site',
    enforce: 'pre',
    config: (config, {command}) => {
      isBuild = command === 'build';
      if (!isBuild) return {};
      return {build: {rolldownOptions: {input: [...inputs(config.build?.rolldownOptions?.input), ...byFile.keys()]}}};
    },
    resolveId(id, importer) {
      if (byFile.has(id)) return id;
      if (id === INDEX || id.startsWith(EXAMPLES)) return `\0${id}`;
      // The examples say what a page of yours would say.
      if (importer?.startsWith(`\0${EXAMPLES}`) && id === 'stream-chat-element') return join(root, 'src/index.ts');
      return null;
    },
    load(id) {
      const page = byFile.get(id);
      if (page) return html(page);
      if (id === `\0${INDEX}`) return `export default ${JSON.stringify(searchIndex())}`;
      if (!id.startsWith(`\0${EXAMPLES}`)) return null;
      const slug = id.slice(EXAMPLES.length + 1, -'.js'.length);
      const found = pages.find((known) => known.slug === slug);
      return found ? render(found).script : null;
    },
    // A page of the repository's own gets what brings the answers, too.
    transformIndexHtml: {
      order: 'pre',
      handler: (markup, {filename}) =>
        isBuild && /<stream-chat|looks\.ts/.test(markup) && !byFile.has(filename)
          ? [{tag: 'script', attrs: {type: 'module', src: '/demo/site/live.ts'}, injectTo: 'head-prepend'}]
          : [],
    },
    async generateBundle() {
      this.emitFile({type: 'asset', fileName: WORKER, source: await bundleWorker(root)});
    },
    configureServer(server) {
      server.middlewares.use('/api', serveExamples);
      server.middlewares.use((req, res, next) => {
        const path = new URL(req.url ?? '/', 'http://site').pathname;
        const page = byFile.get(join(root, path.endsWith('/') ? `${path}index.html` : path));
        if (!page) return next();
        // The policy is for the built pages: Vite's own client writes styles into the page.
        const markup = html(page).replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
        server.transformIndexHtml(req.url ?? '/', markup).then((text) => {
          res.setHeader('content-type', 'text/html; charset=utf-8');
          res.end(text);
        }, next);
      });
    },
  };
}

function inputs(input: unknown): string[] {
  if (Array.isArray(input)) return input as string[];
  throw new TypeError('docsSite() adds its pages to a list of pages.');
}

/** One classic script: not every browser runs modules as service workers. */
async function bundleWorker(root: string): Promise<string> {
  const built = await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2022',
      lib: {
        entry: join(root, 'demo/site/service-worker.ts'),
        formats: ['iife'],
        name: 'worker',
        fileName: () => WORKER,
      },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) => ('output' in one ? one.output : []));
  const chunk = outputs.find((output) => output.type === 'chunk');
  if (!chunk) throw new Error('The service worker was not built.');
  return chunk.code;
}

/** The endpoints of the examples in `vite`, where no service worker is needed; `/api/chat` has its own server. */
const serveExamples: Connect.NextHandleFunction = (req, res, next) => {
  if (/^\/(chat|looks)\b/.test(req.url ?? '')) return next();
  serve(req, res).catch(next);
};

async function serve(req: IncomingMessage, res: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = Object.entries(req.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  const body = chunks.length > 0 ? Buffer.concat(chunks).toString('utf8') : null;
  const response = await answer(new Request(`http://site/api${req.url}`, {method: req.method ?? 'GET', headers, body}));
  res.writeHead(response.status, Object.fromEntries(response.headers));
  const reader = response.body?.getReader();
  // The example stops writing when the page has left.
  res.on('close', () => void reader?.cancel().catch((error: unknown) => console.warn(error)));
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) res.write(read.value);
  res.end();
}
