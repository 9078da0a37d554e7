import type {StreamChat} from '../../src/stream-chat.js';
import {until} from './chat.js';

/** Window of `test/pages/chat.html`. */
export interface Page extends Window {
  chat: StreamChat;
  log: {type: string; detail: any}[];
}

export const pageOf = (frame: HTMLIFrameElement) => frame.contentWindow as Page;

/** Loads a page with a chat into a frame. Frames of one origin share `localStorage`, as tabs do, and get its events. */
export async function openPage(attributes: Record<string, string>): Promise<HTMLIFrameElement> {
  const frame = document.createElement('iframe');
  frame.src = `/test/pages/chat.html?${new URLSearchParams(attributes)}`;
  frame.width = '600';
  frame.height = '500';
  document.body.append(frame);
  await until(() => (frame.contentWindow as Page | null)?.chat, 'the page is loaded');
  return frame;
}

export async function reload(frame: HTMLIFrameElement): Promise<void> {
  const before = pageOf(frame).chat;
  pageOf(frame).location.reload();
  await until(() => pageOf(frame)?.chat && pageOf(frame).chat !== before, 'the page is loaded again');
}
