import {createApp, createSSRApp} from 'vue';

import App from './App.vue';

/** Hydrates what a server rendered, or renders anew. */
export function start() {
  const box = document.getElementById('app')!;
  (box.firstElementChild ? createSSRApp(App) : createApp(App)).mount(box);
}
