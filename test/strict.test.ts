import {expect} from '@open-wc/testing';

import type {StreamChat} from '../src/stream-chat.js';
import {ended, shownAnswer, until} from './helpers/chat.js';
import {json, openai, openaiChunk, script, sse} from './helpers/server.js';

// A journey with the built files, on pages with a strict Content Security Policy.

interface Page extends Window {
  readonly violations: string[];
}

const chunk = (delta: object, finish: string | null = null) =>
  JSON.stringify({object: 'chat.completion.chunk', choices: [{index: 0, delta, finish_reason: finish}]});

/** Every block and inline syntax. */
const markdown = [
  '# One\n\n## Two\n\nTitle\n===\n\nSome *emphasis*, **strong**, ~~deleted~~, `code`, \\*escaped\\* &amp; &copy;,  \na break, ',
  'a [link](https://example.org/ "title"), <https://example.org/>, www.example.org, a@example.org, [https://a.example](https://b.example), ',
  '![image](https://example.org/x.png) and a note[^1].\n\n',
  '| a | b | c |\n| - | :-: | -: |\n| 1 | *2* | `3` |\n\n- [x] done\n- [ ] open\n  1. inner\n  2. inner\n\n3. three\n4. four\n\n',
  '> quote\n> > inner\n\n---\n\n    indented\n\n```ts\nconst a: string = "<b>"; // comment\nfunction b() { return 1 + 2; }\n```\n\n',
  '```python\ndef a(b):\n    return "c"\n```\n\n```html\n<p style="color: red" onclick="x">\n```\n\n~~~\nplain\n~~~\n\n',
  'Formulas: $a^2 + \\frac{b}{c}$ and\n\n$$\\sum_{i=0}^n i\n$$\n\n',
  '<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> <b style="color: red">raw</b> [x](javascript:alert(1))\n\n[^1]: The *note*.\n',
];

describe('strict page', function () {
  this.timeout(60_000);
  let frame: HTMLIFrameElement;
  before(async function () {
    if ((await fetch('/dist/stream-chat.js')).ok) return;
    console.info('skipped: there is no dist, run `npm run build`');
    this.skip();
  });
  beforeEach(() => {
    frame = document.createElement('iframe');
    frame.width = frame.height = '600';
  });
  afterEach(() => {
    frame.remove();
    sessionStorage.clear();
  });

  const page = () => frame.contentWindow as Page;
  const find = () => frame.contentDocument?.querySelector('stream-chat');
  const isReady = () => find()?.shadowRoot?.querySelector('textarea');
  const look = (chat: StreamChat, selector: string) => [...chat.shadowRoot!.querySelectorAll<HTMLElement>(selector)];

  async function open(file: string): Promise<StreamChat> {
    frame.src = `/test/pages/${file}`;
    document.body.append(frame);
    await until(isReady, 'the element is defined');
    return find()!;
  }

  /** Sends a message as a user does. Resolves when the answer has ended. */
  async function ask(chat: StreamChat, text: string): Promise<void> {
    const input = chat.shadowRoot!.querySelector('textarea')!;
    input.value = text;
    input.dispatchEvent(new InputEvent('input', {bubbles: true, composed: true}));
    const end = ended(chat);
    chat.shadowRoot!.querySelector<HTMLButtonElement>('[part~="send"]')!.click();
    await end;
  }

  for (const file of ['strict.html', 'strict-lit.html']) {
    it(`shows, retries, stops and restores answers without a policy violation: ${file}`, async () => {
      const server = await script([
        sse(
          ...['Let me ', 'think.'].map((text) => chunk({reasoning_content: text})),
          ...markdown.map((text) => chunk({content: text})),
          chunk({annotations: [{type: 'url_citation', url_citation: {url: 'https://example.org/source', title: 'A source'}}]}),
          chunk({tool_calls: [{index: 0, id: 'c', function: {name: 'weather', arguments: '{"city":"Oslo"}'}}]}),
          chunk({}, 'tool_calls'),
          '[DONE]',
        ),
        openai('It is **cold**.'),
        json({error: {message: 'Too much.'}}, 503),
        openai('Once more.'),
        {steps: [{write: `data: ${openaiChunk('Endless ')}\n\n`}, {silence: true}]},
        openai('After the reload.'),
      ]);
      let chat = await open(file);
      const settings = {endpoint: server.url, persist: 'session', details: '', id: `strict-${file}`, heading: 'Strict'};
      const set = () => {
        for (const [name, value] of Object.entries(settings)) chat.setAttribute(name, value);
        Object.assign(chat, {suggestions: ['What is new?'], retries: 0, tools: [{name: 'weather', execute: () => ({degrees: -3})}]});
      };
      set();

      await ask(chat, 'Everything, please.');
      await until(() => look(chat, 'pre code span').length > 5, 'code is highlighted');
      for (const selector of ['h3', 'em', 'strong', 'del', 'table', 'input', 'blockquote', 'hr', 'pre', 'sup', 'section li', 'ol', 'ul', 'br']) {
        expect(look(chat, `[part~="text"] ${selector}`), selector).not.to.be.empty;
      }
      for (const part of ['reasoning', 'tool', 'sources', 'code-block', 'load-image', 'link-host', 'footnotes']) {
        expect(look(chat, `[part~="${part}"]`), part).not.to.be.empty;
      }
      expect(look(chat, '[part~="tool"] pre')[0]!.textContent).to.contain('Oslo');
      expect(look(chat, 'img, script, b, [onerror], [onclick], [href^="javascript"]')).to.be.empty;
      for (const summary of look(chat, 'summary')) summary.click();
      look(chat, '[part="footnote-reference"]')[0]!.click();

      await ask(chat, 'And now?');
      expect(chat.messages.at(-1)!.error!.message).to.contain('Too much.');
      const again = ended(chat);
      look(chat, '[part~="retry"]').at(-1)!.click();
      await again;
      expect(shownAnswer(chat)).to.equal('Once more.');

      const stopped = ended(chat);
      const asked = ask(chat, 'Without an end.');
      await until(() => chat.messages.at(-1)?.text === 'Endless ');
      // A second click on Send would be ignored for a moment.
      await new Promise((resolve) => setTimeout(resolve, 650));
      look(chat, '[part~="send"]')[0]!.click();
      await Promise.all([stopped, asked]);
      expect(chat.messages.at(-1)!.status).to.equal('stopped');
      expect(page().violations).to.deep.equal([]);

      const before = chat.messages.length;
      page().location.reload();
      await until(() => isReady() && find() !== chat, 'the page is reloaded');
      chat = find()!;
      set();
      await until(() => chat.messages.length === before, 'the conversation is restored');
      await ask(chat, 'Still there?');
      expect(shownAnswer(chat)).to.equal('After the reload.');
      await until(() => look(chat, 'pre code span').length > 5, 'code is highlighted after the reload');

      expect(page().violations).to.deep.equal([]);
      if (file === 'strict-lit.html') {
        const other = frame.contentDocument!.querySelector('other-element')!.shadowRoot!.querySelector('p')!;
        expect(other.textContent).to.equal('Drawn by the Lit of the page');
        expect(page().getComputedStyle(other).color).to.equal('rgb(1, 2, 3)');
      }
      expect((await server.log()).requests).to.have.length(6);
    });
  }

  it('reports a violation of its policy, so that the other tests can fail', async () => {
    const chat = await open('strict.html');

    chat.setAttribute('style', 'color: red');
    await until(() => page().violations.length > 0);
    expect(page().violations[0]).to.match(/^style-src/);
    if ('trustedTypes' in page()) expect(() => (chat.innerHTML = '<p>x</p>')).to.throw(/Trusted|HTML/i);
  });
});
