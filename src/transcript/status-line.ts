import type {ReactiveController, ReactiveControllerHost} from 'lit';

import type {ChatStatus} from '../chat/chat-status.js';
import type {ChatState} from '../chat/events.js';
import type {Strings} from '../locales/en.js';

/** Time without activity after which the status line says that the chat is still waiting, in milliseconds. */
const stillWaitingDelay = 10_000;

/** Sentences that the line shows while it has no state to report. */
export type Notice = 'storageFull' | 'notStored' | 'downloading';

/** What the status line reads from its element. */
export interface StatusHost extends ReactiveControllerHost {
  readonly state: ChatState;
  readonly isConnected: boolean;
  attachInternals(): ElementInternals;
}

/** The line between transcript and composer, and the `:state()` of the element: waiting, reconnecting, offline. */
export class StatusLine implements ReactiveController {
  /** The state that was rendered last. */
  renderedState: ChatState | undefined;

  #host: StatusHost;
  #internals: ElementInternals;
  #timer: ReturnType<typeof setInterval> | undefined;
  #notice: Notice | undefined;
  #percent = 0;

  constructor(host: StatusHost) {
    (this.#host = host).addController(this);
    this.#internals = host.attachInternals();
  }

  hostConnected(): void {
    this.#updateTimer();
  }

  hostDisconnected(): void {
    this.#updateTimer();
  }

  /** Sets the notice; `undefined` removes it. Returns whether there is one now, and another one than before. */
  setNotice(name: Notice | undefined, percent = 0): boolean {
    const isNew = name !== this.#notice;
    this.#notice = name;
    this.#percent = percent;
    return isNew && name !== undefined;
  }

  /** Returns the notice, or empty text. */
  readNotice(strings: Strings): string {
    if (this.#notice === 'downloading') return strings.downloading(this.#percent);
    return this.#notice ? strings[this.#notice] : '';
  }

  /** Returns the text of the line: the state, or else the notice. */
  text(status: ChatStatus, lastActivityAt: number, strings: Strings): string {
    return this.#readState(status, lastActivityAt, strings) || this.readNotice(strings);
  }

  #readState({state, retryAt, isRefused}: ChatStatus, lastActivityAt: number, strings: Strings): string {
    const now = performance.now();
    if (state === 'idle') return '';
    if (state === 'offline') return strings.offline;
    if (state === 'waiting') {
      const seconds = Math.ceil(((retryAt ?? now) - now) / 1000);
      if (isRefused) return seconds > 0 ? strings.retryingIn(seconds) : strings.retrying;
      return seconds > 0 ? strings.reconnectingIn(seconds) : strings.reconnecting;
    }
    const idleFor = now - lastActivityAt;
    return idleFor >= stillWaitingDelay ? strings.stillWaiting(Math.floor(idleFor / 1000)) : '';
  }

  /** Exposes the state to style sheets, and updates the line once a second while an answer is in progress. */
  update(): void {
    const {state} = this.#host;
    if (this.renderedState === state) return;
    this.renderedState = state;
    try {
      this.#internals.states.clear();
      this.#internals.states.add(state);
    } catch {
      // Browsers of 2023 lack `states` or require dashes in their names; style sheets cannot match the state there.
    }
    this.#updateTimer();
  }

  /** Runs the timer while an answer is in progress and the element is connected. */
  #updateTimer() {
    clearInterval(this.#timer);
    const isNeeded = this.#host.isConnected && (this.renderedState ?? 'idle') !== 'idle';
    this.#timer = isNeeded ? setInterval(() => this.#host.requestUpdate(), 1000) : undefined;
  }
}
