// A storage that several tabs share, and that delays what they see of each other.
import type {StorageListener, TextStorage} from '../../src/chat/web-storage.js';

/** How tabs see what others write. */
export type Visibility =
  /** At once, as pages of one process; only the events are late. */
  | 'shared'
  /** Late, as pages of several processes: two tabs can overwrite each other. */
  | 'late';

export interface OriginOptions {
  readonly visibility: Visibility;
  readonly hasLocks: boolean;
}

type Value = string | null;
export interface Write {
  readonly key: string;
  readonly value: Value;
  readonly writer: View;
}

/** What one tab sees of the storage. */
export class View {
  values: Map<string, string>;
  /** Writes that have not reached the others, and writes of all that have not reached this tab. */
  outgoing: Write[] = [];
  incoming: Write[] = [];
  /** Own writes on their way and back, by key: until then, those of others are older. */
  unacknowledged = new Map<string, number>();
  listener: StorageListener | undefined;

  constructor(values: Map<string, string>) {
    this.values = values;
  }
}

/** The storage of one origin, with all its tabs. */
export class Origin {
  values = new Map<string, string>();
  views: View[] = [];
  /** Functions that wait for their lock. */
  waiting: {view: View; run: () => void}[] = [];
  #options: OriginOptions;

  constructor(options: OriginOptions) {
    this.#options = options;
  }

  open(): View {
    const view = new View(this.#options.visibility === 'shared' ? this.values : new Map(this.values));
    this.views.push(view);
    return view;
  }

  /** Ends a tab; with what it wrote last, or without. */
  close(view: View, isOrderly: boolean) {
    while (isOrderly && view.outgoing.length > 0) this.deliver(view);
    this.views.splice(this.views.indexOf(view), 1);
    this.waiting = this.waiting.filter((one) => one.view !== view);
  }

  write(view: View, key: string, value: Value) {
    if ((view.values.get(key) ?? null) === value) return;
    set(view.values, key, value);
    const write = {key, value, writer: view};
    if (this.#options.visibility === 'shared') {
      for (const other of this.views) if (other !== view) other.incoming.push(write);
      return;
    }
    view.unacknowledged.set(key, (view.unacknowledged.get(key) ?? 0) + 1);
    view.outgoing.push(write);
  }

  /** Removes everything, as the host page or the person does. */
  clear() {
    const writer = new View(this.values);
    for (const key of [...this.values.keys()]) this.write(writer, key, null);
  }

  /** Lets the oldest write of a tab arrive. */
  deliver(view: View) {
    const write = view.outgoing.shift();
    if (!write) return;
    set(this.values, write.key, write.value);
    for (const other of this.views) other.incoming.push(write);
  }

  /** Lets a tab see the oldest write that has arrived. */
  receive(view: View) {
    const write = view.incoming.shift();
    if (!write) return;
    const {key, value, writer} = write;
    if (this.#options.visibility === 'late') {
      const left = view.unacknowledged.get(key) ?? 0;
      if (writer === view) return void view.unacknowledged.set(key, left - 1);
      if (left === 0) set(view.values, key, value);
    }
    view.listener?.(key, value === null);
  }

  storage(view: View): TextStorage {
    return {
      getItem: (key) => view.values.get(key) ?? null,
      setItem: (key, value) => this.write(view, key, value),
      removeItem: (key) => this.write(view, key, null),
      keys: () => [...view.values.keys()],
      watch: (listener) => {
        view.listener = listener;
        return () => (view.listener = undefined);
      },
      runLocked: (_, run) => {
        if (this.#options.hasLocks) this.waiting.push({view, run});
      },
    };
  }
}

function set(values: Map<string, string>, key: string, value: Value) {
  if (value === null) values.delete(key);
  else values.set(key, value);
}
