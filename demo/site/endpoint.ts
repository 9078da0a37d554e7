import type {IncomingMessage, ServerResponse} from 'node:http';

import {createWriter, isFormatName, withIds} from '../server/formats.js';
import {serveLooks} from '../server/looks.js';
import {readTurns, tokenize, writeAnswer} from '../server/model.js';
import {isFaultName, isSpeedName, pieceDelay, type FaultName, type SpeedName} from '../server/options.js';
import {recipes} from './recipes.js';
import {facts, stream} from './stream.js';

/** Milliseconds of silence that the fault `slow-start` begins with. */
const slowStart = 12_000;

/** How many requests each answer had: what fails once does not fail again. */
const attempts = new Map<string, number>();

/** Resolves when nobody listens any more. */
const gone = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), {once: true}));

const sendJson = (status: number, value: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(value), {status, headers: {'content-type': 'application/json', ...headers}});

interface Options {
  readonly format: Parameters<typeof createWriter>[0];
  readonly speed: SpeedName;
  readonly fault: FaultName;
  readonly ids: boolean;
}

function readOptions(parameters: URLSearchParams): Options {
  const format = parameters.get('format') ?? '';
  const speed = parameters.get('speed') ?? '';
  const fault = parameters.get('fault') ?? '';
  return {
    format: isFormatName(format) ? format : 'openai-chat',
    speed: isSpeedName(speed) ? speed : 'normal',
    fault: isFaultName(fault) ? fault : 'none',
    ids: parameters.has('ids') && parameters.get('ids') !== '0',
  };
}

/** A name that the same question always has. */
async function nameOf(value: unknown): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(value)));
  return [...new Uint8Array(hash).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What the demo's endpoint says, in the wire format and with the fault that the query asks for. */
async function chat(url: URL, body: unknown, lastId: string): Promise<Response> {
  const options = readOptions(url.searchParams);
  const {fault, format, speed} = options;
  const turns = readTurns(body, url.searchParams);
  const id = await nameOf([turns, options]);
  const writer = createWriter(format, facts(id, turns));
  const ids = options.ids && writer.hasIds;
  const [, known, number] = /^(\w+):(\d+)$/.exec(lastId) ?? [];
  const from = ids && known === id ? Number(number) + 1 : 0;
  const attempt = from === 0 && fault === 'cut' && ids ? 0 : (attempts.get(id) ?? 0);
  attempts.set(id, attempt + 1);

  const failed = failure(fault, attempt, url);
  if (failed) return failed;

  const pieces = tokenize(writeAnswer(turns));
  const share = (part: number) => Math.max(1, Math.round(pieces.length * part));
  const cutAt = fault !== 'cut' ? undefined : ids ? [0.3, 0.65][attempt] : attempt % 2 === 0 ? 0.5 : undefined;
  return stream({'content-type': writer.contentType, ...writer.headers}, async ({signal, write, wait}) => {
    let count = 0;
    const send = (events: string) => {
      if (!ids) return write(events);
      const blocks = withIds(events, () => `${id}:${count++}`).split(/(?=^id: )/m);
      write(blocks.filter((block) => Number(/^id: \w+:(\d+)/.exec(block)?.[1] ?? 0) >= from).join(''));
    };
    if (fault === 'slow-start' && from === 0) await wait(slowStart);
    send(writer.begin());
    for (const [i, piece] of pieces.entries()) {
      if (signal.aborted) return;
      const isNew = count >= from;
      send(writer.piece(piece));
      if (isNew) await wait(pieceDelay[speed] * (piece.includes('\n\n') ? 4 : 1));
      if (cutAt !== undefined && i + 1 === share(cutAt)) throw new TypeError('The demo cuts the connection here.');
      if (fault === 'end-early' && i + 1 === share(0.5)) return;
      if (i + 1 !== share(0.4)) continue;
      if (fault === 'silence') await gone(signal);
      if (fault === 'malformed') write(writer.malformed());
      if (fault === 'stream-error') return send(writer.error('The model is overloaded. Please ask again in a moment.'));
    }
    send(writer.end());
  });
}

function failure(fault: FaultName, attempt: number, url: URL): Response | undefined {
  const isFirst = attempt % 2 === 0;
  if (fault === 'rate-limit' && isFirst) {
    const message = 'Too many questions at once. Please wait three seconds.';
    return sendJson(429, {error: {message}}, {'retry-after': '3'});
  }
  if (fault === 'server-error' && isFirst) {
    return sendJson(500, {error: {message: 'The model did not start. Please try again.'}});
  }
  if (fault === 'unauthorized') return sendJson(401, {error: {message: 'The key of this server was not accepted.'}});
  if (fault === 'redirect') return Response.redirect(new URL(url.pathname, url), 307);
  return undefined;
}

/** What the page of all states asks for, by the server of the demo: answers that begin and do not end. */
function looks(url: string): Response {
  let status = 200;
  let headers: Record<string, string> = {};
  let body = '';
  let isOver = false;
  let isGone = false;
  const response = {
    writeHead: (code: number, fields: Record<string, string>) => void ([status, headers] = [code, fields]),
    write: (text: string) => void (body += text),
    end(text = '') {
      body += text;
      isOver = true;
    },
    destroy: () => void (isGone = true),
  };
  serveLooks({url} as IncomingMessage, response as unknown as ServerResponse);
  if (isGone) return Response.error();
  if (isOver) return new Response(body, {status, headers});
  return stream(headers, async ({signal, write}) => {
    write(body);
    await gone(signal);
  });
}

/**
 * Answers a request to `…/api/<name>` as a stream, without a server: `chat` is the simulated model of the demo, the
 * others are those of the recipes.
 */
export async function answer(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const name = /\/api\/([\w-]+)$/.exec(url.pathname)?.[1] ?? '';
  if (url.pathname.endsWith('/stream')) return new Response(null, {status: 204});
  let body: unknown;
  try {
    const text = request.method === 'POST' ? await request.text() : '';
    body = text === '' ? undefined : JSON.parse(text);
  } catch (error) {
    return sendJson(400, {error: {message: `The body is not JSON: ${String(error)}`}});
  }
  if (name === 'looks') return looks(request.url);
  if (name === 'chat') return chat(url, body, request.headers.get('last-event-id') ?? '');
  const recipe = Object.hasOwn(recipes, name) ? recipes[name] : undefined;
  return recipe ? recipe(body) : sendJson(404, {error: {message: `There is no example "${name}".`}});
}
