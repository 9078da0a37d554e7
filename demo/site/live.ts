// What the pages with a chat have on a static host: an endpoint. The element itself is loaded by the page.
import type {StreamChatEventMap} from '../../src/index.js';

/** Milliseconds until the service worker counts as missing. */
const patience = 8000;

const sorry =
  'The live examples of this page need a service worker, which this browser or address does not offer: service workers run on https and on localhost, and not in every private window. What you read is right all the same.';

/** Starts the service worker that answers in place of a server. In `vite` there is one, and nothing to start. */
async function startWorker(): Promise<void> {
  if (import.meta.env.DEV) return;
  if (!('serviceWorker' in navigator)) throw new Error('There are no service workers here.');
  const address = new URL('./service-worker.js', siteRoot).href;
  const policy = window.trustedTypes?.createPolicy('stream-chat-site', {
    createScriptURL(url) {
      if (url !== address) throw new TypeError(`${url} is not the service worker.`);
      return url;
    },
  });
  const {serviceWorker} = navigator;
  const controlled = new Promise<void>((resolve) => {
    if (serviceWorker.controller) return resolve();
    serviceWorker.addEventListener('controllerchange', () => resolve(), {once: true});
  });
  await serviceWorker.register((policy?.createScriptURL(address) ?? address) as string);
  const {active} = await serviceWorker.ready;
  active?.postMessage('claim');
  await controlled;
}

/** Rejects where the promise takes longer than this many milliseconds: some browsers never say that they refuse. */
async function within(ms: number, promise: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The service worker did not take over.')), ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

declare global {
  interface Window {
    readonly trustedTypes?: {
      createPolicy(
        name: string,
        rules: {createScriptURL(url: string): string},
      ): {createScriptURL(url: string): unknown};
    };
  }
}

/** The folder of the site, wherever it lies: that of index.html. */
const siteRoot = new URL(/\/(docs|demo)\/[^/]*$/.test(location.pathname) ? '../' : './', location.href);

const ready = within(patience, startWorker());

ready.catch((error: unknown) => {
  console.warn(error);
  let note = document.querySelector<HTMLElement>('[data-worker-note]');
  if (!note) {
    note = document.createElement('p');
    document.body.prepend(note);
  }
  note.textContent = sorry;
  note.hidden = false;
});

// A question may be asked before the worker is there. Where it never comes, the note above has said so. The events do not
// bubble, but pass the document on their way down: so this is for every chat, whenever it comes.
document.addEventListener('request', (event) => (event as StreamChatEventMap['request']).waitUntil(ready), {
  capture: true,
});

const editors = document.querySelectorAll<HTMLElement>('[data-widget="theme-editor"]');
if (editors.length > 0) {
  const {createThemeEditor} = await import('./theme-editor.js');
  for (const place of editors) createThemeEditor(place);
}
