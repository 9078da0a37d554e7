import {expect} from '@open-wc/testing';

/** What is registered outside of an element and would outlive it, as words for the message of a failed test. */
interface Counts {
  /** Listeners on the window, the document, the document element, the visual viewport and media queries. */
  readonly listeners: Map<string, number>;
  /** Timers and animation frames that are set. */
  readonly timers: Map<unknown, string>;
  /** Observers, with what they observe. */
  readonly observers: Map<object, {readonly name: string; readonly targets: Set<unknown>}>;
}

/** Signals are left out: those that nobody holds are collected with their listeners. */
const isShared = (target: EventTarget) =>
  target === window ||
  target === document ||
  target === document.documentElement ||
  target === window.visualViewport ||
  target instanceof MediaQueryList;

const nativeSetTimeout = globalThis.setTimeout.bind(globalThis);

/**
 * Runs `act` and expects that afterwards, as soon as everything has had the time to end, nothing is there that was not
 * before: listeners, timers, animation frames, observers, elements and style sheets of the page. Elements beside the chats
 * that `act` removes are its own to remove. `patience`: milliseconds to wait for timers that run out by themselves.
 */
export async function expectNoLeftovers(act: () => Promise<unknown>, patience = 6000): Promise<void> {
  const counts: Counts = {listeners: new Map(), timers: new Map(), observers: new Map()};
  const before = describePage();
  const restore = watch(counts);
  try {
    await act();
    const deadline = performance.now() + patience;
    const left = () => [...describeAll(counts), ...describePage().filter((one) => !before.includes(one))];
    while (left().length > 0 && performance.now() < deadline)
      await new Promise((resolve) => nativeSetTimeout(resolve, 20));
    expect(left(), 'left over').to.deep.equal([]);
  } finally {
    restore();
  }
}

function describeAll({listeners, timers, observers}: Counts): string[] {
  return [
    ...[...listeners].filter(([, count]) => count > 0).map(([name, count]) => `${count} × listener ${name}`),
    // The test runner's own wait for their answers.
    ...[...timers.values()].filter((name) => !name.includes('/__web-dev-server')),
    ...[...observers.values()].filter(({targets}) => targets.size > 0).map(({name}) => name),
  ];
}

function describePage(): string[] {
  return [
    `${document.querySelectorAll('*').length} elements`,
    `${document.adoptedStyleSheets.length + document.styleSheets.length} style sheets`,
  ];
}

/** Counts what is registered from now on, until the returned function is called. */
function watch({listeners, timers, observers}: Counts): () => void {
  const restores: (() => void)[] = [];
  const replace = <T extends object, K extends keyof T>(target: T, key: K, value: T[K]) => {
    const before = target[key];
    target[key] = value;
    restores.push(() => void (target[key] = before));
  };

  const {addEventListener: add, removeEventListener: remove} = EventTarget.prototype;
  /** Listeners by target: one that is added twice is registered once. */
  const registered = new WeakMap<EventTarget, Map<string, Set<unknown>>>();
  const change = (target: EventTarget, type: string, by: number) => {
    const name = `${target.constructor.name} ${type}`;
    listeners.set(name, (listeners.get(name) ?? 0) + by);
  };
  const drop = (target: EventTarget, type: string, listener: unknown) => {
    if (registered.get(target)?.get(type)?.delete(listener)) change(target, type, -1);
  };
  type Add = (
    this: EventTarget | undefined,
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: AddEventListenerOptions | boolean,
  ) => void;
  const addCounted: Add = function (type, listener, options) {
    const target = this ?? window;
    add.call(target, type, listener, options);
    if (!listener || !isShared(target)) return;
    const byType = registered.get(target) ?? new Map<string, Set<unknown>>();
    registered.set(target, byType);
    const known = byType.get(type) ?? new Set();
    byType.set(type, known);
    if (known.has(listener)) return;
    const {once, signal} = typeof options === 'object' ? options : {};
    if (signal?.aborted) return;
    known.add(listener);
    change(target, type, 1);
    if (once) add.call(target, type, () => drop(target, type, listener), {once: true});
    if (signal) add.call(signal, 'abort', () => drop(target, type, listener), {once: true});
  };
  replace(EventTarget.prototype, 'addEventListener', addCounted);
  const removeCounted: Add = function (type, listener, options) {
    const target = this ?? window;
    remove.call(target, type, listener, options);
    drop(target, type, listener);
  };
  replace(EventTarget.prototype, 'removeEventListener', removeCounted);

  const {setTimeout: set, clearTimeout: clear, setInterval: setRepeated, clearInterval: clearRepeated} = window;
  const {requestAnimationFrame: request, cancelAnimationFrame: cancel} = window;
  /** Where in the source it was set. */
  const place = () =>
    (new Error().stack ?? '')
      .split('\n')
      .slice(3, 6)
      .join(' ')
      .replaceAll(location.origin, '')
      .replaceAll(/\?[^:)]*/g, '');
  replace(window, 'setTimeout', ((handler: (...args: unknown[]) => void, delay?: number, ...args: unknown[]) => {
    const id = set(() => {
      timers.delete(id);
      handler(...args);
    }, delay);
    timers.set(id, `timer of ${delay} ms ${place()}`);
    return id;
  }) as typeof setTimeout);
  replace(window, 'setInterval', ((handler: () => void, delay?: number) => {
    const id = setRepeated(handler, delay);
    timers.set(id, `interval of ${delay} ms ${place()}`);
    return id;
  }) as typeof setInterval);
  const forget = (clearNative: (id?: number) => void) => (id?: number) => {
    timers.delete(id);
    clearNative(id);
  };
  replace(window, 'clearTimeout', forget((id) => clear(id)) as typeof clearTimeout);
  replace(window, 'clearInterval', forget((id) => clearRepeated(id)) as typeof clearInterval);
  replace(window, 'requestAnimationFrame', (callback) => {
    const id = request((time) => {
      timers.delete(`frame ${id}`);
      callback(time);
    });
    timers.set(`frame ${id}`, `animation frame ${place()}`);
    return id;
  });
  replace(window, 'cancelAnimationFrame', (id) => {
    timers.delete(`frame ${id}`);
    cancel(id);
  });

  for (const Observer of [ResizeObserver, MutationObserver, IntersectionObserver]) {
    const {prototype} = Observer as unknown as {prototype: ObserverLike};
    const {observe, unobserve, disconnect} = prototype;
    replace(prototype, 'observe', function (this: ObserverLike, target, ...options) {
      const observed = observers.get(this) ?? {name: `${Observer.name} ${place()}`, targets: new Set()};
      observed.targets.add(target);
      observers.set(this, observed);
      observe.call(this, target, ...options);
    });
    replace(prototype, 'disconnect', function (this: ObserverLike) {
      observers.delete(this);
      disconnect.call(this);
    });
    if (!unobserve) continue;
    replace(prototype, 'unobserve', function (this: ObserverLike, target: unknown) {
      observers.get(this)?.targets.delete(target);
      unobserve.call(this, target);
    });
  }
  return () => {
    for (const restore of restores.reverse()) restore();
  };
}

interface ObserverLike {
  observe(target: unknown, ...options: unknown[]): void;
  unobserve?(target: unknown): void;
  disconnect(): void;
}
