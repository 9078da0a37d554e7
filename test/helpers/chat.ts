import {fixture, html} from '@open-wc/testing';

import '../../src/index.js';
import type {StreamChat} from '../../src/stream-chat.js';
import type {StreamChatEventMap} from '../../src/chat/events.js';

/** Adds a chat with these attributes to the page. */
export async function createChat(attributes: Record<string, string> = {}): Promise<StreamChat> {
  const chat = await fixture<StreamChat>(html`<stream-chat></stream-chat>`);
  for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
  await chat.updateComplete;
  return chat;
}

/** Resolves with the next event of that name. */
export function next<K extends keyof StreamChatEventMap>(chat: StreamChat, type: K): Promise<StreamChatEventMap[K]> {
  return new Promise((resolve) => chat.addEventListener(type, resolve, {once: true}));
}

/** Resolves with the event that ends the answer in progress: `done` or `error`. */
export function ended(chat: StreamChat): Promise<StreamChatEventMap['done'] | StreamChatEventMap['error']> {
  return Promise.race([next(chat, 'done'), next(chat, 'error')]);
}

/** Collects all events of these names from now on. */
export function collect<K extends keyof StreamChatEventMap>(chat: StreamChat, ...types: K[]): StreamChatEventMap[K][] {
  const events: StreamChatEventMap[K][] = [];
  for (const type of types) chat.addEventListener(type, (event) => events.push(event));
  return events;
}

/** Returns all elements of the chat that have this part. */
export function parts<E extends HTMLElement>(chat: StreamChat, name: string): E[] {
  return [...chat.shadowRoot!.querySelectorAll<E>(`[part~="${name}"]`)];
}

/** Returns the first element of the chat that has this part. Throws if there is none. */
export function part<E extends HTMLElement>(chat: StreamChat, name: string): E {
  const [element] = parts<E>(chat, name);
  if (!element) throw new Error(`The chat has no part "${name}".`);
  return element;
}

/** Returns the text of the last answer in the DOM. */
export function shownAnswer(chat: StreamChat): string {
  const answer = parts(chat, 'assistant').at(-1);
  return [...(answer?.querySelectorAll('[part~="text"]') ?? [])].map(({textContent}) => textContent).join('');
}

/** Resolves when the condition holds, checked once per animation frame. Rejects after eight seconds. */
export async function until(condition: () => unknown, what = String(condition)): Promise<void> {
  const deadline = performance.now() + 8000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Timed out: ${what}`);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

/** Resolves when the value has not changed for five animation frames: content scrolled into view is laid out some frames later. */
export async function still(read: () => unknown): Promise<void> {
  let before: unknown;
  let same = -1;
  await until(() => {
    const now = read();
    same = now === before ? same + 1 : 0;
    before = now;
    return same > 4;
  }, `it stops changing: ${String(read)}`);
}

/** Types a message and presses Enter, as a user does. */
export async function ask(chat: StreamChat, text: string): Promise<void> {
  const {sendKeys} = await import('@web/test-runner-commands');
  chat.focus();
  await sendKeys({type: text});
  await sendKeys({press: 'Enter'});
}
