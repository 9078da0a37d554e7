import type {MessageInit, Role} from '../model/conversation.js';

/** Reads the `<stream-chat-message>` children of the element. */
export function readInitialMessages({children}: Element): MessageInit[] {
  return [...children]
    .filter(({localName}) => localName === 'stream-chat-message')
    .map((child) => ({role: (child.getAttribute('role') ?? 'assistant') as Role, text: child.textContent.trim()}));
}
