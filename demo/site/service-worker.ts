// The back end of the built site: on a static host nothing else could answer. It answers `…/api/<name>` of the pages
// that it controls, leaves everything else to the network, and keeps nothing.
import {answer} from './endpoint.js';

interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}

/** What TypeScript's types of the page do not have. */
interface Worker {
  readonly clients: {claim(): Promise<void>};
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate' | 'message', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
}

const worker = globalThis as unknown as Worker;

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
// A page that was loaded past the cache is controlled by nobody, and asks.
worker.addEventListener('message', (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener('fetch', (event) => {
  const {origin, pathname} = new URL(event.request.url);
  if (origin === location.origin && /^\/api\/[\w-]+(\/[\w-]+\/stream)?$/.test(pathname)) {
    event.respondWith(answer(event.request));
  }
});
