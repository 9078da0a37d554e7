// Over 300 lines because every change of the conversation is here: each stops the answer, waits for the restore, and is stored.
import type {ReactiveController} from 'lit';

import type {ChatHost} from './chat-host.js';
import type {ChatStatus} from './chat-status.js';
import {createMessages, greetingId} from './create-messages.js';
import {LazyAnswer} from './lazy-answer.js';
import type {SavedAnswer} from './saved-answer.js';
import {createAnswer, createMessage, failAnswer, sendable, sumUsage, totalTokens, type Message, type MessageInit, type Part, type Usage} from '../model/conversation.js';
import {createId} from '../lib/create-id.js';
import {logError} from '../lib/log-error.js';
import {StreamChatError} from '../model/errors.js';
import {AnswerErrorEvent, ClearEvent, SendEvent, StateChangeEvent, type ChatState} from './events.js';
import {RenderScheduler, type RenderJob} from '../lib/render-scheduler.js';
import {loadStorage} from './load-storage.js';
import type {ConversationStore, ConversationView, StorageNotice} from './storage.js';

/** Interval at which a streaming answer is stored, in milliseconds. It is also stored on `pagehide`. */
const saveInterval = 400;

/**
 * Sends the message and owns the conversation. Data flow:
 *
 *     host ─► request ─► transport ─► answer reader ─► conversation ─► render scheduler ─► render
 *      ▲                                                    │
 *      └───────────── delta, done, error ◄──────────────────┘
 */
export class ChatController implements ReactiveController {
  /** State of the element, and the time of the next attempt. */
  status: ChatStatus = {state: 'idle'};

  /** Time of the last activity: bytes from the server, or the request itself, in `performance.now()` milliseconds. */
  lastActivityAt = 0;

  /** Messages without the answer in progress. The array is replaced, not mutated, so comparing it by identity shows whether it changed. */
  completedMessages: readonly Message[] = [];

  #host: ChatHost;
  #scheduler: RenderScheduler;
  #activeSession: LazyAnswer | undefined;
  /** Session of the last answer if it was interrupted and `retry()` can resume it. */
  #failedSession: LazyAnswer | undefined;
  #messages: readonly Message[] | undefined;
  #chatId = createId();
  /** What earlier answers showed about the servers. */
  #known = {endpointsWithEndMarker: new Set<string>(), endpointsWithoutResume: new Set<string>(), formats: new Map<string, string>()};
  /** Replaced answers: no longer in the conversation, but their tokens were billed and count in `usage`. */
  #discarded: readonly Message[] = [];
  #store: ConversationStore | undefined;
  /** Initial messages: shown until the stored conversation is restored, and kept only if that is empty. */
  #initial: ReadonlySet<Message> = new Set();
  #restored: Promise<void> | undefined;
  /** `id` of the element when the stored conversation was opened. */
  #openId = '';
  /** Writes that wait for the stored conversation, in their order; `undefined` if none has to wait. */
  #waiting: (() => void)[] | undefined;
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #unwatch: (() => void) | undefined;

  /** `work` renders the current conversation, at most once per animation frame. */
  constructor(host: ChatHost, work: RenderJob) {
    (this.#host = host).addController(this);
    this.#scheduler = new RenderScheduler(work);
  }

  /** The conversation, always up to date; only rendering waits for the next animation frame. */
  get messages(): readonly Message[] {
    const answer = this.#activeSession?.message;
    return (this.#messages ??= answer ? [...this.completedMessages, answer] : this.completedMessages);
  }

  /** Tokens used by the conversation, as reported by the server, including replaced answers. */
  get usage(): Usage | undefined {
    return sumUsage([...this.#discarded, ...this.messages].map(({usage}) => usage));
  }

  /** Resolves when the stored conversation is restored, even if that failed; `undefined` if nothing has to wait for it. */
  get restoring(): Promise<void> | undefined {
    return this.#waiting && this.#restored;
  }

  /** Whether an answer is in progress. */
  get busy(): boolean {
    return this.#activeSession !== undefined;
  }

  hostConnected(): void {
    addEventListener('pagehide', this.#saveAnswer);
    this.#watch();
    if (this.messages.length > 0) this.#scheduler.request();
  }

  /** Renders now instead of in the next animation frame. */
  draw(): void {
    this.#scheduler.flush();
  }

  hostDisconnected(): void {
    removeEventListener('pagehide', this.#saveAnswer);
    this.#unwatch?.();
    // Moving the element disconnects and reconnects it within one task; stop only if it is still disconnected afterwards.
    setTimeout(() => {
      this.#enqueue(() => {
        if (!this.#host.isConnected) this.#stop();
      });
    });
  }

  /**
   * Replaces the conversation, and stops the answer in progress. Before the stored conversation is restored, these are
   * initial messages: they are only for an empty conversation.
   */
  replace(messages: readonly MessageInit[]): void {
    if (this.#restored) this.restore();
    const isInitial = !this.#restored && this.#host.persist !== 'none';
    const created = createMessages(messages, this.#waiting || isInitial ? greetingId : createId());
    if (this.#waiting) return this.#queueInitial(created);
    this.stop();
    this.#discarded = [];
    if (!this.#restored) this.#initial = new Set(created);
    this.#commit(created);
  }

  /** Shows messages if the conversation is empty. They are stored with the first message that follows. */
  greet(messages: readonly MessageInit[]): void {
    const created = createMessages(messages, greetingId);
    if (this.#waiting) this.#queueInitial(created);
    else this.#showInitial(created);
  }

  /** Sends a message and stops any answer in progress. Resolves to the answer when it ends, even if it failed. */
  send(init: MessageInit): Promise<Message | undefined> {
    return this.#write(async () => {
      this.stop();
      return this.#sendFrom(init, Infinity);
    });
  }

  /**
   * Resumes the last answer if it was interrupted and its server supports that; otherwise regenerates it. Resolves as
   * `send` does.
   */
  retry(): Promise<Message | undefined> {
    return this.#write(async () => {
      const failed = this.#failedSession;
      const last = this.completedMessages.at(-1);
      if (!failed || last?.id !== failed.message.id) return this.regenerate();
      this.completedMessages = this.completedMessages.slice(0, -1);
      return this.#answer(failed.save());
    });
  }

  /** Sends the last question again and replaces its answer. Resolves as `send` does. */
  regenerate(): Promise<Message | undefined> {
    return this.#write(async () => {
      this.stop();
      const at = this.completedMessages.findLastIndex(({role}) => role === 'user');
      if (at === -1) return undefined;
      this.#cutFrom(at + 1);
      return this.#answer();
    });
  }

  /** Replaces the user message `id`, discards everything after it, and sends it. Rejects with `config` if there is none. */
  edit(id: string, text: string, added: readonly Part[] = []): Promise<Message | undefined> {
    return this.#write(async () => {
      const at = this.messages.findIndex((message) => message.id === id && message.role === 'user');
      if (at === -1) throw new StreamChatError('config', `There is no question with the id "${id}".`);
      const files = this.messages[at]!.parts.filter(({type}) => type === 'file');
      this.stop();
      return this.#sendFrom({text, parts: [...files, ...added]}, at);
    });
  }

  /** Shows another version of the last answer: replaces the messages after the last question. */
  showVersion(answer: readonly Message[]): void {
    this.#enqueue(() => {
      this.stop();
      const at = this.completedMessages.findLastIndex(({role}) => role === 'user');
      this.#cutFrom(at + 1);
      this.#commit([...this.completedMessages, ...answer]);
      this.#discarded = this.#discarded.filter((message) => !answer.includes(message));
    });
  }

  /** Resolves the confirmation of a tool call. */
  confirmToolCall(key: string, isAllowed: boolean): void {
    this.#activeSession?.confirmToolCall(key, isAllowed);
  }

  /** Stops the answer in progress and keeps its text. Notifies `stop-endpoint`, whose server keeps generating. */
  stop(): void {
    if (this.#waiting) return this.#enqueue(() => this.stop());
    const session = this.#activeSession;
    if (!session) return;
    this.#stop();
    session.notifyStopped();
  }

  /** Clears the conversation. */
  clear(): void {
    this.restore();
    if (this.#waiting) {
      this.#showInitial([]);
      return this.#enqueue(() => this.clear());
    }
    this.stop();
    this.#chatId = createId();
    this.#discarded = [];
    this.#store?.clear(this.#chatId);
    this.#commit([]);
    this.#host.dispatchEvent(new ClearEvent());
  }

  /** Loads the stored conversation, once for each `id`, and resumes an unfinished answer. Until then, writes wait. */
  restore(): void {
    const {persist, id, endpointSettings, source} = this.#host;
    if (persist === 'none' || (source === 'fetch' && !endpointSettings.endpoint)) return;
    if (this.#restored && id !== this.#openId) this.#enqueue(() => this.#reopen());
    if (this.#restored) return;
    this.#waiting = [];
    const fail = (cause: unknown) => this.#reportStorage('The stored conversation could not be restored.', cause);
    this.#restored = this.#restore().catch(fail).then(() => {
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      for (const write of waiting) write();
    });
  }

  /**
   * Opens the conversation of the new `id`. The one before stays stored, and its answer in progress ends, as if the element
   * was removed from the page and inserted again.
   */
  #reopen() {
    if (this.#openId === this.#host.id) return;
    this.#stop();
    this.#unwatch?.();
    this.#store = this.#restored = this.#failedSession = undefined;
    this.#discarded = [];
    this.#chatId = createId();
    this.#host.showNotice(undefined);
    this.#show([...this.#initial]);
    this.restore();
  }

  /** Runs a write now, or after the stored conversation is restored. */
  #enqueue(write: () => void) {
    if (this.#waiting) this.#waiting.push(write);
    else write();
  }

  /** Restores the stored conversation first, and then runs a write. Resolves as that does. */
  #write<T>(write: () => Promise<T>): Promise<T> {
    this.restore();
    const run = () => {
      this.#host.showNotice(undefined);
      // Another page may have changed what this write builds on.
      this.#sync();
      return write();
    };
    return new Promise((resolve) => this.#enqueue(() => resolve(run())));
  }

  /** Shows initial messages while the stored conversation loads. They stay if it is empty when their turn comes. */
  #queueInitial(messages: readonly Message[]) {
    this.#showInitial(messages);
    this.#enqueue(() => this.#showInitial(messages));
  }

  /** Shows initial messages instead of earlier ones, if there is nothing else. */
  #showInitial(messages: readonly Message[]) {
    if (!this.messages.every((message) => this.#initial.has(message))) return;
    this.#initial = new Set(messages);
    this.#show(messages);
  }

  async #restore() {
    const {openStore} = await loadStorage(this.#host);
    // Read late, because these may be set in the same task as the message that began the restore.
    const {persist, id, endpointSettings} = this.#host;
    this.#openId = id;
    const store = openStore?.(persist, id || endpointSettings.endpoint || 'source', this.#chatId, this.#reportStorage);
    if (!store) return;
    this.#store = store;
    const stored = store.load();
    // If the page turned storage on late, there may be a conversation already: it continues the stored one.
    const added = this.completedMessages.filter((message) => !this.#initial.has(message));
    if (!store.isNewer) this.#chatId = stored.chatId;
    if (stored.messages.length > 0) this.#show([...stored.messages, ...added]);
    if (added.length > 0) this.#save();
    this.#watch();
    for (const answerId of store.pending) if (answerId !== this.#activeSession?.message.id) await this.#resumeStored(store, answerId);
  }

  async #resumeStored(store: ConversationStore, id: string) {
    const release = await store.claim(id);
    if (!release) return;
    this.#sync();
    // Another page may have ended it in the meantime.
    if (!store.pending.includes(id)) return release();
    const saved = store.loadAnswer(id);
    const settle = () => {
      this.#adopt(store.settle(id, saved && failAnswer(saved.message, new StreamChatError('interrupted', 'The answer was interrupted.'))));
      release();
    };
    if (!saved || this.#activeSession || this.completedMessages.at(-1)?.role !== 'user') return settle();
    await this.#updated();
    this.#answer(saved, release).catch((error: unknown) => {
      this.#reportStorage('A stored answer could not be resumed.', error);
      settle();
    });
  }

  /** Reports that the conversation is not stored, or not as it should be. The chat works without. */
  #reportStorage = (message: string, cause?: unknown, notice?: StorageNotice) => {
    this.#host.reportConfigError(new StreamChatError('config', message, {cause}));
    if (notice) this.#host.showNotice(notice);
  };

  #stop() {
    const session = this.#activeSession;
    if (!session) return;
    session.stop();
    this.#finish(session);
  }

  /** Replaces all messages from index `from` with the question and sends it. If a `send` listener cancels, nothing changes. */
  async #sendFrom(init: MessageInit, from: number): Promise<Message | undefined> {
    const question = createMessage({...init, role: init.role ?? 'user'}, createId(), Date.now());
    if (!this.#host.dispatchEvent(new SendEvent(question))) return undefined;
    this.#cutFrom(from);
    this.completedMessages = [...this.completedMessages, question];
    return this.#answer();
  }

  /** Removes all messages from index `from`. They are stored with what follows: a question is never without its place. */
  #cutFrom(from: number) {
    this.#discarded = [...this.#discarded, ...this.completedMessages.slice(from)];
    this.completedMessages = this.completedMessages.slice(0, from);
  }

  #commit(messages: readonly Message[]) {
    this.completedMessages = messages;
    this.#save();
    this.#handleChange();
  }

  /** Shows messages without storing them. */
  #show(messages: readonly Message[]) {
    this.completedMessages = messages;
    this.#handleChange();
  }

  /** Resolves after the pending update of the element; at once if it is not in the page, where it may never update. */
  async #updated() {
    // An update that fails must not keep an answer from ending.
    if (this.#host.isConnected) await this.#host.updateComplete.catch(reportError);
  }

  #handleChange() {
    this.#messages = undefined;
    this.#scheduler.request();
    if (this.#store && this.#activeSession) this.#saveTimer ??= setTimeout(this.#saveAnswer, saveInterval);
  }

  #save() {
    if (this.#store) this.#adopt(this.#store.save(this.completedMessages, this.#activeSession?.message));
  }

  #saveAnswer = () => {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    if (this.#store && this.#activeSession) this.#adopt(this.#store.saveAnswer(this.#activeSession.save()));
  };

  #sync() {
    if (this.#store) this.#adopt(this.#store.sync());
  }

  /** Shows the conversation that this page shares with others. Stops the answer if one of them cleared or replaced it. */
  #adopt({chatId, messages, isAnswerKept}: ConversationView) {
    if (this.#store!.isNewer) return;
    this.#chatId = chatId;
    const isGreeting = messages.length === 0 && this.completedMessages.every((message) => this.#initial.has(message));
    if (messages !== this.completedMessages && !isGreeting) this.#show(messages);
    if (!isAnswerKept) this.stop();
  }

  /** Follows what other pages and elements store in the same conversation, while this element is in the page. */
  #watch() {
    this.#unwatch?.();
    if (!this.#store || !this.#host.isConnected) return;
    this.#unwatch = this.#store.watch(() => this.#enqueue(() => this.#sync()));
    this.#sync();
  }

  #setStatus(state: ChatState, delay?: number, isRefused = false) {
    const changed = state !== this.status.state;
    if (!changed && delay === undefined) return;
    this.lastActivityAt = performance.now();
    this.status = {state, isRefused, ...(delay !== undefined && {retryAt: this.lastActivityAt + delay * 1000})};
    this.#scheduler.request();
    if (changed) this.#host.dispatchEvent(new StateChangeEvent(state));
  }

  #finish(session: LazyAnswer) {
    this.#activeSession = undefined;
    this.#failedSession = session.retryCanResume ? session : undefined;
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    this.#commit([...this.completedMessages, session.message]);
    this.#store?.removeAnswer(session.message.id);
    this.#setStatus('idle');
  }

  async #answer(saved?: SavedAnswer, held?: () => void): Promise<Message> {
    const session = new LazyAnswer(this.#host, {
      message: {...(saved?.message ?? createAnswer(createId(), Date.now())), status: 'streaming'},
      messages: sendable(this.completedMessages, this.#host.historyLimit),
      chatId: this.#chatId,
      tokensUsed: totalTokens(this.usage ?? {}) ?? 0,
      ...this.#known,
      saved,
      onChange: () => this.#handleChange(),
      onActivity: (at = performance.now()) => (this.lastActivityAt = at),
      onStatus: (state, delay, isRefused) => {
        if (this.#activeSession === session) this.#setStatus(state, delay, isRefused);
      },
    });
    this.#activeSession = session;
    this.#failedSession = undefined;
    const release = held ?? this.#store?.hold(session.message.id);
    this.#save();
    this.#saveAnswer();
    this.#handleChange();
    if (this.#activeSession === session) this.#setStatus('connecting');
    const event = await session.run();

    if (this.#activeSession === session) this.#finish(session);
    release?.();
    // `done` guarantees that the last character is in the DOM.
    await this.#scheduler.drain();
    await this.#updated();
    // The update may have loaded a renderer, which renders everything again.
    await this.#scheduler.drain();
    if (event instanceof AnswerErrorEvent) logError(event.detail.error);
    this.#host.dispatchEvent(event);
    return session.message;
  }
}
