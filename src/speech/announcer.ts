import type {AnswerErrorEvent, ChatState, DeltaDetail, StreamChatEventMap} from '../chat/events.js';
import {findNearest} from '../lib/find-nearest.js';
import {stripInvisible} from '../lib/strip-invisible.js';
import type {Strings} from '../locales/en.js';
import type {FinishReason, Message} from '../model/conversation.js';
import {AnnouncementQueue, longestRead} from './announcement-queue.js';
import {LiveRegions} from './live-regions.js';
import {endWithPause} from './pause.js';
import {createSpeech, type Speech} from './speech.js';
import type {languageOf} from './text-language.js';

/** What is announced: sentences while they stream, whole answers, states only, or nothing. */
export type Announcement = 'sentences' | 'turns' | 'status' | 'off';

/** What the announcer reads from its element, and which events it handles. */
export interface AnnouncerHost extends HTMLElement {
  readonly announce: Announcement;
  /** Characters per second. */
  readonly announceRate: number;
  readonly messages: readonly Message[];
  addEventListener<K extends keyof StreamChatEventMap>(
    type: K,
    listener: (event: StreamChatEventMap[K]) => unknown,
    options?: AddEventListenerOptions,
  ): void;
}

/** Time without text until "waiting" is announced, and between "still waiting", in milliseconds. */
const firstWait = 1000;
const nextWait = 10_000;
/** Time after which "waiting" is tried again while the voice is busy, in milliseconds. */
const busyWait = 250;
/** Time for which text is buffered, in milliseconds. Splitting every token into sentences costs more than rendering it. */
const readInterval = 250;
/** Matches texts and languages for which it matters in which script a text is. */
const otherScripts = /[\u0370-\u1fff\u3040-\ud7ff]|^(?:ar|el|fa|he|hi|ja|ko|ru|th|uk|ur|zh)\b/;
/** Rate if `announceRate` is no positive number. */
const defaultRate = 25;

/**
 * Announces the chat to screen readers, sentence by sentence. The transcript is not a live region, or every token would
 * be announced.
 */
export class Announcer {
  #host: AnnouncerHost;
  #readStrings: () => Strings;
  #regions: LiveRegions;
  #queue = new AnnouncementQueue({
    announce: (text, isUrgent) => this.#write(text, isUrgent),
    readRate: () => (this.#host.announceRate > 0 ? this.#host.announceRate : defaultRate),
  });
  #speech: Speech | undefined;
  #pending: string[] = [];
  /** Identifies the text part that streams. */
  #partKey = '';
  #state: ChatState = 'idle';
  #isReasoning = false;
  #readTimer: ReturnType<typeof setTimeout> | undefined;
  #waitTimer: ReturnType<typeof setTimeout> | undefined;
  #lastActivityAt = 0;
  #abort = new AbortController();
  #languageOf: typeof languageOf | undefined;
  /** Resolves when the lines before are written, if they had to wait for a module. */
  #written: Promise<void> | undefined;

  constructor(host: AnnouncerHost, readStrings: () => Strings) {
    this.#host = host;
    this.#readStrings = readStrings;
    this.#regions = new LiveRegions(host);
    const options = {signal: this.#abort.signal};
    host.addEventListener('statechange', ({detail}) => this.#handleState(detail.state), options);
    host.addEventListener('delta', ({detail}) => this.#handleDelta(detail), options);
    host.addEventListener('reset', () => this.#clear(), options);
    host.addEventListener('clear', () => this.#clear(), options);
    host.addEventListener('done', ({detail}) => this.#handleDone(detail.reason, detail.message.text), options);
    host.addEventListener('error', (event) => this.#handleError(event), options);
    host.addEventListener('toolcall', () => this.#endText(), options);
    host.addEventListener('copy-text', () => this.announce(this.#strings.copied), options);
    (host as HTMLElement).addEventListener('tool-confirmation', (event) => this.#handleConfirmation((event as CustomEvent<string>).detail), options);
  }

  /** Announces a text at once. */
  announce(text: string): void {
    if (this.#host.announce !== 'off' && text !== '') this.#queue.announceNow(text);
  }

  /** Ends the announcements. */
  disconnect(): void {
    this.#abort.abort();
    this.#clear();
    clearTimeout(this.#waitTimer);
    this.#regions.remove();
  }

  get #strings() {
    return this.#readStrings();
  }

  /** Language of the page around the chat. */
  get #language(): string | undefined {
    return findNearest(this.#host, '[lang]')?.getAttribute('lang')?.trim() || undefined;
  }

  #write(text: string, isUrgent: boolean) {
    const language = this.#language;
    const write = () => this.#regions.write(text, this.#languageOf?.(text, language) ?? language, isUrgent);
    const isPlain = this.#languageOf || (!otherScripts.test(text) && !otherScripts.test(language ?? ''));
    if (isPlain && !this.#written) return write();
    this.#written = (this.#written ?? this.#loadLanguages()).then(() => {
      if (!this.#abort.signal.aborted) write();
    });
  }

  /** Loads what finds the language of a text, on the first text that may be in another script than the page. */
  async #loadLanguages() {
    try {
      ({languageOf: this.#languageOf} = await import('./text-language.js'));
    } catch (error) {
      console.warn('<stream-chat> announces all texts in the language of the page: "text-language.js" could not be loaded.', error);
    }
  }

  /** Discards everything that was not announced yet. */
  #clear() {
    clearTimeout(this.#readTimer);
    this.#readTimer = undefined;
    this.#speech = undefined;
    this.#pending = [];
    this.#queue.clear();
  }

  #push(text: string, isLast = false) {
    if (this.#host.announce !== 'off') this.#queue.push(text, isLast);
  }

  #setState(text: string | undefined) {
    if (this.#host.announce !== 'off') this.#queue.setState(text);
  }

  #handleState(state: ChatState) {
    const isNew = this.#state === 'idle';
    this.#state = state;
    this.#endWait();
    if (state === 'offline') return this.#setState(this.#strings.offline);
    if (state === 'waiting') return this.#setState(this.#strings.reconnecting);
    if (state === 'idle') return this.#setState(undefined);
    if (!isNew) {
      // While the next attempt connects, the connection is still lost.
      if (state === 'streaming') this.#setState(undefined);
      return this.#wait(nextWait);
    }
    // What was left of the answer before is not worth waiting for.
    this.#clear();
    this.#isReasoning = false;
    this.#lastActivityAt = performance.now();
    this.#wait(firstWait);
  }

  /** Announces "waiting" after a time without text, unless the voice still has something to say. */
  #wait(time: number, delay = Math.max(busyWait, this.#lastActivityAt + time - performance.now())) {
    if (this.#host.announce === 'off') return;
    this.#waitTimer = setTimeout(() => {
      const idleFor = performance.now() - this.#lastActivityAt;
      if (idleFor < time) return this.#wait(nextWait);
      if (!this.#queue.isFree) return this.#wait(time, busyWait);
      const {waiting, stillWaiting} = this.#strings;
      this.#setState(time === firstWait ? waiting : stillWaiting(Math.floor(idleFor / 1000)));
      this.#wait((Math.floor(idleFor / nextWait) + 1) * nextWait);
    }, delay);
  }

  #endWait() {
    clearTimeout(this.#waitTimer);
    this.#waitTimer = undefined;
  }

  #handleDelta({kind, text, id}: DeltaDetail) {
    this.#lastActivityAt = performance.now();
    if (kind === 'reasoning') {
      this.#endText();
      if (!this.#isReasoning) this.#setState(this.#strings.reasoning);
      this.#isReasoning = true;
      return;
    }
    this.#isReasoning = false;
    this.#queue.forgetState();
    if (this.#host.announce !== 'sentences') return;
    // A text after another one, with a tool call between, starts a sentence.
    const key = `${id} ${this.#host.messages.at(-1)?.parts.findLastIndex(({type}) => type === kind)}`;
    if (key !== this.#partKey) this.#endText();
    this.#partKey = key;
    this.#pending.push(text);
    this.#readTimer ??= setTimeout(() => this.#readPending(), readInterval);
  }

  #readPending() {
    clearTimeout(this.#readTimer);
    this.#readTimer = undefined;
    const text = this.#pending.join('');
    this.#pending = [];
    const queue = this.#queue;
    if (queue.isTruncated || text === '') return;
    this.#speech ??= createSpeech(this.#strings);
    for (const sentence of this.#speech.push(text.slice(0, longestRead))) this.#push(sentence);
    if (text.length > longestRead) queue.isTruncated = true;
  }

  /** Announces the rest of a text: its last sentence is complete, whether or not a full stop follows. */
  #endText() {
    this.#readPending();
    if (!this.#queue.isTruncated) for (const sentence of this.#speech?.end() ?? []) this.#push(sentence);
    this.#speech = undefined;
  }

  #handleDone(reason: FinishReason, text: string) {
    this.#endWait();
    const strings = this.#strings;
    if (reason === 'aborted') {
      this.#clear();
      if (this.#host.announce !== 'off') this.#queue.announceNow(strings.stopped, true);
      return;
    }
    this.#endText();
    if (this.#host.announce === 'turns') {
      const speech = createSpeech(strings);
      for (const sentence of [...speech.push(text.slice(0, longestRead)), ...speech.end()]) this.#push(sentence);
    }
    const ends: Partial<Record<FinishReason, string>> = {length: strings.lengthReached, 'content-filter': strings.filtered};
    this.#push(ends[reason] ?? strings.answered, true);
    this.#queue.isTruncated = false;
  }

  #handleError({detail}: AnswerErrorEvent) {
    this.#endWait();
    this.#endText();
    this.#queue.setState(undefined);
    if (this.#host.announce === 'off') return;
    const {code, message, retryable, kind} = detail.error;
    const retry = detail.message && retryable ? ` ${this.#strings.retryOffered}` : '';
    this.#queue.pushUrgent(`${this.#strings.error(code, stripInvisible(message), kind)}${retry}`);
  }

  /** The user has to confirm a tool call, so "waiting" must not be announced. */
  #handleConfirmation(call: string) {
    this.#endWait();
    this.#endText();
    this.#push(endWithPause(call), true);
    this.#push(this.#strings.toolQuestion, true);
  }
}
