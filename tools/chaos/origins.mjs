// The origins of the test. A browser opens at most six HTTP/1.1 connections per origin, so several origins run in
// parallel, each in an iframe of one page.
import {createServer} from 'node:http';
import {readFile} from 'node:fs/promises';
import {extname, join, normalize} from 'node:path';

import {serve} from './server.mjs';

const types = {'.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript'};
/** Above the ephemeral ports of operating systems: no server listens there. */
const refusedPort = 61_917;

const workerPage = (session, workers, library) => `<!doctype html><meta charset="utf-8"><title>origin</title>
<script type="module">
import '/element/stream-chat.js';
import {shortenDelays, runSession} from '/page/page.mjs';
${library ? "import {fetchEventSource} from '/library/index.js';" : 'const fetchEventSource = undefined;'}
shortenDelays();
const report = (error) => fetch('/failed', {method: 'POST', body: String(error?.stack ?? error)});
addEventListener('error', ({error, message}) => report(error ?? message));
addEventListener('unhandledrejection', ({reason}) => report(reason));
await customElements.whenDefined('stream-chat');
const refused = 'http://127.0.0.1:${refusedPort}/';
runSession({session: '/chaos/${session}', workers: ${workers}, refused, fetchEventSource}).catch(report);
</script>`;

const topPage = (origins, query) => `<!doctype html><meta charset="utf-8"><title>chaos</title>
<style>iframe { width: 300px; height: 250px }</style>
${origins.map((origin) => `<iframe src="${origin}/worker${query}"></iframe>`).join('\n')}`;

/** Starts `count` origins. `element`: folder of the built element; `library`: folder of fetch-event-source. */
export async function startOrigins({count, workers, element, library, here, onFailed}) {
  const folders = {element, library, page: here};
  const servers = [];
  const origins = [];

  const handle = async (req, res) => {
    if (await serve(req, res, '/chaos')) return;
    const {pathname, searchParams} = new URL(req.url, 'http://server');
    const [, folder, ...rest] = pathname.split('/');
    const html = (text) => res.writeHead(200, {'content-type': types['.html']}).end(text);
    if (folder === 'worker') return html(workerPage(searchParams.get('session'), workers, searchParams.has('library')));
    if (folder === '') return html(topPage(origins, `?${searchParams}`));
    if (folder === 'failed') {
      let text = '';
      for await (const part of req) text += part;
      onFailed(text);
      return res.end();
    }
    // The library imports its files without extensions.
    const file = normalize(rest.join('/'));
    const path = folders[folder] && !file.startsWith('..') && join(folders[folder], extname(file) ? file : `${file}.js`);
    const content = path && (await readFile(path).catch(() => undefined));
    if (!content) return res.writeHead(404).end();
    res.writeHead(200, {'content-type': types[extname(path)] ?? 'application/octet-stream'}).end(content);
  };

  for (let i = 0; i < count; i++) {
    const server = createServer((req, res) => {
      handle(req, res).catch((error) => {
        onFailed(error.stack);
        res.destroy();
      });
    });
    server.keepAliveTimeout = 30_000;
    await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    servers.push(server);
    origins.push(`http://127.0.0.1:${server.address().port}`);
  }
  return {
    url: (session, withLibrary) => `${origins[0]}/?session=${session}${withLibrary ? '&library' : ''}`,
    close() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}
