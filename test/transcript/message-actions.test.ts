import {expect} from '@open-wc/testing';
import {sendKeys, sendMouse} from '@web/test-runner-commands';

import type {StreamChat} from '../../src/stream-chat.js';
import {noteAnnouncements} from '../helpers/announcements.js';
import {collect, createChat, next, part, parts, shownAnswer, still, until} from '../helpers/chat.js';
import {openai, openaiChunk, script, sse} from '../helpers/server.js';

/** The button of this name under the message with this number. */
function action(chat: StreamChat, message: number, name: string): HTMLButtonElement | undefined {
  return (
    parts(chat, 'message').at(message)?.querySelector<HTMLButtonElement>(`[part~="action"][part~="${name}"]`) ??
    undefined
  );
}

/** Resolves with that button when it is there. */
async function button(chat: StreamChat, message: number, name: string): Promise<HTMLButtonElement> {
  await until(() => action(chat, message, name), `a button ${name} under message ${message}`);
  return action(chat, message, name)!;
}

/** What the row under a message offers, by its labels. */
function labels(chat: StreamChat, message: number): (string | null)[] {
  const row = parts(chat, 'message').at(message)!.querySelector('[part~="actions"]');
  return [...(row?.querySelectorAll('button') ?? [])].map((element) => element.getAttribute('aria-label'));
}

/** Clicks as a person does. */
async function click(element: Element): Promise<void> {
  await still(() => JSON.stringify(element.getBoundingClientRect()));
  const {x, y, width, height} = element.getBoundingClientRect();
  await sendMouse({type: 'click', position: [Math.round(x + width / 2), Math.round(y + height / 2)]});
}

/** Stands in for the voices of the browser: those of tests have none, and some end when they are asked for one. */
function listen() {
  const spoken: SpeechSynthesisUtterance[] = [];
  const voices = {
    speak: (utterance: SpeechSynthesisUtterance) => spoken.push(utterance),
    cancel: () => spoken.splice(0),
    getVoices: () => [],
  };
  const own = Object.getOwnPropertyDescriptor(window, 'speechSynthesis');
  Object.defineProperty(window, 'speechSynthesis', {value: voices, configurable: true});
  const end = () => {
    if (own) Object.defineProperty(window, 'speechSynthesis', own);
    else Reflect.deleteProperty(window, 'speechSynthesis');
  };
  return {spoken, end};
}

const focused = (chat: StreamChat) => chat.shadowRoot!.activeElement;

async function answered(attributes: Record<string, string>, ...answers: readonly string[]) {
  const server = await script(answers.map((text) => openai(text)));
  const chat = await createChat({endpoint: server.url, ...attributes});
  await chat.send('Why?');
  await until(() => parts(chat, 'actions').length === 2);
  return {server, chat};
}

describe('message actions', () => {
  it('have icons, in Chromium only near the viewport, where each SVG costs time in each frame', async () => {
    const chat = await createChat();
    chat.style.blockSize = '400px';
    chat.messages = Array.from({length: 100}, (_, i) => ({role: i % 2 ? 'assistant' : 'user', text: 'Words. '.repeat(100)}));
    const signs = (message: number) => parts(chat, 'message').at(message)?.querySelectorAll('[part~="action"] svg').length;
    const far = 'userAgentData' in navigator ? 0 : 2;
    await until(() => parts(chat, 'actions').length === 100 && signs(-1) === 2 && signs(-2) === 2 && signs(0) === far && signs(40) === far);

    part(chat, 'log').scrollTop = 0;

    await until(() => signs(0) === 2 && signs(1) === 1 && signs(-2) === far);
    expect(labels(chat, -2)).to.deep.equal(['Copy', 'Edit']);
  });

  it('are below each completed message, and regenerate only below the last answer', async () => {
    const {chat} = await answered({}, 'Because.', 'Again.');

    expect(labels(chat, 0)).to.deep.equal(['Copy', 'Edit']);
    expect(labels(chat, 1)).to.deep.equal(['Copy', 'Regenerate']);
    await chat.send('And?');
    await until(() => parts(chat, 'actions').length === 4);

    expect(labels(chat, 1)).to.deep.equal(['Copy']);
    expect(labels(chat, 3)).to.deep.equal(['Copy', 'Regenerate']);
  });

  it('copy the source of the answer', async () => {
    const text = '**Tea** is *hot*.\n\n- one\n';
    const {chat} = await answered({}, text);
    const said = await noteAnnouncements();
    const copies = collect(chat, 'copy-text');
    const copy = await button(chat, 1, 'copy');

    await click(copy);
    await until(() => copies.length === 1);

    expect(copies[0]!.detail.text).to.equal(text);
    await until(() => copy.getAttribute('aria-label') === 'Copied');
    expect(copy.textContent).to.equal('Copied');
    await until(() => said.at(-1)?.text === 'Copied');
    expect(action(chat, 1, 'copy')).to.equal(copy);
    part(chat, 'input').focus();
    await sendKeys({down: 'Control'});
    await sendKeys({press: 'v'});
    await sendKeys({up: 'Control'});
    await until(() => part<HTMLTextAreaElement>(chat, 'input').value === text);
  });

  it('fire copy-text for a code block, too, and announce it', async () => {
    const {chat} = await answered({}, '```js\nlet tea;\n```\n');
    const said = await noteAnnouncements();
    const copied = next(chat, 'copy-text');

    await click(part(chat, 'code-copy'));

    expect((await copied).detail.text).to.equal('let tea;');
    expect(part(chat, 'code-copy').textContent).to.equal('Copied');
    await until(() => said.some(({text}) => text === 'Copied'));
  });

  it('follow the attribute, including none, and are the default ones without it', async () => {
    const {chat} = await answered({actions: 'time feedback copy'}, 'Because.');
    expect(labels(chat, 0)).to.deep.equal(['Copy']);
    expect(labels(chat, 1)).to.deep.equal(['Good answer', 'Bad answer', 'Copy']);

    chat.setAttribute('actions', 'none');
    await chat.updateComplete;
    expect(parts(chat, 'actions')).to.have.length(0);
    chat.removeAttribute('actions');
    await chat.updateComplete;

    await until(() => labels(chat, 1).includes('Regenerate'));
    expect(labels(chat, 0)).to.deep.equal(['Copy', 'Edit']);
    await until(() => shownAnswer(chat) === 'Because.');
  });

  describe('regenerate', () => {
    it('keeps the earlier answer, and sends the visible one', async () => {
      const {server, chat} = await answered({}, 'One.', 'Two.', 'Next.');
      const done = next(chat, 'done');

      await click(await button(chat, 1, 'regenerate'));
      await done;
      const previous = await button(chat, 1, 'previous');
      expect(shownAnswer(chat)).to.equal('Two.');
      expect(part(chat, 'versions').textContent).to.equal('2/2');
      expect(part(chat, 'versions').getAttribute('aria-label')).to.equal('Version 2 of 2');
      expect(action(chat, 1, 'next')!.getAttribute('aria-disabled')).to.equal('true');
      await click(previous);
      await until(() => shownAnswer(chat) === 'One.');

      expect(chat.messages.map(({text}) => text)).to.deep.equal(['Why?', 'One.']);
      expect(part(chat, 'versions').getAttribute('aria-label')).to.equal('Version 1 of 2');
      await chat.send('And?');
      const {requests} = await server.log();
      expect(JSON.parse(requests.at(-1)!.body).messages.map(({content}: {content: string}) => content)).to.deep.equal([
        'Why?',
        'One.',
        'And?',
      ]);
      await until(() => action(chat, 3, 'regenerate'));
      expect(parts(chat, 'versions')).to.have.length(0);
    });

    it('switches between answers by keyboard and keeps focus on the button', async () => {
      const {chat} = await answered({}, 'One.', 'Two.', 'Three.');
      const said = await noteAnnouncements();
      for (const text of ['Two.', 'Three.']) {
        await chat.regenerate();
        await until(() => shownAnswer(chat) === text && action(chat, 1, 'previous'));
      }

      action(chat, 1, 'previous')!.focus();
      await sendKeys({press: 'Enter'});
      await until(() => shownAnswer(chat) === 'Two.');
      await until(() => focused(chat) === action(chat, 1, 'previous'));
      await sendKeys({press: 'Enter'});
      await until(() => shownAnswer(chat) === 'One.');
      await until(() => focused(chat) === action(chat, 1, 'previous'));
      expect(focused(chat)!.getAttribute('aria-disabled')).to.equal('true');
      await sendKeys({press: 'Enter'});

      expect(shownAnswer(chat)).to.equal('One.');
      await until(() => said.some(({text}) => text.includes('Version 1 of 3')));
    });

    it('adds a new answer after the others, and discards an empty one', async () => {
      const server = await script([openai('One.'), openai('Two.'), {status: 400}, openai('Four.')]);
      const chat = await createChat({endpoint: server.url});
      await chat.send('Why?');
      await until(() => action(chat, 1, 'copy'));
      await chat.regenerate();
      await (await button(chat, 1, 'previous')).click();
      await until(() => shownAnswer(chat) === 'One.');

      await chat.regenerate();
      await until(() => parts(chat, 'versions').length === 1);
      expect(part(chat, 'versions').getAttribute('aria-label')).to.equal('Version 3 of 3');
      await chat.regenerate();
      await until(() => shownAnswer(chat) === 'Four.' && parts(chat, 'versions').length === 1);

      expect(part(chat, 'versions').getAttribute('aria-label')).to.equal('Version 3 of 3');
      action(chat, 1, 'previous')!.click();
      await until(() => shownAnswer(chat) === 'Two.');
    });

    it('counts the tokens of each answer once, whichever is visible', async () => {
      const answer = (tokens: number) => {
        const usage = JSON.stringify({object: 'chat.completion.chunk', choices: [], usage: {total_tokens: tokens}});
        return sse(openaiChunk(`Used ${tokens}`), usage, '[DONE]');
      };
      const server = await script([answer(10), answer(20)]);
      const chat = await createChat({endpoint: server.url});
      await chat.send('Why?');
      await until(() => action(chat, 1, 'copy'));
      await chat.regenerate();
      const used = chat.usage;

      (await button(chat, 1, 'previous')).click();
      await until(() => shownAnswer(chat) === 'Used 10');
      expect(chat.usage).to.include({totalTokens: used!.totalTokens!});
      (await button(chat, 1, 'next')).click();
      await until(() => shownAnswer(chat) === 'Used 20');

      expect(chat.usage).to.include({totalTokens: 30});
    });
  });

  describe('edit', () => {
    it('sends the edited question in place of the old one, by keyboard', async () => {
      const {server, chat} = await answered({}, 'One.', 'Two.');
      (await button(chat, 0, 'edit')).focus();

      await sendKeys({press: 'Enter'});
      const input = part<HTMLTextAreaElement>(chat, 'editor-input');
      expect([input.value, input.getAttribute('aria-label'), focused(chat) === input]).to.deep.equal([
        'Why?',
        'Edit the question',
        true,
      ]);
      expect(getComputedStyle(parts(chat, 'user')[0]!.querySelector('[part="text"]')!).display).to.equal('none');
      const done = next(chat, 'done');
      await sendKeys({type: ' Really'});
      await sendKeys({press: 'Enter'});
      await done;

      expect(chat.messages.map(({text}) => text)).to.deep.equal(['Why? Really', 'Two.']);
      expect(JSON.parse((await server.log()).requests[1]!.body).messages).to.deep.equal([
        {role: 'user', content: 'Why? Really'},
      ]);
      expect(focused(chat)).to.equal(part(chat, 'input'));
      expect(parts(chat, 'editor')).to.have.length(0);
    });

    it('is cancelled by Escape, which does not propagate, and by Cancel; focus returns', async () => {
      const {chat} = await answered({}, 'One.');
      const edit = await button(chat, 0, 'edit');
      const escapes: Event[] = [];
      document.addEventListener('keydown', (event) => event.key === 'Escape' && escapes.push(event));

      await click(edit);
      await sendKeys({type: ' not this'});
      await sendKeys({press: 'Escape'});
      expect([parts(chat, 'editor').length, focused(chat) === edit, escapes.length]).to.deep.equal([0, true, 0]);
      await click(edit);
      expect(part<HTMLTextAreaElement>(chat, 'editor-input').value).to.equal('Why?');
      await click(part(chat, 'editor-cancel'));

      expect(focused(chat)).to.equal(edit);
      expect(parts(chat, 'user')[0]!.querySelector('[part="text"]')!.getBoundingClientRect().height).to.be.greaterThan(
        0,
      );
      expect(chat.messages.map(({text}) => text)).to.deep.equal(['Why?', 'One.']);
    });

    // The order of events in Chromium, in Safari, and of a key that only an input method knows.
    for (const [name, init, composes] of [
      ['while an input method composes', {isComposing: true}, false],
      ['that Safari sends behind the composition', {keyCode: 229}, true],
      ['of a macOS input method', {keyCode: 229}, false],
    ] as const) {
      it(`does not send with the Enter ${name}`, async () => {
        const {chat} = await answered({}, 'One.');
        await click(await button(chat, 0, 'edit'));
        const input = part<HTMLTextAreaElement>(chat, 'editor-input');

        if (composes) input.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true, data: '日本'}));
        const event = new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true, ...init});
        if ('keyCode' in init) Object.defineProperty(event, 'keyCode', {value: init.keyCode});
        input.dispatchEvent(event);

        expect(part(chat, 'editor-input')).to.equal(input);
        expect(chat.messages).to.have.length(2);
      });
    }

    it('keeps the files of the question, and the conversation if the host page cancels', async () => {
      const {chat} = await answered({}, 'One.', 'Two.');
      const file = {type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,iVBORw0KGgo='} as const;
      await chat.send({text: 'What is it?', parts: [file, {type: 'text', text: 'What is it?'}]});
      const before = chat.messages;

      chat.addEventListener('send', (event) => event.preventDefault(), {once: true});
      await chat.edit(before[2]!.id, 'Refused?');
      expect(chat.messages).to.deep.equal(before);
      await chat.edit(before[2]!.id, 'What else?');

      expect(chat.messages[2]!.text).to.equal('What else?');
      expect(chat.messages[2]!.parts).to.deep.include(file);
    });
  });

  it('fire feedback, and withdraw it', async () => {
    const {chat, server} = await answered({actions: 'feedback'}, 'One.');
    const events = collect(chat, 'feedback');
    const good = await button(chat, 1, 'good');
    const bad = await button(chat, 1, 'bad');
    const pressed = () => [good.getAttribute('aria-pressed'), bad.getAttribute('aria-pressed')];
    expect(pressed()).to.deep.equal(['false', 'false']);

    await click(good);
    expect(pressed()).to.deep.equal(['true', 'false']);
    await click(bad);
    expect(pressed()).to.deep.equal(['false', 'true']);
    await click(bad);

    expect(pressed()).to.deep.equal(['false', 'false']);
    expect(events.map(({detail}) => [detail.message.text, detail.value])).to.deep.equal([
      ['One.', 'good'],
      ['One.', 'bad'],
      ['One.', undefined],
    ]);
    expect((await server.log()).requests).to.have.length(1);
  });

  it('format the time in the language of the element', async () => {
    const chat = await createChat({actions: 'time', lang: 'en'});
    const createdAt = new Date(2024, 2, 5, 16, 7).getTime();

    chat.messages = [{role: 'assistant', text: 'Hi.', createdAt}];
    await until(() => parts(chat, 'time').length === 1);

    const time = part<HTMLTimeElement>(chat, 'time');
    expect(time.dateTime).to.equal(new Date(createdAt).toISOString());
    expect(time.textContent).to.match(/^Mar 5, 2024, 4:07\sPM$/);
    expect(time.title).to.match(/^Tuesday, March 5, 2024 at 4:07\sPM$/);
  });

  it('read an answer aloud, and stop, also when another answer is read', async () => {
    const {spoken, end} = listen();
    try {
      const {chat} = await answered({actions: 'speak', lang: 'de'}, 'Tea is **hot**. It is good.', 'Two.');
      await chat.send('And?');
      const [first, second] = [await button(chat, 1, 'speak'), await button(chat, 3, 'speak')];
      const names = () => [first, second].map((element) => element.getAttribute('aria-label'));
      const [read, stop] = ['Read aloud', 'Stop reading'];
      Object.assign(chat, {strings: {speak: read, stopSpeaking: stop}});
      await chat.updateComplete;
      await until(() => names().every((name) => name === read));

      await click(first);
      await until(() => names().join() === [stop, read].join());
      expect(spoken.map(({text, lang}) => [text, lang])).to.deep.equal([
        ['Tea is hot.', 'de'],
        ['It is good.', 'de'],
      ]);
      await click(second);
      await until(() => names().join() === [read, stop].join());
      expect(spoken.map(({text}) => text)).to.deep.equal(['Two.']);
      await click(second);
      await until(() => names().join() === [read, read].join());

      expect(spoken).to.have.length(0);
    } finally {
      end();
    }
  });

  for (const [name, remove] of [
    ['conversation', (chat: StreamChat) => chat.clear()],
    ['chat', (chat: StreamChat) => chat.remove()],
  ] as const) {
    it(`stop reading aloud when the ${name} is removed together with the button`, async () => {
      const {spoken, end} = listen();
      try {
        const {chat} = await answered({actions: 'speak'}, 'Tea is **hot**. It is good.');
        await click(await button(chat, 1, 'speak'));
        await until(() => spoken.length === 2);

        remove(chat);

        await until(() => spoken.length === 0);
      } finally {
        end();
      }
    });
  }

  it('are at least 24 by 24 pixels, labelled, and visible below the last answer and on hover or focus', async () => {
    const {chat} = await answered({actions: 'copy regenerate edit feedback'}, 'One.', 'Two.');
    await chat.send('And?');
    await until(() => parts(chat, 'actions').length === 4);
    const opacity = (message: number) =>
      getComputedStyle(parts(chat, 'message')[message]!.querySelector('[part~="actions"]')!).opacity;

    await until(() => parts(chat, 'action').every((element) => element.querySelector('svg')), 'the signs');
    for (const element of parts(chat, 'action')) {
      const {width, height} = element.getBoundingClientRect();
      expect(Math.min(width, height), element.title).to.be.at.least(24);
      expect(element.getAttribute('aria-label')).to.be.a('string').and.not.equal('');
      expect(element.querySelector('svg')!.getAttribute('aria-hidden')).to.equal('true');
    }
    if (!matchMedia('(hover: none)').matches) {
      expect([opacity(1), opacity(3)]).to.deep.equal(['0', '1']);
      action(chat, 1, 'copy')!.focus();
      await until(() => opacity(1) === '1');
      part(chat, 'input').focus();
      await until(() => opacity(1) === '0');
    }
  });

  describe('while 30,000 characters stream', () => {
    const paragraph = (index: number) =>
      `Paragraph ${index} with **strong** text and \`code\` in it, and more of it.\n\n`;
    const whole = Array.from({length: 450}, (_, index) => paragraph(index)).join('');

    it('keep focus on a copy button of an earlier message', async function () {
      this.timeout(30_000);
      const first = paragraph(0);
      const server = await script([
        openai('One.'),
        {
          steps: [
            {write: `data: ${openaiChunk(first)}\n\n`},
            {until: 'go'},
            {repeat: 150, write: `data: ${openaiChunk(whole.slice(0, 200))}\n\n`, wait: 3},
            {write: 'data: [DONE]\n\n'},
          ],
        },
      ]);
      const chat = await createChat({endpoint: server.url});
      await chat.send('Why?');
      const copy = await button(chat, 1, 'copy');
      const done = next(chat, 'done');
      void chat.send('And?');
      await until(() => shownAnswer(chat).includes('Paragraph 0'));
      expect(parts(chat, 'assistant').map((message) => message.getAttribute('aria-busy'))).to.deep.equal([
        null,
        'true',
      ]);
      let blurs = 0;
      copy.addEventListener('blur', () => blurs++);
      copy.focus();

      await server.release('go');
      await done;
      await until(() => action(chat, 3, 'copy'));

      expect(shownAnswer(chat).length).to.be.greaterThan(25_000);
      expect([focused(chat) === copy, blurs]).to.deep.equal([true, 0]);
      expect(parts(chat, 'assistant').map((message) => message.getAttribute('aria-busy'))).to.deep.equal([null, null]);
    });

    it('keep a selection in the first paragraph', async function () {
      this.timeout(30_000);
      const pieces = whole.slice(paragraph(0).length).match(/.{1,200}/gs)!;
      const server = await script({
        steps: [
          {write: `data: ${openaiChunk(paragraph(0) + paragraph(1))}\n\n`},
          {until: 'go'},
          ...pieces.flatMap((piece) => [{write: `data: ${openaiChunk(piece)}\n\n`}, {wait: 3}]),
          {write: 'data: [DONE]\n\n'},
        ],
      });
      const chat = await createChat({endpoint: server.url});
      const done = next(chat, 'done');
      void chat.send('Why?');
      await until(() => shownAnswer(chat).includes('Paragraph 1'));
      const [node] = part(chat, 'assistant').querySelector('p')!.childNodes;
      const selection = getSelection()!;
      selection.setBaseAndExtent(node!, 0, node!, 'Paragraph 0'.length);

      await server.release('go');
      await done;
      await until(() => action(chat, 1, 'copy'));

      expect(parts(chat, 'blocks').length).to.be.greaterThan(1);
      expect(shownAnswer(chat)).to.contain('Paragraph 449 with strong text');
      const [range] = selection.getComposedRanges({shadowRoots: [chat.shadowRoot!]});
      expect([range!.startContainer, range!.startOffset, range!.endContainer, range!.endOffset]).to.deep.equal([
        node,
        0,
        node,
        11,
      ]);
      expect(node!.isConnected).to.be.true;
    });
  });
});
