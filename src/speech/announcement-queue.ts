/** Maximum length of one announcement, and of the queue, in characters. Longer texts are better read than heard. */
const longest = 600;
const longestQueue = 6000;
/** Maximum length of buffered text worth splitting at once, in characters. More of a burst would exceed the queue anyway. */
export const longestRead = 4 * longestQueue;
/** Minimum time between two announcements, in milliseconds: two lines that are added at once can be read as one. */
const shortest = 300;
/** Number of Latin letters that take as long to say as one ideograph, kana or Hangul syllable. */
const wideWeight = 3;
const wide = /[\u3040-\ud7ff\uf900-\ufaff]/g;

/** Where the queue hands its announcements to, and how fast. */
export interface QueueOptions {
  /** Announces a text. An urgent one interrupts what is being read. */
  readonly announce: (text: string, isUrgent: boolean) => void;
  /** Returns how many characters the voice says per second. */
  readonly readRate: () => number;
}

/**
 * Announcements that wait until the voice has said those before. One sentence at a time is handed over, because what a
 * screen reader holds is lost with one key press and goes on after Stop. No browser reports when a screen reader has said
 * something, so that is estimated from the length.
 */
export class AnnouncementQueue {
  /** Whether texts were omitted because too much was waiting. */
  isTruncated = false;

  #options: QueueOptions;
  #texts: {readonly text: string; readonly isUrgent: boolean}[] = [];
  #length = 0;
  #state: string | undefined;
  #lastState: string | undefined;
  /** Time at which the voice will have said everything that was handed over. */
  #freeAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Whether nothing is being said, nor waits. */
  get isFree(): boolean {
    return this.#texts.length === 0 && this.#freeAt <= performance.now();
  }

  /** Appends a text. Texts beyond the maximum length of the queue are omitted, except the last one. */
  push(text: string, isLast = false): void {
    if (this.#length + text.length > longestQueue && !isLast) this.isTruncated = true;
    else if (text !== '') this.#append(text, false);
  }

  /** Appends an error: after the text before it; if nothing is being said, it is urgent. */
  pushUrgent(text: string): void {
    this.#append(text, this.isFree);
  }

  /** Sets the state to announce before the next sentence. It is announced once, and dropped if it ends before that. */
  setState(text: string | undefined): void {
    this.#state = text === this.#lastState ? undefined : text;
    this.#schedule();
  }

  /** Lets the next state be announced even if it was the last one announced. */
  forgetState(): void {
    this.#state = this.#lastState = undefined;
  }

  /** Announces a text at once: what the user has just done. */
  announceNow(text: string, isUrgent = false): void {
    this.#announce(text, isUrgent);
    this.#reschedule();
  }

  /** Discards everything that was not announced yet. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#texts = [];
    this.#length = 0;
    this.#freeAt = 0;
    this.isTruncated = false;
    this.forgetState();
  }

  #append(text: string, isUrgent: boolean) {
    this.#texts.push({text, isUrgent});
    this.#length += text.length;
    this.#schedule();
  }

  #schedule() {
    if (this.#timer !== undefined || (this.#state === undefined && this.#texts.length === 0)) return;
    const delay = this.#freeAt - performance.now();
    if (delay <= 0) this.#announceNext();
    else this.#timer = setTimeout(() => this.#announceNext(), delay);
  }

  #reschedule() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#schedule();
  }

  #announceNext() {
    this.#timer = undefined;
    const state = this.#state;
    this.#state = undefined;
    if (state !== undefined) {
      this.#lastState = state;
      this.#announce(state, false);
    } else {
      const {text, isUrgent} = this.#texts.shift() ?? {text: '', isUrgent: false};
      this.#length -= text.length;
      const [announced, rest] = cutWords(text);
      if (rest !== '') {
        this.#texts.unshift({text: rest, isUrgent: false});
        this.#length += rest.length;
      }
      if (announced !== '') this.#announce(announced, isUrgent);
    }
    this.#schedule();
  }

  #announce(text: string, isUrgent: boolean) {
    const rate = this.#options.readRate();
    const letters = text.length + (text.match(wide)?.length ?? 0) * (wideWeight - 1);
    const now = performance.now();
    this.#freeAt = Math.max(now, isUrgent ? 0 : this.#freeAt) + Math.max(shortest, (letters / rate) * 1000);
    this.#options.announce(text, isUrgent);
  }
}

/** Splits a text that is too long for one announcement, after a word if possible. */
function cutWords(text: string): [announced: string, rest: string] {
  if (text.length <= longest) return [text, ''];
  const end = text.lastIndexOf(' ', longest);
  return end > 0 ? [text.slice(0, end), text.slice(end + 1)] : [text.slice(0, longest), text.slice(longest)];
}
