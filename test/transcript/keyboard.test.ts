import {expect} from '@open-wc/testing';
import {sendKeys} from '@web/test-runner-commands';

import type {StreamChat} from '../../src/stream-chat.js';
import {RovingFocus} from '../../src/transcript/roving-focus.js';
import {createChat, part, parts, shownAnswer, until} from '../helpers/chat.js';
import {plain, script} from '../helpers/server.js';

const focused = (chat: StreamChat) => chat.shadowRoot!.activeElement;
const log = (chat: StreamChat) => part(chat, 'log');

/** Presses Tab, or Shift and Tab. */
async function tab(back = false): Promise<void> {
  if (back) await sendKeys({down: 'Shift'});
  await sendKeys({press: 'Tab'});
  if (back) await sendKeys({up: 'Shift'});
}

/** A chat with eight messages, of which each answer has a link, between two buttons of the page. */
async function createConversation() {
  const chat = await createChat({actions: 'none'});
  chat.style.blockSize = '400px';
  const [before, after] = ['before', 'after'].map((text) => Object.assign(document.createElement('button'), {textContent: text}));
  chat.before(before!);
  chat.after(after!);
  chat.messages = Array.from({length: 8}, (_, i) => ({
    role: i % 2 ? 'assistant' : 'user',
    text: i % 2 ? `[Link ${i}](https://example.org/${i}) ${'and words '.repeat(40)}` : `Question ${i}`,
  }));
  await chat.updateComplete;
  await until(() => chat.shadowRoot!.querySelectorAll('[part~="text"] a').length === 4);
  // The keys are loaded with the first focus.
  chat.focus({preventScroll: true});
  await until(() => chat.shadowRoot!.getElementById('keys'));
  return {chat, before: before!, after: after!};
}

describe('keyboard navigation in the transcript', () => {
  it('makes the transcript one Tab stop, in both directions', async () => {
    const {chat, before, after} = await createConversation();

    before.focus();
    await tab();
    expect(focused(chat) === log(chat)).to.equal(true);
    await tab();
    expect(focused(chat) === part(chat, 'input')).to.equal(true);
    for (let i = 0; i < 5 && document.activeElement !== after; i++) await tab();
    expect(document.activeElement === after).to.equal(true);

    part(chat, 'input').focus();
    await tab(true);
    expect(focused(chat) === log(chat)).to.equal(true);
    await tab(true);
    expect(document.activeElement === before).to.equal(true);
  });

  it('moves between messages with a visible focus ring, and scrolls only the transcript', async () => {
    const {chat} = await createConversation();
    const messages = parts(chat, 'message');
    const room = document.createElement('div');
    room.style.blockSize = '3000px';
    chat.parentElement!.append(room);
    const place = scrollY;
    log(chat).focus({preventScroll: true});

    for (const [press, goal] of [
      ['ArrowUp', 7],
      ['ArrowUp', 6],
      ['ArrowUp', 5],
      ['ArrowDown', 6],
      ['Home', 0],
      ['ArrowUp', 0],
      ['End', 7],
      ['ArrowDown', 7],
    ] as const) {
      await sendKeys({press});
      expect(messages.indexOf(focused(chat) as HTMLElement), press).to.equal(goal);
      const box = log(chat).getBoundingClientRect();
      await until(() => {
        const {top, bottom} = messages[goal]!.getBoundingClientRect();
        return top >= box.top - 1 && Math.min(bottom, top + box.height) <= box.bottom + 1;
      });
      expect(getComputedStyle(messages[goal]!).outlineStyle, press).to.equal('solid');
    }
    expect(scrollY).to.equal(place);
  });

  it('enters a message with Enter, reaches its links with Tab, and leaves step by step with Escape', async () => {
    const {chat} = await createConversation();
    const messages = parts(chat, 'message');
    const links = [...chat.shadowRoot!.querySelectorAll<HTMLElement>('[part~="text"] a')];
    log(chat).focus({preventScroll: true});

    await sendKeys({press: 'Enter'});
    expect(focused(chat) === messages[7]).to.equal(true);
    await sendKeys({press: 'Enter'});
    expect(focused(chat) === links[3]).to.equal(true);
    await tab(true);
    expect(focused(chat) === links[2]).to.equal(true);
    await tab();
    expect(focused(chat) === links[3]).to.equal(true);

    await sendKeys({press: 'Escape'});
    expect(focused(chat) === messages[7]).to.equal(true);
    await sendKeys({press: 'Escape'});
    expect(focused(chat) === part(chat, 'input')).to.equal(true);
  });

  it('reaches every link with Tab and Enter alone', async () => {
    const {chat, before} = await createConversation();
    const links = [...chat.shadowRoot!.querySelectorAll<HTMLElement>('[part~="text"] a')];
    const reached = new Set<Element | null>();

    before.focus();
    await tab();
    await sendKeys({press: 'Enter'});
    for (let i = 0; i < 3; i++) {
      await tab(true);
      reached.add(focused(chat));
    }

    for (const link of links.slice(0, 3)) expect(reached.has(link), link.textContent).to.equal(true);
  });

  it('restores the tab order', async () => {
    const {chat, before} = await createConversation();
    const links = [...chat.shadowRoot!.querySelectorAll<HTMLElement>('[part~="text"] a')];

    before.focus();
    await tab();
    await tab();
    await until(() => links.every((link) => !link.hasAttribute('tabindex')));
  });

  it('names the message that has the focus by its author and the beginning of its text', async () => {
    const {chat} = await createConversation();
    log(chat).focus({preventScroll: true});

    await sendKeys({press: 'ArrowUp'});
    const last = focused(chat)!;
    expect(last.ariaLabel).to.match(/^Assistant: Link 7 and words/);
    await sendKeys({press: 'ArrowUp'});

    expect(focused(chat)!.ariaLabel).to.equal('You: Question 6');
    expect(last.ariaLabel).to.equal(null);
  });

  it('shows the keys, and does not have them read', async () => {
    const {chat} = await createConversation();

    await tab(true);

    expect(focused(chat) === log(chat)).to.equal(true);
    const hint = chat.shadowRoot!.getElementById('keys')!;
    expect([log(chat).ariaDescription, log(chat).getAttribute('aria-describedby'), hint.ariaHidden]).to.deep.equal([null, null, 'true']);
    expect(hint.textContent).to.contain('Enter');
    expect(hint.getBoundingClientRect().width).to.be.greaterThan(100);
    await tab();
    expect(hint.getBoundingClientRect().width).to.be.at.most(1);
  });

  it('ignores printable keys', async () => {
    const {chat} = await createConversation();
    log(chat).focus({preventScroll: true});
    await sendKeys({press: 'ArrowUp'});
    const message = focused(chat);
    const before = chat.shadowRoot!.textContent;

    for (const key of 'abcdefghijklmnopqrstuvwxyz0123456789?.,') await sendKeys({type: key});

    expect(focused(chat) === message).to.equal(true);
    expect(chat.shadowRoot!.textContent).to.equal(before);
    expect(part<HTMLTextAreaElement>(chat, 'input').value).to.equal('');
  });

  it('leaves keys with Ctrl or Alt to the browser', async () => {
    const {chat} = await createConversation();
    log(chat).focus({preventScroll: true});

    const event = new KeyboardEvent('keydown', {key: 'Home', ctrlKey: true, bubbles: true, composed: true, cancelable: true});
    log(chat).dispatchEvent(event);

    expect(event.defaultPrevented).to.equal(false);
    expect(focused(chat) === log(chat)).to.equal(true);
  });

  it('keeps focus while an answer streams', async () => {
    const {chat} = await createConversation();
    const {url} = await script(plain(Array.from({length: 40}, (_, i) => `Line ${i}\n\n`)));
    chat.endpoint = url;
    log(chat).focus({preventScroll: true});
    await sendKeys({press: 'ArrowUp'});
    const message = focused(chat);

    await chat.send('Go on');

    expect(shownAnswer(chat)).to.contain('Line 39');
    expect(focused(chat) === message).to.equal(true);
  });

  it('remembers the message that was focused before the keys were loaded', async () => {
    const host = document.createElement('div');
    document.body.append(host);
    const root = host.attachShadow({mode: 'open'});
    const create = (className: string, ...children: Node[]) => {
      const element = Object.assign(document.createElement('div'), {className});
      element.append(...children);
      return element;
    };
    const buttons = [1, 2, 3].map((n) => Object.assign(document.createElement('button'), {textContent: `Button ${n}`}));
    const messages = buttons.map((button) => create('message', button));
    const box = create('log', create('messages', ...messages));
    box.tabIndex = 0;
    const base = create('base', box, create('between'));
    root.append(base);
    buttons[0]!.focus();

    new RovingFocus(base, {focus: () => undefined, scrollToEnd: () => undefined, hint: () => 'Keys'});
    box.focus();
    await sendKeys({press: 'ArrowUp'});

    expect(root.activeElement === messages[0]).to.equal(true);
    host.remove();
  });
});
