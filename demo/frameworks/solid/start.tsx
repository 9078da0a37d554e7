import {hydrate, render} from 'solid-js/web';

import {App} from './App.tsx';

/** Hydrates what a server rendered, or renders anew. */
export function start() {
  const box = document.getElementById('app')!;
  if (box.firstElementChild) hydrate(() => <App />, box);
  else render(() => <App />, box);
}
