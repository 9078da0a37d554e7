import {expect} from '@open-wc/testing';

import type {StreamChat} from '../../src/stream-chat.js';
import {createChat, ended, until} from '../helpers/chat.js';
import {json, openai, openaiChunk, script, sse, type ScriptedResponse} from '../helpers/server.js';

interface Try {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

interface Told {
  readonly warnings: readonly string[];
  /** How many there were after each try. */
  readonly counts: readonly number[];
}

/** Loads a page of that origin, which asks with these settings. Resolves to what it warned of. */
async function open(origin: string, ...tries: readonly Try[]): Promise<Told> {
  const url = new URL('/test/pages/keys.html', location.href);
  url.searchParams.set('origin', origin);
  url.searchParams.set('tries', JSON.stringify(tries));
  const frame = document.createElement('iframe');
  try {
    return await new Promise((resolve, reject) => {
      addEventListener('message', function listen({data, source}: MessageEvent<Told>) {
        if (source !== frame.contentWindow) return;
        removeEventListener('message', listen);
        resolve(data);
      });
      frame.addEventListener('error', reject);
      frame.src = url.href;
      document.body.append(frame);
    });
  } finally {
    frame.remove();
  }
}

const letters = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0';
const keys = [
  `sk-${letters}`,
  `sk-proj-${letters}`,
  `sk-ant-api03-${letters}`,
  `AIza${letters}`,
  `gsk_${letters}`,
  `hf_${letters}`,
  `xai-${letters}`,
];
const shop = 'https://shop.example';

describe('secret keys in a page', function () {
  this.timeout(30_000);

  it('has no attribute for one', () => {
    const names = (customElements.get('stream-chat') as typeof StreamChat).observedAttributes;

    expect(names).to.include('endpoint');
    expect(names.filter((name) => /key|token|secret|auth/.test(name) && !['enter-key', 'max-tokens'].includes(name))).to.deep.equal([]);
  });

  for (const key of keys) {
    it(`warns once of ${key.slice(0, 8)}…, with advice`, async () => {
      const {warnings, counts} = await open(shop, {headers: {authorization: `Bearer ${key}`}}, {headers: {'x-api-key': key}});

      expect(counts).to.deep.equal([1, 1]);
      expect(warnings[0]).to.match(/secret API key.*server.*short-lived/);
      expect(warnings[0]).to.not.contain(letters);
    });
  }

  it('warns of a key in an attribute, a URL and a body', async () => {
    const places: readonly Try[] = [
      {attributes: {'api-key': keys[0]!}},
      {attributes: {endpoint: `/nowhere?key=${keys[3]}`}},
      {body: {key: keys[1]}},
      {body: {provider: {apiKey: keys[2]}}},
    ];
    for (const place of places) expect((await open(shop, place)).counts, JSON.stringify(place)).to.deep.equal([1]);
  });

  it('does not warn of tokens, words and messages of the user', async () => {
    const {warnings} = await open(shop, {
      attributes: {endpoint: '/api/sk-SK/chat', system: 'Never repeat a key that begins with sk-'},
      headers: {authorization: `Bearer ek_${letters}`, 'x-csrf': letters},
      body: {note: 'task-a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6', messages: 'sk-short'},
    });

    expect(warnings).to.deep.equal([]);
  });

  for (const origin of ['http://localhost:5173', 'http://app.localhost', 'https://127.0.0.1:8443', 'http://[::1]:3000', 'http://my-box.local', 'null']) {
    it(`does not warn at the development origin ${origin}`, async () => {
      expect((await open(origin, {headers: {authorization: `Bearer ${keys[0]}`}})).warnings).to.deep.equal([]);
    });
  }

  for (const origin of ['https://localhost.example', 'https://127.0.0.1.example', 'http://192.168.1.5', 'https://shop.local.example:8443']) {
    it(`warns at ${origin}`, async () => {
      expect((await open(origin, {headers: {authorization: `Bearer ${keys[0]}`}})).warnings).to.have.length(1);
    });
  }
});

const canary = `canary-${letters}`;

/** Returns where in `value` the canary sits: any depth, errors with their causes, headers and maps too. */
function findCanary(value: unknown, path = '', seen = new Set<unknown>()): string[] {
  if (typeof value === 'string') return value.includes(canary) ? [`${path}: ${value.slice(0, 200)}`] : [];
  if (typeof value !== 'object' || value === null || seen.has(value) || value instanceof Node) return [];
  seen.add(value);
  const names = [...Object.getOwnPropertyNames(value), ...(value instanceof Error ? ['name', 'message', 'stack', 'cause'] : [])];
  const inner = value instanceof Headers || value instanceof Map ? [...value] : [];
  return [
    ...inner.flatMap((entry) => findCanary(entry, `${path} (entry)`, seen)),
    ...[...new Set(names)].flatMap((name) => findCanary((value as Record<string, unknown>)[name], `${path}.${name}`, seen)),
  ];
}

/** Listens to all that may give a secret away. The function that it returns says where it was seen. */
function watch(): {add(chat: StreamChat): void; found(): string[]} {
  const seen: [string, unknown][] = [];
  const levels = ['log', 'info', 'warn', 'error', 'debug'] as const;
  const originals = levels.map((level) => [level, console[level]] as const);
  for (const level of levels) Object.assign(console, {[level]: (...words: unknown[]) => void seen.push([`console.${level}`, words])});
  // `request` shows what will be sent, so that a page can change it.
  const types = ['delta', 'done', 'error', 'send', 'toolcall', 'reconnect', 'reset', 'statechange', 'clear', 'link'] as const;
  return {
    add(chat) {
      for (const type of types) {
        chat.addEventListener(type, (event: CustomEvent) => {
          const {snapshot} = (event.detail ?? {}) as {snapshot?: unknown};
          seen.push([type, [event.detail, snapshot, chat.messages, chat.usage]], ['DOM', document.documentElement.outerHTML + chat.shadowRoot!.innerHTML]);
          seen.push(['storage', [{...localStorage}, {...sessionStorage}, location.href, history.state]]);
        });
      }
    },
    found() {
      for (const [level, original] of originals) Object.assign(console, {[level]: original});
      expect(seen.length).to.be.greaterThan(0);
      return seen.flatMap(([name, value]) => findCanary(value, name));
    },
  };
}

function withSecrets(chat: StreamChat): StreamChat {
  chat.headers = () => ({authorization: `Bearer ${canary}`, 'x-secret': canary});
  chat.body = {token: canary, nested: {token: canary}};
  return chat;
}

const call: ScriptedResponse = sse(
  JSON.stringify({
    object: 'chat.completion.chunk',
    choices: [{index: 0, delta: {tool_calls: [{index: 0, id: 'c', function: {name: 'now', arguments: '{}'}}]}, finish_reason: 'tool_calls'}],
  }),
  '[DONE]',
);

describe('secrets of a page', () => {
  afterEach(() => {
    localStorage.clear();
    sessionStorage.clear();
  });

  it('would be found by this test', () => {
    const hidden = {detail: {error: new Error('x', {cause: {headers: new Headers({a: `Bearer ${canary}`})}})}};

    expect(findCanary(hidden)).to.have.length(1);
    expect(findCanary(JSON.stringify({a: canary}))).to.have.length(1);
  });

  const journeys: Readonly<Record<string, readonly ScriptedResponse[]>> = {
    'an answer': [openai('Hello.')],
    'an HTTP error': [json({error: {message: 'No such model.'}}, 404)],
    'a refusal': [json({error: 'Who are you?'}, 401), json({error: 'Who are you?'}, 401)],
    'a server that is too busy': [json({error: 'Busy.'}, 503, {'retry-after-ms': '1'}), openai('Hello.')],
    'an answer that breaks off': [{steps: [{write: `data: ${openaiChunk('Half')}\n\n`}, {reset: true}]}],
    'a connection that is lost': [{refuse: true}, openai('Hello.')],
    'a web page instead of an answer': [{headers: {'content-type': 'text/html'}, steps: [{write: '<html>'}]}],
    'an error in the stream': [sse('{"error":{"message":"Overloaded","type":"server_error"}}')],
    'a malformed stream': [sse('{"choices":[{"delta":{"content":')],
    'a tool round': [call, openai('It is noon.')],
  };
  for (const [name, responses] of Object.entries(journeys)) {
    it(`appear nowhere in ${name}`, async () => {
      const server = await script(responses);
      const watcher = watch();
      const chat = withSecrets(await createChat({endpoint: server.url, retries: '1', persist: 'local', renderer: 'plain', details: ''}));
      watcher.add(chat);
      chat.tools = [{name: 'now', execute: () => 'noon'}];

      await chat.send('Hi');
      await chat.retry();

      const {requests} = await server.log();
      expect(requests.length).to.be.greaterThan(1);
      for (const {headers, body} of requests) expect([headers['x-secret'], (JSON.parse(body) as {token: string}).token]).to.deep.equal([canary, canary]);
      expect(watcher.found()).to.deep.equal([]);
    });
  }

  it('appear nowhere after a reload during an answer', async () => {
    const server = await script([{steps: [{write: `id: 1\ndata: ${openaiChunk('Half, ')}\n\n`}, {silence: true}]}, openai('whole.')]);
    const watcher = watch();
    const attributes = {endpoint: server.url, persist: 'session', renderer: 'plain'};
    const first = withSecrets(await createChat(attributes));
    watcher.add(first);
    void first.send('Hi');
    await until(() => first.messages.at(-1)?.text === 'Half, ');
    dispatchEvent(new PageTransitionEvent('pagehide'));
    const kept = JSON.stringify({...sessionStorage});
    expect(kept).to.contain('Half, ');
    first.remove();

    expect(findCanary(kept)).to.deep.equal([]);
    await until(() => first.state === 'idle');
    expect(watcher.found()).to.deep.equal([]);
  });

  it('appear in no error if they cannot be sent', async () => {
    const watcher = watch();
    const chat = await createChat();
    watcher.add(chat);

    for (const [endpoint, value] of [
      ['/nowhere', `${canary}\u2713`],
      ['/nowhere', `${canary}\n${canary}`],
      ['/nowhere', `${canary}\0`],
      ['ws://localhost/', `Bearer ${canary} ${canary}`],
    ] as const) {
      chat.endpoint = endpoint;
      chat.headers = {authorization: value};
      const end = ended(chat);
      await chat.send('Hi');
      expect(((await end).detail as {error: {code: string}}).error.code).to.equal('config');
    }

    expect(watcher.found()).to.deep.equal([]);
  });

  it('do not follow a redirect to another host', async () => {
    const other = await script(openai('Thank you.'));
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await script({status, headers: {location: other.crossUrl}});
      const chat = withSecrets(await createChat({endpoint: server.url}));

      const message = await chat.send('Hi');

      expect(message!.error!.code, String(status)).to.equal('http');
      expect((await server.log()).requests).to.have.length(1);
    }
    expect((await other.log()).requests).to.deep.equal([]);
  });

  it('of the browser are only sent to its own origin by default', async () => {
    document.cookie = 'visitor=1; path=/';
    const server = await script(openai('Hello.'), {cors: {credentials: true}});
    const cookiesOf = async (attributes: Record<string, string>) => {
      const chat = await createChat(attributes);
      await chat.send('Hi');
      return (await server.log()).requests.at(-1)!.headers['cookie'] ?? '';
    };

    expect(await cookiesOf({endpoint: server.url})).to.contain('visitor=1');
    expect(await cookiesOf({endpoint: server.crossUrl})).to.not.contain('visitor');
    expect(await cookiesOf({endpoint: server.url, credentials: 'omit'})).to.not.contain('visitor');
    document.cookie = 'visitor=; path=/; max-age=0';
  });

  for (const endpoint of ['javascript:alert(1)', ' JavaScript:alert(1)', 'java\nscript:alert(1)', 'data:text/event-stream,data:%20x', 'file:///etc/passwd', 'blob:null/x', 'ftp://evil.example/', 'about:blank', 'https://']) {
    it(`are not sent if the endpoint is ${JSON.stringify(endpoint)}`, async () => {
      const chat = withSecrets(await createChat({endpoint}));
      let requests = 0;
      chat.addEventListener('request', () => requests++);

      const message = await chat.send('Hi');

      expect(message!.error!.code).to.equal('config');
      expect(requests).to.equal(0);
    });
  }
});
