import {hydrate, mount} from 'svelte';

import App from './App.svelte';

/** Hydrates what a server rendered, or renders anew. */
export function start() {
  const target = document.getElementById('app')!;
  (target.firstElementChild ? hydrate : mount)(App, {target});
}
