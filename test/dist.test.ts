import {expect} from '@open-wc/testing';

import type {StreamChat} from '../src/stream-chat.js';
import {shownAnswer, until} from './helpers/chat.js';
import {openai, script, sse} from './helpers/server.js';

// The built files, each in a page of its own.

interface Page extends Window {
  readonly chat: StreamChat;
  readonly violations: readonly string[];
}

const markdown = [
  '# Title\n\nSome *emphasis*, `code` and a [link](https://example.org/).\n\n',
  '| a | b |\n| - | :-: |\n| 1 | 2 |\n\n- [x] done\n- [ ] open\n\n> quote\n\n```js\nlet a = "<b>";\n```\n\n',
  '![image](https://example.org/x.png) <img src=x onerror=alert(1)> <b style="color: red">raw</b>\n\n',
  '[x](javascript:alert(1)) note[^1]\n\n[^1]: The note.\n',
];

describe('dist', () => {
  let frame: HTMLIFrameElement | undefined;
  before(async function () {
    if ((await fetch('/dist/stream-chat.js')).ok) return;
    console.info('skipped: there is no dist, run `npm run build`');
    this.skip();
  });
  afterEach(() => frame?.remove());

  async function open(file: string): Promise<{page: Page; chat: StreamChat}> {
    frame = document.createElement('iframe');
    frame.width = '600';
    frame.height = '600';
    frame.src = `/test/pages/${file}`;
    document.body.append(frame);
    await until(() => frame!.contentDocument?.querySelector('stream-chat')?.shadowRoot?.querySelector('textarea'));
    const page = frame.contentWindow as Page;
    return {page, chat: frame.contentDocument!.querySelector('stream-chat')!};
  }

  async function answer(chat: StreamChat, endpoint: string): Promise<void> {
    chat.setAttribute('endpoint', endpoint);
    const input = chat.shadowRoot!.querySelector('textarea')!;
    input.value = 'Go.';
    chat.shadowRoot!.querySelector<HTMLButtonElement>('[part~="send"]')!.click();
    await until(() => chat.messages.length > 1 && chat.state === 'idle', 'the answer has ended');
  }

  for (const file of ['strict.html', 'classic.html']) {
    it(`answers on ${file} without a policy violation`, async () => {
      const {page, chat} = await open(file);
      const server = await script([openai(...markdown), sse('raw ', 'text', '[DONE]'), {status: 500, headers: {'retry-after-ms': '1'}}]);

      await answer(chat, server.url);
      await until(() => chat.shadowRoot!.querySelector('table'), 'Markdown is rendered');
      const text = chat.shadowRoot!.querySelector('[part~="assistant"]')!;
      expect(text.querySelectorAll('em, code, th, blockquote, pre, input')).to.have.length.greaterThan(6);
      expect([...text.querySelectorAll('a')].map(({href}) => href)).to.include('https://example.org/');
      expect(text.querySelectorAll('img, script, b, [style], [onerror], [href^="javascript"]')).to.have.length(0);
      expect(text.textContent).to.contain('<img src=x onerror=alert(1)>');

      await answer(chat, server.url);
      expect(shownAnswer(chat)).to.equal('raw text');
      chat.retries = 0;
      await answer(chat, server.url);
      expect(chat.messages.at(-1)!.error!.status).to.equal(500);
      expect(page.violations).to.deep.equal([]);
    });
  }

  it('lazy-loads a wire format when it is detected', async () => {
    const {page, chat} = await open('strict.html');
    const events = [
      {type: 'message_start', message: {id: 'm', role: 'assistant', content: [], usage: {input_tokens: 1, output_tokens: 1}}},
      {type: 'content_block_start', index: 0, content_block: {type: 'text', text: ''}},
      {type: 'content_block_delta', index: 0, delta: {type: 'text_delta', text: 'Hello from afar.'}},
      {type: 'content_block_stop', index: 0},
      {type: 'message_delta', delta: {stop_reason: 'end_turn'}, usage: {output_tokens: 5}},
      {type: 'message_stop'},
    ];
    const server = await script({steps: [{write: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')}]});

    await answer(chat, server.url);

    expect(chat.messages.at(-1)).to.include({text: 'Hello from afar.', status: 'done'});
    expect(page.violations).to.deep.equal([]);
  });

  it('contains no development code, and no URL of another host', async () => {
    const {files} = (await (await fetch('/__dist/sri.json')).json()) as {files: Record<string, string>};
    expect(Object.keys(files)).to.include.members(['stream-chat.js', 'stream-chat.iife.js', 'renderers/markdown.js']);
    for (const file of Object.keys(files)) {
      const code = await (await fetch(`/__dist/${file}`)).text();
      expect(code, file).to.not.match(/Lit is in dev mode|process\.env|\.innerHTML\s*=(?!=)[^=]*location|new Function|\beval\(/);
      expect(code.match(/https?:\/\/(?!www\.w3\.org|json-schema\.org)[\w.-]+/g) ?? [], file).to.deep.equal([]);
    }
  });
});
