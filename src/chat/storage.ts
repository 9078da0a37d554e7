// Over 300 lines because every way into and out of the stored conversation is here, so that each merges before it writes.
import {createId} from '../lib/create-id.js';
import type {Message} from '../model/conversation.js';
import {claimLock, holdLock} from './answer-locks.js';
import {applyChange, dropOldest, settleAnswer} from './conversation-changes.js';
import type {SavedAnswer} from './saved-answer.js';
import {listRecords, merge, serializeRecord, type StoredConversation} from './stored-conversation.js';
import {readAnswerEpoch, readConversation, readSavedAnswer, serializeAnswer, serializeConversation} from './stored-format.js';
import {isQuotaError, wrapStorage, type TextStorage} from './web-storage.js';

/** Where a conversation is stored, so that it survives a reload. */
export type Persistence = 'none' | 'session' | 'local';

/** The conversation as this page has to show it. */
export interface ConversationView {
  readonly chatId: string;
  /** The messages; while this page streams an answer, those before it. */
  readonly messages: readonly Message[];
  /** Whether the answer that this page streams is still part of the conversation; `false` if another page cleared or replaced it. */
  readonly isAnswerKept: boolean;
}

/** Name of the sentence that the person gets. */
export type StorageNotice = 'storageFull' | 'notStored';

/** Called when the conversation cannot be stored, or not all of it. */
export type ReportStorage = (message: string, cause?: unknown, notice?: StorageNotice) => void;

const prefix = 'stream-chat:';
const denied = 'The browser denies access to its storage: the conversation is not kept.';
const full = 'The storage is full: the oldest messages are not kept.';
const failed = 'The storage is full, or the browser denies writing to it: the conversation is not kept.';
const newer = 'The stored conversation is of a newer version: it stays as it is, and this one is not kept.';

/** Fraction of a conversation that is dropped at once if the storage is full, so that not every message has to drop one. */
const droppedFraction = 0.1;

/** Text of an ID that `createId()` returns. */
const answerId = /^[\da-f]{24}$/;

/** Returns the store of a conversation, or `undefined` if the browser denies access (private modes, blocked cookies, sandboxes). */
export function openStore(persistence: Persistence, name: string, chatId: string, report: ReportStorage): ConversationStore | undefined {
  if (persistence !== 'session' && persistence !== 'local') return undefined;
  try {
    // In some embedded browsers it is `null` instead of throwing.
    const storage: Storage | null = persistence === 'session' ? sessionStorage : localStorage;
    if (storage) return new ConversationStore(wrapStorage(storage), name, chatId, report);
    report(denied);
  } catch (cause) {
    report(denied, cause);
  }
  return undefined;
}

/**
 * Stores one conversation and its unfinished answers. Several pages, and several elements of a page, can share it: each
 * has a copy in memory, and each write merges that with what is stored. Nobody waits for a lock, because a page that is
 * being closed cannot: what a write of another page has overwritten in the meantime is put back when this page learns of
 * it. Each unfinished answer has its own key, so that only that is written while it streams.
 */
export class ConversationStore {
  /** Whether the stored conversation is of a newer version. Then nothing is read or written until it is cleared. */
  isNewer = false;

  #storage: TextStorage;
  #key: string;
  #report: ReportStorage;
  #reported = new Set<string>();
  /** ID of the conversation until one is stored. */
  #chatId: string;
  #conversation: StoredConversation = {epoch: 0, chatId: '', records: new Map()};
  /** The stored text that was read or written last, and is part of the copy. */
  #text: string | null = null;
  /** The messages that the page shows. */
  #shown: readonly Message[] = [];
  /** ID of the answer that this page streams. */
  #answerId: string | undefined;
  #newerEpoch = 0;
  #isChecking = false;
  #onChange: (() => void) | undefined;

  constructor(storage: TextStorage, name: string, chatId: string, report: ReportStorage) {
    this.#storage = storage;
    this.#key = prefix + name;
    this.#chatId = chatId;
    this.#report = report;
  }

  /** Calls `onChange` after another page or element stored something, until the returned function is called. */
  watch(onChange: () => void): () => void {
    this.#onChange = onChange;
    const stop = this.#storage.watch((key, isRemoved) => {
      if (key !== null && key !== this.#key) return;
      // Another page may have begun a new conversation since.
      const text = isRemoved ? this.#read(this.#key) : undefined;
      if (text !== undefined && text !== this.#text) this.#startAnew();
      onChange();
    });
    return () => {
      stop();
      this.#onChange = undefined;
    };
  }

  /** IDs of the unfinished answers, whoever streams them. */
  get pending(): readonly string[] {
    return listRecords(this.#conversation).filter((record) => 'pending' in record).map(({id}) => id);
  }

  /** Returns the stored conversation. Writes nothing. */
  load(): ConversationView {
    this.#pull();
    return this.#show();
  }

  /** Merges what others stored. Puts back what they have overwritten. */
  sync(): ConversationView {
    if (this.#pull()) this.#push();
    return this.#show();
  }

  /** Stores the messages, and that an answer to the last one is in progress. */
  save(messages: readonly Message[], answer?: Message): ConversationView {
    this.#pull();
    if (this.isNewer) return {chatId: this.#chatId, messages, isAnswerKept: true};
    const change = {before: this.#shown, after: messages, answer, answerId: this.#answerId};
    this.#conversation = applyChange({...this.#conversation, chatId: this.#conversation.chatId || this.#chatId}, change);
    this.#answerId = answer?.id;
    this.#shown = messages;
    this.#push();
    return this.#show();
  }

  /** Ends an unfinished answer that no page streams: with this message, or without one. */
  settle(id: string, message?: Message): ConversationView {
    this.#pull();
    this.#conversation = settleAnswer(this.#conversation, id, message);
    this.#push();
    this.removeAnswer(id);
    return this.#show();
  }

  /**
   * Removes the conversation and its unfinished answers, on all pages and of all versions. What remains is the number of
   * the clears, which wins over everything that was stored before.
   */
  clear(chatId: string): void {
    this.#pull();
    this.isNewer = false;
    this.#forget(chatId);
    this.#answerId = undefined;
    if (!this.#push()) this.#attempt(() => this.#storage.removeItem(this.#key));
    this.#removeOldAnswers();
  }

  /** Locks an answer against being resumed by other pages, until the returned function is called or the page is unloaded. */
  hold(answerId: string): () => void {
    return holdLock(this.#answerKey(answerId));
  }

  /** Locks an answer unless a page streams it. Resolves to the function that releases it, or to `undefined`. */
  claim(answerId: string): Promise<(() => void) | undefined> {
    return claimLock(this.#answerKey(answerId));
  }

  /** Returns the stored state of an unfinished answer. */
  loadAnswer(id: string): SavedAnswer | undefined {
    const text = this.#read(this.#answerKey(id));
    return text && readAnswerEpoch(text) === this.#conversation.epoch ? readSavedAnswer(text, id) : undefined;
  }

  /** Stores the answer that this page streams. Text and position are stored together, so that they agree. */
  saveAnswer(saved: SavedAnswer): ConversationView {
    const view = this.sync();
    if (this.isNewer || !view.isAnswerKept) return view;
    this.#write(this.#answerKey(saved.message.id), (fileChars) => serializeAnswer(saved, this.#conversation.epoch, fileChars), () => this.#push());
    return view;
  }

  /** Removes the state of an unfinished answer. */
  removeAnswer(id: string): void {
    if (!this.isNewer) this.#attempt(() => this.#storage.removeItem(this.#answerKey(id)));
  }

  /** Key of an unfinished answer, and name of the lock of the page that streams it. */
  #answerKey(answerId: string): string {
    return `${this.#key}:${answerId}`;
  }

  /** Merges what is stored into the copy. Returns whether there was something else than what was read or written last. */
  #pull(): boolean {
    const text = this.#read(this.#key);
    if (text === undefined || text === this.#text) return false;
    this.#text = text;
    if (text === null) {
      this.#startAnew();
      return true;
    }
    const stored = readConversation(text);
    this.isNewer = stored !== undefined && 'isNewer' in stored;
    if (!stored) return false;
    if ('isNewer' in stored) {
      this.#newerEpoch = stored.epoch;
      this.#reportOnce(newer);
      return false;
    }
    const {epoch} = this.#conversation;
    this.#conversation = merge(this.#conversation, stored);
    if (this.#conversation.epoch > epoch) this.#removeOldAnswers();
    return true;
  }

  /** Writes the copy, unless that is what is stored. Returns whether it is stored. */
  #push(): boolean {
    if (this.isNewer) return false;
    if (this.#text === null && this.#conversation.records.size === 0) return true;
    const text = this.#write(this.#key, (fileChars) => serializeConversation(this.#conversation, fileChars), () => true);
    if (text === undefined) return false;
    if (text === this.#text) return true;
    this.#text = text;
    this.#check();
    return true;
  }

  /** Writes again under a lock what another page may have overwritten in this moment. */
  #check() {
    if (this.#isChecking) return;
    this.#isChecking = true;
    this.#storage.runLocked(this.#key, () => {
      this.#isChecking = false;
      if (!this.#pull()) return;
      this.#push();
      this.#onChange?.();
    });
  }

  /**
   * Forgets the conversation because it was removed, by the host page or by the person in the settings of the browser. Called
   * wherever that is noticed, because the next write would bring back all messages. What is shown stays known, so that it is
   * not added as new.
   */
  #startAnew() {
    this.isNewer = false;
    this.#chatId = createId();
    this.#conversation = {epoch: 0, chatId: this.#chatId, records: new Map()};
  }

  /** Forgets the conversation. The next epoch begins if one is stored; without, the next page would begin with the first. */
  #forget(chatId: string) {
    const epoch = this.#text === null ? 0 : Math.max(this.#conversation.epoch, this.#newerEpoch) + 1;
    this.#conversation = {epoch, chatId, records: new Map()};
    this.#chatId = chatId;
    this.#shown = [];
  }

  #show(): ConversationView {
    const shown = new Map(this.#shown.map((message) => [message.id, message]));
    const listed = listRecords(this.#conversation);
    const at = listed.findIndex(({id}) => id === this.#answerId);
    const isAnswerKept = this.#answerId === undefined || at !== -1;
    const messages = (isAnswerKept && at !== -1 ? listed.slice(0, at) : listed).flatMap((record) => {
      const message = 'message' in record ? record.message : 'dropped' in record && shown.get(record.id);
      return message ? [message] : [];
    });
    const isSame = messages.length === this.#shown.length && messages.every((message, index) => message === this.#shown[index]);
    if (!isSame) this.#shown = messages;
    return {chatId: this.#conversation.chatId || this.#chatId, messages: this.#shown, isAnswerKept};
  }

  /**
   * Writes a text. While the storage is full, drops the oldest exchanges, and at last the data of the files in the newest
   * one. Returns the text, or `undefined` if it could not be written.
   */
  #write(key: string, serialize: (fileChars?: number) => string, storeRest: () => boolean): string | undefined {
    const complete = this.#conversation;
    let hasDropped = false;
    let text = serialize();
    let cause = this.#set(key, text);
    while (cause !== undefined && isQuotaError(cause)) {
      const smaller = dropOldest(this.#conversation, text.length * droppedFraction, (record) => serializeRecord(record).length);
      if (!smaller) {
        text = serialize(0);
        cause = this.#set(key, text);
        break;
      }
      this.#conversation = smaller;
      hasDropped = true;
      text = serialize();
      cause = storeRest() ? this.#set(key, text) : cause;
    }
    if (cause !== undefined) {
      // What is stored is completed as soon as there is room.
      this.#conversation = complete;
      this.#reportOnce(failed, cause, 'notStored');
    } else if (hasDropped) this.#reportOnce(full, undefined, 'storageFull');
    return cause === undefined ? text : undefined;
  }

  /** Returns why a text could not be written, or `undefined` if it is stored. */
  #set(key: string, text: string): unknown {
    if (key === this.#key && text === this.#text) return undefined;
    return this.#attempt(() => this.#storage.setItem(key, text));
  }

  #attempt(write: () => void): unknown {
    try {
      write();
      return undefined;
    } catch (cause) {
      return cause ?? new Error(failed);
    }
  }

  /** Returns a stored text, `null` if there is none, or `undefined` if it cannot be read. */
  #read(key: string): string | null | undefined {
    try {
      return this.#storage.getItem(key);
    } catch (cause) {
      this.#reportOnce(denied, cause);
      return undefined;
    }
  }

  /** Removes what is stored of answers that were cleared: their pages may have ended before they learned of it. */
  #removeOldAnswers() {
    const start = `${this.#key}:`;
    const remove = () => {
      for (const key of this.#storage.keys()) {
        // Another conversation may have a name that begins like this one.
        if (!key.startsWith(start) || !answerId.test(key.slice(start.length))) continue;
        if (readAnswerEpoch(this.#storage.getItem(key) ?? '') < this.#conversation.epoch) this.#storage.removeItem(key);
      }
    };
    const cause = this.#attempt(remove);
    if (cause !== undefined) this.#reportOnce(denied, cause);
  }

  #reportOnce(message: string, cause?: unknown, notice?: StorageNotice) {
    // Where reading is denied, writing is too.
    const topic = message === denied ? failed : message;
    if (this.#reported.has(topic)) return;
    this.#reported.add(topic);
    this.#report(message, cause, notice);
  }
}
