import {expect, fixtureCleanup} from '@open-wc/testing';

import type {PropertyType} from '../src/lib/property-types.js';
import type {StreamChat} from '../src/stream-chat.js';
import {createChat, part, parts, shownAnswer, until} from './helpers/chat.js';
import {installNetwork, type Network} from './helpers/exchange.js';
import {openaiChunk, openaiFinish} from './helpers/server.js';

// Each documented value of each option changes something that a test sees. Here: what a request or the drawn chat shows.
// Other options are tested where their effect is; the table names the file, and a new option without an entry fails.

/** What is set: attributes, and properties that have none. */
type Setting = Readonly<Record<string, unknown>>;
/** Returns what is seen with a setting. Different settings have to differ in it. */
type Probe = (setting: Setting) => Promise<unknown>;

/** Of the page: the chats have another. */
const realFetch = globalThis.fetch.bind(globalThis);
let network: Network;

async function create(setting: Setting): Promise<StreamChat> {
  const texts = Object.entries(setting).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const chat = await createChat({endpoint: '/answers', renderer: 'plain', ...Object.fromEntries(texts)});
  Object.assign(chat, Object.fromEntries(Object.entries(setting).filter(([, value]) => typeof value !== 'string')));
  await chat.updateComplete;
  return chat;
}

const asked = async (count = 1) => {
  await until(() => network.exchanges.length >= count, `request ${count}`);
  return network.nth(count);
};
const chunk = (text: string) => `data: ${openaiChunk(text)}\n\n`;
const end = `data: ${openaiFinish}\n\ndata: [DONE]\n\n`;

/** The first request of a chat that has three messages. */
const request: Probe = async (setting) => {
  const chat = await create(setting);
  chat.messages = [{role: 'user', text: 'One?'}, {role: 'assistant', text: 'One.'}, {role: 'user', text: 'Two?'}, {role: 'assistant', text: 'Two.'}];
  void chat.send('Three?');
  const {url, init} = await asked();
  const {body, method, credentials} = init;
  const headers = [...new Headers(init.headers)].filter(([name]) => name !== 'idempotency-key');
  return {url, method, credentials, headers, body: String(body).replaceAll(/[\da-f]{24}/g, 'ID')};
};

/** The chat as it is drawn, with one answer. */
const drawn = (text: string): Probe => async (setting) => {
  const chat = await create(setting);
  chat.messages = [{role: 'user', text: 'A?'}, {role: 'assistant', text, usage: {inputTokens: 3, outputTokens: 4}}];
  await until(() => shownAnswer(chat) !== '');
  await chat.updateComplete;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const root = chat.shadowRoot!;
  const names = [...root.querySelectorAll('[part]')].map((element) => `${element.localName} ${element.getAttribute('part')} ${element.ariaLabel} ${(element as HTMLElement).hidden}`);
  return {names, text: root.textContent, scheme: getComputedStyle(part(chat, 'base')).colorScheme, input: parts(chat, 'input').map((input) => input.outerHTML)};
};

/** What becomes of an answer that is lost after its first piece. */
const lost: Probe = async (setting) => {
  const chat = await create(setting);
  void chat.send('Go.');
  const first = await asked();
  first.open({'content-type': 'text/event-stream'});
  first.write(`id: 1\n${chunk('Half')}`);
  await until(() => shownAnswer(chat) === 'Half');
  first.lose();
  await until(() => network.exchanges.length > 1 || chat.state === 'idle', 'it is over, or resumed');
  return network.exchanges.slice(1).map(({url, init}) => `${init.method} ${url.replaceAll(/[\da-f]{24}/g, 'ID')}`);
};

/** What becomes of a request that is not answered, or whose body stalls, within a third of a second. */
const late = (opens: boolean): Probe => async (setting) => {
  const chat = await create({...setting, retries: '0'});
  let failure: string | undefined;
  chat.addEventListener('error', ({detail}) => (failure = detail.error.code));
  void chat.send('Go.');
  const first = await asked();
  if (opens) first.open();
  await new Promise((resolve) => setTimeout(resolve, 350));
  return failure;
};

const probes: Readonly<Record<string, readonly [probe: Probe, settings: readonly Setting[]]>> = {
  endpoint: [request, [{endpoint: '/a'}, {endpoint: '/b'}, {endpoint: '/c?q={prompt}'}]],
  protocol: [request, [{}, {protocol: 'anthropic'}, {protocol: 'ollama'}, {protocol: 'prompt'}]],
  method: [request, [{}, {method: 'GET'}]],
  'prompt-param': [request, [{protocol: 'prompt'}, {protocol: 'prompt', 'prompt-param': 'q'}]],
  model: [request, [{}, {model: 'm'}, {model: 'n'}]],
  system: [request, [{}, {system: 'Be brief.'}]],
  temperature: [request, [{}, {temperature: '0'}, {temperature: '1'}]],
  'top-p': [request, [{}, {'top-p': '0'}, {'top-p': '1'}]],
  'max-tokens': [request, [{}, {'max-tokens': '1'}, {'max-tokens': '2'}]],
  credentials: [request, ['omit', 'same-origin', 'include'].map((credentials) => ({credentials}))],
  'history-limit': [request, [{}, {'history-limit': '1'}, {'history-limit': '3'}]],
  headers: [request, [{}, {headers: {'x-a': '1'}}, {headers: () => ({'x-a': '2'})}]],
  body: [request, [{}, {body: {a: 1}}, {body: () => ({a: 2})}]],
  tools: [request, [{}, {tools: [{name: 'a', execute: () => 1}]}]],
  responseFormat: [request, [{}, {responseFormat: {type: 'object'}}]],
  budget: [async (setting) => {
    const chat = await create(setting);
    void chat.send('Go.');
    await until(() => network.exchanges.length > 0 || parts(chat, 'error').length > 0);
    return network.exchanges.length;
  }, [{budget: '0'}, {budget: '1'}]],
  'max-chars': [async (setting) => {
    const chat = await create(setting);
    const sent = chat.send('Go.');
    const first = await asked();
    first.open();
    first.write(chunk('Hello') + end);
    return (await sent)!.reason;
  }, [{}, {'max-chars': '2'}]],
  'stop-endpoint': [async (setting) => {
    const chat = await create(setting);
    void chat.send('Go.');
    (await asked()).open();
    await until(() => chat.state === 'streaming');
    chat.stop();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return network.exchanges.map(({url}) => url);
  }, [{}, {'stop-endpoint': '/stop'}]],
  persist: [async (setting) => {
    const chat = await create({...setting, id: 'option-persist'});
    chat.messages = [{role: 'user', text: 'Keep this'}];
    void chat.send('Go.');
    await asked();
    chat.stop();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const places = [sessionStorage, localStorage].map((storage) => storage.getItem('stream-chat:option-persist') !== null);
    sessionStorage.clear();
    localStorage.clear();
    return places;
  }, ['none', 'session', 'local'].map((persist) => ({persist}))],
  resume: [lost, [{}, {resume: 'none'}, {resume: '/again/{id}/{lastEventId}'}]],
  retries: [async (setting) => {
    const chat = await create(setting);
    void chat.send('Go.');
    (await asked()).respond(new Response('', {status: 503, headers: {'retry-after': '30'}}));
    await until(() => chat.state === 'waiting' || parts(chat, 'error').length > 0);
    return chat.state;
  }, [{}, {retries: '0'}]],
  'connect-timeout': [late(false), [{}, {'connect-timeout': '0.1'}]],
  'idle-timeout': [late(true), [{}, {'idle-timeout': '0.1'}]],
  renderer: [drawn('**Bold**'), [{renderer: 'plain'}, {renderer: 'markdown'}]],
  details: [drawn('A.'), [{}, {details: ''}]],
  mode: [drawn('A.'), [{}, {mode: 'launcher'}]],
  theme: [drawn('A.'), ['auto', 'light', 'dark'].map((theme) => ({theme}))],
  heading: [drawn('A.'), [{}, {heading: 'Ask'}]],
  placeholder: [drawn('A.'), [{}, {placeholder: 'Write'}]],
  disabled: [drawn('A.'), [{}, {disabled: ''}]],
  composer: [drawn('A.'), [{}, {composer: 'off'}]],
  'max-length': [async (setting) => {
    const chat = await create(setting);
    const input = part<HTMLTextAreaElement>(chat, 'input');
    input.value = 'Three';
    input.dispatchEvent(new Event('input', {bubbles: true, composed: true}));
    await chat.updateComplete;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return parts(chat, 'count').map(({textContent}) => textContent);
  }, [{}, {'max-length': '1'}, {'max-length': '2'}]],
  actions: [drawn('A.'), ['none', 'copy', 'regenerate', 'edit', 'feedback', 'speak', 'time'].map((actions) => ({actions}))],
  attach: [drawn('A.'), [{}, {attach: ''}]],
  suggestions: [async (setting) => parts(await create(setting), 'suggestion').map(({textContent}) => textContent), [{}, {suggestions: ['Why?']}]],
  strings: [drawn('A.'), [{}, {strings: {send: 'Ask it'}}]],
};

/** Options whose effect takes a gesture, time, or what only another file sets up. Each value is named there. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  source: ['sources/source.test.ts', 'sources/websocket.test.ts'],
  'max-rounds': ['chat/tools.test.ts'],
  images: ['renderers/markdown.test.ts', 'hostile/element.test.ts'],
  links: ['renderers/markdown.test.ts', 'transcript/keyboard.test.ts', 'stream-chat.test.ts'],
  announce: ['speech/announcements.test.ts', 'speech/announcer.test.ts'],
  'announce-rate': ['speech/announcements.test.ts'],
  pace: ['transcript/pace.test.ts'],
  'scroll-to': ['transcript/scrolling.test.ts'],
  open: ['launcher/launcher.test.ts'],
  'enter-key': ['composer/composer.test.ts', 'composer/meaning.test.ts'],
  'max-files': ['composer/attachments.test.ts'],
  'max-file-size': ['composer/attachments.test.ts'],
  voice: ['composer/voice.test.ts'],
  autofocus: ['composer/composer.test.ts'],
};

const {elementProperties} = customElements.get('stream-chat') as typeof StreamChat;
const options = [...elementProperties].map(([name, declaration]) => ({
  name: typeof declaration.attribute === 'string' ? declaration.attribute : String(name),
  // The words of a closed list.
  words: [...((declaration as {accepts?: PropertyType}).accepts?.allowed ?? '').matchAll(/"([^"]+)"/g)].map(([, word]) => word!),
  property: String(name),
}));

describe('each value of an option changes something', function () {
  this.timeout(20_000);
  beforeEach(() => (network = installNetwork()));

  it('of every option: here, or in the file that is named', () => {
    const known = [...Object.keys(probes), ...Object.keys(elsewhere)];
    expect(known).to.have.members(options.map(({name}) => name));
    expect(new Set(known).size).to.equal(known.length);
  });

  for (const {name, words, property} of options) {
    const probe = probes[name];
    if (probe) {
      it(name, async () => {
        const [see, settings] = probe;
        const initial = String((await createChat())[property as keyof StreamChat]);
        const tried = settings.map((setting) => String(setting[name] ?? setting[property] ?? initial));
        // A list that starts with nothing set has the default.
        for (const word of words) expect(tried.includes(word) || initial === word, `"${word}" is tried`).to.be.true;
        const seen: string[] = [];
        for (const setting of settings) {
          network = installNetwork();
          const found = JSON.stringify(await see(setting)) ?? 'nothing';
          expect(seen, `${JSON.stringify(setting)} changes something`).to.not.include(found);
          seen.push(found);
          fixtureCleanup();
        }
      });
    } else {
      const files = elsewhere[name] ?? [];
      it(`${name}, in ${files.join(', ')}`, async () => {
        const sources = await Promise.all(files.map(async (file) => (await realFetch(new URL(file, import.meta.url))).text()));
        const text = sources.join('\n');
        const initial = String((await createChat())[property as keyof StreamChat]);
        expect(text.includes(name) || text.includes(property), `${name} is set`).to.be.true;
        // The default is what all other tests of the file have.
        for (const word of words) if (word !== initial) expect(text, `"${word}"`).to.include(word);
      });
    }
  }
});
