import {expect} from '@open-wc/testing';
import {sendKeys, sendMouse} from '@web/test-runner-commands';

import {createChat, next, part, until} from '../helpers/chat.js';
import {openaiChunk, script} from '../helpers/server.js';
import type {StreamChat} from '../../src/index.js';

const middle = (element: Element): [number, number] => {
  const {x, y, width, height} = element.getBoundingClientRect();
  return [Math.round(x + width / 2), Math.round(y + height / 2)];
};
const click = (position: [number, number]) => sendMouse({type: 'click', position});
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Returns a chat with a draft, whose answer begins and does not end. */
async function drafted(): Promise<StreamChat> {
  const server = await script({steps: [{write: `data: ${openaiChunk('x')}\n\n`}, {silence: true}]});
  const chat = await createChat({endpoint: server.url});
  chat.shadowRoot!.querySelector('textarea')!.value = 'Why?';
  return chat;
}

describe('a control whose meaning changes', () => {
  it('ignores a second click of the mouse: Send does not stop the answer', async () => {
    let chat = await drafted();
    let at = middle(part(chat, 'send'));
    // On a busy machine, the click of the test runner can come too late: a person's second click does not.
    for (let delay = Infinity, attempt = 0; delay > 500 && attempt < 5; attempt++) {
      if (attempt > 0) {
        chat.remove();
        chat = await drafted();
        at = middle(part(chat, 'send'));
      }
      const send = part(chat, 'send');
      await click(at);
      await until(() => send.getAttribute('aria-label') === 'Stop');
      const changedAt = performance.now();
      send.addEventListener('pointerdown', ({timeStamp}) => (delay = timeStamp - changedAt), {once: true});
      await click(at);
    }
    expect(chat.state).not.to.equal('idle');

    await pause(650);
    const done = next(chat, 'done');
    await click(at);
    expect((await done).detail.reason).to.equal('aborted');
  });

  it('ignores a second click of a script', async () => {
    const chat = await drafted();
    const send = part(chat, 'send');

    send.click();
    await until(() => send.getAttribute('aria-label') === 'Stop');
    send.click();

    expect(chat.state).not.to.equal('idle');
    chat.stop();
  });

  it('takes clicks again once the mouse has left it', async () => {
    const chat = await drafted();
    const send = part(chat, 'send');
    const at = middle(send);
    await click(at);
    await until(() => send.getAttribute('aria-label') === 'Stop');

    await sendMouse({type: 'move', position: [5, 5]});
    const done = next(chat, 'done');
    await click(at);

    expect((await done).detail.reason).to.equal('aborted');
  });

  it('does not send the draft with a click on Stop as the answer ends', async () => {
    const chat = await drafted();
    const send = part(chat, 'send');
    const at = middle(send);
    await click(at);
    await until(() => send.getAttribute('aria-label') === 'Stop');
    chat.shadowRoot!.querySelector('textarea')!.value = 'A draft';

    chat.stop();
    await until(() => send.getAttribute('aria-label') === 'Send');
    await click(at);

    expect(chat.messages.filter(({role}) => role === 'user')).to.have.length(1);
    expect(chat.shadowRoot!.querySelector('textarea')!.value).to.equal('A draft');
  });

  it('ignores the repeats of a key that is held down', async () => {
    const chat = await drafted();
    const send = part(chat, 'send');
    send.focus();
    await sendKeys({press: 'Enter'});
    await until(() => send.getAttribute('aria-label') === 'Stop');
    await pause(650);

    for (const key of ['Enter', ' ']) {
      const event = new KeyboardEvent('keydown', {key, repeat: true, bubbles: true, cancelable: true, composed: true});
      expect(send.dispatchEvent(event), key).to.equal(false);
    }
    expect(chat.state).not.to.equal('idle');
    chat.stop();
  });

  it('ignores a second click: the launcher does not close what it has opened', async () => {
    const chat = await createChat({mode: 'launcher'});
    const launcher = part(chat, 'launcher');
    const at = middle(launcher);

    await click(at);
    await until(() => launcher.ariaExpanded === 'true');
    await click(at);

    expect(chat.open).to.equal(true);
  });
});

describe('enter-key="auto"', () => {
  const original = globalThis.matchMedia;
  afterEach(() => (globalThis.matchMedia = original));

  /** Emulates a screen that is touched, with its keyboard on it. */
  function touch() {
    globalThis.matchMedia = (query) =>
      query.includes('(pointer: coarse)') ? ({matches: true} as MediaQueryList) : original.call(globalThis, query);
  }

  async function pressEnter(attributes: Record<string, string>): Promise<{sent: number; hint: string; value: string}> {
    const server = await script({steps: [{write: `data: ${openaiChunk('x')}\n\ndata: [DONE]\n\n`}]});
    const chat = await createChat({endpoint: server.url, ...attributes});
    const input = chat.shadowRoot!.querySelector('textarea')!;
    input.focus();
    await sendKeys({type: 'One'});
    await sendKeys({press: 'Enter'});
    const result = {sent: chat.messages.length, hint: input.getAttribute('enterkeyhint')!, value: input.value};
    chat.stop();
    return result;
  }

  it('is the default, and sends where there is a keyboard', async () => {
    expect((await createChat()).enterKey).to.equal('auto');
    expect(await pressEnter({})).to.deep.include({hint: 'send', value: ''});
  });

  it('makes a new line with a keyboard on the screen, unless the attribute is "send"', async () => {
    touch();

    expect(await pressEnter({})).to.deep.equal({sent: 0, hint: 'enter', value: 'One\n'});
    expect(await pressEnter({'enter-key': 'send'})).to.deep.include({hint: 'send', value: ''});
  });
});
