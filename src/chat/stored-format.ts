// What is in the storage: the conversation and its unfinished answers as JSON, with a version, and how it is read.
import {createId} from '../lib/create-id.js';
import {joinRounds, joinText, type Message, type Part} from '../model/conversation.js';
import {isReply} from './conversation-changes.js';
import type {SavedAnswer} from './saved-answer.js';
import {compareTimes, serializeRecord, type RecordHead, type StoredConversation, type StoredRecord} from './stored-conversation.js';
import {isRecord, isString, readAnswer, readMessage, readMessages} from './stored-message.js';

type StoredData = Readonly<Record<string, unknown>>;

/** Migrations of stored data: the one at index N returns the data of version N as version N + 1. */
const migrations: readonly ((data: StoredData) => StoredData)[] = [
  // Without a version: the same fields, of which the ID of the conversation may be absent.
  (data) => ({chatId: createId(), pending: [], ...data}),
  // A list of messages became records, each with the ID of the one before it.
  ({chatId, messages, pending}) => ({chatId, epoch: 0, records: Array.isArray(messages) ? chain(messages, pending) : undefined}),
];

/** The version that is written. */
export const version = migrations.length;

/** Maximum size of the files in a stored conversation, in characters. Browsers limit an origin to some five million. */
export const maxFileChars = 1_000_000;

/** Data of a version that is newer than this element, with the number of its clears if it has one. */
export interface NewerData {
  readonly isNewer: true;
  readonly epoch: number;
}

/** Returns a stored conversation; `undefined` if it is malformed. Drops records that are malformed. */
export function readConversation(text: string): StoredConversation | NewerData | undefined {
  const stored = parse(text);
  if (!isRecord(stored)) return undefined;
  const found = stored['version'] ?? 0;
  if (typeof found !== 'number' || !Number.isInteger(found) || found < 0) return undefined;
  if (found > version) return {isNewer: true, epoch: isCount(stored['epoch']) ? stored['epoch'] : 0};
  const {chatId, epoch, records} = migrations.slice(found).reduce((data, migrate) => migrate(data), stored as StoredData);
  if (!isString(chatId) || !isCount(epoch) || !Array.isArray(records)) return undefined;
  const read = records.map(readRecord).filter((record) => record !== undefined);
  return {epoch, chatId, records: new Map(read.map((record) => [record.id, record]))};
}

/**
 * Returns a conversation as text. The same conversation gives the same text on every page. `fileChars`: room for the data of
 * files; the newest get it, because the host page shares the storage, and one photo from a phone would fill it. Other files
 * keep their names.
 */
export function serializeConversation({epoch, chatId, records}: StoredConversation, fileChars = maxFileChars): string {
  const sorted = [...records.values()].sort(compareTimes);
  const room = {left: fileChars};
  const texts = sorted.reverse().map((record) => serializeRecord(withoutHeavyFiles(record, room)));
  return `{"version":${version},"epoch":${epoch},"chatId":${JSON.stringify(chatId)},"records":[${texts.reverse().join(',')}]}`;
}

/** Returns the stored state of an unfinished answer, if it is the one with this ID. */
export function readSavedAnswer(text: string, id: string): SavedAnswer | undefined {
  const stored = parse(text);
  if (!isRecord(stored)) return undefined;
  const {rounds} = stored;
  const filled = {
    ...stored,
    message: withText(stored['message']),
    ...(isRecord(rounds) && {rounds: {...rounds, before: withText(rounds['before']), current: withText(rounds['current'])}}),
  };
  const joined = () => joinRounds((filled as SavedAnswer).rounds!.before, (filled as SavedAnswer).rounds!.current);
  return readAnswer(filled, id, joined);
}

/** Returns the epoch in which an unfinished answer was stored. Without one, it is of the first version. */
export function readAnswerEpoch(text: string): number {
  const stored = parse(text);
  return isRecord(stored) && isCount(stored['epoch']) ? stored['epoch'] : 0;
}

/** Returns an unfinished answer as text. The message of several rounds is not repeated. */
export function serializeAnswer({message, rounds, ...saved}: SavedAnswer, epoch: number, fileChars = maxFileChars): string {
  const room = {left: fileChars};
  const pack = (one: Message) => {
    const {text, ...rest} = limitFiles(one, room);
    return text === joinText(rest.parts) ? rest : {...rest, text};
  };
  const content = rounds ? {rounds: {...rounds, before: pack(rounds.before), current: pack(rounds.current)}} : {message: pack(message)};
  return JSON.stringify({...saved, epoch, ...content});
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    console.warn('<stream-chat> found a conversation that it cannot read, and begins a new one.', error);
    return undefined;
  }
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function readRecord(value: unknown): StoredRecord | undefined {
  if (!isRecord(value)) return undefined;
  const {id, parent = null, rev, at, reply} = value;
  if (!isString(id) || !(parent === null || isString(parent)) || !isCount(rev) || typeof at !== 'number') return undefined;
  const head: RecordHead = {id, parent, rev, at, ...(reply === true && {reply})};
  if ('deleted' in value) return {...head, deleted: true};
  if ('dropped' in value) return {...head, dropped: true};
  if ('pending' in value) return {...head, pending: true};
  const stored = value['message'];
  const message = isRecord(stored) ? readMessage(withText({...stored, id})) : undefined;
  return message && {...head, message};
}

/** Returns a message with its text, which is stored only if its parts have another one. */
function withText(message: unknown): unknown {
  if (!isRecord(message) || 'text' in message || !Array.isArray(message['parts'])) return message;
  return {...message, text: joinText((message['parts'] as unknown[]).filter((part): part is Part => isRecord(part) && isString(part['text'])))};
}

/** Returns the messages of version 1 as records of version 2: the same ones, whichever page migrates them. */
function chain(values: readonly unknown[], pending: unknown): readonly StoredRecord[] {
  const records: StoredRecord[] = [];
  let previous: Message | undefined;
  let at = -Infinity;
  const head = (message: Message): RecordHead => {
    at = Math.max(message.createdAt, at + 1);
    return {id: message.id, parent: previous?.id ?? null, rev: 1, at, ...(isReply(message, previous) && {reply: true})};
  };
  for (const message of readMessages(values)) {
    records.push({...head(message), message});
    previous = message;
  }
  for (const id of Array.isArray(pending) ? pending.filter(isString) : []) {
    if (records.some((record) => record.id === id)) continue;
    records.push({...head({id, role: 'assistant', text: '', parts: [], status: 'streaming', createdAt: at}), pending: true});
  }
  return records;
}

function withoutHeavyFiles(record: StoredRecord, room: {left: number}): StoredRecord {
  if (!('message' in record)) return record;
  const message = limitFiles(record.message, room);
  return message === record.message ? record : {...record, message};
}

/** Returns the message without the data of files for which there is no room. */
function limitFiles(message: Message, room: {left: number}): Message {
  const isHeavy = (part: Part) => {
    if (part.type !== 'file' || !part.url.startsWith('data:')) return false;
    room.left -= part.url.length;
    return room.left < 0;
  };
  const heavy = new Set(message.parts.filter(isHeavy));
  return heavy.size === 0 ? message : {...message, parts: message.parts.map((part) => (part.type === 'file' && heavy.has(part) ? {...part, url: ''} : part))};
}
