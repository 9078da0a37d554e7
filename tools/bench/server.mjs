// Streams the answers of the benchmark, and serves its pages.
import {once} from 'node:events';
import {createReadStream, existsSync} from 'node:fs';
import {createServer} from 'node:http';
import {extname, join, normalize} from 'node:path';

import {createShape} from './shapes.mjs';
import {createText, cut} from './text.mjs';

/** The workloads. `length` in characters, `piece`: characters per event, `rate`: events per second; without it, a burst. */
export const workloads = {
  typical: {title: '8 kB at 100 tokens/s', length: 8_000, piece: 4, rate: 100},
  steady: {title: '30 s at 500 tokens/s', length: 60_000, piece: 4, rate: 500},
  burst: {title: 'burst of 100 kB', length: 100_000, piece: 40},
  long: {title: 'burst of 1 MB', length: 1_000_000, piece: 40},
  empty: {title: '10 s at 100 tokens/s, empty', length: 4_000, piece: 4, rate: 100},
  old: {title: '10 s at 100 tokens/s below 1,000 messages', length: 4_000, piece: 4, rate: 100, old: 1000},
};

/** The workload of a shape: a burst, as the events of a fast server or a replay come. */
export const shapeWorkload = (shape, length) => {
  const name = `${shape} ${length}`;
  workloads[name] = {title: name, shape, length, piece: 40};
  return name;
};

const types = {'.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json'};

const formats = {
  openai: (text) =>
    JSON.stringify({id: 'c', object: 'chat.completion.chunk', choices: [{index: 0, delta: typeof text === 'object' ? text : {content: text}}]}),
  'ai-sdk': (text) => JSON.stringify({type: 'text-delta', id: '0', delta: text}),
  'deep-chat': (text) => JSON.stringify({text}),
};
const begins = {'ai-sdk': ['{"type":"start"}', '{"type":"text-start","id":"0"}']};
const ends = {
  openai: ['{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}', '[DONE]'],
  'ai-sdk': ['{"type":"text-end","id":"0"}', '{"type":"finish"}', '[DONE]'],
};

/** Starts the server for the files in `root`. `written` maps each mark of the text to the time when it was sent. */
export async function startServer(root) {
  const written = new Map();
  const current = {workload: 'typical'};
  const texts = new Map();
  const textOf = (name) => {
    const {shape, length} = workloads[name];
    if (!texts.has(name)) texts.set(name, shape ? createShape(shape, length) : createText(length));
    return texts.get(name);
  };

  async function stream(request, response, query) {
    const name = query.get('workload') ?? current.workload;
    const format = query.get('format') ?? 'deep-chat';
    const {piece, rate} = workloads[name];
    const {text, events} = textOf(name);
    const pieces = events ?? cut(text, piece);
    const frame = (data) => `data: ${data}\n\n`;
    request.resume();
    written.clear();
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      ...(format === 'ai-sdk' && {'x-vercel-ai-ui-message-stream': 'v1'}),
    });
    response.write((begins[format] ?? []).map(frame).join(''));
    const closed = once(response, 'close');
    let seen = '';
    const send = (batch) => {
      response.write(batch.map((text) => frame(formats[format](text))).join(''));
      const now = Date.now();
      seen = (seen + batch.join('')).slice(-4000);
      for (const [, mark] of seen.matchAll(/\bw(\d+)e/g)) if (!written.has(+mark)) written.set(+mark, now);
    };
    const startedAt = performance.now();
    for (let at = 0; at < pieces.length && !response.destroyed; ) {
      const due = rate ? Math.floor(((performance.now() - startedAt) / 1000) * rate) + 1 : at + 64;
      if (due > at) send(pieces.slice(at, due));
      at = Math.max(at, due);
      if (rate) await new Promise((resolve) => setTimeout(resolve, 1000 / rate));
      else if (response.writableNeedDrain) await Promise.race([once(response, 'drain'), closed]);
    }
    response.end((ends[format] ?? []).map(frame).join(''));
  }

  const server = createServer((request, response) => {
    const {pathname, searchParams} = new URL(request.url, 'http://x');
    if (pathname === '/stream') return void stream(request, response, searchParams);
    if (pathname === '/old') {
      const all = Array.from({length: +searchParams.get('count')}, (_, i) => ({
        role: i % 2 ? 'assistant' : 'user',
        text: i % 2 ? createText(600, i).text.replace(/\bw\d+e /g, '') : `Question ${i}: how does it continue?`,
      }));
      response.writeHead(200, {'content-type': 'application/json'});
      return void response.end(JSON.stringify(all));
    }
    const file = join(root, normalize(pathname));
    if (pathname === '/page.html') {
      const title = searchParams.get('page');
      response.writeHead(200, {'content-type': 'text/html'});
      const style = existsSync(join(root, `${title}.css`)) ? `<link rel="stylesheet" href="/${title}.css">` : '';
      return void response.end(
        `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,">${style}<style>body{margin:0;font:16px/1.5 sans-serif}#log{height:100vh;overflow:auto}#log>div{padding:8px 16px}</style><body><script type="module" src="/${title}.js"></script></body></html>`,
      );
    }
    if (!file.startsWith(root) || !existsSync(file)) {
      response.writeHead(404);
      return void response.end();
    }
    response.writeHead(200, {'content-type': types[extname(file)] ?? 'application/octet-stream'});
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    written,
    /** The workload for pages that cannot request one. */
    current,
    marks: (name) => textOf(name).marks,
    close: () => server.close(),
  };
}
