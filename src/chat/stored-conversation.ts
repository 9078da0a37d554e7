// The stored form of a conversation, and how copies of it are merged. Pure: neither a clock nor a storage.
import {joinText, type Message} from '../model/conversation.js';

/**
 * One message of a stored conversation, or its place. Immutable: a change is a record with the same ID and a higher `rev`.
 *
 *   message  the content
 *   pending  an answer that is streaming, or was when its page ended
 *   dropped  stored no longer, because the storage was full; pages that have the message still show it
 *   deleted  removed by the person or the page
 */
export type StoredRecord = RecordHead &
  ({readonly message: Message} | {readonly pending: true} | {readonly dropped: true} | {readonly deleted: true});

/** The fields that all records have. They stay when the content is gone, so that later messages keep their place. */
export interface RecordHead {
  readonly id: string;
  /** ID of the message before it when it was added; `null` for the first one. */
  readonly parent: string | null;
  /** Number of the change. */
  readonly rev: number;
  /** Time of creation in milliseconds since the epoch, later than that of the parent. */
  readonly at: number;
  /** Whether this is the answer to its parent question. It follows the question directly, and is removed with it. */
  readonly reply?: true;
}

/** A copy of a conversation: what a page has in memory, or what the storage has. */
export interface StoredConversation {
  /** Number of times that the conversation was cleared. A copy with a higher one replaces all that was before. */
  readonly epoch: number;
  readonly chatId: string;
  readonly records: ReadonlyMap<string, StoredRecord>;
}

/**
 * Merges two copies. Commutative, associative and idempotent, so that all pages get the same conversation, in whatever
 * order and however often they receive the copies of the others.
 */
export function merge(a: StoredConversation, b: StoredConversation): StoredConversation {
  if (a === b || a.epoch > b.epoch) return a;
  if (b.epoch > a.epoch) return b;
  const records = new Map(a.records);
  for (const [id, record] of b.records) {
    const mine = records.get(id);
    records.set(id, mine ? newer(mine, record) : record);
  }
  return {epoch: a.epoch, chatId: a.chatId > b.chatId ? a.chatId : b.chatId, records};
}

/** Returns the record that wins: the higher `rev`, then deleted before dropped, content and pending, then the longer one. */
function newer(a: StoredRecord, b: StoredRecord): StoredRecord {
  if (a === b) return a;
  const byRank = a.rev - b.rev || rank(a) - rank(b);
  if (byRank !== 0) return byRank > 0 ? a : b;
  const [textA, textB] = [serializeRecord(a), serializeRecord(b)];
  return textA.length > textB.length || (textA.length === textB.length && textA >= textB) ? a : b;
}

function rank(record: StoredRecord): number {
  if ('deleted' in record) return 3;
  if ('dropped' in record) return 2;
  return 'message' in record ? 1 : 0;
}

const texts = new WeakMap<StoredRecord, string>();

/** Returns a record as JSON. The text of a message is that of its parts, and is not repeated. */
export function serializeRecord(record: StoredRecord): string {
  let text = texts.get(record);
  if (text === undefined) texts.set(record, (text = JSON.stringify('message' in record ? {...record, message: withoutText(record.message)} : record)));
  return text;
}

/** Returns a message without what can be derived: its ID, which is that of the record, and its text, which is that of its parts. */
function withoutText({id: _, text, ...message}: Message): object {
  return text === joinText(message.parts) ? message : {...message, text};
}

/**
 * Returns the records that are part of the conversation, in its order: each behind its parent, siblings by their time, and
 * an answer right behind its question. If pages answered a question twice at once, the later answer counts.
 */
export function listRecords({records}: StoredConversation): readonly StoredRecord[] {
  const children = new Map<string | null, StoredRecord[]>();
  for (const record of records.values()) {
    const parent = record.parent !== null && records.has(record.parent) ? record.parent : null;
    const siblings = children.get(parent);
    if (siblings) siblings.push(record);
    else children.set(parent, [record]);
  }
  const listed: StoredRecord[] = [];
  const visited = new Set<StoredRecord>();
  const visit = (start: readonly StoredRecord[]) => {
    // Not recursive: a conversation is as deep as it is long.
    const stack = start.toSorted(compareTimes).reverse();
    for (let record = stack.pop(); record; record = stack.pop()) {
      if (visited.has(record)) continue;
      visited.add(record);
      const isReply = record.reply && record.parent !== null && records.has(record.parent);
      if (!('deleted' in record) && !isReply) listed.push(record);
      const behind = (children.get(record.id) ?? []).sort(compareTimes);
      const answer = 'deleted' in record ? undefined : behind.findLast((one) => one.reply && !('deleted' in one));
      if (answer) listed.push(answer);
      stack.push(...behind.filter((one) => one !== answer).reverse());
      if (answer) stack.push(answer);
    }
  };
  visit(children.get(null) ?? []);
  // Parents in a circle are malformed; the messages are kept nevertheless.
  if (visited.size < records.size) visit([...records.values()].filter((record) => !visited.has(record)));
  return listed;
}

/** Compares two records by the time of their creation. */
export function compareTimes(a: StoredRecord, b: StoredRecord): number {
  return a.at - b.at || Number(a.id > b.id) - Number(a.id < b.id);
}
