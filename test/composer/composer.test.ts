import {expect, fixture, html} from '@open-wc/testing';
import {sendKeys} from '@web/test-runner-commands';

import type {StreamChat} from '../../src/stream-chat.js';
import {ask, collect, createChat, next, part, parts, shownAnswer, until} from '../helpers/chat.js';
import {openai, openaiChunk, script, type ScriptedServer} from '../helpers/server.js';

const input = (chat: StreamChat) => part<HTMLTextAreaElement>(chat, 'input');
const questions = (chat: StreamChat) => chat.messages.filter(({role}) => role === 'user').map(({text}) => text);

/** Presses a key together with others. */
async function chord(key: string, ...held: string[]) {
  for (const modifier of held) await sendKeys({down: modifier});
  await sendKeys({press: key});
  for (const modifier of held.reverse()) await sendKeys({up: modifier});
}

/** A server whose first answer does not end. */
function endless(): Promise<ScriptedServer> {
  return script([{steps: [{write: `data: ${openaiChunk('x')}\n\n`}, {silence: true}]}, openai('ok')]);
}

/** A key as an input method sends it. */
function press(target: HTMLElement, key: string, init: KeyboardEventInit & {keyCode?: number} = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', {key, bubbles: true, composed: true, cancelable: true, ...init});
  if (init.keyCode) Object.defineProperty(event, 'keyCode', {value: init.keyCode});
  target.dispatchEvent(event);
  return event;
}

describe('composer', () => {
  describe('the text field', () => {
    it('grows with its text, to a limit, and shrinks when it is sent', async () => {
      const server = await script(openai('ok'));
      const chat = await createChat({endpoint: server.url});
      const field = input(chat);
      const one = field.offsetHeight;

      chat.focus();
      await sendKeys({type: 'one'});
      await chord('Enter', 'Shift');
      await sendKeys({type: 'two'});
      await until(() => field.offsetHeight > one);
      for (let line = 0; line < 30; line++) await chord('Enter', 'Shift');
      const limit = field.offsetHeight;
      expect(limit).to.be.lessThan(field.scrollHeight);
      expect(limit).to.be.lessThan(chat.offsetHeight / 2);

      await sendKeys({press: 'Enter'});
      await until(() => field.offsetHeight === one);
    });

    it('is neither disabled nor cleared while an answer streams, and the draft is sent afterwards', async () => {
      const server = await endless();
      const chat = await createChat({endpoint: server.url});
      void chat.send('First');
      await until(() => shownAnswer(chat) === 'x');

      await ask(chat, 'draft');
      expect(input(chat).disabled || input(chat).readOnly).to.be.false;
      expect(input(chat).value).to.equal('draft');
      chat.stop();
      await sendKeys({press: 'Enter'});

      await until(() => shownAnswer(chat) === 'ok');
      expect(questions(chat)).to.deep.equal(['First', 'draft']);
      expect(input(chat).value).to.equal('');
    });

    it('keeps the draft when a send listener cancels', async () => {
      const chat = await createChat({endpoint: '/nowhere'});
      chat.addEventListener('send', (event) => event.preventDefault());

      await ask(chat, 'Mine');

      await until(() => input(chat).value === 'Mine');
      expect(chat.messages).to.be.empty;
    });

    it('is focused on first render with "autofocus", unless another element has focus', async () => {
      const other = await fixture<HTMLInputElement>(html`<input />`);
      other.focus();
      await fixture(html`<stream-chat autofocus></stream-chat>`);
      expect(document.activeElement === other).to.be.true;

      other.blur();
      const chat = await fixture<StreamChat>(html`<stream-chat autofocus></stream-chat>`);
      expect(document.activeElement === chat).to.be.true;
      expect(chat.shadowRoot!.activeElement === input(chat)).to.be.true;

      input(chat).blur();
      await fixture(html`<stream-chat></stream-chat>`);
      await fixture(html`<stream-chat autofocus="false"></stream-chat>`);
      expect(document.activeElement === document.body).to.be.true;
    });
  });

  describe('Enter', () => {
    for (const modifier of ['Control', 'Meta']) {
      it(`sends together with ${modifier}`, async () => {
        const server = await script(openai('ok'));
        const chat = await createChat({endpoint: server.url});
        chat.focus();
        await sendKeys({type: 'Hi'});

        await chord('Enter', modifier);

        await until(() => questions(chat)[0] === 'Hi');
      });
    }

    it('inserts a newline with enter-key="newline", where Ctrl+Enter sends', async () => {
      const server = await script(openai('ok'));
      const chat = await createChat({endpoint: server.url, 'enter-key': 'newline'});

      await ask(chat, 'one');
      await sendKeys({type: 'two'});
      expect(input(chat).value).to.equal('one\ntwo');
      expect(input(chat).getAttribute('enterkeyhint')).to.equal('enter');
      await chord('Enter', 'Control');

      await until(() => questions(chat)[0] === 'one\ntwo');
    });

    it('never submits a form of the host page', async () => {
      const server = await script(openai('ok', 'ok'));
      const form = await fixture<HTMLFormElement>(html`
        <form>
          <stream-chat endpoint=${server.url}><button slot="suggestions">Why?</button></stream-chat>
          <button>Submit</button>
        </form>
      `);
      const submits: Event[] = [];
      form.addEventListener('submit', (event) => submits.push(event));
      form.addEventListener('submit', (event) => event.preventDefault());
      const chat = form.querySelector('stream-chat')!;

      await ask(chat, 'Hi');
      await until(() => shownAnswer(chat) !== '');
      chat.clear();
      await chat.updateComplete;
      chat.querySelector('button')!.click();
      await until(() => questions(chat)[0] === 'Why?');

      expect(submits).to.be.empty;
    });
  });

  describe('an input method', () => {
    // Chromium and Firefox: keydown within the composition. Safari: keydown behind its end. Others: only code 229.
    const orders: Record<string, (field: HTMLElement, key: string) => KeyboardEvent> = {
      'whose key comes before the end of the composition': (field, key) => {
        field.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true}));
        const event = press(field, key, {isComposing: true, keyCode: 229});
        field.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true, data: '日本'}));
        return event;
      },
      'whose key comes behind the end of the composition': (field, key) => {
        field.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true}));
        field.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true, data: '日本'}));
        return press(field, key, {keyCode: 229});
      },
      'that says only the code of its key': (field, key) => press(field, key, {keyCode: 229}),
    };
    for (const [name, compose] of Object.entries(orders)) {
      it(`${name}, keeps Enter, Escape and ArrowUp`, async () => {
        const server = await endless();
        const chat = await createChat({endpoint: server.url});
        void chat.send('First');
        await until(() => shownAnswer(chat) === 'x');

        for (const key of ['Escape', 'ArrowUp']) expect(compose(input(chat), key).defaultPrevented).to.be.false;
        expect(chat.state).to.equal('streaming');
        expect(input(chat).value).to.equal('');
        chat.stop();
        input(chat).value = '日本';
        expect(compose(input(chat), 'Enter').defaultPrevented).to.be.false;

        expect(questions(chat)).to.deep.equal(['First']);
        expect(input(chat).value).to.equal('日本');
      });
    }
  });

  describe('ArrowUp in the empty text field', () => {
    it('edits the last message', async () => {
      const server = await script([openai('One.'), openai('Two.'), openai('Other.')]);
      const chat = await createChat({endpoint: server.url, renderer: 'plain'});
      await chat.send('First?');
      await chat.send('Second?');

      chat.focus();
      await sendKeys({press: 'ArrowUp'});
      expect(input(chat).value).to.equal('Second?');
      await until(() => !part(chat, 'composer-note').hidden);
      expect(part(chat, 'composer-note').textContent).to.include('Edit the question');
      await sendKeys({type: '!'});
      const done = next(chat, 'done');
      await sendKeys({press: 'Enter'});
      await done;

      expect(questions(chat)).to.deep.equal(['First?', 'Second?!']);
      expect(shownAnswer(chat)).to.equal('Other.');
      await until(() => part(chat, 'composer-note').hidden);
      expect(input(chat).value).to.equal('');
    });

    it('is cancelled with Escape or with the button, and the focus stays', async () => {
      const server = await script(openai('One.'));
      const chat = await createChat({endpoint: server.url});
      await chat.send('First?');

      for (const cancel of [() => sendKeys({press: 'Escape'}), async () => part(chat, 'cancel').click()]) {
        chat.focus();
        await sendKeys({press: 'ArrowUp'});
        await until(() => parts(chat, 'cancel').length === 1);
        await cancel();
        await until(() => part(chat, 'composer-note').hidden);
        expect(input(chat).value).to.equal('');
        expect(chat.shadowRoot!.activeElement === input(chat)).to.be.true;
      }
      expect(questions(chat)).to.deep.equal(['First?']);
    });

    it('does nothing with a modifier, in a draft, or before the first message', async () => {
      const server = await script(openai('One.'));
      const chat = await createChat({endpoint: server.url});
      chat.focus();
      await sendKeys({press: 'ArrowUp'});
      expect(input(chat).value).to.equal('');
      await chat.send('First?');

      await chord('ArrowUp', 'Shift');
      expect(input(chat).value).to.equal('');
      await sendKeys({type: 'draft'});
      await sendKeys({press: 'ArrowUp'});
      expect(input(chat).value).to.equal('draft');
    });

    it('sends an edited message as a new one once the conversation is cleared', async () => {
      const server = await script([openai('One.'), openai('Two.')]);
      const chat = await createChat({endpoint: server.url});
      await chat.send('First?');
      chat.focus();
      await sendKeys({press: 'ArrowUp'});

      chat.clear();
      await sendKeys({press: 'Enter'});

      await until(() => questions(chat)[0] === 'First?');
    });
  });

  describe('Escape', () => {
    it('takes one step per press: cancels the editing, stops the answer, then reaches the host page', async () => {
      const server = await endless();
      const chat = await createChat({endpoint: server.url});
      const left: boolean[] = [];
      const listen = (event: KeyboardEvent) => event.key === 'Escape' && left.push(event.defaultPrevented);
      document.addEventListener('keydown', listen);
      void chat.send('First?');
      await until(() => shownAnswer(chat) === 'x');
      chat.focus();
      await sendKeys({press: 'ArrowUp'});
      await until(() => parts(chat, 'cancel').length === 1);

      await sendKeys({press: 'Escape'});
      await until(() => part(chat, 'composer-note').hidden);
      expect(chat.state).to.equal('streaming');
      await sendKeys({type: 'draft'});
      const done = next(chat, 'done');
      await sendKeys({press: 'Escape'});
      expect((await done).detail.reason).to.equal('aborted');
      expect(left).to.deep.equal([]);
      await sendKeys({press: 'Escape'});

      document.removeEventListener('keydown', listen);
      expect(left).to.deep.equal([false]);
      expect(input(chat).value).to.equal('draft');
    });

    it('stops the answer from the transcript, too', async () => {
      const server = await endless();
      const chat = await createChat({endpoint: server.url});
      void chat.send('First?');
      await until(() => shownAnswer(chat) === 'x');
      const done = next(chat, 'done');

      part(chat, 'log').focus();
      await sendKeys({press: 'Escape'});

      expect((await done).detail.reason).to.equal('aborted');
    });
  });

  describe('shortcuts of the host page', () => {
    it('are not triggered by typed text, but by all other keys', async () => {
      const chat = await createChat({endpoint: '/nowhere'});
      const seen: string[] = [];
      const listen = ({type, key}: KeyboardEvent) => seen.push(`${type} ${key}`);
      for (const type of ['keydown', 'keypress', 'keyup'] as const) document.addEventListener(type, listen);

      chat.focus();
      await sendKeys({type: 'k/?'});
      expect(seen.filter((event) => /[k/?]$/.test(event))).to.deep.equal([]);
      await sendKeys({press: 'Escape'});
      // Made up, as browsers have hotkeys of their own.
      press(input(chat), 'F2');
      press(input(chat), 'k', {ctrlKey: true});
      part(chat, 'log').focus();
      await sendKeys({press: 'j'});

      for (const type of ['keydown', 'keypress', 'keyup'] as const) document.removeEventListener(type, listen);
      expect(input(chat).value).to.equal('k/?');
      expect(seen).to.include.members(['keydown Escape', 'keydown F2', 'keydown k', 'keydown j', 'keyup j']);
    });

    it('are triggered by text typed in a control of the host page', async () => {
      const chat = await fixture<StreamChat>(html`<stream-chat><input slot="composer-start" /></stream-chat>`);
      const seen: string[] = [];
      const listen = ({key}: KeyboardEvent) => seen.push(key);
      document.addEventListener('keydown', listen);

      chat.querySelector('input')!.focus();
      await sendKeys({press: 'k'});

      document.removeEventListener('keydown', listen);
      expect(seen).to.deep.equal(['k']);
    });
  });

  describe('suggestions', () => {
    it('are sent with a click, and hidden after the first message', async () => {
      const server = await script(openai('ok'));
      const chat = await fixture<StreamChat>(html`
        <stream-chat endpoint=${server.url} .suggestions=${['What can you do?', 'Who are you?']}></stream-chat>
      `);
      const [first] = parts<HTMLButtonElement>(chat, 'suggestion');
      const group = part(chat, 'suggestions');
      expect([group.getAttribute('role'), group.getAttribute('aria-label')]).to.deep.equal(['group', 'Suggestions']);
      expect(group.checkVisibility()).to.be.true;

      first!.focus();
      await sendKeys({press: 'Enter'});

      await until(() => questions(chat)[0] === 'What can you do?');
      await until(() => !group.checkVisibility());
      expect(chat.shadowRoot!.activeElement === input(chat)).to.be.true;
      chat.clear();
      await until(() => group.checkVisibility());
    });

    it('can be buttons of the host page, which can do something else', async () => {
      const server = await script(openai('ok'));
      const chat = await fixture<StreamChat>(html`
        <stream-chat endpoint=${server.url}>
          <button slot="suggestions" @click=${(event: Event) => event.preventDefault()}>Not asked</button>
          <button slot="suggestions"><b>How</b> so?</button>
        </stream-chat>
      `);
      const [other, asked] = chat.querySelectorAll('button');
      expect(asked!.checkVisibility()).to.be.true;

      other!.click();
      await chat.updateComplete;
      expect(chat.messages).to.be.empty;
      asked!.querySelector('b')!.click();

      await until(() => questions(chat)[0] === 'How so?');
      await until(() => !asked!.checkVisibility());
      expect(document.activeElement === chat).to.be.true;
    });

    it('leave the draft unchanged', async () => {
      const server = await script(openai('ok'));
      const chat = await createChat({endpoint: server.url});
      chat.suggestions = ['Why?'];
      await chat.updateComplete;
      chat.focus();
      await sendKeys({type: 'draft'});

      part(chat, 'suggestion').click();

      await until(() => questions(chat)[0] === 'Why?');
      expect(input(chat).value).to.equal('draft');
    });
  });

  describe('max-length', () => {
    it('shows the count near the limit, rejects longer messages, and truncates nothing', async () => {
      const server = await script(openai('ok'));
      const chat = await createChat({endpoint: server.url, 'max-length': '30'});
      chat.focus();
      await sendKeys({type: 'nine char'});
      await chat.updateComplete;
      expect(parts(chat, 'count')).to.have.length(0);

      await sendKeys({type: ' and 👍 and more'});
      await until(() => parts(chat, 'count').length === 1);
      expect(part(chat, 'count').textContent).to.equal('6 characters left');
      const described = input(chat).getAttribute('aria-describedby')!;
      expect(chat.shadowRoot!.getElementById(described)!.textContent).to.include('6 characters left');
      expect(chat.shadowRoot!.querySelector('[aria-live="polite"], [role="status"], [role="alert"]')).to.equal(null);

      await sendKeys({type: ' and more'});
      await until(() => part(chat, 'count').textContent === '3 characters too many');
      expect(input(chat).getAttribute('aria-invalid')).to.equal('true');
      await sendKeys({press: 'Enter'});
      expect(questions(chat)).to.be.empty;
      expect(input(chat).value).to.equal('nine char and 👍 and more and more');

      for (let at = 0; at < 3; at++) await sendKeys({press: 'Backspace'});
      await sendKeys({press: 'Enter'});
      await until(() => questions(chat).length === 1);
      await until(() => parts(chat, 'count').length === 0);
    });
  });

  it('renders nothing with composer="off"', async () => {
    const chat = await createChat({endpoint: '/nowhere', composer: 'off', attach: ''});
    const errors = collect(chat, 'error');

    chat.setAttribute('composer', 'on');
    await until(() => parts(chat, 'attach').length === 1);
    chat.setAttribute('composer', 'off');
    await until(() => parts(chat, 'composer').length === 0);
    chat.setAttribute('composer', 'on');

    await until(() => parts(chat, 'attach').length === 1);
    expect(errors).to.be.empty;
  });
});
