// Web Storage as the place of conversations: access to it, and notices of what others wrote there.
import {runLocked} from './answer-locks.js';

/** Storage for conversations: texts by key. */
export interface TextStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  keys(): readonly string[];
  /** Calls a listener after others wrote, until the returned function is called. */
  watch(listener: StorageListener): () => void;
  /** Runs a function while no other page runs one under this name; where there are no locks, not at all. */
  runLocked(name: string, run: () => void): void;
}

/**
 * Called with a key after somebody else wrote to it or removed it, or with `null` if everything may have changed. `isRemoved`:
 * whether it was removed then; by now, there may be another value.
 */
export type StorageListener = (key: string | null, isRemoved: boolean) => void;

/** Listeners of this page. The browser notifies other pages only, not other elements of the same page. */
const listeners = new Map<Storage, Set<StorageListener>>();

/** Returns Web Storage for one conversation of one element. */
export function wrapStorage(storage: Storage): TextStorage {
  const mine = new Set<StorageListener>();
  const notifyOthers = (key: string) => {
    for (const listener of listeners.get(storage) ?? []) {
      if (!mine.has(listener)) queueMicrotask(() => listeners.get(storage)?.has(listener) && listener(key, false));
    }
  };
  return {
    getItem: (key) => storage.getItem(key),
    setItem(key, value) {
      storage.setItem(key, value);
      notifyOthers(key);
    },
    removeItem: (key) => storage.removeItem(key),
    keys: () => Object.keys(storage),
    watch(listener) {
      const stop = watchStorage(storage, listener);
      mine.add(listener);
      return () => {
        mine.delete(listener);
        stop();
      };
    },
    runLocked,
  };
}

function watchStorage(storage: Storage, listener: StorageListener): () => void {
  const handleStorage = ({key, newValue, storageArea}: StorageEvent) => {
    if (storageArea === storage || storageArea === null) listener(key, newValue === null);
  };
  // A page that comes back from the back/forward cache has missed events.
  const handlePageShow = ({persisted}: PageTransitionEvent) => persisted && listener(null, false);
  addEventListener('storage', handleStorage);
  addEventListener('pageshow', handlePageShow);
  const all = listeners.get(storage) ?? new Set();
  listeners.set(storage, all.add(listener));
  return () => {
    removeEventListener('storage', handleStorage);
    removeEventListener('pageshow', handlePageShow);
    all.delete(listener);
  };
}

/** Whether a write failed because the storage is full. */
export function isQuotaError(cause: unknown): boolean {
  return cause instanceof DOMException && (cause.name === 'QuotaExceededError' || cause.name === 'NS_ERROR_DOM_QUOTA_REACHED');
}
