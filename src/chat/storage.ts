import type {SavedAnswer} from './saved-answer.js';
import {isRecord, isString, readAnswer, readMessages} from './stored-message.js';
import {createId} from '../lib/create-id.js';
import type {Message, Part} from '../model/conversation.js';

/** Storage for conversations: Web Storage, or an object with these methods. */
export interface TextStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Where a conversation is stored, so that it survives a reload. */
export type Persistence = 'none' | 'session' | 'local';

/** A conversation loaded from the storage. */
export interface StoredConversation {
  readonly chatId: string;
  readonly messages: readonly Message[];
  /** IDs of unfinished answers. */
  readonly pending: readonly string[];
}

type StoredData = Readonly<Record<string, unknown>>;

/** Migrations of stored data: the one at index N returns the data of version N as version N + 1. */
const migrations: readonly ((data: StoredData) => StoredData)[] = [
  // Without a version: the same fields, of which the ID of the conversation may be absent.
  (data) => ({chatId: createId(), pending: [], ...data}),
];
const version = migrations.length;
const prefix = 'stream-chat:';
/** Maximum size of the files in a stored conversation, in characters. Browsers limit an origin to some five million. */
const maxFileChars = 1_000_000;

/** Called when the conversation cannot be stored. */
export type ReportStorage = (message: string, cause?: unknown) => void;

const denied = 'The browser denies access to its storage: the conversation is not kept.';

/** Returns the store of a conversation, or `undefined` if the browser denies access (private modes, blocked cookies, sandboxes). */
export function openStore(persistence: Persistence, name: string, report: ReportStorage): ConversationStore | undefined {
  if (persistence !== 'session' && persistence !== 'local') return undefined;
  try {
    // In some embedded browsers it is `null` instead of throwing.
    const storage: TextStorage | null = persistence === 'session' ? sessionStorage : localStorage;
    if (storage) return new ConversationStore(storage, name, report);
    report(denied);
  } catch (cause) {
    report(denied, cause);
  }
  return undefined;
}

/**
 * Returns the messages with the data of their newest files only, up to `maxFileChars`: the host page shares the storage,
 * and one photo from a phone would fill it. Other files keep their names.
 */
function withoutHeavyFiles(messages: readonly Message[]): readonly Message[] {
  let room = maxFileChars;
  const keep = (part: Part): Part => {
    if (part.type !== 'file' || !part.url.startsWith('data:')) return part;
    room -= part.url.length;
    return room >= 0 ? part : {...part, url: ''};
  };
  return messages
    .toReversed()
    .map((message) => (message.parts.some(({type}) => type === 'file') ? {...message, parts: message.parts.map(keep)} : message))
    .reverse();
}

/** Attempts to acquire a lock, and the pause between them in milliseconds: a reloaded page may start before the browser has released the locks of the old one. */
const maxLockAttempts = 5;
const lockDelay = 100;

/**
 * Stores one conversation and its unfinished answers. Each answer has its own key, so that only that is written while it
 * streams. Several pages can share a conversation: each adds its messages to those added by others in the meantime.
 */
export class ConversationStore {
  /** Whether the stored conversation is of a newer version. Then nothing is read or written. */
  isNewer = false;

  #storage: TextStorage;
  #key: string;
  #known = new Set<string>();
  #report: ReportStorage;
  #hasReported = false;

  constructor(storage: TextStorage, name: string, report: ReportStorage) {
    this.#storage = storage;
    this.#key = prefix + name;
    this.#report = report;
  }

  /** Locks an answer against being resumed by other pages, until the returned function is called or the page is unloaded. */
  hold(answerId: string): () => void {
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    // Without locks (insecure contexts) two pages may resume one answer: each gets all of it, but it is requested twice.
    // Documents that are unloaded, or in some sandboxes, may not lock.
    navigator.locks?.request(this.#answerKey(answerId), () => released).catch(reportLock);
    return release;
  }

  /** Whether no page is streaming this answer. */
  async isAbandoned(answerId: string): Promise<boolean> {
    if (!navigator.locks) return true;
    try {
      for (let attempt = 0; attempt < maxLockAttempts; attempt++) {
        const isFree = await navigator.locks.request(this.#answerKey(answerId), {ifAvailable: true}, (lock) => Promise.resolve(lock !== null));
        if (isFree) return true;
        await new Promise((resolve) => setTimeout(resolve, lockDelay));
      }
      return false;
    } catch (error) {
      reportLock(error);
      return true;
    }
  }

  /** Whether a `storage` event with this key is about the conversation. */
  isKey(key: string | null): boolean {
    return key === this.#key;
  }

  /** Returns the stored conversation, or `undefined` if there is none or it is invalid. */
  load(): StoredConversation | undefined {
    const stored = this.#readConversation();
    for (const {id} of stored?.messages ?? []) this.#known.add(id);
    return stored;
  }

  /**
   * Stores the conversation. Returns it with the messages that other pages have added since it was loaded, unless they
   * have started a new conversation.
   */
  save(chatId: string, messages: readonly Message[], pending: readonly string[]): readonly Message[] {
    const stored = this.#readConversation();
    if (this.isNewer) return messages;
    const mine = new Set(messages.map(({id}) => id));
    const others =
      stored?.chatId === chatId ? stored.messages.filter(({id}) => !this.#known.has(id) && !mine.has(id)) : [];
    const all = others.length > 0 ? [...messages, ...others].sort((a, b) => a.createdAt - b.createdAt) : messages;
    for (const {id} of all) this.#known.add(id);
    const foreign = stored?.chatId === chatId ? stored.pending.filter((id) => !this.#known.has(id)) : [];
    this.#write(this.#key, {version, chatId, messages: withoutHeavyFiles(all), pending: [...new Set([...foreign, ...pending])]});
    return all;
  }

  /** Removes the conversation. */
  clear(): void {
    this.#readConversation();
    if (!this.isNewer) this.#remove(this.#key);
    this.#known.clear();
  }

  /** Returns the stored state of an unfinished answer. */
  loadAnswer(id: string): SavedAnswer | undefined {
    return readAnswer(this.#read(this.#answerKey(id)), id);
  }

  /** Stores an unfinished answer. Text and position are stored together, so that they agree. */
  saveAnswer(saved: SavedAnswer): void {
    if (this.isNewer) return;
    this.#known.add(saved.message.id);
    const [message] = withoutHeavyFiles([saved.message]);
    this.#write(this.#answerKey(saved.message.id), {...saved, message});
  }

  /** Removes an unfinished answer. */
  removeAnswer(id: string): void {
    if (!this.isNewer) this.#remove(this.#answerKey(id));
  }

  /** Key of an unfinished answer, and name of the lock of the page that streams it. */
  #answerKey(answerId: string): string {
    return `${this.#key}:${answerId}`;
  }

  #readConversation(): StoredConversation | undefined {
    const stored = this.#read(this.#key);
    const found = isRecord(stored) ? (stored['version'] ?? 0) : undefined;
    this.isNewer = typeof found === 'number' && found > version;
    if (this.isNewer) this.#reportOnce('The stored conversation is of a newer version: it stays as it is, and this one is not kept.');
    if (!isRecord(stored) || !Number.isInteger(found) || this.isNewer || Number(found) < 0) return undefined;
    const {chatId, messages, pending} = migrations.slice(Number(found)).reduce((data, migrate) => migrate(data), stored as StoredData);
    if (!isString(chatId) || !Array.isArray(messages)) return undefined;
    return {chatId, messages: readMessages(messages), pending: Array.isArray(pending) ? pending.filter(isString) : []};
  }

  #read(key: string): unknown {
    let text: string | null;
    try {
      text = this.#storage.getItem(key);
    } catch (cause) {
      this.#reportOnce(denied, cause);
      return undefined;
    }
    try {
      return JSON.parse(text ?? 'null') ?? undefined;
    } catch (error) {
      console.warn('<stream-chat> found a conversation that it cannot read, and begins a new one.', error);
      return undefined;
    }
  }

  #write(key: string, value: unknown) {
    try {
      this.#storage.setItem(key, JSON.stringify(value));
    } catch (cause) {
      this.#reportOnce('The storage is full, or the browser denies writing to it: the conversation is not kept.', cause);
    }
  }

  #remove(key: string) {
    try {
      this.#storage.removeItem(key);
    } catch (cause) {
      this.#reportOnce(denied, cause);
    }
  }

  #reportOnce(message: string, cause?: unknown) {
    if (this.#hasReported) return;
    this.#hasReported = true;
    this.#report(message, cause);
  }
}

function reportLock(error: unknown) {
  console.warn('<stream-chat> cannot lock an answer: another page may resume it too.', error);
}
