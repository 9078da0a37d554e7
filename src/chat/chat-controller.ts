import type {ReactiveController} from 'lit';

import {AnswerSession} from './answer-session.js';
import type {ChatHost, HeadersSource} from './chat-host.js';
import type {SavedAnswer} from './saved-answer.js';
import {
  createMessage,
  failAnswer,
  sendable,
  sumUsage,
  totalTokens,
  type Message,
  type MessageInit,
  type Part,
  type Usage,
} from '../model/conversation.js';
import {createId} from '../lib/create-id.js';
import {StreamChatError} from '../model/errors.js';
import {ClearEvent, SendEvent, StateChangeEvent, type ChatState} from './events.js';
import {RenderScheduler, type RenderJob} from '../lib/render-scheduler.js';
import type {ConversationStore} from './storage.js';
import {notifyStopped} from '../wire/transport.js';

/** What the person is told while an answer is awaited. */
export interface ChatStatus {
  readonly state: ChatState;
  /** When the next attempt is made, in milliseconds of `performance.now()`; while `waiting`. */
  readonly retryAt?: number;
}

/** An unfinished answer is stored this often while it streams, in milliseconds; and when the page is left. */
const saveInterval = 400;

/**
 * Asks the question and keeps the conversation. This is the whole flow:
 *
 *     host ─► request ─► transport ─► answer reader ─► conversation ─► render scheduler ─► draw
 *      ▲                                                    │
 *      └───────────── delta, done, error ◄──────────────────┘
 */
export class ChatController implements ReactiveController {
  /** What the element is doing. */
  status: ChatStatus = {state: 'idle'};

  /** When the server was last heard of, or the request was sent, in milliseconds of `performance.now()`. */
  heardAt = 0;

  /** The conversation without the answer in progress: the same array until it changes. */
  settled: readonly Message[] = [];

  #host: ChatHost;
  #scheduler: RenderScheduler;
  #answering: AnswerSession | undefined;
  /** The last answer if it failed and its server can go on with it. */
  #lost: AnswerSession | undefined;
  #messages: readonly Message[] | undefined;
  #chatId = createId();
  #endpointsWithEndMarker = new Set<string>();
  #formats = new Map<string, string>();
  /** Answers that were asked for again, and are not shown: they are not in the conversation, and were paid. */
  #dropped: readonly Message[] = [];
  #store: ConversationStore | undefined;
  #restored: Promise<void> | undefined;
  #saveTimer: ReturnType<typeof setTimeout> | undefined;

  /** `work` shows the conversation as it is, once a frame at most. */
  constructor(host: ChatHost, work: RenderJob) {
    (this.#host = host).addController(this);
    this.#scheduler = new RenderScheduler(work);
  }

  /** The conversation so far. Always current; only the drawing of it waits for a frame. */
  get messages(): readonly Message[] {
    const answer = this.#answering?.message;
    return (this.#messages ??= answer ? [...this.settled, answer] : this.settled);
  }

  /** Tokens of the conversation, as far as they were told. */
  get usage(): Usage | undefined {
    return sumUsage([...this.#dropped, ...this.messages].map(({usage}) => usage));
  }

  /** Whether an answer is on its way. */
  get busy(): boolean {
    return this.#answering !== undefined;
  }

  hostConnected(): void {
    addEventListener('pagehide', this.#saveAnswer);
    addEventListener('storage', this.#readOtherPage);
    if (this.messages.length > 0) this.#scheduler.request();
  }

  /** Draws now, and not in the next frame. */
  draw(): void {
    this.#scheduler.flush();
  }

  hostDisconnected(): void {
    removeEventListener('pagehide', this.#saveAnswer);
    removeEventListener('storage', this.#readOtherPage);
    // A page that moves the element takes it out and puts it back in one task.
    setTimeout(() => {
      if (!this.#host.isConnected) this.#stop();
    });
  }

  /** Replaces the conversation. Stops the answer in progress. */
  replace(messages: readonly MessageInit[]): void {
    this.stop();
    this.#dropped = [];
    // Random once: ten thousand ids take a tenth of a second.
    const id = createId();
    this.#settle(messages.map((init, index) => createMessage(init, id + index, Date.now())));
  }

  /** Asks a question. Resolves to the answer once it has ended, well or not. */
  async send(init: MessageInit): Promise<Message | undefined> {
    // What is kept comes first: a question asked before it is read would take its place.
    if (this.#restored) await this.#restored;
    this.stop();
    return this.#ask(init, Infinity);
  }

  /**
   * Goes on with the last answer where it was lost, if its server can; else asks the last question again, in place of
   * its answer. Resolves as `send` does.
   */
  async retry(): Promise<Message | undefined> {
    const lost = this.#lost;
    const last = this.settled.at(-1);
    if (!lost || last?.id !== lost.message.id) return this.again();
    this.#settle(this.settled.slice(0, -1));
    return this.#answer(lost.save());
  }

  /** Asks the last question again, in place of its answer. Resolves as `send` does. */
  async again(): Promise<Message | undefined> {
    this.stop();
    const at = this.settled.findLastIndex(({role}) => role === 'user');
    if (at === -1) return undefined;
    this.#drop(at + 1);
    return this.#answer();
  }

  /** Asks in place of the question `id`; what came after it is dropped. Rejects with `config` if there is none. */
  async edit(id: string, text: string, added: readonly Part[] = []): Promise<Message | undefined> {
    const at = this.messages.findIndex((message) => message.id === id && message.role === 'user');
    if (at === -1) throw new StreamChatError('config', `There is no question with the id "${id}".`);
    const files = this.messages[at]!.parts.filter(({type}) => type === 'file');
    this.stop();
    return this.#ask({text, parts: [...files, ...added]}, at);
  }

  /** Puts other messages in the place of the answer to the last question, as the person goes back to an earlier one. */
  showAnswer(answer: readonly Message[]): void {
    this.stop();
    const at = this.settled.findLastIndex(({role}) => role === 'user');
    this.#drop(at + 1, answer);
    this.#dropped = this.#dropped.filter((message) => !answer.includes(message));
  }

  /** Tells what the person decided of a call of a tool. */
  decide(key: string, isAllowed: boolean): void {
    this.#answering?.confirmToolCall(key, isAllowed);
  }

  /** Stops the answer in progress and keeps what has come of it. A server that goes on without us is told. */
  stop(): void {
    const answering = this.#answering;
    if (!answering) return;
    this.#stop();
    const {stopEndpoint, endpointSettings} = this.#host;
    if (!stopEndpoint) return;
    const url = new URL(stopEndpoint, endpointSettings.baseUrl).href;
    void notifyStopped(url, answering.stopNotice(), this.#host.credentials, () => readHeaders(this.#host.headers));
  }

  /** Forgets the conversation. */
  clear(): void {
    this.stop();
    this.#chatId = createId();
    this.#dropped = [];
    this.#store?.clear();
    this.#settle([]);
    this.#host.dispatchEvent(new ClearEvent());
  }

  /** Reads the conversation that was kept, once, and takes up an answer that was on its way. */
  restore(): void {
    const {persist, endpointSettings} = this.#host;
    if (persist !== 'none' && endpointSettings.endpoint) this.#restored ??= this.#restore();
  }

  async #restore() {
    const {persist, id, endpointSettings} = this.#host;
    const {ConversationStore, openStorage} = await import('./storage.js');
    const storage = openStorage(persist);
    if (!storage) return;
    const store = (this.#store = new ConversationStore(storage, id || endpointSettings.endpoint));
    const stored = store.load();
    if (!stored || this.messages.length > 0) return this.#save();
    this.#chatId = stored.chatId;
    this.settled = stored.messages;
    this.#changed();
    for (const answerId of stored.pending) await this.#takeUp(store, answerId);
  }

  async #takeUp(store: ConversationStore, id: string) {
    if (!(await store.isAbandoned(id))) return;
    const saved = store.loadAnswer(id);
    store.removeAnswer(id);
    if (!saved) return this.#save();
    if (!this.#answering && this.settled.at(-1)?.role === 'user') {
      await this.#host.updateComplete;
      void this.#answer(saved);
    } else {
      const error = new StreamChatError('interrupted', 'The answer broke off before its end.');
      this.#settle([...this.settled, failAnswer(saved.message, error)]);
    }
  }

  #stop() {
    const answering = this.#answering;
    if (!answering) return;
    answering.stop();
    this.#finish(answering);
  }

  /** Asks in the place of what stands from there on, which stays where the page refuses the question. */
  async #ask(init: MessageInit, from: number): Promise<Message | undefined> {
    const question = createMessage({...init, role: init.role ?? 'user'}, createId(), Date.now());
    if (!this.#host.dispatchEvent(new SendEvent(question))) return undefined;
    this.#drop(from, [question]);
    return this.#answer();
  }

  #drop(from: number, instead: readonly Message[] = []) {
    this.#dropped = [...this.#dropped, ...this.settled.slice(from)];
    this.#settle([...this.settled.slice(0, from), ...instead]);
  }

  #settle(messages: readonly Message[]) {
    this.settled = messages;
    this.#save();
    this.#changed();
  }

  #changed() {
    this.#messages = undefined;
    this.#scheduler.request();
    if (this.#store && this.#answering) this.#saveTimer ??= setTimeout(this.#saveAnswer, saveInterval);
  }

  #save() {
    const pending = this.#answering ? [this.#answering.message.id] : [];
    if (this.#store) this.settled = this.#store.save(this.#chatId, this.settled, pending);
  }

  #saveAnswer = () => {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    if (this.#store && this.#answering) this.#store.saveAnswer(this.#answering.save());
  };

  /** Another page wrote the conversation that this one shows. */
  #readOtherPage = ({key}: StorageEvent) => {
    if (!this.#store?.isKey(key) || this.busy) return;
    const stored = this.#store.load();
    this.#chatId = stored?.chatId ?? createId();
    this.settled = stored?.messages ?? [];
    this.#changed();
  };

  #setStatus(state: ChatState, delay?: number) {
    const changed = state !== this.status.state;
    if (!changed && delay === undefined) return;
    this.heardAt = performance.now();
    this.status = {state, ...(delay !== undefined && {retryAt: this.heardAt + delay * 1000})};
    this.#scheduler.request();
    if (changed) this.#host.dispatchEvent(new StateChangeEvent(state));
  }

  #finish(answering: AnswerSession) {
    this.#answering = undefined;
    this.#lost = answering.retryCanResume ? answering : undefined;
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    this.#settle([...this.settled, answering.message]);
    this.#store?.removeAnswer(answering.message.id);
    this.#setStatus('idle');
  }

  async #answer(saved?: SavedAnswer): Promise<Message> {
    const answering = new AnswerSession(this.#host, {
      id: createId(),
      messages: sendable(this.settled, this.#host.historyLimit),
      chatId: this.#chatId,
      tokensUsed: totalTokens(this.usage ?? {}) ?? 0,
      endpointsWithEndMarker: this.#endpointsWithEndMarker,
      formats: this.#formats,
      saved,
      onChange: () => this.#changed(),
      onActivity: (at = performance.now()) => (this.heardAt = at),
      onStatus: (state, delay) => {
        if (this.#answering === answering) this.#setStatus(state, delay);
      },
    });
    this.#answering = answering;
    this.#lost = undefined;
    const release = this.#store?.hold(answering.message.id);
    this.#save();
    this.#saveAnswer();
    this.#changed();
    this.#setStatus('connecting');
    const event = await answering.run();

    if (this.#answering === answering) this.#finish(answering);
    release?.();
    // `done` says that the last character is in the DOM.
    await this.#scheduler.drain();
    await this.#host.updateComplete;
    // What it waited for, a renderer, may have drawn all anew.
    await this.#scheduler.drain();
    this.#host.dispatchEvent(event);
    return answering.message;
  }
}

/** Reads the headers that the page gives outside an attempt. */
async function readHeaders(source: HeadersSource | undefined): Promise<Headers> {
  return new Headers(typeof source === 'function' ? await source({number: 0, unauthorised: false}) : source);
}
