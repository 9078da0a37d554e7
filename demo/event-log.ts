import type {StreamChat, StreamChatEventMap} from '../src/index.js';

const LIMIT = 300;

/** What is said of an event beside its name. */
const describe: {readonly [K in keyof StreamChatEventMap]?: (detail: StreamChatEventMap[K]['detail']) => string} = {
  send: ({message}) => JSON.stringify(message.text),
  request: ({url, attempt}) => `${new URL(url).pathname}${attempt > 0 ? `, attempt ${attempt + 1}` : ''}`,
  statechange: ({state}) => state,
  reconnect: ({attempt, delay, cause}) => `attempt ${attempt} in ${delay.toFixed(1)} s, after ${cause.code}`,
  reset: ({text}) => `${text.length} characters replaced`,
  done({reason, usage, timing}) {
    const tokens = usage?.outputTokens === undefined ? '' : `, ${usage.outputTokens} tokens`;
    const reconnects = timing.reconnects > 0 ? `, ${timing.reconnects} reconnects` : '';
    return `${reason}${tokens}, ${(timing.total / 1000).toFixed(1)} s${reconnects}`;
  },
  error: ({error}) => `${error.code}${error.status ? ` ${error.status}` : ''}: ${error.message}`,
  link: ({url}) => url,
  'copy-text': ({text}) => `${text.length} characters`,
};

const names = [
  'send',
  'request',
  'statechange',
  'delta',
  'reconnect',
  'reset',
  'done',
  'error',
  'clear',
  'link',
  'copy-text',
] as const satisfies readonly (keyof StreamChatEventMap)[];

interface Row {
  readonly item: HTMLElement;
  readonly type: string;
  readonly what: HTMLElement;
}

function make<K extends keyof HTMLElementTagNameMap>(name: K, className: string, text = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

/** Shows the events of a chat as a list, and how many there were of each. Deltas in a row share one line. */
export class EventLog {
  #rows: HTMLElement;
  #counts: HTMLElement;
  #totals = new Map<string, number>();
  #start: number | undefined;
  #last: Row | undefined;
  #run = {events: 0, characters: 0};
  #frame: number | undefined;

  constructor(chat: StreamChat, rows: HTMLElement, counts: HTMLElement) {
    this.#rows = rows;
    this.#counts = counts;
    for (const name of names) chat.addEventListener(name, (event) => this.#add(event));
  }

  clear(): void {
    this.#rows.replaceChildren();
    this.#totals.clear();
    this.#last = undefined;
    this.#schedule();
  }

  #add(event: StreamChatEventMap[keyof StreamChatEventMap]) {
    const type = event.type as keyof StreamChatEventMap;
    // Not the event's own time: that is when it was made, which may be before others were heard.
    const now = performance.now();
    if (type === 'send' || this.#start === undefined) this.#start = now;
    this.#totals.set(type, (this.#totals.get(type) ?? 0) + 1);
    if (type === 'delta') {
      if (this.#last?.type !== 'delta') {
        this.#run = {events: 0, characters: 0};
        this.#append(type, '', now);
      }
      this.#run.events++;
      this.#run.characters += (event as StreamChatEventMap['delta']).detail.text.length;
    } else {
      this.#settle();
      const text = describe[type] as ((detail: unknown) => string) | undefined;
      this.#append(type, text?.(event.detail) ?? '', now);
    }
    this.#schedule();
  }

  #append(type: string, text: string, time: number) {
    const item = document.createElement('li');
    item.dataset['type'] = type;
    const what = make('span', 'what', text);
    const seconds = ((time - (this.#start ?? time)) / 1000).toFixed(2);
    item.append(make('time', '', seconds), make('span', 'type', type), what);
    this.#rows.append(item);
    this.#last = {item, type, what};
    while (this.#rows.childElementCount > LIMIT) this.#rows.firstElementChild?.remove();
  }

  /** Writes what the deltas of the current line come to. */
  #settle() {
    if (this.#last?.type !== 'delta') return;
    const {events, characters} = this.#run;
    this.#last.what.textContent = `× ${events}, ${characters} characters`;
  }

  /** Once a frame, as deltas come faster than anyone reads. */
  #schedule() {
    if (this.#frame !== undefined) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#settle();
      const items = [...this.#totals].map(([type, total]) => {
        const item = make('li', '', `${type} `);
        item.append(make('b', '', String(total)));
        return item;
      });
      this.#counts.replaceChildren(...items);
      this.#rows.scrollTop = this.#rows.scrollHeight;
    });
  }
}
