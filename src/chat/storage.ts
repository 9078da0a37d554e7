import type {SavedAnswer} from './saved-answer.js';
import {createMessage, type Message, type MessageInit, type Part} from '../model/conversation.js';

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

const version = 1;
const prefix = 'stream-chat:';
/** Maximum size of the files in a stored conversation, in characters. Browsers limit an origin to some five million. */
const maxFileChars = 1_000_000;

/** Returns the storage, or `undefined` if the browser denies access (private modes, blocked cookies, sandboxes). */
export function openStorage(persistence: Persistence): TextStorage | undefined {
  try {
    if (persistence === 'session') return sessionStorage;
    return persistence === 'local' ? localStorage : undefined;
  } catch (error) {
    console.warn('<stream-chat> cannot keep the conversation: the browser refuses its storage.', error);
    return undefined;
  }
}

/** Whether a stored value can be rendered as a message. */
function isMessage(value: unknown): value is MessageInit {
  if (typeof value !== 'object' || value === null) return false;
  const {role, text, parts} = value as Partial<Message>;
  return typeof role === 'string' && typeof text === 'string' && Array.isArray(parts);
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
  #storage: TextStorage;
  #key: string;
  #known = new Set<string>();
  #isFull = false;

  constructor(storage: TextStorage, name: string) {
    this.#storage = storage;
    this.#key = prefix + name;
  }

  /** Locks an answer against being resumed by other pages, until the returned function is called or the page is unloaded. */
  hold(answerId: string): () => void {
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    // Without locks (insecure contexts) two pages may resume one answer: each gets all of it, but it is requested twice.
    void navigator.locks?.request(this.#answerKey(answerId), () => released);
    return release;
  }

  /** Whether no page is streaming this answer. */
  async isAbandoned(answerId: string): Promise<boolean> {
    if (!navigator.locks) return true;
    for (let attempt = 0; attempt < maxLockAttempts; attempt++) {
      const isFree = await navigator.locks.request(this.#answerKey(answerId), {ifAvailable: true}, (lock) => Promise.resolve(lock !== null));
      if (isFree) return true;
      await new Promise((resolve) => setTimeout(resolve, lockDelay));
    }
    return false;
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
    this.#remove(this.#key);
    this.#known.clear();
  }

  /** Returns the stored state of an unfinished answer. */
  loadAnswer(id: string): SavedAnswer | undefined {
    const saved = this.#read(this.#answerKey(id)) as SavedAnswer | undefined;
    return saved?.message?.id === id && Array.isArray(saved.reader?.position?.seen) ? saved : undefined;
  }

  /** Stores an unfinished answer. Text and position are stored together, so that they agree. */
  saveAnswer(saved: SavedAnswer): void {
    this.#known.add(saved.message.id);
    const [message] = withoutHeavyFiles([saved.message]);
    this.#write(this.#answerKey(saved.message.id), {...saved, message});
  }

  /** Removes an unfinished answer. */
  removeAnswer(id: string): void {
    this.#remove(this.#answerKey(id));
  }

  /** Key of an unfinished answer, and name of the lock of the page that streams it. */
  #answerKey(answerId: string): string {
    return `${this.#key}:${answerId}`;
  }

  #readConversation(): StoredConversation | undefined {
    const stored = this.#read(this.#key) as Partial<StoredConversation & {version: number}> | undefined;
    if (stored?.version !== version || typeof stored.chatId !== 'string' || !Array.isArray(stored.messages)) return undefined;
    const messages = (stored.messages as readonly unknown[]).filter(isMessage);
    return {
      chatId: stored.chatId,
      messages: messages.map((init, index) => createMessage(init, String(index), 0)),
      pending: Array.isArray(stored.pending) ? stored.pending : [],
    };
  }

  #read(key: string): unknown {
    try {
      return JSON.parse(this.#storage.getItem(key) ?? 'null') ?? undefined;
    } catch (error) {
      console.warn('<stream-chat> found a conversation that it cannot read, and begins a new one.', error);
      return undefined;
    }
  }

  #write(key: string, value: unknown) {
    try {
      this.#storage.setItem(key, JSON.stringify(value));
      this.#isFull = false;
    } catch (error) {
      if (!this.#isFull) console.warn('<stream-chat> cannot keep the conversation: the storage is full or refused.', error);
      this.#isFull = true;
    }
  }

  #remove(key: string) {
    try {
      this.#storage.removeItem(key);
    } catch (error) {
      console.warn('<stream-chat> cannot forget the conversation: the storage is refused.', error);
    }
  }
}
