import {expect} from '@open-wc/testing';
import {sendKeys, setViewport} from '@web/test-runner-commands';

import type {StreamChat} from '../../src/stream-chat.js';
import {collect, createChat, ended, next, part, parts, still, until} from '../helpers/chat.js';
import {openai, openaiChunk, openaiFinish, script} from '../helpers/server.js';

const button = (chat: StreamChat) => part<HTMLButtonElement>(chat, 'launcher');
const panel = (chat: StreamChat) => part(chat, 'base');
const isShown = (element: Element) => element.checkVisibility({visibilityProperty: true});
const focused = (chat: StreamChat) => chat.shadowRoot!.activeElement;
/** What a screen reader calls the button. */
const name = (chat: StreamChat) =>
  [...button(chat).children]
    .filter((child) => child.ariaHidden !== 'true')
    .map((child) => (child instanceof HTMLSlotElement ? child.assignedNodes() : [child]).map(({textContent}) => textContent).join(''))
    .join('');

/** Presses Tab, or Shift and Tab. */
async function tab(back = false): Promise<void> {
  if (back) await sendKeys({down: 'Shift'});
  await sendKeys({press: 'Tab'});
  if (back) await sendKeys({up: 'Shift'});
}

async function createLauncher(attributes: Record<string, string> = {}, into?: HTMLElement): Promise<StreamChat> {
  const chat = await createChat({mode: 'launcher', ...attributes});
  into?.append(chat);
  await chat.updateComplete;
  return chat;
}

/** Resolves when the panel is where it is to stay. */
async function settled(chat: StreamChat): Promise<void> {
  await chat.updateComplete;
  await Promise.all(panel(chat).getAnimations().map(({finished}) => finished));
}

/** What is at the middle of an element, seen from the page. */
function atMiddle(element: Element): Element | null {
  const {x, y, width, height} = element.getBoundingClientRect();
  return element.ownerDocument.elementFromPoint(x + width / 2, y + height / 2);
}

describe('mode="launcher"', () => {
  beforeEach(() => setViewport({width: 1000, height: 700}));
  afterEach(() => sessionStorage.clear());

  it('shows a named button in the corner, and takes no space in the page', async () => {
    const chat = await createLauncher({heading: 'Help'});

    const {right, bottom, width, height} = button(chat).getBoundingClientRect();
    expect(innerWidth - right).to.be.closeTo(20, 1);
    expect(innerHeight - bottom).to.be.closeTo(20, 1);
    expect([width, height]).to.deep.equal([56, 56]);
    expect(name(chat)).to.equal('Open chat');
    expect(button(chat).getAttribute('aria-expanded')).to.equal('false');
    expect(chat.getClientRects()).to.have.length(0);
    expect(isShown(panel(chat))).to.equal(false);
  });

  it('opens a labelled dialog that is not modal, and moves focus into the text field', async () => {
    const chat = await createLauncher({heading: 'Help'});
    const page = document.createElement('button');
    chat.parentElement!.append(page);
    const events = collect(chat, 'open', 'close');

    button(chat).click();
    await settled(chat);

    expect(isShown(panel(chat))).to.equal(true);
    expect(panel(chat).getAttribute('role')).to.equal('dialog');
    expect(panel(chat).getAttribute('aria-label')).to.equal('Help');
    expect(panel(chat).hasAttribute('aria-modal')).to.equal(false);
    expect(chat.shadowRoot!.getElementById(button(chat).getAttribute('aria-controls')!) === panel(chat)).to.equal(true);
    expect(button(chat).getAttribute('aria-expanded')).to.equal('true');
    expect(name(chat)).to.equal('Close chat');
    expect(focused(chat) === part(chat, 'input')).to.equal(true);
    expect(chat.open).to.equal(true);
    expect(chat.hasAttribute('open')).to.equal(true);
    expect(events.map(({type}) => type)).to.deep.equal(['open']);
    page.focus();
    expect(document.activeElement === page).to.equal(true);
  });

  it('has a heading by default', async () => {
    const chat = await createLauncher();

    chat.show();
    await settled(chat);

    expect(part(chat, 'heading').textContent).to.equal('Chat');
  });

  it('closes with Escape, and returns focus to the button', async () => {
    const chat = await createLauncher();
    button(chat).focus();
    await sendKeys({press: 'Enter'});
    await until(() => focused(chat) === part(chat, 'input'));
    const events = collect(chat, 'open', 'close');

    await sendKeys({press: 'Escape'});
    await until(() => !isShown(panel(chat)));

    expect(focused(chat) === button(chat)).to.equal(true);
    expect(button(chat).getAttribute('aria-expanded')).to.equal('false');
    expect(events.map(({type}) => type)).to.deep.equal(['close']);
  });

  it('closes with the button in its header, the launcher and hide()', async () => {
    const chat = await createLauncher();

    for (const close of [() => part(chat, 'close').click(), () => button(chat).click(), () => chat.hide()]) {
      chat.show();
      await settled(chat);
      expect(isShown(panel(chat))).to.equal(true);
      close();
      await settled(chat);
      expect(isShown(panel(chat))).to.equal(false);
      expect(focused(chat) === button(chat)).to.equal(true);
    }
    expect(part(chat, 'close').getAttribute('aria-label')).to.equal('Close chat');
  });

  it('does not move focus when the page sets `open`', async () => {
    const chat = await createLauncher();
    const page = document.createElement('button');
    chat.parentElement!.append(page);
    page.focus();

    chat.open = true;
    await settled(chat);
    expect(isShown(panel(chat))).to.equal(true);
    expect(document.activeElement === page).to.equal(true);

    chat.open = false;
    await settled(chat);
    expect(document.activeElement === page).to.equal(true);
  });

  it('is not reachable by Tab while closed, and does not trap Tab while open', async () => {
    const chat = await createLauncher();
    chat.messages = [{role: 'assistant', text: 'A [link](https://example.org/).'}];
    const [before, after] = ['before', 'after'].map((id) => Object.assign(document.createElement('button'), {id, textContent: id}));
    chat.before(before!);
    chat.after(after!);
    await chat.updateComplete;

    before!.focus();
    await sendKeys({press: 'Tab'});
    expect(focused(chat) === button(chat)).to.equal(true);
    await sendKeys({press: 'Tab'});
    expect(document.activeElement === after).to.equal(true);

    chat.open = true;
    await settled(chat);
    for (const [start, goal] of [[before, after], [after, before]]) {
      start!.focus();
      let presses = 0;
      do await tab(start === after);
      while (document.activeElement !== goal && ++presses < 20);
      expect(document.activeElement === goal).to.equal(true);
      expect(presses).to.be.greaterThan(2);
    }
  });

  it('continues an answer while closed, and counts unread answers', async () => {
    const server = await script({steps: [{write: `data: ${openaiChunk('Half')}\n\n`}, {until: 'go'}, {write: `data: ${openaiChunk(' and half')}\n\ndata: ${openaiFinish}\n\ndata: [DONE]\n\n`}]});
    const chat = await createLauncher({endpoint: server.url});
    chat.show();
    await settled(chat);
    const answered = ended(chat);
    void chat.send('Hello');
    await until(() => chat.messages.at(-1)?.text === 'Half');

    chat.hide();
    await settled(chat);
    await server.release('go');
    const {detail} = await answered;
    await until(() => name(chat).includes('unread'));

    expect(detail.message!.text).to.equal('Half and half');
    expect(name(chat)).to.equal('Open chat, 1 unread message');
    expect(isShown(part(chat, 'launcher-badge'))).to.equal(true);
    expect(part(chat, 'launcher-badge').textContent).to.equal('1');

    chat.show();
    await settled(chat);
    expect(isShown(part(chat, 'launcher-badge'))).to.equal(false);
    chat.hide();
    await settled(chat);
    expect(name(chat)).to.equal('Open chat');
  });

  it('does not count answers that were seen', async () => {
    const {url: endpoint} = await script(openai('Seen.'));
    const chat = await createLauncher({endpoint});
    chat.show();
    await chat.send('Hello');

    chat.hide();
    await settled(chat);

    expect(name(chat)).to.equal('Open chat');
  });

  it('shows the end of the conversation when it opens, and keeps the position of a reader who scrolled up', async () => {
    const chat = await createLauncher();
    chat.messages = Array.from({length: 30}, (_, i) => ({role: 'assistant', text: `Answer ${i}. `.repeat(40)}));
    const log = part(chat, 'log');
    const left = () => log.scrollHeight - log.clientHeight - log.scrollTop;
    chat.show();
    await settled(chat);
    await until(() => log.scrollTop > 0 && left() <= 1);

    log.scrollTop -= 400;
    await until(() => isShown(part(chat, 'jump')));
    await still(() => log.scrollTop);
    const before = log.scrollTop;
    chat.hide();
    await settled(chat);
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    chat.show();
    await settled(chat);

    await until(() => Math.abs(log.scrollTop - before) <= 1);
    expect(isShown(part(chat, 'jump'))).to.equal(true);
  });

  describe('stored state', () => {
    it('is empty without persist', async () => {
      const chat = await createLauncher({endpoint: '/remember'});

      chat.show();
      await settled(chat);

      expect(sessionStorage.length).to.equal(0);
    });

    it('restores whether it was open, without taking focus', async () => {
      const first = await createLauncher({endpoint: '/remember', persist: 'session'});
      first.show();
      await settled(first);
      first.remove();

      const second = await createLauncher({endpoint: '/remember', persist: 'session'});
      await until(() => isShown(panel(second)));
      expect(second.open).to.equal(true);
      expect(document.activeElement === document.body).to.equal(true);
      second.hide();
      await settled(second);
      second.remove();

      const third = await createLauncher({endpoint: '/remember', persist: 'session'});
      await settled(third);
      expect(isShown(panel(third))).to.equal(false);
    });
  });

  describe('its position', () => {
    it('is above everything in the page, and fixed to the window even inside a transformed element', async () => {
      const box = document.createElement('div');
      box.style.cssText = 'position: relative; z-index: 1; transform: translateX(50px); overflow: hidden; block-size: 20px; inline-size: 200px';
      const banner = document.createElement('div');
      banner.style.cssText = 'position: fixed; inset: 0; z-index: 2147483647; background: teal';
      const chat = await createLauncher();
      chat.parentElement!.append(box, banner);
      box.append(chat);

      chat.show();
      await settled(chat);
      await settled(chat);

      expect(atMiddle(part(chat, 'input')) === chat).to.equal(true);
      const {right, bottom} = panel(chat).getBoundingClientRect();
      expect(innerWidth - right).to.be.closeTo(20, 1);
      expect(bottom).to.be.lessThan(innerHeight);
    });

    it('can be set with custom properties', async () => {
      const chat = await createLauncher();
      chat.style.setProperty('--stream-chat-launcher-inset', '40px');
      chat.style.setProperty('--stream-chat-launcher-inline', '40px auto');
      chat.style.setProperty('--stream-chat-panel-inline-size', '300px');
      chat.show();
      await settled(chat);

      expect(button(chat).getBoundingClientRect().left).to.be.closeTo(40, 1);
      expect(innerHeight - button(chat).getBoundingClientRect().bottom).to.be.closeTo(40, 1);
      expect(panel(chat).getBoundingClientRect().left).to.be.closeTo(40, 1);
      expect(panel(chat).getBoundingClientRect().width).to.be.closeTo(300, 1);
    });

    it('is mirrored in right-to-left text', async () => {
      const chat = await createLauncher({dir: 'rtl'});
      chat.show();
      await settled(chat);

      expect(button(chat).getBoundingClientRect().left).to.be.closeTo(20, 1);
      expect(panel(chat).getBoundingClientRect().left).to.be.closeTo(20, 1);
    });

    /** A launcher in a frame of that size, and the window of that frame. */
    async function createFrame(width: number, height: number) {
      const holder = await createChat();
      const frame = document.createElement('iframe');
      frame.style.cssText = `position: fixed; inset: 0 auto auto 0; border: 0; inline-size: ${width}px; block-size: ${height}px`;
      holder.replaceWith(frame);
      const view = frame.contentWindow as Window & typeof globalThis;
      const script = view.document.createElement('script');
      script.type = 'module';
      script.src = new URL('../../src/index.ts', import.meta.url).href;
      view.document.head.append(script);
      await view.customElements.whenDefined('stream-chat');
      const chat = view.document.createElement('stream-chat');
      chat.mode = 'launcher';
      view.document.body.append(chat);
      await chat.updateComplete;
      return {chat, view, frame};
    }

    it('fills the window on a phone, where tabbing past the end closes it', async () => {
      const {chat, view} = await createFrame(375, 640);
      const after = view.document.createElement('button');
      after.textContent = 'after';
      view.document.body.append(after);

      button(chat).focus();
      chat.show();
      await settled(chat);
      const {x, y, width, height} = panel(chat).getBoundingClientRect();
      expect([x, y, width, height]).to.deep.equal([0, 0, 375, 640]);
      expect(isShown(button(chat))).to.equal(false);
      await until(() => focused(chat) === part(chat, 'input'));

      for (let i = 0; i < 10 && view.document.activeElement !== after; i++) await tab();
      expect(view.document.activeElement === after).to.equal(true);
      await until(() => !isShown(panel(chat)));
      expect(view.document.activeElement === after).to.equal(true);
    });

    it('follows the visual viewport while open, and removes its listeners when closed or disconnected', async () => {
      const {chat, view, frame} = await createFrame(375, 640);
      let live = 0;
      const add = view.visualViewport!.addEventListener.bind(view.visualViewport);
      view.visualViewport!.addEventListener = (type: string, listener: EventListenerOrEventListenerObject, options: AddEventListenerOptions) => {
        live++;
        options.signal!.addEventListener('abort', () => live--);
        add(type, listener, options);
      };

      chat.show();
      await settled(chat);
      expect(live).to.equal(2);
      frame.style.blockSize = '400px';
      await until(() => panel(chat).getBoundingClientRect().height === 400);
      expect(panel(chat).style.getPropertyValue('--_view-height')).to.equal('400px');
      chat.hide();
      await settled(chat);
      expect(live).to.equal(0);

      chat.show();
      await settled(chat);
      expect(live).to.equal(2);
      chat.remove();
      expect(live).to.equal(0);
    });

    it('is usable in a frame of 320 by 240 pixels', async () => {
      const {chat, view} = await createFrame(320, 240);
      chat.messages = [{role: 'assistant', text: 'Hello.'}];
      chat.show();
      await settled(chat);

      for (const element of [part(chat, 'input'), part(chat, 'send'), part(chat, 'close')]) expect(atMiddle(element) === chat, element.className).to.equal(true);
      expect(part(chat, 'log').clientHeight).to.be.greaterThan(60);
      expect(view.document.documentElement.scrollWidth).to.be.at.most(320);
    });
  });

  describe('inside a dialog of the page', () => {
    async function createDialog(attributes: Record<string, string> = {}) {
      const chat = await createLauncher(attributes);
      const dialog = document.createElement('dialog');
      dialog.style.cssText = 'inline-size: 400px; block-size: 300px';
      chat.parentElement!.append(dialog);
      dialog.append(chat);
      await chat.updateComplete;
      return {chat, dialog};
    }

    it('can be opened, used and closed by Escape, and the dialog stays open', async () => {
      const {chat, dialog} = await createDialog();
      dialog.showModal();
      await until(() => parts(chat, 'launcher').length > 0);

      expect(atMiddle(button(chat)) === chat).to.equal(true);
      button(chat).click();
      await settled(chat);
      expect(atMiddle(part(chat, 'input')) === chat).to.equal(true);
      await sendKeys({type: 'Hi'});
      expect(part<HTMLTextAreaElement>(chat, 'input').value).to.equal('Hi');
      await sendKeys({press: 'Escape'});
      await until(() => !isShown(panel(chat)));

      expect(dialog.open).to.equal(true);
      await sendKeys({press: 'Escape'});
      await until(() => !dialog.open);
    });

    it('is above a dialog that opens after it', async () => {
      const {chat, dialog} = await createDialog();
      chat.open = true;
      await settled(chat);

      dialog.showModal();

      await until(() => isShown(panel(chat)) && atMiddle(part(chat, 'input')) === chat);
    });
  });

  it('shows slotted button content, and uses it as the accessible name', async () => {
    const chat = await createLauncher();
    const label = document.createElement('span');
    label.slot = 'launcher';
    label.textContent = 'Help';
    chat.append(label);
    await until(() => name(chat) === 'Help');

    expect(label.checkVisibility()).to.equal(true);
    expect(button(chat).getBoundingClientRect().width).to.be.greaterThan(56);
    expect(button(chat).querySelector('svg')!.checkVisibility()).to.equal(false);
  });

  it('can switch to inline and back to launcher', async () => {
    const chat = await createLauncher();
    chat.show();
    await settled(chat);

    chat.mode = 'inline';
    await chat.updateComplete;
    expect(parts(chat, 'launcher')).to.have.length(0);
    expect(isShown(panel(chat))).to.equal(true);
    expect(panel(chat).getAttribute('role')).to.equal(null);
    expect(getComputedStyle(panel(chat)).position).not.to.equal('fixed');

    chat.mode = 'launcher';
    await settled(chat);
    expect(isShown(button(chat))).to.equal(true);
  });

  it('stays open when it is moved in the page', async () => {
    const chat = await createLauncher();
    chat.show();
    await settled(chat);
    const place = document.createElement('div');
    chat.parentElement!.append(place);
    const opened = collect(chat, 'open', 'close');

    place.append(chat);
    await until(() => parts(chat, 'launcher').length === 1 && isShown(panel(chat)));

    expect(atMiddle(part(chat, 'input')) === chat).to.equal(true);
    expect(opened).to.have.length(0);
  });

  it('opens at once with the attribute `open`, and fires the event', async () => {
    const chat = document.createElement('stream-chat');
    chat.setAttribute('mode', 'launcher');
    chat.setAttribute('open', '');
    const opened = next(chat, 'open');
    document.body.append(chat);

    await opened;
    expect(isShown(panel(chat))).to.equal(true);
    chat.remove();
  });
});
