import type {AnswerErrorEvent, StreamChatEventMap} from './events.js';
import type {Strings} from './locales/en.js';
import {createSpeech, type Speech} from './speech.js';

/** What is heard: sentences as they are written, the answer once it is whole, states only, or nothing. */
export type Announcement = 'sentences' | 'turns' | 'status' | 'off';

/** What the announcer listens to. */
export interface AnnouncerHost extends HTMLElement {
  readonly announce: Announcement;
  addEventListener<K extends keyof StreamChatEventMap>(
    type: K,
    listener: (event: StreamChatEventMap[K]) => unknown,
    options?: AddEventListenerOptions,
  ): void;
}

/** Milliseconds between two announcements: readers cannot pause what they are told. */
const interval = 2000;
/** Milliseconds without a word until it is said that the answer is awaited, and until it is said again. */
const firstWait = 1000;
const nextWait = 10_000;
/** Characters of one announcement. */
const longest = 600;
/** Screen readers drop what is removed sooner, in milliseconds. */
const regionLife = 1500;

/**
 * Tells screen readers what happens in a chat: whole sentences, at most one announcement in two seconds, states, and
 * errors at once. The transcript itself is not live: every token would be heard.
 */
export class Announcer {
  #host: AnnouncerHost;
  #strings: Strings;
  #speech: Speech | undefined;
  #queue: string[] = [];
  #lastSpoken = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #abort = new AbortController();
  #regions: [HTMLElement, HTMLElement] | undefined;
  #turn = 0;

  constructor(host: AnnouncerHost, strings: Strings) {
    this.#host = host;
    this.#strings = strings;
    // A region has to be there, and empty, before it is written into.
    if (!('ariaNotify' in host)) this.#placeRegions();
    const options = {signal: this.#abort.signal};
    host.addEventListener('statechange', ({detail}) => this.#handleState(detail.state), options);
    host.addEventListener('delta', ({detail}) => detail.kind !== 'reasoning' && this.#handleText(detail.text), options);
    host.addEventListener('reset', () => (this.#speech = undefined), options);
    host.addEventListener('done', ({detail}) => this.#handleDone(detail.reason, detail.message.text), options);
    host.addEventListener('error', (event) => this.#handleError(event), options);
  }

  /** Ends the announcements. */
  disconnect(): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
    clearTimeout(this.#waiting);
    for (const region of this.#regions ?? []) region.remove();
  }

  #handleState(state: string) {
    clearTimeout(this.#waiting);
    if (state === 'connecting') this.#wait(firstWait);
    else if (state === 'offline') this.#say(this.#strings.offline);
    else if (state === 'waiting') this.#say(this.#strings.reconnecting);
  }

  #wait(milliseconds: number) {
    clearTimeout(this.#waiting);
    if (this.#host.announce === 'off') return;
    this.#waiting = setTimeout(() => {
      this.#say(this.#strings.waiting);
      this.#wait(nextWait);
    }, milliseconds);
  }

  #handleText(text: string) {
    this.#wait(nextWait);
    if (this.#host.announce !== 'sentences') return;
    this.#speech ??= createSpeech(this.#locale, this.#strings);
    for (const sentence of this.#speech.push(text)) this.#say(sentence);
  }

  #handleDone(reason: string, text: string) {
    clearTimeout(this.#waiting);
    const {announce} = this.#host;
    for (const sentence of this.#speech?.end() ?? []) this.#say(sentence);
    this.#speech = undefined;
    if (reason === 'aborted') return this.#say(this.#strings.stopped);
    if (announce === 'turns') {
      const speech = createSpeech(this.#locale, this.#strings);
      for (const sentence of [...speech.push(text), ...speech.end()]) this.#say(sentence);
    } else if (announce === 'status') this.#say(this.#strings.answered);
  }

  #handleError({detail}: AnswerErrorEvent) {
    clearTimeout(this.#waiting);
    this.#speech = undefined;
    if (this.#host.announce === 'off') return;
    const retry = detail.message ? ` ${this.#strings.retryOffered}` : '';
    this.#queue = [];
    this.#speak(`${detail.error.message}${retry}`, true);
  }

  get #locale() {
    return this.#host.closest('[lang]')?.getAttribute('lang') || undefined;
  }

  /** Lets it be heard when it is time. */
  #say(text: string) {
    if (this.#host.announce === 'off' || text === '') return;
    this.#queue.push(text);
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#lastSpoken + interval - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, wait);
  }

  #flush() {
    let text = this.#queue.shift() ?? '';
    while (this.#queue.length > 0 && text.length + this.#queue[0]!.length < longest) text += ` ${this.#queue.shift()}`;
    if (text !== '') this.#speak(text.slice(0, longest), false);
    if (this.#queue.length > 0) this.#say(this.#queue.shift()!);
  }

  #speak(text: string, isUrgent: boolean) {
    this.#lastSpoken = performance.now();
    const host = this.#host as AnnouncerHost & {ariaNotify?(text: string, options: {priority: 'high' | 'normal'}): void};
    try {
      if (host.ariaNotify) return host.ariaNotify(text, {priority: isUrgent ? 'high' : 'normal'});
    } catch (error) {
      console.warn('<stream-chat> announces by a live region: the page forbids ariaNotify.', error);
    }
    this.#write(text, isUrgent);
  }

  /** Regions are in the page, not in a shadow root, and inside the dialog if there is one: readers drop others. */
  #placeRegions() {
    const home = this.#host.closest('dialog[open], [aria-modal="true"]') ?? document.body;
    const regions = (this.#regions ??= [createRegion('polite'), createRegion('assertive')]);
    for (const region of regions) if (region.parentElement !== home) home.append(region);
    return regions;
  }

  #write(text: string, isUrgent: boolean) {
    const regions = this.#placeRegions();
    const line = document.createElement('p');
    // The same words twice are heard twice only if they differ.
    line.textContent = this.#turn++ % 2 ? `${text}\u00a0` : text;
    regions[isUrgent ? 1 : 0].append(line);
    setTimeout(() => line.remove(), regionLife);
  }
}

function createRegion(live: 'polite' | 'assertive'): HTMLElement {
  const region = document.createElement('div');
  region.setAttribute('aria-live', live);
  region.className = 'stream-chat-announcer';
  // Through the object model, which a strict page allows.
  const hidden = {position: 'absolute', inlineSize: '1px', blockSize: '1px', overflow: 'hidden', clipPath: 'inset(50%)', whiteSpace: 'nowrap'};
  Object.assign(region.style, hidden);
  return region;
}
