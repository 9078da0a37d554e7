/** One step of a response. */
export type Step =
  /** Writes text; in chunks of `chunk` bytes, with `pause` milliseconds between them. */
  | {readonly write: string; readonly chunk?: number; readonly pause?: number}
  /** Writes bytes. */
  | {readonly base64: string; readonly chunk?: number; readonly pause?: number}
  /** Writes text many times, one every `wait` milliseconds by the clock; `{i}` is the number, from 0. */
  | {readonly repeat: number; readonly write: string; readonly wait?: number}
  /** Waits, in milliseconds. */
  | {readonly wait: number}
  /** Waits until the test calls `release()` with this name. Each release lets one step pass. */
  | {readonly until: string}
  /** Ends the body cleanly, as happens by default after the last step. */
  | {readonly end: true}
  /** Cuts the connection after the written data has been sent. */
  | {readonly destroy: true}
  /** Resets the connection. All browsers report that, while WebKitGTK treats `destroy` as the end of the body. */
  | {readonly reset: true}
  /** Keeps the connection open without sending anything until the client disconnects. */
  | {readonly silence: true};

/** One response. Its content type is `text/event-stream` by default. */
export interface ScriptedResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
  /** Cuts the connection before any response. */
  readonly refuse?: boolean;
  /** Sends no headers until `release()`, with the name given here or without one. */
  readonly hold?: boolean | string;
  /** Milliseconds before the headers. */
  readonly delay?: number;
  /** The end of the connection ends the body, so that a cut looks like a clean end. */
  readonly closeDelimited?: boolean;
}

/** Where an attempt is cut, as a number of bytes of its body, and how. */
export interface Cut {
  readonly at: number;
  /** `end`: cleanly. */
  readonly how?: 'destroy' | 'reset' | 'end' | 'silence';
}

/** A server that can resume an answer. */
export interface ResumeScript {
  /** The events as blocks of lines, without `id:` and without the terminating blank line. */
  readonly events: readonly string[];
  /** Which events have an ID, which is their index. `constant`: all have the same one. A number N: every Nth event. */
  readonly ids?: 'all' | 'third' | 'constant' | 'none' | number;
  /** `after`: resumes after `Last-Event-ID`. `replay`: always from the start. `bytes`: the ID is an offset. */
  readonly style?: 'after' | 'replay' | 'bytes';
  /** Number of events before the cursor to resend, extended to the last one that has an ID. */
  readonly overlap?: number;
  /** Query parameter with the cursor, for servers that do not support the header. */
  readonly cursor?: string;
  /** Fault of the n-th request: the number of bytes after which it is cut, or another response. After the list, none. */
  readonly attempts?: readonly (number | Cut | ScriptedResponse | null)[];
  /** Bytes per write, and milliseconds between writes. */
  readonly chunk?: number;
  readonly pause?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ScriptOptions {
  /** Requests after the last response get status 500. By default the last response is repeated. */
  readonly strict?: boolean;
  /** Used instead of the list of responses. */
  readonly resume?: ResumeScript;
  /** Responses for paths below the endpoint, as `stop` for `${url}/stop`. Each has its own count. */
  readonly routes?: Readonly<
    Record<string, readonly ScriptedResponse[] | {resume?: ResumeScript; responses?: readonly ScriptedResponse[]}>
  >;
  /** CORS configuration of the other port. Without `allowHeaders`, every header is allowed. */
  readonly cors?: {
    readonly credentials?: boolean;
    readonly allowHeaders?: readonly string[];
    readonly exposeHeaders?: readonly string[];
  };
  /** Keeps the script after the test. By default it is removed and its connections are closed. */
  readonly keep?: boolean;
}

/** A request as the server received it. Times are milliseconds since the script was created. */
export interface LoggedRequest {
  readonly n: number;
  /** The path below the endpoint. */
  readonly route: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly preflight: boolean;
  readonly time: number;
  readonly bytesWritten: number;
  /** Who closed the connection, or ended its response. */
  readonly closed: 'open' | 'client' | 'server';
  readonly closedAt?: number;
  /** Whether the client disconnected before the response was complete. */
  readonly aborted: boolean;
}

/** The log of the server so far. */
export interface ServerLog {
  readonly version: number;
  /** Connections that are open now. */
  readonly open: number;
  readonly requests: readonly LoggedRequest[];
}

/** A script on the server. */
export interface ScriptedServer {
  /** The endpoint, a path on the page's origin. */
  readonly url: string;
  /** The endpoint on another origin, which allows it. */
  readonly crossUrl: string;
  /** The endpoint on another origin, which sends no CORS headers. */
  readonly strangerUrl: string;
  log(): Promise<ServerLog>;
  /** Resolves with the log when it meets the condition. Rejects after `timeout` milliseconds with the log in the message. */
  waitFor(condition: (log: ServerLog) => boolean, timeout?: number): Promise<ServerLog>;
  /** Releases `count` steps `{until: gate}`, now or later; `Infinity` releases all. */
  release(gate?: string, count?: number): Promise<void>;
  /** Closes open connections and removes the script. */
  remove(): Promise<void>;
}

let controlOrigin: Promise<string> | undefined;

async function control(path: string, init?: RequestInit): Promise<unknown> {
  controlOrigin ??= fetch('/__script/')
    .then((response) => response.json())
    .then(({control}: {control: string}) => control);
  const response = await fetch(`${await controlOrigin}/__script/${path}`, init);
  if (!response.ok) throw new Error(`The script server answered ${response.status}: ${await response.text()}`);
  return response.json();
}

const made = new Set<ScriptedServer>();

/** Creates a server whose n-th request gets the n-th response. */
export async function script(
  responses: readonly ScriptedResponse[] | ScriptedResponse,
  {keep = false, ...options}: ScriptOptions = {},
): Promise<ScriptedServer> {
  const id = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  await control(id, {method: 'PUT', body: JSON.stringify({responses: [responses].flat(), ...options})});
  const origin = await controlOrigin;

  const server: ScriptedServer = {
    url: `/__s/${id}`,
    crossUrl: `${origin}/__s/${id}`,
    strangerUrl: `${origin}/__stranger/${id}`,
    log: async () => (await control(id)) as ServerLog,
    async waitFor(condition, timeout = 5_000) {
      const deadline = performance.now() + timeout;
      let log = await server.log();
      while (!condition(log)) {
        if (performance.now() > deadline) {
          throw new Error(`The condition was not met within ${timeout} ms: ${JSON.stringify(log, undefined, 1)}`);
        }
        log = (await control(`${id}?after=${log.version}`)) as ServerLog;
      }
      return log;
    },
    async release(gate = 'released', count = 1) {
      // JSON has no infinity; a missing count means it.
      const body = JSON.stringify({gate, count: Number.isFinite(count) ? count : null});
      await control(`${id}/release`, {method: 'POST', body});
    },
    async remove() {
      made.delete(server);
      await control(id, {method: 'DELETE'});
    },
  };
  if (!keep) made.add(server);
  return server;
}

/** Creates a server that can resume an answer. */
export function resumable(resume: ResumeScript, options: ScriptOptions = {}): Promise<ScriptedServer> {
  return script([], {...options, resume});
}

/** A response of server-sent events: each text becomes one event, written as `data: ` and the text. */
export function sse(...data: readonly string[]): ScriptedResponse {
  return {steps: [{write: data.map((text) => `data: ${text}\n\n`).join('')}]};
}

/** A response in OpenAI's chat format: these deltas, the finish reason and `[DONE]`. */
export function openai(...pieces: readonly string[]): ScriptedResponse {
  return sse(...pieces.map(openaiChunk), openaiFinish, '[DONE]');
}

/** The data of one event of OpenAI's chat format. */
export function openaiChunk(content: string): string {
  return JSON.stringify({
    object: 'chat.completion.chunk',
    choices: [{index: 0, delta: {content}, finish_reason: null}],
  });
}

/** The data of the event with the finish reason in OpenAI's chat format. */
export const openaiFinish = JSON.stringify({
  object: 'chat.completion.chunk',
  choices: [{index: 0, delta: {}, finish_reason: 'stop'}],
});

/** A response of JSON. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): ScriptedResponse {
  return {status, headers: {'content-type': 'application/json', ...headers}, steps: [{write: JSON.stringify(value)}]};
}

/** A response of plain text in these chunks, `pause` milliseconds apart. */
export function plain(pieces: readonly string[], pause = 5): ScriptedResponse {
  return {
    headers: {'content-type': 'text/plain; charset=utf-8'},
    steps: pieces.flatMap((write) => [{write}, {wait: pause}]),
  };
}

/** Turns bytes into a step. */
export function bytes(data: Uint8Array, options: {chunk?: number; pause?: number} = {}): Step {
  let binary = '';
  for (let at = 0; at < data.length; at += 0x8000) binary += String.fromCharCode(...data.subarray(at, at + 0x8000));
  return {base64: btoa(binary), ...options};
}

afterEach(async () => {
  await Promise.all([...made].map((server) => server.remove()));
});
