import type {GlobalComponents} from 'vue';
import type {} from 'stream-chat-element/vue';

// What Vue's compiler asks for the attributes of `<stream-chat …>` in a template, in camelCase.
type Attributes = InstanceType<GlobalComponents['stream-chat']>['$props'];

export const right: Attributes = {
  endpoint: '/api/chat',
  'connect-timeout': '5',
  idleTimeout: 30,
  disabled: true,
  messages: [{role: 'user', content: 'Hi'}],
  onDone: (event) => event.detail.reason,
  onDelta: ({detail}) => detail.text.trim(),
  class: 'chat',
};
// @ts-expect-error: not one of the words
export const word: Attributes = {persist: 'forever'};
// @ts-expect-error: messages are no text
export const messages: Attributes = {messages: 'Hello'};
// @ts-expect-error: the detail has no such field
export const listener: Attributes = {onDelta: ({detail}) => detail.words};
// @ts-expect-error: no such role
export const message: InstanceType<GlobalComponents['stream-chat-message']>['$props'] = {role: 'dog'};
