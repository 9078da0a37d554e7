import '../src/index.js';
import type {StreamChat} from '../src/index.js';
import {EventLog} from './event-log.js';
import {formatNames, isFormatName} from './server/formats.js';
import {faultNames, isFaultName, isSpeedName, speedNames} from './server/options.js';
import {
  attributesOf,
  canNumber,
  describeFault,
  faultLabels,
  formatLabels,
  speedLabels,
  type Settings,
} from './settings.js';
import {showSnippet} from './snippet.js';

function find<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element "${id}".`);
  return element as T;
}

const chat = find<StreamChat>('chat');
const form = find<HTMLFormElement>('settings');
const theme = find<HTMLFieldSetElement>('theme');
const hint = find('hint');
const snippet = find('snippet');
const copy = find<HTMLButtonElement>('copy');
const log = find<HTMLDetailsElement>('log');
const themeKey = 'stream-chat-demo-theme';

function fill(name: string, values: readonly string[], labels: Readonly<Record<string, string>>) {
  const select = form.elements.namedItem(name) as HTMLSelectElement;
  select.append(...values.map((value) => new Option(labels[value] ?? value, value)));
}

function readSettings(): Settings {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? '');
  const [format, speed, fault] = [text('format'), text('speed'), text('fault')];
  return {
    format: isFormatName(format) ? format : 'openai-chat',
    speed: isSpeedName(speed) ? speed : 'normal',
    fault: isFaultName(fault) ? fault : 'none',
    ids: data.has('ids'),
    renderer: text('renderer'),
  };
}

/** Takes over what the address of the page says, so that a setting can be passed on as a link. */
function restore() {
  for (const [name, value] of new URLSearchParams(location.search)) {
    const field = form.elements.namedItem(name);
    if (field instanceof RadioNodeList) field.value = value;
    else if (field instanceof HTMLInputElement) field.checked = value !== '0';
    else if (field instanceof HTMLSelectElement && [...field.options].some((option) => option.value === value)) {
      field.value = value;
    }
  }
  const speed = form.elements.namedItem('speed') as HTMLSelectElement;
  if (!new URLSearchParams(location.search).has('speed')) speed.value = 'normal';
  const stored = localStorage.getItem(themeKey);
  const choice = [...theme.querySelectorAll('input')].find(({value}) => value === stored);
  if (choice) choice.checked = true;
}

const readTheme = () => theme.querySelector<HTMLInputElement>(':checked')?.value ?? 'auto';

/** Makes page, element and snippet follow the controls. */
function apply() {
  const settings = readSettings();
  const chosen = readTheme();
  document.documentElement.dataset['theme'] = chosen;

  const attributes = attributesOf(settings, chosen);
  for (const name of ['renderer', 'idle-timeout', 'theme']) if (!(name in attributes)) chat.removeAttribute(name);
  for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
  showSnippet(snippet, attributes);

  (form.elements.namedItem('ids') as HTMLInputElement).disabled = !canNumber(settings.format);
  const description = describeFault(settings);
  hint.textContent = description;
  hint.hidden = description === '';
  const title = document.querySelector('meta[name="color-scheme"]');
  title?.setAttribute('content', chosen === 'auto' ? 'light dark' : chosen);
}

/** Writes the controls into the address of the page. */
function remember() {
  const {format, speed, fault, ids, renderer} = readSettings();
  const query = new URLSearchParams();
  if (format !== 'openai-chat') query.set('format', format);
  if (speed !== 'normal') query.set('speed', speed);
  if (fault !== 'none') query.set('fault', fault);
  if (ids) query.set('ids', '1');
  if (renderer !== 'markdown') query.set('renderer', renderer);
  history.replaceState(null, '', query.size > 0 ? `?${query}` : location.pathname);
}

fill('format', formatNames, formatLabels);
fill('speed', speedNames, speedLabels);
fill('fault', faultNames, faultLabels);
restore();
apply();

const events = new EventLog(chat, find('rows'), find('counts'));
// On a phone the list would push everything else out of sight.
log.open = matchMedia('(min-width: 56.01rem)').matches;

form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', () => {
  apply();
  remember();
});
theme.addEventListener('input', () => {
  localStorage.setItem(themeKey, readTheme());
  apply();
});
find('clear').addEventListener('click', () => events.clear());
find('suggestions').addEventListener('click', (event) => {
  if (!(event.target instanceof HTMLButtonElement)) return;
  chat.focus();
  void chat.send(event.target.textContent);
});

copy.hidden = !('clipboard' in navigator);
copy.addEventListener('click', () => {
  void navigator.clipboard.writeText(snippet.textContent).then(() => {
    copy.textContent = 'Copied';
    setTimeout(() => (copy.textContent = 'Copy'), 1500);
  });
});

declare global {
  interface Window {
    /** For the console: `chat.messages`, `chat.send('Hello')`. */
    chat: StreamChat;
  }
}
window.chat = chat;
