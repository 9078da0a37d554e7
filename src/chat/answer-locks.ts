// Locks of unfinished answers: the page that streams one holds its lock, so that no other page resumes it.

/** Attempts to acquire a lock, and the pause between them in milliseconds: a reloaded page may start before the browser has released the locks of the old one. */
const maxAttempts = 5;
const retryDelay = 100;

/** Holds a lock until the returned function is called or the page is unloaded. */
export function holdLock(name: string): () => void {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  // Without locks (insecure contexts) two pages may resume one answer: each gets all of it, but it is requested twice.
  // Documents that are unloaded, or in some sandboxes, may not lock.
  navigator.locks?.request(name, () => released).catch(reportLock);
  return release;
}

/** Resolves to a function that releases the lock, or to `undefined` if another page holds it. */
export async function claimLock(name: string): Promise<(() => void) | undefined> {
  try {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const release = await tryLock(name);
      if (release) return release;
      await new Promise((resolve) => setTimeout(resolve, retryDelay));
    }
    return undefined;
  } catch (error) {
    reportLock(error);
    return () => {};
  }
}

/** Runs a function while no other page runs one under this lock; where there are no locks, not at all. */
export function runLocked(name: string, run: () => void): void {
  navigator.locks?.request(name, run).catch(reportLock);
}

function tryLock(name: string): Promise<(() => void) | undefined> {
  const {locks} = navigator;
  if (!locks) return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    const hold = (lock: Lock | null) => (lock ? new Promise<void>((release) => resolve(release)) : resolve(undefined));
    locks.request(name, {ifAvailable: true}, hold).catch(reject);
  });
}

function reportLock(error: unknown) {
  console.warn('<stream-chat> cannot lock a stored conversation: another page may resume its answer too.', error);
}
