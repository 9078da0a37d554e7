import type {AnswerErrorEvent, StreamChatEventMap} from '../chat/events.js';
import type {Strings} from '../locales/en.js';
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
/** Milliseconds for which text is collected: looking for sentences in every token costs more than drawing it. */
const readInterval = 250;
/** Characters of one announcement, and of all that may wait to be said: nobody listens to a book that they can read. */
const longest = 600;
const longestQueue = 6000;
/** Characters that are read at once: of a burst nobody hears more, code and tables left aside. */
const longestRead = 4 * longestQueue;
/** Screen readers drop what is removed sooner, in milliseconds. */
const regionLife = 1500;

/**
 * Tells screen readers what happens in a chat: whole sentences, at most one announcement in two seconds, states, and
 * errors at once. The transcript itself is not live: every token would be heard.
 */
export class Announcer {
  #host: AnnouncerHost;
  #readStrings: () => Strings;
  #speech: Speech | undefined;
  #unread: string[] = [];
  #queue: string[] = [];
  #queued = 0;
  #isCut = false;
  #lastSpoken = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading: ReturnType<typeof setTimeout> | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #heardAt = 0;
  #abort = new AbortController();
  #regions: [HTMLElement, HTMLElement] | undefined;
  #turn = 0;

  constructor(host: AnnouncerHost, readStrings: () => Strings) {
    this.#host = host;
    this.#readStrings = readStrings;
    // A region has to be there, and empty, before it is written into.
    if (!('ariaNotify' in host)) this.#placeRegions();
    const options = {signal: this.#abort.signal};
    host.addEventListener('statechange', ({detail}) => this.#handleState(detail.state), options);
    host.addEventListener('delta', ({detail}) => detail.kind !== 'reasoning' && this.#handleText(detail.text), options);
    host.addEventListener('reset', () => this.#forget(), options);
    host.addEventListener('clear', () => this.#forget(), options);
    host.addEventListener('done', ({detail}) => this.#handleDone(detail.reason, detail.message.text), options);
    host.addEventListener('error', (event) => this.#handleError(event), options);
    host.addEventListener('copy-text', () => this.#say(this.#strings.copied), options);
    (host as HTMLElement).addEventListener('tool-confirmation', () => this.#handleAsking(), options);
  }

  /** Lets it be heard when it is time. */
  say(text: string): void {
    this.#say(text);
  }

  /** Ends the announcements. */
  disconnect(): void {
    this.#abort.abort();
    this.#forget();
    clearTimeout(this.#waiting);
    for (const region of this.#regions ?? []) region.remove();
  }

  /** Drops what was not said yet. */
  #forget() {
    clearTimeout(this.#timer);
    clearTimeout(this.#reading);
    this.#timer = this.#reading = undefined;
    this.#speech = undefined;
    this.#unread = [];
    this.#queue = [];
    this.#queued = 0;
    this.#isCut = false;
  }

  #handleState(state: string) {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#heardAt = performance.now();
    if (state === 'connecting') this.#wait(firstWait);
    else if (state === 'streaming') this.#wait(firstWait);
    else if (state === 'offline') this.#say(this.#strings.offline);
    else if (state === 'waiting') this.#say(this.#strings.reconnecting);
  }

  #wait(milliseconds: number) {
    if (this.#host.announce === 'off') return;
    this.#waiting = setTimeout(() => {
      const silent = performance.now() - this.#heardAt;
      if (silent < milliseconds) return this.#wait(Math.max(100, nextWait - silent));
      this.#say(this.#strings.waiting);
      this.#heardAt = performance.now();
      this.#wait(nextWait);
    }, milliseconds);
  }

  #handleText(text: string) {
    this.#heardAt = performance.now();
    if (this.#host.announce !== 'sentences') return;
    this.#unread.push(text);
    this.#reading ??= setTimeout(() => this.#read(), readInterval);
  }

  #read() {
    clearTimeout(this.#reading);
    this.#reading = undefined;
    const text = this.#unread.join('').slice(0, longestRead);
    const isAll = this.#unread.reduce((length, piece) => length + piece.length, 0) <= longestRead;
    this.#unread = [];
    if (this.#isCut || text === '') return;
    this.#speech ??= createSpeech(this.#strings);
    for (const sentence of this.#speech.push(text)) this.#say(sentence);
    this.#isCut ||= !isAll;
  }

  #handleDone(reason: string, text: string) {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    const {announce} = this.#host;
    this.#read();
    if (!this.#isCut) for (const sentence of this.#speech?.end() ?? []) this.#say(sentence);
    this.#speech = undefined;
    if (reason === 'aborted') return this.#say(this.#strings.stopped);
    if (announce === 'turns') {
      const speech = createSpeech(this.#strings);
      for (const sentence of [...speech.push(text.slice(0, longestQueue)), ...speech.end()]) this.#say(sentence);
    }
    if (announce === 'status' || this.#isCut) this.#say(this.#strings.answered, true);
    this.#isCut = false;
  }

  #handleError({detail}: AnswerErrorEvent) {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#forget();
    if (this.#host.announce === 'off') return;
    const retry = detail.message ? ` ${this.#strings.retryOffered}` : '';
    const {code, message} = detail.error;
    this.#speak(`${this.#strings.error(code, message)}${retry}`, true);
  }

  /** The person is waited for: to say that the answer is, would be wrong. */
  #handleAsking() {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#read();
    this.#say(`${this.#strings.toolAsking}. ${this.#strings.toolQuestion}`);
  }

  get #strings() {
    return this.#readStrings();
  }

  /** Lets it be heard when it is time. What is too much to be listened to is left out, the last words excepted. */
  #say(text: string, isLast = false) {
    if (this.#host.announce === 'off' || text === '') return;
    if (this.#queued + text.length > longestQueue && !isLast) {
      this.#isCut = true;
      return;
    }
    this.#queue.push(text);
    this.#queued += text.length;
    this.#timer ??= setTimeout(() => this.#flush(), Math.max(0, this.#lastSpoken + interval - performance.now()));
  }

  #flush() {
    this.#timer = undefined;
    const said: string[] = [];
    let length = 0;
    while (this.#queue.length > 0 && (length === 0 || length + this.#queue[0]!.length < longest)) {
      const [text, rest] = cutWords(this.#queue.shift()!);
      if (rest) this.#queue.unshift(rest);
      said.push(text);
      length += text.length + 1;
    }
    this.#queued = this.#queue.reduce((sum, text) => sum + text.length, 0);
    if (said.length > 0) this.#speak(said.join(' '), false);
    if (this.#queue.length > 0) this.#timer = setTimeout(() => this.#flush(), interval);
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

/** Cuts what is too long for one announcement behind a word, where there is one. */
function cutWords(text: string): [said: string, rest: string] {
  if (text.length <= longest) return [text, ''];
  const end = text.lastIndexOf(' ', longest);
  return end > 0 ? [text.slice(0, end), text.slice(end + 1)] : [text.slice(0, longest), text.slice(longest)];
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
