import type {AnswerErrorEvent, StreamChatEventMap} from '../chat/events.js';
import {readDocument} from '../lib/read-document.js';
import {stripInvisible} from '../lib/strip-invisible.js';
import type {Strings} from '../locales/en.js';
import {createSpeech, type Speech} from './speech.js';

/** What is announced: sentences while they stream, whole answers, states only, or nothing. */
export type Announcement = 'sentences' | 'turns' | 'status' | 'off';

/** What the announcer reads from its element, and which events it handles. */
export interface AnnouncerHost extends HTMLElement {
  readonly announce: Announcement;
  addEventListener<K extends keyof StreamChatEventMap>(
    type: K,
    listener: (event: StreamChatEventMap[K]) => unknown,
    options?: AddEventListenerOptions,
  ): void;
}

/** Minimum time between two announcements, in milliseconds. Announcements cannot be paused by the user. */
const interval = 2000;
/** Time without activity until "waiting" is announced, and until it is announced again, in milliseconds. */
const firstWait = 1000;
const nextWait = 10_000;
/** Time for which text is buffered, in milliseconds. Splitting every token into sentences costs more than rendering it. */
const readInterval = 250;
/** Maximum length of one announcement, and of the queue, in characters. Longer texts are better read than heard. */
const longest = 600;
const longestQueue = 6000;
/** Maximum length of buffered text that is split at once, in characters. More of a burst would exceed the queue anyway. */
const longestRead = 4 * longestQueue;
/** Time after which an announced line is removed, in milliseconds. Screen readers skip what is removed sooner. */
const regionLife = 1500;

/**
 * Announces the chat to screen readers: whole sentences, at most one announcement per two seconds; errors at once.
 * The transcript is not a live region, or every token would be announced.
 */
export class Announcer {
  #host: AnnouncerHost;
  #readStrings: () => Strings;
  #speech: Speech | undefined;
  #pending: string[] = [];
  #queue: string[] = [];
  #queuedLength = 0;
  #isTruncated = false;
  #lastAnnouncedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #readTimer: ReturnType<typeof setTimeout> | undefined;
  #waitTimer: ReturnType<typeof setTimeout> | undefined;
  #lastActivityAt = 0;
  #abort = new AbortController();
  #regions: [HTMLElement, HTMLElement] | undefined;
  #announcementCount = 0;

  constructor(host: AnnouncerHost, readStrings: () => Strings) {
    this.#host = host;
    this.#readStrings = readStrings;
    // A live region must exist, and be empty, before text is added.
    if (!('ariaNotify' in host)) this.#placeRegions();
    const options = {signal: this.#abort.signal};
    host.addEventListener('statechange', ({detail}) => this.#handleState(detail.state), options);
    host.addEventListener('delta', ({detail}) => detail.kind !== 'reasoning' && this.#handleText(detail.text), options);
    host.addEventListener('reset', () => this.#reset(), options);
    host.addEventListener('clear', () => this.#reset(), options);
    host.addEventListener('done', ({detail}) => this.#handleDone(detail.reason, detail.message.text), options);
    host.addEventListener('error', (event) => this.#handleError(event), options);
    host.addEventListener('copy-text', () => this.#enqueue(this.#strings.copied), options);
    (host as HTMLElement).addEventListener('tool-confirmation', () => this.#handleConfirmation(), options);
  }

  /** Adds a text to the queue of announcements. */
  enqueue(text: string): void {
    this.#enqueue(text);
  }

  /** Ends the announcements. */
  disconnect(): void {
    this.#abort.abort();
    this.#reset();
    clearTimeout(this.#waitTimer);
    for (const region of this.#regions ?? []) region.remove();
  }

  /** Discards everything that was not announced yet. */
  #reset() {
    clearTimeout(this.#timer);
    clearTimeout(this.#readTimer);
    this.#timer = this.#readTimer = undefined;
    this.#speech = undefined;
    this.#pending = [];
    this.#queue = [];
    this.#queuedLength = 0;
    this.#isTruncated = false;
  }

  #handleState(state: string) {
    clearTimeout(this.#waitTimer);
    this.#waitTimer = undefined;
    this.#lastActivityAt = performance.now();
    if (state === 'connecting') this.#wait(firstWait);
    else if (state === 'streaming') this.#wait(firstWait);
    else if (state === 'offline') this.#enqueue(this.#strings.offline);
    else if (state === 'waiting') this.#enqueue(this.#strings.reconnecting);
  }

  #wait(milliseconds: number) {
    if (this.#host.announce === 'off') return;
    this.#waitTimer = setTimeout(() => {
      const idleFor = performance.now() - this.#lastActivityAt;
      if (idleFor < milliseconds) return this.#wait(Math.max(100, nextWait - idleFor));
      this.#enqueue(this.#strings.waiting);
      this.#lastActivityAt = performance.now();
      this.#wait(nextWait);
    }, milliseconds);
  }

  #handleText(text: string) {
    this.#lastActivityAt = performance.now();
    if (this.#host.announce !== 'sentences') return;
    this.#pending.push(text);
    this.#readTimer ??= setTimeout(() => this.#readPending(), readInterval);
  }

  #readPending() {
    clearTimeout(this.#readTimer);
    this.#readTimer = undefined;
    const text = this.#pending.join('').slice(0, longestRead);
    const isAll = this.#pending.reduce((length, piece) => length + piece.length, 0) <= longestRead;
    this.#pending = [];
    if (this.#isTruncated || text === '') return;
    this.#speech ??= createSpeech(this.#strings);
    for (const sentence of this.#speech.push(text)) this.#enqueue(sentence);
    this.#isTruncated ||= !isAll;
  }

  #handleDone(reason: string, text: string) {
    clearTimeout(this.#waitTimer);
    this.#waitTimer = undefined;
    const {announce} = this.#host;
    this.#readPending();
    if (!this.#isTruncated) for (const sentence of this.#speech?.end() ?? []) this.#enqueue(sentence);
    this.#speech = undefined;
    if (reason === 'aborted') return this.#enqueue(this.#strings.stopped);
    if (announce === 'turns') {
      const speech = createSpeech(this.#strings);
      for (const sentence of [...speech.push(text.slice(0, longestQueue)), ...speech.end()]) this.#enqueue(sentence);
    }
    if (announce === 'status' || this.#isTruncated) this.#enqueue(this.#strings.answered, true);
    this.#isTruncated = false;
  }

  #handleError({detail}: AnswerErrorEvent) {
    clearTimeout(this.#waitTimer);
    this.#waitTimer = undefined;
    this.#reset();
    if (this.#host.announce === 'off') return;
    const {code, message, retryable, kind} = detail.error;
    const retry = detail.message && retryable ? ` ${this.#strings.retryOffered}` : '';
    this.#announce(`${this.#strings.error(code, stripInvisible(message), kind)}${retry}`, true);
  }

  /** The user has to confirm a tool call, so "waiting" must not be announced. */
  #handleConfirmation() {
    clearTimeout(this.#waitTimer);
    this.#waitTimer = undefined;
    this.#readPending();
    this.#enqueue(`${this.#strings.toolAsking}. ${this.#strings.toolQuestion}`);
  }

  get #strings() {
    return this.#readStrings();
  }

  /** Adds a text to the queue. Texts beyond the maximum length are omitted, except the last one. */
  #enqueue(text: string, isLast = false) {
    if (this.#host.announce === 'off' || text === '') return;
    if (this.#queuedLength + text.length > longestQueue && !isLast) {
      this.#isTruncated = true;
      return;
    }
    this.#queue.push(text);
    this.#queuedLength += text.length;
    this.#timer ??= setTimeout(() => this.#flush(), Math.max(0, this.#lastAnnouncedAt + interval - performance.now()));
  }

  #flush() {
    this.#timer = undefined;
    const announced: string[] = [];
    let length = 0;
    while (this.#queue.length > 0 && (length === 0 || length + this.#queue[0]!.length < longest)) {
      const [text, rest] = cutWords(this.#queue.shift()!);
      if (rest) this.#queue.unshift(rest);
      announced.push(text);
      length += text.length + 1;
    }
    this.#queuedLength = this.#queue.reduce((sum, text) => sum + text.length, 0);
    if (announced.length > 0) this.#announce(announced.join(' '), false);
    if (this.#queue.length > 0) this.#timer = setTimeout(() => this.#flush(), interval);
  }

  #announce(text: string, isUrgent: boolean) {
    this.#lastAnnouncedAt = performance.now();
    const host = this.#host as AnnouncerHost & {ariaNotify?(text: string, options: {priority: 'high' | 'normal'}): void};
    try {
      if (host.ariaNotify) return host.ariaNotify(text, {priority: isUrgent ? 'high' : 'normal'});
    } catch (error) {
      console.warn('<stream-chat> announces by a live region: the page forbids ariaNotify.', error);
    }
    this.#write(text, isUrgent);
  }

  /** Adds the regions to the document, or to the open dialog around the chat: screen readers ignore others. */
  #placeRegions() {
    const home = this.#host.closest('dialog[open], [aria-modal="true"]') ?? readDocument('body')!;
    const regions = (this.#regions ??= [createRegion('polite'), createRegion('assertive')]);
    for (const region of regions) if (region.parentElement !== home) home.append(region);
    return regions;
  }

  #write(text: string, isUrgent: boolean) {
    const regions = this.#placeRegions();
    const line = document.createElement('p');
    // An identical text is announced again only if it differs.
    line.textContent = this.#announcementCount++ % 2 ? `${text}\u00a0` : text;
    regions[isUrgent ? 1 : 0].append(line);
    setTimeout(() => line.remove(), regionLife);
  }
}

/** Splits a text that is too long for one announcement, after a word if possible. */
function cutWords(text: string): [announced: string, rest: string] {
  if (text.length <= longest) return [text, ''];
  const end = text.lastIndexOf(' ', longest);
  return end > 0 ? [text.slice(0, end), text.slice(end + 1)] : [text.slice(0, longest), text.slice(longest)];
}

function createRegion(live: 'polite' | 'assertive'): HTMLElement {
  const region = document.createElement('div');
  region.setAttribute('aria-live', live);
  region.className = 'stream-chat-announcer';
  // Set through CSSOM, which a strict CSP allows.
  const hidden = {position: 'absolute', inlineSize: '1px', blockSize: '1px', overflow: 'hidden', clipPath: 'inset(50%)', whiteSpace: 'nowrap'};
  Object.assign(region.style, hidden);
  return region;
}
