import {createMessage, type Message, type MessageInit} from '../model/conversation.js';

/** Start of the IDs of initial messages: the same ones on each page, so that two pages do not store them twice. */
export const greetingId = 'greeting-';

/** Creates messages with IDs that begin with `id`. One random ID for all: ten thousand take a tenth of a second. */
export function createMessages(messages: readonly MessageInit[], id: string): readonly Message[] {
  return messages.map((init, index) => createMessage(init, id + index, Date.now()));
}

