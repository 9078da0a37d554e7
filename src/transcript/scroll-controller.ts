import type {ReactiveController, ReactiveControllerHost} from 'lit';

import type {Message} from '../model/conversation.js';
import {ScrollFollower} from './scroll-follower.js';

/** What the controller reads from its element. */
export interface ScrollHost extends ReactiveControllerHost {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly hasUpdated: boolean;
  readonly isConnected: boolean;
  readonly messages: readonly Message[];
  readonly scrollMode: 'end' | 'answer-start';
}

/** Scrolls the transcript: to the end, or to a new question as soon as it is in the DOM. Counts messages below the view. */
export class ScrollController implements ReactiveController {
  #host: ScrollHost;
  #follower: ScrollFollower | undefined;
  /** Messages that were there when the user left the end; `Infinity` at the end. */
  #seenCount = Infinity;
  /** The last question before the one that is to be pinned, or `'none'`. */
  #previousQuestion: Element | 'none' | undefined;

  constructor(host: ScrollHost) {
    (this.#host = host).addController(this);
  }

  hostConnected(): void {
    if (this.#host.hasUpdated) this.observe();
  }

  hostDisconnected(): void {
    this.#follower?.disconnect();
    this.#follower = undefined;
  }

  /** Whether the end is out of view and not followed. */
  get isAway(): boolean {
    return this.#follower?.isAway ?? false;
  }

  /** Number of messages that were added since the user left the end; negative or zero if none. */
  get unseenCount(): number {
    return this.#host.messages.length - this.#seenCount;
  }

  /** Observes the transcript, once it is rendered, while the element is connected. */
  observe(): void {
    const {renderRoot, isConnected} = this.#host;
    if (!isConnected) return;
    const box = renderRoot.querySelector<HTMLElement>('.log');
    const content = renderRoot.querySelector<HTMLElement>('.content');
    if (box && content) this.#follower ??= new ScrollFollower(box, content, this.#handleScroll);
  }

  /** Call before the content changes. */
  beforeContentChange(): void {
    this.#follower?.beforeContentChange();
  }

  /** Call when the content has changed. Pins a new question. */
  afterContentChange(): void {
    if (this.#previousQuestion) this.#pinNewQuestion(this.#previousQuestion);
  }

  /** Scrolls to what is kept in view. */
  follow(): void {
    this.#follower?.follow();
  }

  /** Scrolls to the end, and follows it from now on. */
  scrollToEnd = (): void => {
    this.#follower?.scrollToEnd();
  };

  /** Scrolls to the end for a button that disappears there, and takes its focus. */
  jump = (): void => {
    this.scrollToEnd();
    this.#host.renderRoot.querySelector<HTMLElement>('.log')!.focus({preventScroll: true});
  };

  /** Call before a message is sent. Keeps the end in view, or the question once it is rendered. */
  scrollToNewAnswer(): void {
    if (this.#host.scrollMode === 'end') this.scrollToEnd();
    else this.#previousQuestion = this.#lastQuestion ?? 'none';
  }

  get #lastQuestion() {
    return [...this.#host.renderRoot.querySelectorAll<HTMLElement>('.message.user')].at(-1);
  }

  #pinNewQuestion(previous: Element | 'none') {
    const question = this.#lastQuestion;
    if (!question || question === previous) return;
    this.#previousQuestion = undefined;
    this.#seenCount = this.#host.messages.length;
    this.#follower?.pin(question);
  }

  #handleScroll = () => {
    if (this.#follower?.following) this.#seenCount = Infinity;
    else if (this.#seenCount === Infinity) this.#seenCount = this.#host.messages.length;
    this.#host.requestUpdate();
  };
}
