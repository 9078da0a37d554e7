import type {SvelteHTMLElements} from 'svelte/elements';
import type {} from 'stream-chat-element/svelte';

// What the Svelte compiler asks for the attributes of `<stream-chat …>` in a component.
type Attributes = SvelteHTMLElements['stream-chat'];

export const right: Attributes = {
  endpoint: '/api/chat',
  'connect-timeout': '5',
  idleTimeout: 30,
  disabled: true,
  messages: [{role: 'user', content: 'Hi'}],
  ondone: (event) => event.detail.reason,
  ondelta: ({detail}) => detail.text.trim(),
  class: 'chat',
};
// @ts-expect-error: there is no such attribute
export const unknown: Attributes = {endpiont: '/api/chat'};
// @ts-expect-error: not one of the words
export const word: Attributes = {persist: 'forever'};
// @ts-expect-error: messages are no text
export const messages: Attributes = {messages: 'Hello'};
// @ts-expect-error: the detail has no such field
export const listener: Attributes = {ondelta: ({detail}) => detail.words};
// @ts-expect-error: no such role
export const message: SvelteHTMLElements['stream-chat-message'] = {role: 'dog'};
