import type {Message} from '../model/conversation.js';
import {PartList} from '../model/part-list.js';
import {DeltaEvent, type TextKind} from './events.js';

/**
 * Creates the `delta` event of text that was appended to `message`. `readPartial` returns the value of a structured
 * answer so far; it is called when a listener reads it.
 */
export function createDeltaEvent(message: Message, kind: TextKind, text: string, readPartial?: () => unknown): DeltaEvent {
  const length = kind === 'text' ? message.text.length : lengthOf(message, kind);
  return new DeltaEvent({
    id: message.id,
    text,
    offset: length - text.length,
    kind,
    get snapshot() {
      return kind === 'text' ? message.text : textOf(message, kind);
    },
    get partial() {
      return kind === 'text' ? readPartial?.() : undefined;
    },
  });
}

/** Returns the text of one kind in a message. */
export function textOf({parts}: Message, kind: TextKind): string {
  return parts.map((part) => (part.type === kind ? part.text : '')).join('');
}

/** Returns its length without joining it. */
export function lengthOf(message: Message, kind: TextKind): number {
  return PartList.of(message).lengthOf(kind);
}
