import '../src/index.js';
import type {MessageInit, StreamChat} from '../src/index.js';
import {blocks, chinese, directions, ends, steps} from './looks-content.js';

const themes = {
  paper: new URL('../src/themes/paper.css', import.meta.url).href,
  terminal: new URL('../src/themes/terminal.css', import.meta.url).href,
};

interface State {
  readonly name: string;
  readonly tall?: boolean;
  readonly messages?: readonly MessageInit[];
  readonly attributes?: Readonly<Record<string, string>>;
  readonly begin?: (chat: StreamChat) => void;
}

/** Asks a question whose answer stays where the state is: the endpoint says no more. */
const ask = (state: string, text: string) => (chat: StreamChat) => {
  chat.endpoint = `/api/looks?state=${state}`;
  void chat.send(text);
};

const states: readonly State[] = [
  {name: 'Every kind of block', tall: true, messages: blocks, attributes: {details: ''}},
  {name: 'Empty', attributes: {heading: 'Ask Quill'}, begin: (chat) => (chat.suggestions = ['How does streaming work?', 'Plan a day in Lisbon'])},
  {name: 'Typing', attributes: {'max-length': '120'}, begin: type},
  {name: 'Waiting', begin: ask('waiting', 'Are you there?')},
  {name: 'Streaming', begin: ask('streaming', 'How does streaming work?')},
  {name: 'Reasoning', begin: ask('reasoning', 'Why is the sky blue?')},
  {name: 'Reasoning, tools and sources', messages: steps, attributes: {details: '', actions: 'copy regenerate edit feedback speak time'}},
  {name: 'Asking before a tool', begin: askTool},
  {name: 'Stopped, too long, interrupted', messages: ends},
  {name: 'Failed', attributes: {retries: '0'}, begin: ask('failed', 'Once more, please.')},
  {name: 'Offline', begin: goOffline},
  {name: 'Disabled', attributes: {disabled: '', placeholder: 'Closed until nine'}, messages: [{role: 'system', text: 'The desk is closed.'}]},
  {name: 'العربية', messages: directions, attributes: {lang: 'ar', heading: 'اسأل ريشة'}},
  {name: '简体中文', messages: chinese, attributes: {lang: 'zh-CN', heading: '问问小羽'}},
];

async function type(chat: StreamChat) {
  await chat.updateComplete;
  const input = chat.shadowRoot!.querySelector('textarea')!;
  input.value = 'A question of more than one line: it grows with what is written, and says how many characters are left of it.';
  input.dispatchEvent(new Event('input', {bubbles: true}));
}

function askTool(chat: StreamChat) {
  chat.tools = [{name: 'send_mail', description: 'Sends a mail', parameters: {}, confirm: true, execute: () => 'sent'}];
  ask('tool', 'Send Ada the report.')(chat);
}

function goOffline(chat: StreamChat) {
  // Asked only after a request has failed, which here is this one alone.
  Object.defineProperty(navigator, 'onLine', {get: () => false});
  ask('gone', 'How does streaming work?')(chat);
}

const main = document.querySelector('main')!;
for (const {name, tall, messages, attributes = {}, begin} of states) {
  const section = document.createElement('section');
  section.classList.toggle('tall', tall ?? false);
  const heading = document.createElement('h2');
  heading.textContent = name;
  const chat = document.createElement('stream-chat');
  for (const [key, value] of Object.entries(attributes)) chat.setAttribute(key, value);
  if (messages) chat.messages = messages;
  section.append(heading, chat);
  main.append(section);
  begin?.(chat);
}

const form = document.querySelector<HTMLFormElement>('#choice')!;
const link = document.createElement('link');
link.rel = 'stylesheet';
document.head.append(link);

/** Applies what was chosen, and keeps it in the address. */
function choose() {
  const {theme = 'auto', lang = 'en', look = '', accent = ''} = Object.fromEntries(new FormData(form)) as Record<string, string>;
  document.documentElement.dataset['theme'] = theme;
  document.documentElement.lang = lang;
  for (const chat of document.querySelectorAll('stream-chat')) chat.theme = theme as StreamChat['theme'];
  if (look) link.href = themes[look as keyof typeof themes];
  link.disabled = look === '';
  const isChosen = accent !== form.querySelector<HTMLInputElement>('[name=accent]')!.defaultValue;
  document.documentElement.style.setProperty('--stream-chat-accent', isChosen ? accent : null);
  history.replaceState(null, '', `?${new URLSearchParams({theme, lang, look, ...(isChosen && {accent})}).toString()}`);
}

for (const [name, value] of new URLSearchParams(location.search)) {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLSelectElement || field instanceof HTMLInputElement) field.value = value;
}
form.addEventListener('input', choose);
choose();
