/** A clock that stands still until a test advances it. Replaces timers, `performance.now()` and `Date.now()`. */
export interface Clock {
  /** Milliseconds since the clock was installed. */
  readonly now: number;
  /** Delays of the timers that are set, in milliseconds from now. */
  readonly timers: readonly number[];
  /** Runs the timers that are due within this time, each at its own time, and what follows from them. */
  advance(milliseconds: number): Promise<void>;
  /** Moves the time without running timers, as when a machine sleeps: they are late then. */
  suspend(milliseconds: number): void;
  /** Lets everything happen that does not wait for a timer. */
  settle(): Promise<void>;
  uninstall(): void;
}

const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  performanceNow: performance.now,
  dateNow: Date.now,
};
/** Tasks until nothing more follows: promises, messages and streams each take some. */
const tasks = 12;

let installed: Clock | undefined;

/** Installs a clock until the end of the test. */
export function installClock(): Clock {
  const startedAt = real.performanceNow.call(performance);
  const date = real.dateNow();
  const waiting = new Map<number, {at: number; run: () => void}>();
  let now = 0;
  let lastId = 1_000_000;

  const set = (handler: (...args: unknown[]) => void, delay = 0, ...args: unknown[]) => {
    waiting.set(++lastId, {at: now + Math.max(0, Number(delay) || 0), run: () => handler(...args)});
    return lastId;
  };
  const clear = (id?: number) => {
    if (id !== undefined && !waiting.delete(id)) real.clearTimeout.call(globalThis, id);
  };
  Object.assign(globalThis, {setTimeout: set, clearTimeout: clear});
  performance.now = () => startedAt + now;
  Date.now = () => date + now;

  const settle = async () => {
    for (let i = 0; i < tasks; i++) {
      await new Promise<void>((resolve) => {
        const {port1, port2} = new MessageChannel();
        port1.onmessage = () => {
          port1.close();
          resolve();
        };
        port2.postMessage(null);
      });
    }
  };
  const clock: Clock = {
    get now() {
      return now;
    },
    get timers() {
      return [...waiting.values()].map(({at}) => at - now).sort((a, b) => a - b);
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      await settle();
      for (;;) {
        const [next] = [...waiting].filter(([, {at}]) => at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0]);
        if (!next) break;
        waiting.delete(next[0]);
        now = Math.max(now, next[1].at);
        next[1].run();
        await settle();
      }
      now = end;
    },
    suspend: (milliseconds) => void (now += milliseconds),
    settle,
    uninstall() {
      Object.assign(globalThis, {setTimeout: real.setTimeout, clearTimeout: real.clearTimeout});
      performance.now = real.performanceNow;
      Date.now = real.dateNow;
      installed = undefined;
    },
  };
  installed = clock;
  return clock;
}

afterEach(() => installed?.uninstall());
