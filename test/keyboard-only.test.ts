import {aTimeout, expect} from '@open-wc/testing';
import {sendKeys} from '@web/test-runner-commands';

import type {StreamChat} from '../src/stream-chat.js';
import {ask, collect, createChat, next, part, parts, shownAnswer, until} from './helpers/chat.js';
import {json, openai, openaiChunk, script} from './helpers/server.js';
import {allButtons, chooseFiles} from './helpers/states.js';

const focused = (chat: StreamChat) => chat.shadowRoot!.activeElement as HTMLElement | null;
const has = (chat: StreamChat, name: string) => focused(chat)?.part.contains(name) ?? false;
const press = (key: string) => sendKeys({press: key});

/** Presses Tab, or Shift and Tab. */
async function tab(back = false): Promise<void> {
  if (back) await sendKeys({down: 'Shift'});
  await press('Tab');
  if (back) await sendKeys({up: 'Shift'});
}

/** Presses Tab until this part has focus, at most 12 times. */
async function tabTo(chat: StreamChat, name: string, back = false): Promise<void> {
  for (let i = 0; i < 12 && !has(chat, name); i++) await tab(back);
  expect(has(chat, name), `Tab reaches ${name}`).to.equal(true);
}

/** Moves focus from the text field into the last message, or `above` messages further up, and to one of its controls. */
async function reach(chat: StreamChat, name: string, above = 0): Promise<void> {
  chat.focus();
  await until(() => chat.shadowRoot!.getElementById('keys'), 'keyboard navigation is loaded');
  await tabTo(chat, 'log', true);
  await press('Enter');
  for (let i = 0; i < above; i++) await press('ArrowUp');
  await press('Enter');
  await tabTo(chat, name);
}

describe('a keyboard user can', () => {
  it('send a message, stop the answer with the button, and send another', async () => {
    const {url} = await script([{steps: [{write: `data: ${openaiChunk('Once')}\n\n`}, {until: 'never'}]}, openai('Twice.')]);
    const chat = await createChat({endpoint: url});

    await ask(chat, 'How often?');
    await until(() => shownAnswer(chat) === 'Once');
    await tabTo(chat, 'send');
    expect(focused(chat)!.getAttribute('aria-label')).to.equal('Stop');
    // A moment after Send became Stop: before, a click was meant for Send.
    await aTimeout(650);
    await press('Enter');
    await until(() => parts(chat, 'note').length === 1);
    expect(has(chat, 'send'), 'the focus stays').to.equal(true);

    await reach(chat, 'retry');
    const done = next(chat, 'done');
    await press('Enter');
    await done;
    expect(shownAnswer(chat)).to.equal('Twice.');
    expect(has(chat, 'input'), 'the focus goes on as the button goes').to.equal(true);
  });

  it('stop with Escape', async () => {
    const {url} = await script({steps: [{write: `data: ${openaiChunk('Once')}\n\n`}, {until: 'never'}]});
    const chat = await createChat({endpoint: url});
    await ask(chat, 'How often?');
    await until(() => shownAnswer(chat) === 'Once');
    const done = next(chat, 'done');

    await press('Escape');

    expect((await done).detail.reason).to.equal('aborted');
  });

  it('retry a failed answer', async () => {
    const {url} = await script([json({error: 'No.'}, 403), openai('Yes.')]);
    const chat = await createChat({endpoint: url});
    await ask(chat, 'Well?');
    await until(() => parts(chat, 'retry').length === 1);

    await reach(chat, 'retry');
    await press('Enter');

    await until(() => shownAnswer(chat) === 'Yes.');
  });

  it('copy code', async () => {
    const chat = await createChat();
    chat.messages = [{role: 'assistant', text: '```js\nlet a;\n```'}];
    const copied = collect(chat, 'copy-text');
    await until(() => parts(chat, 'code-copy').length === 1 && parts(chat, 'actions').length === 1);

    await reach(chat, 'code-copy');
    await press('Enter');

    await until(() => copied.length === 1);
    expect(copied[0]!.detail.text.trim()).to.equal('let a;');
    expect(has(chat, 'code-copy')).to.equal(true);
  });

  it('edit a question with its button', async () => {
    const {url} = await script([openai('One.'), openai('Two.')]);
    const chat = await createChat({endpoint: url, actions: 'copy edit'});
    await chat.send('First?');
    await until(() => parts(chat, 'actions').length === 2);

    await reach(chat, 'edit', 1);
    await press('Enter');
    await until(() => has(chat, 'editor-input'));
    await press('End');
    await sendKeys({type: ' Or not?'});
    await press('Enter');

    await until(() => shownAnswer(chat) === 'Two.');
    expect(chat.messages[0]!.text).to.equal('First? Or not?');
  });

  it('edit the last question with the arrow key', async () => {
    const {url} = await script([openai('One.'), openai('Two.')]);
    const chat = await createChat({endpoint: url});
    await chat.send('First?');
    chat.focus();

    await press('ArrowUp');
    await until(() => part<HTMLTextAreaElement>(chat, 'input').value === 'First?');
    await sendKeys({type: '!'});
    await press('Enter');

    await until(() => shownAnswer(chat) === 'Two.');
    expect(chat.messages.map(({text}) => text)).to.deep.equal(['First?!', 'Two.']);
  });

  it('open a source', async () => {
    const chat = await createChat({actions: 'none'});
    chat.messages = [{role: 'assistant', parts: [{type: 'text', text: 'So.'}, {type: 'source', url: 'https://example.org/a', title: 'A'}]}];
    await until(() => parts(chat, 'source').length === 1);
    const followed = next(chat, 'link');
    chat.addEventListener('link', (event) => event.preventDefault());

    await reach(chat, 'source');
    await press('Enter');

    expect((await followed).detail.url).to.equal('https://example.org/a');
  });

  it('open and close the reasoning and the result of a tool', async () => {
    const chat = await createChat({actions: 'none'});
    chat.messages = [{role: 'assistant', parts: [{type: 'reasoning', text: 'Hm.', seconds: 2}, {type: 'text', text: 'So.'}]}];
    const details = () => chat.shadowRoot!.querySelector('details')!;
    await until(() => details()?.open === false);

    chat.focus();
    await until(() => chat.shadowRoot!.getElementById('keys'));
    await tabTo(chat, 'log', true);
    await press('Enter');
    await press('Enter');
    expect(focused(chat)!.localName).to.equal('summary');
    await press('Enter');

    await until(() => details().open);
  });

  it('send a suggestion', async () => {
    const {url} = await script(openai('Yes.'));
    const chat = await createChat({endpoint: url});
    chat.suggestions = ['One?', 'Two?'];
    await until(() => parts(chat, 'suggestion').length === 2);
    chat.focus();

    await tabTo(chat, 'suggestion', true);
    expect(focused(chat)!.textContent.trim()).to.equal('Two?');
    await tab(true);
    expect(focused(chat)!.textContent.trim()).to.equal('One?');
    await press('Enter');

    await until(() => shownAnswer(chat) === 'Yes.');
    expect(chat.messages[0]!.text).to.equal('One?');
    expect(has(chat, 'input')).to.equal(true);
  });

  it('remove an attachment', async () => {
    const chat = await createChat({attach: ''});
    await until(() => parts(chat, 'attach').length === 1);
    chooseFiles(chat, new File(['a'], 'a.txt', {type: 'text/plain'}), new File(['b'], 'b.txt', {type: 'text/plain'}));
    await until(() => parts(chat, 'attachment').length === 2);
    chat.focus();

    await tabTo(chat, 'remove-file', true);
    await press('Enter');
    expect(part(chat, 'attachment').textContent).to.contain('a.txt');
    expect(has(chat, 'remove-file'), 'focus moves to the remaining file').to.equal(true);
    await press(' ');

    expect(parts(chat, 'attachment')).to.be.empty;
    expect(has(chat, 'attach')).to.equal(true);
  });

  it('open the launcher, and close it with Escape, which returns focus to its button', async () => {
    const chat = await createChat({mode: 'launcher'});
    const before = document.createElement('button');
    chat.before(before);
    before.focus();

    await tab();
    expect(has(chat, 'launcher')).to.equal(true);
    await press('Enter');
    await until(() => has(chat, 'input'));
    await press('Escape');

    await until(() => has(chat, 'launcher'));
    expect(part(chat, 'base').checkVisibility()).to.equal(false);
  });

  it('leave in both directions, while an answer streams and after it', async () => {
    const {url} = await script({steps: [{write: `data: ${openaiChunk('One. ')}\n\n`}, {until: 'end'}]});
    const chat = await createChat({endpoint: url, ...allButtons});
    const [before, after] = [document.createElement('button'), document.createElement('button')];
    chat.before(before);
    chat.after(after);
    await until(() => parts(chat, 'attach').length === 1);
    void chat.send('Go.');
    await until(() => shownAnswer(chat) !== '');

    for (const state of ['streaming', 'idle']) {
      if (state === 'idle') chat.stop();
      await until(() => chat.state === state);
      chat.focus();
      for (let i = 0; i < 8 && document.activeElement !== after; i++) await tab();
      expect(document.activeElement === after, `${state}, forwards`).to.equal(true);
      for (let i = 0; i < 12 && document.activeElement !== before; i++) await tab(true);
      expect(document.activeElement === before, `${state}, backwards`).to.equal(true);
    }
  });
});
