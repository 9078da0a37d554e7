import {sendKeys} from '@web/test-runner-commands';

import {blocks, ends, steps} from '../../demo/looks-content.js';
import type {MessageInit, StreamChat} from '../../src/index.js';
import {createChat, part, parts, until} from './chat.js';
import {json, openaiChunk, script, sse} from './server.js';

/** Browsers block this port, so that no request leaves them. */
const unreachable = 'http://127.0.0.1:9/';

/** A state that a chat can be in, and how a test brings it there. */
export interface State {
  readonly name: string;
  readonly show: (attributes: Record<string, string>) => Promise<StreamChat>;
}

/** What the demo's blocks leave out: formulas, nested lists, raw text, refused files, notes. */
const more: readonly MessageInit[] = [
  {role: 'system', text: 'Ada joined.'},
  {
    role: 'user',
    parts: [
      {type: 'text', text: 'And the rest?'},
      {type: 'file', name: 'numbers.csv', mediaType: 'text/csv', url: 'data:text/csv,1'},
    ],
  },
  {
    role: 'assistant',
    parts: [
      {
        type: 'text',
        text: '# Large\n\n#### Small\n\nInline \\(a^2 + b^2\\), and\n\n$$\n\\int_0^1 x^2 \\, dx = \\frac{1}{3}\n$$\n\n1. One\n   - Two\n     1. Three\n\n```diff\n- old\n+ new\n```\n\n```\nno language\n```\n\n> > Twice quoted.\n\n<details><summary>More</summary>Hidden</details>\n\nTwice.[^a] Again.[^a]\n\n[^a]: The same note.\n',
      },
      {type: 'refusal', text: 'That I will not say.'},
      {type: 'file', name: 'report.txt', mediaType: 'text/plain', url: 'data:text/plain,Report'},
    ],
    createdAt: 1_700_000_000_000,
  },
];

/** One conversation with everything that an answer may hold. */
export const everything: readonly MessageInit[] = [...blocks, ...more, ...steps, ...ends];

/** The attributes that bring out every button. */
export const allButtons = {actions: 'copy regenerate edit feedback speak time', attach: '', voice: 'dictate', details: ''};

const chunk = (text: string) => `data: ${openaiChunk(text)}\n\n`;

const toolCall = sse(
  JSON.stringify({
    object: 'chat.completion.chunk',
    choices: [
      {
        index: 0,
        delta: {tool_calls: [{index: 0, id: 'c', type: 'function', function: {name: 'send_mail', arguments: '{"to":"ada@example.org"}'}}]},
        finish_reason: 'tool_calls',
      },
    ],
  }),
  '[DONE]',
);

/** Chooses files as the dialog of the file input does. */
export function chooseFiles(chat: StreamChat, ...files: readonly File[]): void {
  const picker = chat.shadowRoot!.querySelector<HTMLInputElement>('input[type="file"]')!;
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  picker.files = transfer.files;
  picker.dispatchEvent(new Event('change'));
}

/** A picture as a browser makes it. */
async function picture(name: string): Promise<File> {
  const canvas = Object.assign(document.createElement('canvas'), {width: 8, height: 8});
  canvas.getContext('2d')!.fillRect(0, 0, 8, 8);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return new File([blob!], name, {type: 'image/png'});
}

/** Puts a chat on the page, in a landmark and below a heading as in most pages. */
async function create(attributes: Record<string, string>): Promise<StreamChat> {
  const chat = await createChat({...allButtons, heading: 'Ask Quill', ...attributes});
  const main = document.createElement('main');
  const heading = document.createElement('h1');
  heading.textContent = 'A page';
  chat.replaceWith(main);
  main.append(heading, chat);
  await chat.updateComplete;
  await until(() => parts(chat, 'attach').length > 0, 'the composer has its button for files');
  return chat;
}

async function ask(attributes: Record<string, string>, condition: (chat: StreamChat) => unknown, text = 'How warm is the sea?') {
  const chat = await create(attributes);
  void chat.send(text);
  await until(() => condition(chat));
  return chat;
}

/** Writes and attaches, until there is a count, a preview, and a file that was not taken. */
async function type(chat: StreamChat): Promise<void> {
  chat.focus();
  await sendKeys({type: 'A question that is long enough'});
  chooseFiles(chat, await picture('dot.png'), new File(['text'], 'notes-with-a-rather-long-name-for-a-file.md', {type: 'text/markdown'}), new File(['?'], 'thing.xyz', {type: 'application/x-thing'}));
  await until(() => parts(chat, 'attachment').length === 2 && parts(chat, 'count').length === 1 && !part(chat, 'attachment-note').hidden);
}

/** Every state in which a person can meet a chat. */
export const states: readonly State[] = [
  {
    name: 'empty',
    async show(attributes) {
      const chat = await create(attributes);
      chat.suggestions = ['How does streaming work?', 'Plan a day in Lisbon'];
      await until(() => parts(chat, 'suggestion').length === 2);
      return chat;
    },
  },
  {
    name: 'typing',
    async show(attributes) {
      const chat = await create({protocol: 'openai-chat', 'max-length': '40', ...attributes});
      await type(chat);
      return chat;
    },
  },
  {
    name: 'waiting',
    async show(attributes) {
      const {url} = await script({hold: true});
      return ask({endpoint: url, ...attributes}, (chat) => parts(chat, 'dots').length > 0);
    },
  },
  {
    name: 'reconnecting',
    async show(attributes) {
      return ask({endpoint: unreachable, ...attributes}, (chat) => chat.state === 'waiting' && part(chat, 'status').textContent !== '');
    },
  },
  {
    name: 'streaming',
    async show(attributes) {
      const {url} = await script({steps: [{write: chunk('It is **warm**, and\n\n```js\nconst a = 1;\n')}, {until: 'end'}]});
      return ask({endpoint: url, ...attributes}, (chat) => parts(chat, 'code-block').length > 0);
    },
  },
  {
    name: 'answered',
    async show(attributes) {
      const chat = await create(attributes);
      chat.messages = [{role: 'user', text: `https://example.org/${'verylongpath'.repeat(20)}`}, ...everything];
      await chat.updateComplete;
      const root = chat.shadowRoot!;
      await until(() => root.querySelector('[part="code-block"] .k') && root.querySelector('math') && !root.querySelector('[part~="tool"]:empty'));
      await until(() => parts(chat, 'actions').length > 5);
      return chat;
    },
  },
  {
    name: 'asking for a tool',
    async show(attributes) {
      const {url} = await script(toolCall);
      const chat = await create({endpoint: url, ...attributes});
      chat.tools = [{name: 'send_mail', description: 'Sends a mail', parameters: {}, confirm: true, execute: () => 'sent'}];
      void chat.send('Send Ada the report.');
      await until(() => parts(chat, 'tool-allow').length === 1);
      return chat;
    },
  },
  {
    name: 'error',
    async show(attributes) {
      const {url} = await script(json({error: {message: 'You have asked often enough for now.'}}, 429, {'retry-after': '40'}));
      return ask({endpoint: url, retries: '0', ...attributes}, (chat) => parts(chat, 'error').length > 0 && parts(chat, 'retry').length > 0);
    },
  },
  {
    name: 'offline',
    async show(attributes) {
      Object.defineProperty(navigator, 'onLine', {value: false, configurable: true});
      return ask({endpoint: unreachable, ...attributes}, (chat) => chat.state === 'offline' && part(chat, 'status').textContent !== '');
    },
  },
  {
    name: 'launcher open',
    async show(attributes) {
      const chat = await create({mode: 'launcher', ...attributes});
      chat.messages = steps;
      chat.show();
      await chat.updateComplete;
      await until(() => part(chat, 'base').checkVisibility());
      await Promise.all(part(chat, 'base').getAnimations().map(({finished}) => finished));
      return chat;
    },
  },
];

/** Takes back what a state changed beside its chat. */
export function leave(chat: StreamChat | undefined): void {
  chat?.stop();
  Reflect.deleteProperty(navigator, 'onLine');
}
