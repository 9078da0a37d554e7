import type {SavedAnswer} from './saved-answer.js';
import {createMessage, type Message, type MessageInit, type Part} from '../model/conversation.js';

/** Where conversations are kept: a Web Storage, or something of the page's that looks like it. */
export interface TextStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** How a conversation survives a reload. */
export type Persistence = 'none' | 'session' | 'local';

/** What was found in the storage. */
export interface StoredConversation {
  readonly chatId: string;
  readonly messages: readonly Message[];
  /** Ids of answers that were on their way. */
  readonly pending: readonly string[];
}

const version = 1;
const prefix = 'stream-chat:';
/** Characters of a conversation that its files may take. Browsers give an origin some five million. */
const fileRoom = 1_000_000;

/** Returns the storage, or `undefined` where the browser refuses one (private modes, blocked cookies, sandboxes). */
export function openStorage(persistence: Persistence): TextStorage | undefined {
  try {
    if (persistence === 'session') return sessionStorage;
    return persistence === 'local' ? localStorage : undefined;
  } catch (error) {
    console.warn('<stream-chat> cannot keep the conversation: the browser refuses its storage.', error);
    return undefined;
  }
}

/** Whether what was stored can be drawn. */
function isMessage(value: unknown): value is MessageInit {
  if (typeof value !== 'object' || value === null) return false;
  const {role, text, parts} = value as Partial<Message>;
  return typeof role === 'string' && typeof text === 'string' && Array.isArray(parts);
}

/**
 * Returns the messages with the data of their newest files, as much as there is room for: the storage is the page's,
 * and a picture of a telephone would fill it. Of the other files the names stay.
 */
function withoutHeavyFiles(messages: readonly Message[]): readonly Message[] {
  let room = fileRoom;
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

/** A page that is loaded again may come before the browser gave back the lock of the one that was left. */
const lockTries = 5;
const lockPause = 100;

/**
 * Keeps one conversation, and the answers that are on their way, each under a key of its own: while an answer streams
 * only that is written. Several pages may share one: each adds its messages to those that others added meanwhile.
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

  /** Says to other pages that an answer is being brought, until the function returned is called or the page is left. */
  hold(answerId: string): () => void {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    // Without locks (a page that is not secure) two pages may take up one answer: each is whole, and asked for twice.
    void navigator.locks?.request(this.#nameOf(answerId), () => held);
    return release;
  }

  /** Whether no page brings this answer any more. */
  async isAbandoned(answerId: string): Promise<boolean> {
    if (!navigator.locks) return true;
    for (let tries = 0; tries < lockTries; tries++) {
      const isFree = await navigator.locks.request(this.#nameOf(answerId), {ifAvailable: true}, (lock) => Promise.resolve(lock !== null));
      if (isFree) return true;
      await new Promise((resolve) => setTimeout(resolve, lockPause));
    }
    return false;
  }

  /** Whether this is the key of the conversation, of which the browser tells when another page wrote it. */
  isKey(key: string | null): boolean {
    return key === this.#key;
  }

  /** Returns what is stored, or `undefined` if that is nothing, or nothing that can be read. */
  load(): StoredConversation | undefined {
    const stored = this.#peek();
    for (const {id} of stored?.messages ?? []) this.#known.add(id);
    return stored;
  }

  /**
   * Writes the conversation. Returns it together with the messages that another page added since it was read: those
   * belong to it, unless the conversation was begun anew.
   */
  save(chatId: string, messages: readonly Message[], pending: readonly string[]): readonly Message[] {
    const stored = this.#peek();
    const mine = new Set(messages.map(({id}) => id));
    const others =
      stored?.chatId === chatId ? stored.messages.filter(({id}) => !this.#known.has(id) && !mine.has(id)) : [];
    const all = others.length > 0 ? [...messages, ...others].sort((a, b) => a.createdAt - b.createdAt) : messages;
    for (const {id} of all) this.#known.add(id);
    const foreign = stored?.chatId === chatId ? stored.pending.filter((id) => !this.#known.has(id)) : [];
    this.#write(this.#key, {version, chatId, messages: withoutHeavyFiles(all), pending: [...new Set([...foreign, ...pending])]});
    return all;
  }

  /** Forgets the conversation. */
  clear(): void {
    this.#remove(this.#key);
    this.#known.clear();
  }

  /** Returns an answer that was on its way. */
  loadAnswer(id: string): SavedAnswer | undefined {
    const saved = this.#read(this.#nameOf(id)) as SavedAnswer | undefined;
    return saved?.message?.id === id && Array.isArray(saved.reader?.position?.seen) ? saved : undefined;
  }

  /** Writes an answer that is on its way. Its text and its position are written together, so that they agree. */
  saveAnswer(saved: SavedAnswer): void {
    this.#known.add(saved.message.id);
    const [message] = withoutHeavyFiles([saved.message]);
    this.#write(this.#nameOf(saved.message.id), {...saved, message});
  }

  /** Forgets an answer that was on its way. */
  removeAnswer(id: string): void {
    this.#remove(this.#nameOf(id));
  }

  /** Key of an answer that is on its way, and name of the lock that whoever brings it holds. */
  #nameOf(answerId: string): string {
    return `${this.#key}:${answerId}`;
  }

  #peek(): StoredConversation | undefined {
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
