import {expect} from '@open-wc/testing';

import type {StreamChat} from '../../src/index.js';
import {createChat, part, parts, until} from '../helpers/chat.js';

const markdown = [
  'Some **bold** words.',
  '3. Three\n4. Four\n   - inner\n5. Five',
  '- [x] bought\n- [ ] eaten',
  '```js\nlet a = 1;\nlet b = 2;\n```',
  '| A | B |\n|---|---|\n| 1 | 2 |',
  'The end.',
].join('\n\n');

async function answered(): Promise<StreamChat> {
  const chat = await createChat();
  chat.messages = [{role: 'user', text: 'What?'}, {role: 'assistant', text: markdown}];
  await until(() => chat.shadowRoot!.querySelector('table') && parts(chat, 'copy').length > 1);
  return chat;
}

/** Returns the text node of the answer that holds `text`, and where. */
function find(chat: StreamChat, text: string): [Text, number] {
  const walker = document.createTreeWalker(part(chat, 'assistant').querySelector('[part="text"]')!, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.nodeValue!.indexOf(text);
    if (at >= 0) return [node as Text, at];
  }
  throw new Error(`The answer has no "${text}".`);
}

/** Selects from one word to another, and returns what is copied. */
async function copySelection(chat: StreamChat, from: string, to: string): Promise<{text: string; html: string}> {
  const log = part(chat, 'log');
  const [start, startOffset] = find(chat, from);
  const [end, endOffset] = find(chat, to);
  log.dispatchEvent(new Event('selectstart'));
  getSelection()!.setBaseAndExtent(start, startOffset, end, endOffset + to.length);
  let clipboardData = new DataTransfer();
  await until(() => {
    clipboardData = new DataTransfer();
    const event = new ClipboardEvent('copy', {bubbles: true, cancelable: true, composed: true});
    Object.defineProperty(event, 'clipboardData', {value: clipboardData});
    return !start.parentElement!.dispatchEvent(event);
  }, 'the copy is written');
  return {text: clipboardData.getData('text/plain'), html: clipboardData.getData('text/html')};
}

/** Replaces the clipboard, and returns what is written to it. */
function catchCopies(): {types: Record<string, string>; restore: () => void} {
  const types: Record<string, string> = {};
  const clipboard = {
    writeText: async (text: string) => void (types['text/plain'] = text),
    write: async (items: readonly ClipboardItem[]) => {
      for (const item of items) for (const type of item.types) types[type] = await (await item.getType(type)).text();
    },
  };
  Object.defineProperty(navigator, 'clipboard', {configurable: true, value: clipboard});
  return {types, restore: () => Reflect.deleteProperty(navigator, 'clipboard')};
}

describe('copying', () => {
  let copies: ReturnType<typeof catchCopies>;
  beforeEach(() => (copies = catchCopies()));
  afterEach(() => copies.restore());

  it('writes a message as text and as HTML without buttons', async () => {
    const chat = await answered();

    parts(chat, 'copy').at(-1)!.click();
    await until(() => copies.types['text/html']);

    expect(copies.types['text/plain']).to.equal(markdown);
    const html = copies.types['text/html']!;
    expect(html).to.include('<strong>bold</strong>').and.include('<ol dir="auto" start="3">').and.include('☑ bought').and.include('<td>1</td>');
    expect(html).not.to.match(/button|Copy|class=|part=|<script/);
  });

  it('writes code without a line end after it', async () => {
    const chat = await answered();

    part(chat, 'code-copy').click();
    await until(() => copies.types['text/plain']);

    expect(copies.types['text/plain']).to.equal('let a = 1;\nlet b = 2;');
  });

  it('keeps numbers, bullets and boxes of a selection, and brings no button or header along', async () => {
    const {text, html} = await copySelection(await answered(), 'bold', 'end.');

    expect(text).to.equal(
      'bold words.\n\n3. Three\n4. Four\n   - inner\n5. Five\n\n- [x] bought\n- [ ] eaten\n\nlet a = 1;\nlet b = 2;\n\nA\tB\n1\t2\n\nThe end.',
    );
    expect(html).to.include('start="3"').and.include('☐ eaten').and.not.match(/Copy code|js<|button/);
  });

  it('numbers a part of a list as it is numbered', async () => {
    const {text, html} = await copySelection(await answered(), 'Four', 'Five');

    expect(text).to.equal('4. Four\n   - inner\n5. Five');
    expect(html).to.include('start="4"');
  });

  it('copies a word of an item as a word, and a part of code as code', async () => {
    const chat = await answered();

    expect((await copySelection(chat, 'hree', 'hree')).text).to.equal('hree');
    const code = await copySelection(chat, 'a = ', 'b = ');
    expect(code.text).to.equal('a = 1;\nlet b = ');
    expect(code.html).to.equal('<pre><code>a = 1;\nlet b = </code></pre>');
  });

  it('says so where the browser refuses, and selects the text', async () => {
    const chat = await answered();
    Object.defineProperty(navigator, 'clipboard', {configurable: true, value: undefined});
    const {execCommand} = Document.prototype;
    Document.prototype.execCommand = () => false;
    try {
      for (const name of ['copy', 'code-copy']) {
        const button = parts(chat, name).at(-1)!;
        button.click();
        await until(() => button.textContent === 'Could not copy. The text is selected.', name);
      }
    } finally {
      Document.prototype.execCommand = execCommand;
    }
  });

  it('uses the command of older browsers on a page without HTTPS', async () => {
    const chat = await answered();
    Object.defineProperty(navigator, 'clipboard', {configurable: true, value: undefined});
    const {execCommand} = Document.prototype;
    const commands: string[] = [];
    Document.prototype.execCommand = (command) => {
      commands.push(command);
      const event = new ClipboardEvent('copy', {bubbles: true, cancelable: true, composed: true});
      Object.defineProperty(event, 'clipboardData', {value: {setData: (type: string, text: string) => void (copies.types[type] = text)}});
      return !chat.shadowRoot!.activeElement!.dispatchEvent(event);
    };
    try {
      part(chat, 'code-copy').click();
      await until(() => part(chat, 'code-copy').textContent === 'Copied');
    } finally {
      Document.prototype.execCommand = execCommand;
    }

    expect(commands).to.deep.equal(['copy']);
    expect(copies.types['text/plain']).to.equal('let a = 1;\nlet b = 2;');
    expect(chat.shadowRoot!.querySelectorAll('textarea'), 'nothing is left').to.have.length(1);
  });
});
