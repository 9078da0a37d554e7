// A scripted WebSocket server.
//
//   PUT    /__realtime/<id>  {connections: [[step, …], …]}  the n-th connection gets the n-th list; the last one repeats
//   GET    /__realtime/<id>  {url, connections: [{protocols, url, received, closed}]}
//
// A step is an event to send, text to send as it is, or {until: type} (waits for a client event of that type, each counted
// once; 'text' is any other message), {close: code}, or {destroy: true}.
import {WebSocketServer} from 'ws';

const scripts = new Map();
let server;

function start() {
  server ??= new Promise((resolve, reject) => {
    const sockets = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      handleProtocols: (protocols) => (protocols.has('realtime') ? 'realtime' : false),
    });
    sockets.on('error', reject);
    sockets.on('listening', () => {
      sockets._server.unref();
      resolve(`ws://127.0.0.1:${sockets.address().port}`);
    });
    sockets.on('connection', (socket, request) => {
      request.socket.unref();
      const id = new URL(request.url, 'ws://x').pathname.slice(1);
      const script = scripts.get(id);
      if (!script) return socket.close(1008, 'no script');
      const entry = {
        protocols: (request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/).filter(Boolean),
        url: request.url,
        received: [],
        closed: null,
      };
      const steps = script.connections[Math.min(script.log.length, script.connections.length - 1)];
      script.log.push(entry);
      void runSteps(socket, steps, entry);
    });
  });
  return server;
}

async function runSteps(socket, steps, entry) {
  const unseen = [];
  let wake = () => {};
  socket.on('message', (data) => {
    const message = readMessage(String(data));
    entry.received.push(message);
    unseen.push(message.type ?? 'text');
    wake();
  });
  socket.on('close', (code) => {
    entry.closed = code;
    wake();
  });
  for (const step of steps) {
    while (step.until && entry.closed === null && !unseen.includes(step.until)) {
      await new Promise((resolve) => (wake = resolve));
    }
    if (entry.closed !== null) return;
    if (step.until) unseen.splice(0, unseen.indexOf(step.until) + 1);
    else if (step.close) return socket.close(step.close, step.reason);
    else if (step.destroy) return socket.terminate();
    else socket.send(typeof step === 'string' ? step : JSON.stringify(step));
  }
}

/** Returns the JSON of a message, or its text. */
function readMessage(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function read(stream) {
  let text = '';
  for await (const piece of stream) text += piece;
  return text;
}

/** Middleware for the test runner. */
export const middleware = [
  async (ctx, next) => {
    const [, id] = /^\/__realtime\/([\w-]+)$/.exec(ctx.path) ?? [];
    if (!id) return next();
    const origin = await start();
    if (ctx.method === 'PUT') scripts.set(id, {...JSON.parse(await read(ctx.req)), log: []});
    ctx.body = {url: `${origin}/${id}`, connections: scripts.get(id)?.log ?? []};
  },
];
