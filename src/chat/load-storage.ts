import {withTimeout} from '../lib/time-out.js';
import type {ChatHost} from './chat-host.js';

/** Time after which the chat no longer waits for the module that reads the storage, in milliseconds. */
const maxLoadTime = 10_000;

/** Loads the module that stores conversations. Resolves to an empty object if it cannot be loaded, which is reported. */
export function loadStorage(host: ChatHost): Promise<Partial<typeof import('./storage.js')>> {
  const module = withTimeout(import('./storage.js'), maxLoadTime);
  return host.loadModule(module, 'storage', 'the conversation is not kept');
}
