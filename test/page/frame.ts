import type {MessageInit, StreamChat} from '../../src/index.js';
import {still, until} from '../helpers/chat.js';

/** A document of its own around a chat. */
export interface Page {
  readonly frame: HTMLIFrameElement;
  readonly view: Window & typeof globalThis;
  readonly document: Document;
  readonly chat: StreamChat;
}

/** How a page is made. */
export interface PageOptions {
  readonly head?: string;
  readonly body?: string;
  readonly messages?: readonly MessageInit[];
  readonly width?: number;
  readonly height?: number;
  /** Whether what the test looks at is there. */
  readonly isReady?: (root: ShadowRoot) => boolean;
}

const plainBody = '<stream-chat></stream-chat>';

/** Opens a page with a chat in it, in a frame. Resolves when the chat and all styles that its content needs are there. */
export async function openPage({head = '', body = plainBody, messages, width = 800, height = 600, isReady = () => true}: PageOptions = {}): Promise<Page> {
  const frame = document.createElement('iframe');
  frame.style.border = '0';
  frame.width = String(width);
  frame.height = String(height);
  frame.srcdoc = `<!doctype html><html lang="en"><meta charset="utf-8">${head}<script type="module" src="/src/index.ts"></script><body>${body}`;
  document.body.append(frame);
  const find = () => frame.contentDocument?.querySelector<StreamChat>('stream-chat');
  await until(() => find()?.shadowRoot?.querySelector('textarea'), 'the element is ready');
  const chat = find()!;
  if (messages) chat.messages = messages;
  await chat.updateComplete;
  const root = chat.shadowRoot!;
  const hasSheet = (rule: string) => root.adoptedStyleSheets.some(({cssRules}) => [...cssRules].some(({cssText}) => cssText.startsWith(rule)));
  await until(() => hasSheet('.reasoning'), 'the deferred styles are there');
  if (messages) await until(() => root.querySelectorAll('.message').length === messages.length && !root.querySelector('.tool:empty'), 'the messages are drawn');
  await until(() => isReady(root), String(isReady));
  await still(() => `${root.querySelectorAll('*').length} ${root.adoptedStyleSheets.length} ${root.querySelector('.log')!.scrollHeight}`);
  return {frame, view: frame.contentWindow as Page['view'], document: frame.contentDocument!, chat};
}

/** Removes the pages that are open. */
export function closePages(): void {
  for (const frame of document.querySelectorAll('iframe')) frame.remove();
}
