import {
  registerRenderer,
  StreamChat,
  StreamChatError,
  type DeltaEvent,
  type Message,
  type Protocol,
  type StreamChatEventMap,
} from 'stream-chat-element';
import type {StreamChat as SameStreamChat} from 'stream-chat-element/element';
import 'stream-chat-element/define';

const chat: StreamChat = document.querySelector('stream-chat')!;
const same: SameStreamChat = document.createElement('stream-chat');
same.remove();

chat.addEventListener('delta', (event) => {
  const text: string = event.detail.text;
  const chatAgain: StreamChat = chat;
  // @ts-expect-error: there is no such field
  event.detail.words;
  return [text, chatAgain];
});
chat.addEventListener('error', ({detail: {error}}) => {
  if (error.code === 'rate-limit') return error.retryAfter;
  // @ts-expect-error: codes are a closed set
  return error.code === 'oops';
});
chat.addEventListener('request', (event) => {
  event.detail.headers.set('x-a', 'b');
  event.waitUntil(Promise.resolve());
});
chat.addEventListener('click', (event) => event.clientX);
const listen = (_event: DeltaEvent) => undefined;
chat.addEventListener('delta', listen);
chat.removeEventListener('delta', listen);

chat.connectTimeout = 5;
// @ts-expect-error: seconds are a number
chat.connectTimeout = '5';
// @ts-expect-error: not one of the words
chat.persist = 'forever';
chat.messages = [{role: 'user', content: 'Hi'}];
// @ts-expect-error: a message has no such role
chat.messages = [{role: 'dog', content: 'Hi'}];
// @ts-expect-error: it is read only
chat.state = 'idle';
chat.headers = async ({unauthorised}) => ({authorization: unauthorised ? 'new' : 'old'});
chat.tools = [{name: 'a', description: 'b', parameters: {}, execute: async () => 1}];

const answer: Promise<Message | undefined> = chat.send('Hello');
export const reasons: StreamChatEventMap['done']['detail']['reason'][] = ['stop', 'length'];
export const wrong = new StreamChatError('config', 'No.');
// @ts-expect-error: codes are a closed set
export const wronger = new StreamChatError('nope', 'No.');
StreamChat.define('my-chat');
void answer;

const protocol: Protocol = {
  framing: 'json',
  createDecoder: () => ({
    *decode(frame) {
      yield {type: 'text', text: String(frame.json)};
    },
  }),
};
StreamChat.registerProtocol('mine', protocol);
registerRenderer('shout', (container) => ({
  write: (text) => container.append(text.toUpperCase()),
  end() {},
}));
