// The changes of a stored conversation: what a page did to its messages becomes new records. Pure, as the merge is.
import type {Message} from '../model/conversation.js';
import {listRecords, serializeRecord, type RecordHead, type StoredConversation, type StoredRecord} from './stored-conversation.js';

/** A change of the messages that a page shows. */
export interface MessageChange {
  /** The messages that the page had. */
  readonly before: readonly Message[];
  readonly after: readonly Message[];
  /** The answer in progress, to the last message of `after`. */
  readonly answer?: Message | undefined;
  /** ID of the answer that was in progress before. */
  readonly answerId?: string | undefined;
}

/**
 * Applies what a page changed since `before` to a conversation that other pages may have changed in the meantime. What they
 * deleted or cleared stays away, the answer that this page was streaming too.
 */
export function applyChange(conversation: StoredConversation, {before, after, answer, answerId}: MessageChange): StoredConversation {
  const records = new Map(conversation.records);
  const had = new Set(before.map(({id}) => id));
  const has = new Set(after.map(({id}) => id));
  for (const id of had) {
    const record = records.get(id);
    if (record && !has.has(id) && id !== answer?.id && !('deleted' in record)) records.set(id, {...next(record), deleted: true});
  }

  const isAway = (id: string) => {
    const record = records.get(id);
    return (had.has(id) || id === answerId) && (!record || 'deleted' in record);
  };
  const kept = after.filter(({id}) => !isAway(id));
  const isReordered = !keepsOrder(before, after, records);
  let isInPlace = isReordered;
  let previous: Message | undefined;
  for (const message of kept) {
    const record = records.get(message.id);
    if (!record) {
      records.set(message.id, {...create(message, previous, records, isInPlace), message});
      isInPlace = true;
    } else {
      const head = isReordered ? placeAfter(previous, message, record, records) : record;
      if (head !== record || !isSame(record, message)) records.set(message.id, {...next(head), message});
    }
    previous = message;
  }

  if (answer && !isAway(answer.id)) {
    const record = records.get(answer.id);
    if (!record) records.set(answer.id, {...create(answer, previous, records, true), pending: true});
    else if (!('pending' in record) && answer.id !== answerId) records.set(answer.id, {...next(record), pending: true});
  }
  return {...conversation, records};
}

/**
 * Returns the conversation with an answer that was pending as this message, or without it. Not a change of a higher `rev`: the
 * page that streamed it may have completed it, which counts more.
 */
export function settleAnswer(conversation: StoredConversation, id: string, message: Message | undefined): StoredConversation {
  const record = conversation.records.get(id);
  if (!record || !('pending' in record)) return conversation;
  return {...conversation, records: new Map(conversation.records).set(id, {...next(record), rev: record.rev, ...(message ? {message} : {deleted: true})})};
}

/**
 * Drops the oldest exchanges (a question with all that follows until the next one) until `size` characters are free. Returns
 * `undefined` if only the newest exchange is left.
 */
export function dropOldest(conversation: StoredConversation, size: number, measure: (record: StoredRecord) => number): StoredConversation | undefined {
  const listed = listRecords(conversation);
  const newest = listed.findLastIndex((record) => 'message' in record && record.message.role === 'user');
  const records = new Map(conversation.records);
  let free = 0;
  for (const record of listed.slice(0, Math.max(0, newest))) {
    if (!('message' in record)) continue;
    // The rest of an exchange goes with its question.
    if (free >= size && record.message.role === 'user') break;
    free += measure(record);
    records.set(record.id, {...next(record), dropped: true});
  }
  return free > 0 ? {...conversation, records} : undefined;
}

/** Returns the fields of the next change of a record. */
function next({id, parent, rev, at, reply}: RecordHead): RecordHead {
  return {id, parent, rev: rev + 1, at, ...(reply && {reply})};
}

/** Returns the fields of a new record: behind the message before it, or behind all that other pages have added. */
function create(message: Message, previous: Message | undefined, records: ReadonlyMap<string, StoredRecord>, isInPlace: boolean): RecordHead {
  const isAnswer = isReply(message, previous);
  const last = isAnswer || isInPlace ? undefined : listRecords({epoch: 0, chatId: '', records}).at(-1);
  const parent = last?.id ?? previous?.id ?? null;
  return {id: message.id, parent, rev: 1, at: timeAfter(parent, message.createdAt, records), ...(isAnswer && {reply: true})};
}

function placeAfter(previous: Message | undefined, message: Message, record: StoredRecord, records: ReadonlyMap<string, StoredRecord>): RecordHead {
  const parent = previous?.id ?? null;
  const isAnswer = isReply(message, previous);
  if (record.parent === parent && Boolean(record.reply) === isAnswer) return record;
  const {id, rev, at} = record;
  return {id, parent, rev, at: timeAfter(parent, at, records), ...(isAnswer && {reply: true})};
}

/** Clocks are set back, and messages are created in the same millisecond. */
function timeAfter(parent: string | null, at: number, records: ReadonlyMap<string, StoredRecord>): number {
  const before = parent === null ? undefined : records.get(parent);
  return Math.max(at, (before?.at ?? -Infinity) + 1);
}

/** Whether a message is the answer to the one before it. */
export function isReply({role}: Message, previous: Message | undefined): boolean {
  return (role === 'assistant' || role === 'tool') && previous?.role === 'user';
}

/** Whether a record has this content. A message that was read from the storage is another object than the one that was stored. */
function isSame(record: StoredRecord, message: Message): boolean {
  // What is stored no longer is only shown.
  if ('dropped' in record) return true;
  return 'message' in record && (record.message === message || serializeRecord(record) === serializeRecord({...record, message}));
}

/** Whether the messages that stay are at the start and in their order, and no answer lost its question: the page did not rearrange them. */
function keepsOrder(before: readonly Message[], after: readonly Message[], records: ReadonlyMap<string, StoredRecord>): boolean {
  const had = new Set(before.map(({id}) => id));
  const has = new Set(after.map(({id}) => id));
  const stays = before.filter(({id}) => has.has(id));
  return stays.every(({id}, index) => {
    const {reply, parent} = records.get(id) ?? {};
    return after[index]?.id === id && !(reply && parent && had.has(parent) && !has.has(parent));
  });
}
