import {listRecords} from '../../src/chat/stored-conversation.js';
import {readConversation} from '../../src/chat/stored-format.js';
import type {Message} from '../../src/model/conversation.js';

/** Returns the messages that are stored for an element with this `id`, in the order of the conversation. */
export function storedMessages(id: string, storage = localStorage): readonly Message[] {
  const stored = readConversation(storage.getItem(`stream-chat:${id}`) ?? 'null');
  if (!stored || 'isNewer' in stored) return [];
  return listRecords(stored).flatMap((record) => ('message' in record ? [record.message] : []));
}

/** Returns their texts. */
export function storedTexts(id: string): readonly string[] {
  return storedMessages(id).map(({text}) => text);
}
