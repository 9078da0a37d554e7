import {expect} from '@open-wc/testing';

import type {StreamChat} from '../../src/stream-chat.js';
import {createRandom} from '../helpers/cuts.js';
import {createChat, part, parts, shownAnswer, until} from '../helpers/chat.js';
import {json, openai, script, sse, type ScriptedResponse, type ScriptedServer} from '../helpers/server.js';
import {carriers} from './carriers.js';
import {payloads, texts, urls} from './corpus.js';
import {counts, findInElement, guard, strangers} from './walker.js';

// The whole element over HTTP, with a sample of each kind of payload: the other tests try all of them on its modules.

const chunk = (delta: object, finish: string | null = null) =>
  JSON.stringify({object: 'chat.completion.chunk', choices: [{index: 0, delta, finish_reason: finish}]});

/** A sample of the corpus: every n-th payload of each kind, fewer in engines that are slower here. */
const every = navigator.userAgent.includes('Chrome/') ? 8 : 20;
const some = [urls, ...Object.values(texts)].flatMap((list) => list.filter((_, index) => index % every === 0));

/** Inspects each message after every change in it, and the whole shadow root at the end. */
function watch(chat: StreamChat): () => string[] {
  const found: string[] = [];
  const observer = new MutationObserver((records) => {
    const changed = records.flatMap(({target, addedNodes}) => [target, ...addedNodes]);
    const elements = changed.map((node) => (node instanceof Element ? node : node.parentElement));
    for (const message of new Set(elements.map((element) => element?.closest('[part~="message"]')))) {
      if (message) found.push(...findInElement(message));
    }
  });
  observer.observe(chat.shadowRoot!, {subtree: true, childList: true, attributes: true, characterData: true});
  return () => {
    observer.disconnect();
    return [...new Set([...found, ...findInElement(chat.shadowRoot!)])];
  };
}

/** Resolves when images had time to be requested: when an image requested now has loaded. */
async function askedFor(): Promise<void> {
  const image = new Image();
  image.src = `/test/pages/violations.js?${Math.random()}`;
  await new Promise((resolve) => (image.onload = image.onerror = resolve));
}

describe('hostile answers, over HTTP', function () {
  this.timeout(60_000);
  const random = createRandom(5);
  let start = 0;
  let happened: () => string[];
  beforeEach(() => {
    start = performance.now();
    happened = guard();
  });
  afterEach(() => {
    expect(happened()).to.deep.equal([]);
    expect(strangers(start)).to.deep.equal([]);
  });
  after(() => console.info(`hostile elements: ${some.length} payloads, ${counts.walks} walks over ${counts.elements} elements`));

  /** Returns an answer with each of these texts in a field of its own, in pieces. */
  const answerOf = (list: readonly string[]): ScriptedResponse =>
    sse(
      ...list.map((text) => chunk({reasoning_content: text})),
      ...list.flatMap((text) => {
        const carry = Object.values(carriers)[Math.floor(random() * Object.keys(carriers).length)]!;
        const whole = `${carry(text)}\n\n`;
        const at = Math.floor(random() * whole.length);
        return [chunk({content: whole.slice(0, at)}), chunk({content: whole.slice(at)})];
      }),
      ...list.map((text) => chunk({refusal: text})),
      ...list.map((text) => chunk({annotations: [{type: 'url_citation', url_citation: {url: text, title: text}}]})),
      ...list.map((text, index) => chunk({tool_calls: [{index, id: `c${index}`, function: {name: text, arguments: JSON.stringify({[text]: text})}}]})),
      chunk({}, 'tool_calls'),
      '[DONE]',
    );
  const slowly = ({steps = []}: ScriptedResponse): ScriptedResponse => ({
    steps: steps.map((step) => ('write' in step ? {...step, chunk: 400, pause: 1} : step)),
  });

  it('render only allowed nodes, request nothing, and run nothing', async () => {
    const groups = Array.from({length: Math.ceil(some.length / 12)}, (_, index) => some.slice(index * 12, index * 12 + 12));
    const server = await script(groups.flatMap((group) => [slowly(answerOf(group)), openai('Done. ', ...group)]));
    const chat = await createChat({endpoint: server.url, details: '', persist: 'session'});
    const found = watch(chat);
    Object.assign(chat, {suggestions: some});
    chat.addEventListener('toolcall', (event) => event.respondWith({[event.detail.name]: event.detail.arguments}));

    for (const group of groups) await chat.send(group.join('\n'));
    await askedFor();

    expect(found()).to.deep.equal([]);
    expect(chat.messages.filter(({role, status}) => role === 'assistant' && status === 'done')).to.have.length(groups.length);
    const {requests} = await server.log();
    expect(requests.map(({route, method}) => `${method} ${route}`)).to.deep.equal(Array(2 * groups.length).fill('POST '));
    sessionStorage.clear();
  });

  it('render only allowed nodes for error messages of servers', async () => {
    const list = some.filter((text) => !text.includes('\0'));
    const server = await script(list.flatMap((text, index) => [index % 2 > 0 ? json({error: {message: text}}, 400) : sse(JSON.stringify({error: {message: text, type: text}}))]));
    const chat = await createChat({endpoint: server.url, retries: '0'});
    const found = watch(chat);

    for (const text of list) {
      expect((await chat.send('Hi'))!.status, text).to.equal('failed');
      chat.clear();
    }

    expect(found()).to.deep.equal([]);
  });

  it('render only allowed nodes for messages of the host page, set as a property or as children', async () => {
    const chat = await createChat();
    const found = watch(chat);

    const list = payloads.filter((_, index) => index % (every / 4) === 0);
    chat.messages = list.map((text, index) => ({role: index % 2 > 0 ? 'assistant' : 'user', text}));
    await until(() => parts(chat, 'message').length === list.length && parts(chat, 'message').every((message) => part.name && message.textContent.trim() !== ''));
    expect(found()).to.deep.equal([]);
  });

  describe('images', () => {
    let server: ScriptedServer;
    const pixel: ScriptedResponse = {headers: {'content-type': 'image/gif'}, steps: [{base64: 'R0lGODlhAQABAAAAACwAAAAAAQABAAA='}]};
    const asked = async () => (await server.log()).requests.map(({url}) => url.replace(/^.*\?/, ''));
    beforeEach(async () => {
      const paths = ['ok', 'ok/yes', 'okay/longer', 'no', 'OK', 'ok/x', 'ok/..%2fno', 'ok/../no'];
      server = await script(pixel, {routes: Object.fromEntries(paths.map((path) => [path, [pixel]]))});
    });

    /** All ways to leak text with an image without a click. */
    const carry = (to: string) =>
      [
        `![a](${to}?inline)`,
        `![a](<${to}?bracketed> "t")`,
        `![a][r] ![r][] ![r]\n\n[r]: ${to}?reference`,
        `[![a](${to}?linked)](${to}?link)`,
        `| ![a](${to}?cell) |\n| - |\n| ![b](${to}?cell2) |`,
        `- ![a](${to}?item)\n\n> ![a](${to}?quote)\n\n# ![a](${to}?heading)`,
        `note[^1]\n\n[^1]: ![a](${to}?note)`,
        `**![a](${to}?strong)** ![![a](${to}?inner)](${to}?outer)`,
        `![a](${to.replace('http', '&#104;ttp')}?entity) ![a](${to.replace(/^https?:/, '')}?relative)`,
        `<img src="${to}?html"> <video poster="${to}?poster"> <style>@import "${to}?css";</style>`,
        `<link rel="prefetch" href="${to}?prefetch"> <a href="${to}?a" ping="${to}?ping">a</a>`,
        `${to}?bare <${to}?auto> [link](${to}?text)`,
      ].join('\n\n');

    it('are not requested without a click, in any construct', async () => {
      const answers = await script(openai(...carry(server.crossUrl).match(/[^]{1,9}/g)!));
      for (const images of ['click', 'none', 'https://cdn.example/']) {
        const chat = await createChat({endpoint: answers.url, images});
        await chat.send('Hi');
        expect(chat.shadowRoot!.querySelectorAll('img'), images).to.have.length(0);
        expect(parts(chat, 'load-image').length > 0, images).to.equal(images === 'click');
      }
      await askedFor();

      expect(await asked()).to.deep.equal([]);
    });

    it('are requested only by the button that is pressed', async () => {
      const answers = await script(openai(`![a](${server.crossUrl}?one)\n\n[![b](${server.crossUrl}?two)](https://example.org/)`));
      const chat = await createChat({endpoint: answers.url});
      await chat.send('Hi');
      const [one, two] = parts(chat, 'load-image');
      const {host} = new URL(server.crossUrl);
      expect([one!.textContent, two!.textContent]).to.deep.equal([`Load image from ${host}`, `Load image from ${host}`]);
      const followed: string[] = [];
      chat.addEventListener('link', (event) => followed.push(event.detail.url));

      one!.click();
      await server.waitFor(({requests}) => requests.length === 1);
      expect(await asked()).to.deep.equal(['one']);
      expect((await server.log()).requests[0]!.headers).to.not.have.property('referer');

      two!.click();
      await server.waitFor(({requests}) => requests.length === 2);
      expect(await asked()).to.deep.equal(['one', 'two']);
      expect(followed).to.deep.equal([]);
    });

    it('are requested at once only below allowed URL prefixes', async () => {
      const {origin, host, pathname} = new URL(server.crossUrl);
      const prefix = `${origin}${pathname}/ok`;
      const answers = await script(
        openai(
          [
            `![a](${prefix}/yes?under) ![a](${prefix}?itself)`,
            `![a](${server.crossUrl}/okay?longer) ![a](${server.crossUrl}/no?beside)`,
            `![a](${prefix}/../no?up) ![a](${prefix}/%2e%2e/no?encoded) ![a](${prefix}/..%2fno?slash) ![a](${prefix}/..\\no?backslash)`,
            `![a](${prefix.replace('//', '//user@')}/x?user) ![a](${origin}@evil.example${pathname}/ok/x?host)`,
            `![a](${prefix.replace('/ok', '/OK')}?case) ![a](//${host}.evil.example${pathname}/ok?suffix)`,
          ].join('\n\n'),
        ),
      );
      const chat = await createChat({endpoint: answers.url, images: `https://cdn.example/ ${prefix}`});
      await chat.send('Hi');
      chat.shadowRoot!.querySelectorAll('img').forEach((image) => (image.loading = 'eager'));
      await server.waitFor(({requests}) => requests.length >= 2);
      await askedFor();

      expect((await asked()).sort()).to.deep.equal(['itself', 'under']);
    });
  });

  describe('links', () => {
    it('show their host if their text or title names another one', async () => {
      const lines = [
        ['[https://trusted.example/login](https://evil.example/)', 'https://trusted.example/login (evil.example)'],
        ['[trus**ted**.example](https://evil.example/)', 'trusted.example (evil.example)'],
        ['[Go to https://trusted.example now](https://evil.example/)', 'Go to https://trusted.example now (evil.example)'],
        ['[click here](https://evil.example/ "https://trusted.example")', 'click here (evil.example)'],
        ['[trus\u{e0041}ted.example](https://evil.example/)', 'trusted.example (evil.example)'],
        ['[\u202etrusted.example](https://evil.example/)', 'trusted.example (evil.example)'],
        ['[https://аррle.example](https://аррle.example)', 'https://аррle.example (xn--le-6kc9b2f.example)'],
        ['[the documentation](https://evil.example/)', 'the documentation'],
        ['[Log in at bank.de](https://evil.example/)', 'Log in at bank.de (evil.example)'],
        ['[Log in at bank.co.uk/login](https://evil.example/)', 'Log in at bank.co.uk/login (evil.example)'],
        ['[bank&#46;de](https://evil.example/)', 'bank.de (evil.example)'],
        ['[the bank](https://evil.example/ "Log in at bank.de")', 'the bank (evil.example)'],
        ['[Log in at bank.de](https://bank.de/login)', 'Log in at bank.de'],
        ['[a@bank.de](mailto:evil%E2%80%AE@evil.example)', 'a@bank.de (evil@evil.example)'],
        ['<https://evil.example/a>', 'https://evil.example/a'],
      ] as const;
      const server = await script(openai(lines.map(([line]) => line).join('\n\n')));
      const chat = await createChat({endpoint: server.url});
      await chat.send('Hi');

      const shown = [...part(chat, 'assistant').querySelectorAll('a')].map(({textContent}) => textContent);
      expect(shown.map((text) => text.replace(/xn--[\w-]+/, 'xn--'))).to.deep.equal(lines.map(([, text]) => text.replace(/xn--[\w-]+/, 'xn--')));
      expect(shownAnswer(chat)).to.not.match(/[\u202e\u{e0041}]/u);
    });

    it('have no address if the URL is rejected, in any field', async () => {
      const refused = ['javascript:alert(1)', 'data:text/html,x', 'https://trusted.example@evil.example/', 'blob:null/x', 'tel:1'];
      const server = await script(
        sse(
          ...refused.map((url) => chunk({content: `[x](${url}) <${url}>\n\n`})),
          ...refused.map((url) => chunk({annotations: [{type: 'url_citation', url_citation: {url, title: 'x'}}]})),
          chunk({}, 'stop'),
          '[DONE]',
        ),
      );
      const chat = await createChat({endpoint: server.url});
      await chat.send('Hi');

      expect(part(chat, 'assistant').querySelectorAll('[href]')).to.have.length(0);
    });
  });
});
