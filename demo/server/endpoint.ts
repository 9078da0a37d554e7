import {createHash} from 'node:crypto';
import type {IncomingMessage, ServerResponse} from 'node:http';

import {createWriter, isFormatName, withIds, type AnswerFacts, type FormatWriter} from './formats.js';
import {isFaultName, isSpeedName, pieceDelay, type FaultName, type SpeedName} from './options.js';
import {readTurns, tokenize, writeAnswer, type Turn} from './model.js';

const MODEL = 'quill-1';
const HEARTBEAT = 15_000;
const SLOW_START = 12_000;
const MAX_BODY = 1_000_000;
const REMEMBERED = 200;

/** What the query string of a request asks for. */
interface Options {
  readonly format: Parameters<typeof createWriter>[0];
  readonly speed: SpeedName;
  readonly fault: FaultName;
  readonly ids: boolean;
}

/** The last answers by name: the conversation they belong to, and how many requests they had. */
const answers = new Map<string, {readonly turns: readonly Turn[]; attempts: number}>();

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

async function readBody(req: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of req as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY) throw new RangeError('The conversation is too long for this demo.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new SyntaxError('The body is not JSON.', {cause});
  }
}

function sendJson(res: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}) {
  res.writeHead(status, {'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers});
  res.end(JSON.stringify(value));
}

/** Remembers an answer, and forgets the oldest. */
function remember(key: string, turns: readonly Turn[]) {
  const answer = answers.get(key) ?? {turns, attempts: 0};
  answers.delete(key);
  answers.set(key, answer);
  for (const oldest of answers.keys()) {
    if (answers.size <= REMEMBERED) break;
    answers.delete(oldest);
  }
  return answer;
}

/** Resolves after `ms`, or when the client has left. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0 || signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

/** One response being written: its pace, its heartbeat, and whether someone still listens. */
class Outlet {
  #res: ServerResponse;
  #gone = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(res: ServerResponse, writer: FormatWriter) {
    this.#res = res;
    res.on('close', () => this.#close());
    res.writeHead(200, {
      'content-type': writer.contentType,
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      ...writer.headers,
    });
    res.flushHeaders();
    const beat = writer.heartbeat();
    if (beat !== '') this.#timer = setInterval(() => res.write(beat), HEARTBEAT);
  }

  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** Writes, and waits where the client reads slower than this writes. */
  async write(text: string): Promise<void> {
    if (text === '' || this.signal.aborted || this.#res.write(text)) return;
    await new Promise<void>((resolve) => {
      this.#res.once('drain', resolve);
      this.signal.addEventListener('abort', () => resolve(), {once: true});
    });
  }

  end(): void {
    this.#close();
    this.#res.end();
  }

  /** Says nothing more, not even that it lives, until the client leaves. */
  async fallSilent(): Promise<void> {
    clearInterval(this.#timer);
    await new Promise<void>((resolve) => {
      if (this.signal.aborted) resolve();
      else this.signal.addEventListener('abort', () => resolve(), {once: true});
    });
  }

  /** Cuts the connection when what was written has left. */
  async cut(): Promise<void> {
    await pause(20, this.signal);
    this.#close();
    this.#res.destroy();
  }

  /** Keeps the heartbeat back until the first piece. */
  async startSlowly(): Promise<void> {
    await pause(SLOW_START, this.signal);
  }

  #close() {
    clearInterval(this.#timer);
    this.#gone.abort();
  }
}

/** Where an answer breaks off, as a share of its length, for each attempt at it. */
const cuts = [0.3, 0.65];

async function stream(
  res: ServerResponse,
  text: string,
  facts: AnswerFacts,
  options: Options,
  from: number,
  attempt: number,
) {
  const {format, speed, fault} = options;
  const writer = createWriter(format, facts);
  const outlet = new Outlet(res, writer);
  const ids = options.ids && writer.hasIds;
  const pieces = tokenize(text);
  const share = (part: number) => Math.max(1, Math.round(pieces.length * part));

  // Where numbered events let the answer go on, it is cut twice; else once, so that Retry shows the whole of it.
  const cutAt = fault !== 'cut' ? undefined : ids ? cuts[attempt] : attempt % 2 === 0 ? 0.5 : undefined;
  const breakAt = cutAt === undefined ? undefined : share(cutAt);

  let number = 0;
  // Everything is written again from the start, as the numbers are those of the events, and what the client
  // already has is left out.
  const send = async (events: string) => {
    if (!ids) return outlet.write(events);
    const blocks = withIds(events, () => `${facts.id}:${number++}`).split(/(?=^id: )/m);
    const left = blocks.filter((block) => Number(/^id: \w+:(\d+)/.exec(block)?.[1] ?? 0) >= from);
    await outlet.write(left.join(''));
  };

  if (fault === 'slow-start' && from === 0) await outlet.startSlowly();
  await send(writer.begin());

  let burst = '';
  const delay = pieceDelay[speed];
  let due = performance.now();
  for (const [i, piece] of pieces.entries()) {
    if (outlet.signal.aborted) return;
    const events = writer.piece(piece);
    if (speed === 'burst') {
      burst += events;
    } else {
      const seen = number < from;
      await send(events);
      // By the clock, as timers run late; a pause after a paragraph, as if it were thinking.
      if (seen) continue;
      due = Math.max(due + delay * (piece.includes('\n\n') ? 4 : 1), performance.now() - 50);
      await pause(due - performance.now(), outlet.signal);
    }
    const written = i + 1;
    const at = (part: number) => written === share(part);
    if (written === breakAt || (fault === 'end-early' && at(0.5))) {
      await send(burst);
      return fault === 'cut' ? outlet.cut() : outlet.end();
    }
    if (fault === 'silence' && at(0.4)) {
      await send(burst);
      return outlet.fallSilent();
    }
    if (fault === 'malformed' && at(0.4)) {
      await send(burst);
      burst = '';
      await outlet.write(writer.malformed());
    }
    if (fault === 'stream-error' && at(0.4)) {
      await send(burst + writer.error('The model is overloaded. Please ask again in a moment.'));
      return outlet.end();
    }
  }
  await send(burst + writer.end());
  if (!outlet.signal.aborted) outlet.end();
}

/**
 * Answers a question as a stream, written by a simulated model.
 *
 * The query string says how: `format`, `speed`, `fault`, and `ids=1` for numbered events that a `Last-Event-ID`
 * goes on from. The question is in the JSON body, in the shape of any of the formats, or in `?prompt=`.
 */
export async function serveChat(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://demo');
  if (req.method === 'OPTIONS' || (req.method !== 'GET' && req.method !== 'POST')) {
    return sendJson(res, 405, {error: {message: 'Ask with GET or POST.'}}, {allow: 'GET, POST'});
  }
  if (url.pathname !== '/') {
    // Where a client of the AI SDK asks whether its answer goes on. Nothing is kept here that could.
    if (url.pathname.endsWith('/stream')) return void res.writeHead(204).end();
    return sendJson(res, 404, {error: {message: 'There is nothing here. Ask the endpoint itself.'}});
  }
  const options = readOptions(url.searchParams);
  let turns: readonly Turn[];
  try {
    const body = req.method === 'POST' ? await readBody(req) : '';
    turns = readTurns(body === '' ? undefined : parse(body), url.searchParams);
  } catch (error) {
    // A client that left while it was sending gets no answer.
    if (res.destroyed || !(error instanceof Error)) return;
    return sendJson(res, error instanceof RangeError ? 413 : 400, {error: {message: error.message}});
  }

  const last = /^(\w+):(\d+)$/.exec(req.headers['last-event-id']?.toString() ?? '');
  const known = options.ids && last?.[1] ? last[1] : undefined;
  const key =
    known && answers.has(known)
      ? known
      : createHash('sha256')
          .update(JSON.stringify([turns, options]))
          .digest('hex')
          .slice(0, 16);
  const from = key === known ? Number(last?.[2]) + 1 : 0;
  const answer = remember(key, turns);
  turns = answer.turns;
  // Asked anew, it is cut anew; taken up again, it goes on to the next cut.
  if (options.fault === 'cut' && options.ids && from === 0) answer.attempts = 0;
  const attempt = answer.attempts++;

  if (options.fault === 'rate-limit' && attempt % 2 === 0) {
    const message = 'Too many questions at once. Please wait three seconds.';
    return sendJson(res, 429, {error: {message, type: 'rate_limit_exceeded'}}, {'retry-after': '3'});
  }
  if (options.fault === 'server-error' && attempt % 2 === 0) {
    return sendJson(res, 500, {error: {message: 'The model did not start. Please try again.', type: 'server_error'}});
  }
  if (options.fault === 'unauthorized') {
    return sendJson(res, 401, {error: {message: 'The key of this server was not accepted.', type: 'auth_error'}});
  }
  if (options.fault === 'redirect') {
    url.searchParams.delete('fault');
    return void res.writeHead(307, {location: url.search || '?', 'cache-control': 'no-store'}).end();
  }

  const facts: AnswerFacts = {
    id: key,
    model: MODEL,
    created: Math.floor(Date.now() / 1000),
    promptTokens: turns.reduce((sum, {text}) => sum + tokenize(text).length, 0),
  };
  await stream(res, writeAnswer(turns), facts, options, from, attempt);
}
