// What every page of the documentation has: its colours, its search, copying, and the list of pages.
import {SearchBox} from './search-box.js';

const key = 'stream-chat-site-theme';
const root = document.documentElement;

function setTheme(theme: string) {
  if (theme === 'auto') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
  for (const chat of document.querySelectorAll('main stream-chat')) chat.setAttribute('theme', theme);
}

const themes = document.querySelector<HTMLFieldSetElement>('[data-theme-switch]');
if (themes) {
  themes.hidden = false;
  const chosen = localStorage.getItem(key) ?? 'auto';
  for (const input of themes.querySelectorAll('input')) input.checked = input.value === chosen;
  setTheme(chosen);
  themes.addEventListener('change', ({target}) => {
    const {value} = target as HTMLInputElement;
    localStorage.setItem(key, value);
    setTheme(value);
  });
}

const box = document.querySelector<HTMLElement>('[data-search]');
if (box) new SearchBox(box);

// Open where there is room beside the text; without scripts it is open everywhere.
const list = document.querySelector<HTMLDetailsElement>('[data-pages]');
const isWide = matchMedia('(min-width: 60rem)');
const fit = () => {
  if (list) list.open = isWide.matches;
};
isWide.addEventListener('change', fit);
fit();

document.addEventListener('click', ({target}) => {
  const button = target instanceof Element ? target.closest<HTMLButtonElement>('[data-copy]') : null;
  const code = button?.closest('.code')?.querySelector('code')?.textContent;
  if (!button || code === undefined || code === null) return;
  navigator.clipboard.writeText(code).then(
    () => say(button, 'Copied'),
    () => say(button, 'Not allowed here'),
  );
});

/** Says something on a button for two seconds. */
function say(button: HTMLButtonElement, text: string) {
  button.textContent = text;
  setTimeout(() => (button.textContent = 'Copy'), 2000);
}
