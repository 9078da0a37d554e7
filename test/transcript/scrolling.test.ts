import {expect} from '@open-wc/testing';
import {resetMouse, sendKeys, sendMouse} from '@web/test-runner-commands';

import type {StreamChat} from '../../src/stream-chat.js';
import {createChat, ended, part, parts, shownAnswer, still, until} from '../helpers/chat.js';
import {script, type ScriptedServer, type Step} from '../helpers/server.js';

const headers = {'content-type': 'text/plain; charset=utf-8'};
const paragraph = (name: string) => `${name}: ${'some words of a text that goes on '.repeat(8)}\n\n`;
/** 30,000 characters. */
const long: Step = {repeat: 100, write: paragraph('Paragraph {i}').padEnd(300, '.'), wait: 2};

/** A chat with twelve messages, in a page that scrolls itself. */
async function createConversation(attributes: Record<string, string> = {}): Promise<StreamChat> {
  const chat = await createChat(attributes);
  chat.style.blockSize = '400px';
  const room = document.createElement('div');
  room.style.blockSize = '3000px';
  chat.parentElement!.append(room);
  chat.messages = Array.from({length: 12}, (_, i) => ({
    role: i % 2 ? 'assistant' : 'user',
    text: i % 2 ? paragraph(`Answer ${i}`).repeat(3) : `Question ${i}`,
  }));
  await chat.updateComplete;
  await until(() => parts(chat, 'message').length === 12 && isAtEnd(chat));
  await rest(chat);
  scrollTo(0, 40);
  return chat;
}

const log = (chat: StreamChat) => part(chat, 'log');
const isAtEnd = (chat: StreamChat) => {
  const {scrollTop, scrollHeight, clientHeight} = log(chat);
  return scrollHeight > clientHeight && scrollHeight - clientHeight - scrollTop <= 1;
};
/** Distance of the view from the end. Not `scrollTop`: content above gets its real height when it comes into view. */
const toEnd = (chat: StreamChat) => log(chat).scrollHeight - log(chat).clientHeight - log(chat).scrollTop;
const frame = () => new Promise(requestAnimationFrame);
/** Resolves when scroll position and height are stable. */
async function rest(chat: StreamChat): Promise<void> {
  await still(() => log(chat).scrollTop + log(chat).scrollHeight);
}

/** The first paragraph that begins inside the box, and its distance from the top of the box. */
function firstSeen(chat: StreamChat) {
  const {top} = log(chat).getBoundingClientRect();
  const element = [...chat.shadowRoot!.querySelectorAll('[part~="text"] p')].find((p) => p.getBoundingClientRect().top >= top)!;
  return {element, place: () => element.getBoundingClientRect().top - log(chat).getBoundingClientRect().top};
}

const jump = (chat: StreamChat) => part<HTMLButtonElement>(chat, 'jump');

describe('scrolling', () => {
  let server: ScriptedServer;
  let answering: ReturnType<typeof ended>;

  afterEach(async () => {
    await resetMouse();
    scrollTo(0, 0);
  });

  /** Requests an answer of 30,000 characters that waits at two gates: `begun` after its first paragraphs, `done` before its end. */
  async function askLong(chat: StreamChat): Promise<void> {
    server = await script({headers, steps: [{write: paragraph('First').repeat(6)}, {until: 'begun'}, long, {until: 'done'}, {write: 'The end.'}]});
    chat.endpoint = server.url;
    answering = ended(chat);
    void chat.send('A long answer, please');
    await until(() => shownAnswer(chat).includes('First'));
    await rest(chat);
  }

  async function streamOn(chat: StreamChat): Promise<void> {
    await server.release('begun');
    await until(() => shownAnswer(chat).includes('Paragraph 99'));
    await rest(chat);
  }

  it('keeps the end in view while blocks are added, without layout shifts', async function () {
    this.timeout(30_000);
    const answer = {headers, steps: [{repeat: 60, write: 'A paragraph, **number {i}**, of one line.\n\n', wait: 20}]};
    const {url} = await script([answer, answer]);
    const chat = await createChat({endpoint: url});
    chat.style.blockSize = '400px';
    let shifted = 0;
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {value: number; hadRecentInput: boolean})[]) {
        if (!entry.hadRecentInput) shifted += entry.value;
      }
    });
    const isCounted = PerformanceObserver.supportedEntryTypes.includes('layout-shift');
    if (isCounted) observer.observe({type: 'layout-shift'});
    let frames = 0;
    let away = 0;
    let longestAway = 0;
    const {port1, port2} = new MessageChannel();
    // Behind the frame: what is painted by then, and what was drawn since, which the next one follows.
    port1.onmessage = () => {
      const {scrollTop, scrollHeight, clientHeight} = log(chat);
      frames++;
      away = scrollHeight - clientHeight - scrollTop > 1 ? away + 1 : 0;
      longestAway = Math.max(longestAway, away);
    };
    let isOn = true;
    const look = () => {
      port2.postMessage(null);
      if (isOn) requestAnimationFrame(look);
    };
    look();

    await chat.send('One');
    await chat.send('Two');
    await frame();
    isOn = false;
    observer.disconnect();
    port1.close();

    expect(parts(chat, 'blocks').length).to.be.above(10);
    expect(frames).to.be.above(10);
    expect(longestAway).to.be.at.most(2);
    if (isCounted) expect(shifted).to.be.below(0.05);
  });

  it('keeps the end in view while an answer streams, and never moves the page', async () => {
    const chat = await createConversation();

    await askLong(chat);
    expect(isAtEnd(chat)).to.equal(true);
    await streamOn(chat);

    expect(isAtEnd(chat)).to.equal(true);
    expect(jump(chat).checkVisibility()).to.equal(false);
    expect(scrollY).to.equal(40);
  });

  it('does not follow after the reader scrolled up by a few pixels', async () => {
    const chat = await createConversation();
    await askLong(chat);

    log(chat).scrollTop -= 6;
    await frame();
    const {place} = firstSeen(chat);
    const seen = place();
    await streamOn(chat);

    expect(place()).to.be.closeTo(seen, 1);
    expect(jump(chat).checkVisibility()).to.equal(true);
  });

  for (const scrollTo of ['end', 'answer-start']) {
    it(`keeps position, selection and focus of a reader who scrolled up while 30,000 characters stream (${scrollTo})`, async () => {
      const chat = await createConversation({'scroll-to': scrollTo});
      chat.messages = [...chat.messages.slice(0, 11), {role: 'assistant', text: `${paragraph('To be read').repeat(2)}\`\`\`js\nlet a = 1;\n\`\`\`\n\n${paragraph('More').repeat(3)}`}];
      await until(() => parts(chat, 'code-copy').length > 0);
      await askLong(chat);

      const copy = part(chat, 'code-copy');
      log(chat).scrollTop += copy.getBoundingClientRect().top - log(chat).getBoundingClientRect().top - 150;
      await rest(chat);
      copy.focus({preventScroll: true});
      const text = [...chat.shadowRoot!.querySelectorAll('p')].find(({textContent}) => textContent.startsWith('To be read'))!.firstChild!;
      getSelection()!.setBaseAndExtent(text, 0, text, 10);
      const {place} = firstSeen(chat);
      const seen = place();
      await streamOn(chat);

      expect(place()).to.be.closeTo(seen, 1);
      expect(chat.shadowRoot!.activeElement === copy).to.equal(true);
      expect(String(getSelection())).to.equal('To be read');
      expect(scrollY).to.equal(40);
    });
  }

  it('keeps the scroll position when an image above gets its size', async () => {
    const image = await script({
      hold: 'image',
      headers: {'content-type': 'image/svg+xml'},
      steps: [{write: '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60"><rect width="300" height="60" fill="teal"/></svg>'}],
    });
    const chat = await createConversation({images: location.origin});
    chat.messages = [...chat.messages.slice(0, 11), {role: 'assistant', text: `![A square](${location.origin}${image.url})\n\n${paragraph('Below').repeat(6)}`}];
    await until(() => chat.shadowRoot!.querySelector('img'));
    await rest(chat);
    const img = chat.shadowRoot!.querySelector('img')!;
    // Past the space that is reserved for it.
    log(chat).scrollTop += img.closest('[part=image]')!.getBoundingClientRect().bottom - log(chat).getBoundingClientRect().top + 20;
    await rest(chat);
    // A paragraph of its message: those out of view have places that are estimated.
    const below = [...parts(chat, 'message').at(-1)!.querySelectorAll('p')].find((p) => p.getBoundingClientRect().top >= log(chat).getBoundingClientRect().top)!;
    const place = () => below.getBoundingClientRect().top - log(chat).getBoundingClientRect().top;
    const seen = place();

    const before = log(chat).scrollHeight;
    await image.release('image');
    await until(() => Math.abs(log(chat).scrollHeight - before) > 100);
    await rest(chat);

    expect(place()).to.be.closeTo(seen, 1);
  });

  it('follows again when the reader scrolls down to the end, not because the end came near', async () => {
    const chat = await createConversation();
    await askLong(chat);
    log(chat).scrollTop -= 300;
    await rest(chat);

    log(chat).scrollTop = log(chat).scrollHeight;
    await rest(chat);
    await streamOn(chat);

    expect(isAtEnd(chat)).to.equal(true);
  });

  it('counts messages since the reader detached, and scrolls to the end with the button', async () => {
    const chat = await createConversation();
    log(chat).scrollTop -= 500;
    await until(() => jump(chat).checkVisibility());
    expect(jump(chat).textContent.trim()).to.equal('Jump to latest');

    chat.messages = [...chat.messages, {role: 'assistant', text: 'One more.'}, {role: 'assistant', text: 'And another.'}];
    await until(() => jump(chat).textContent.trim() === 'Jump to latest, 2 new');

    jump(chat).click();
    await rest(chat);
    expect(isAtEnd(chat)).to.equal(true);
    expect(jump(chat).checkVisibility()).to.equal(false);
  });

  it('does not move text while it is selected with the pointer', async () => {
    const chat = await createConversation();
    scrollTo(0, 0);
    await askLong(chat);
    const box = log(chat).getBoundingClientRect();
    const x = Math.round(box.x + 100);
    const y = Math.round(box.y + 200);

    await sendMouse({type: 'move', position: [x, y]});
    await sendMouse({type: 'down'});
    await sendMouse({type: 'move', position: [x + 60, y + 20]});
    const {place} = firstSeen(chat);
    const seen = place();
    await streamOn(chat);
    await sendMouse({type: 'up'});

    expect(place()).to.be.closeTo(seen, 1);
    expect(String(getSelection())).not.to.equal('');
  });

  it('scrolls by keyboard, from the transcript and from an empty text field', async () => {
    const chat = await createConversation();
    const end = log(chat).scrollTop;

    log(chat).focus({preventScroll: true});
    await sendKeys({press: 'PageUp'});
    await until(() => log(chat).scrollTop < end - 100);
    await rest(chat);
    chat.focus({preventScroll: true});
    const before = log(chat).scrollTop;
    await sendKeys({press: 'PageUp'});
    await until(() => log(chat).scrollTop < before - 100);
    await until(() => jump(chat).checkVisibility());
    for (let i = 0; i < 9 && !isAtEnd(chat); i++) {
      await sendKeys({press: 'PageDown'});
      await rest(chat);
    }

    expect(isAtEnd(chat)).to.equal(true);
    expect(jump(chat).checkVisibility()).to.equal(false);
    expect(scrollY).to.equal(40);
  });

  const gestures: Record<string, (chat: StreamChat) => Promise<void>> = {
    'a drag': async (chat) => {
      const box = log(chat).getBoundingClientRect();
      const [x, y] = [Math.round(box.x + 100), Math.round(box.y + 200)];
      await sendMouse({type: 'move', position: [x, y]});
      await sendMouse({type: 'down'});
      await sendMouse({type: 'move', position: [x + 60, y + 20]});
      await sendMouse({type: 'up'});
    },
    PageUp: async (chat) => {
      log(chat).focus({preventScroll: true});
      await sendKeys({press: 'PageUp'});
    },
    'PageUp in the text field': async (chat) => {
      chat.focus({preventScroll: true});
      await sendKeys({press: 'PageUp'});
    },
    // The page gets the first moves of a finger before they are far enough for the browser to scroll.
    'the start of a swipe': async (chat) => {
      for (const [type, clientY] of [['touchstart', 100], ['touchmove', 104], ['touchmove', 108]] as const) {
        const event = new Event(type, {bubbles: true, composed: true});
        Object.defineProperty(event, 'touches', {value: [{clientY}]});
        log(chat).dispatchEvent(event);
        await new Promise(requestAnimationFrame);
      }
    },
  };
  for (const [name, gesture] of Object.entries(gestures)) {
    it(`does not return to the place of an earlier gesture with ${name}`, async () => {
      const chat = await createConversation();
      scrollTo(0, 0);
      log(chat).focus({preventScroll: true});
      for (let i = 1; i < 4; i++) {
        const before = toEnd(chat);
        await sendKeys({press: 'PageUp'});
        await until(() => toEnd(chat) > before + 100);
        await rest(chat);
      }
      expect(toEnd(chat)).to.be.greaterThan(600);
      await askLong(chat);
      expect(isAtEnd(chat)).to.equal(true);

      await gesture(chat);
      await rest(chat);
      expect(toEnd(chat)).to.be.at.most(log(chat).clientHeight);
      const {place} = firstSeen(chat);
      const seen = place();
      await streamOn(chat);

      expect(place()).to.be.closeTo(seen, 1);
    });
  }

  it('leaves PageUp to a text field that is not empty', async () => {
    const chat = await createConversation();
    const end = log(chat).scrollTop;

    chat.focus({preventScroll: true});
    await sendKeys({type: 'Draft'});
    await sendKeys({press: 'PageUp'});
    await rest(chat);

    expect(log(chat).scrollTop).to.equal(end);
  });

  describe('scroll-to="answer-start"', () => {
    const fromTop = (chat: StreamChat, element: Element) => element.getBoundingClientRect().top - log(chat).getBoundingClientRect().top;

    it('pins the question to the top while the answer fills the box and exceeds it', async () => {
      const chat = await createConversation({'scroll-to': 'answer-start'});

      await askLong(chat);
      const question = parts(chat, 'user').at(-1)!;
      const place = fromTop(chat, question);
      expect(place).to.be.within(0, 40);
      expect(jump(chat).checkVisibility()).to.equal(parts(chat, 'assistant').at(-1)!.getBoundingClientRect().bottom > log(chat).getBoundingClientRect().bottom);
      await streamOn(chat);
      await server.release('done');
      await answering;
      await rest(chat);

      expect(fromTop(chat, question)).to.be.closeTo(place, 1);
      expect(jump(chat).checkVisibility()).to.equal(true);
      expect(scrollY).to.equal(40);
    });

    it('pins every question, also if answers are short', async () => {
      const chat = await createConversation({'scroll-to': 'answer-start'});
      server = await script({headers, steps: [{write: 'Short.'}]});
      chat.endpoint = server.url;

      for (const text of ['One', 'Two', 'Three']) {
        await chat.send(text);
        await rest(chat);

        const question = parts(chat, 'user').at(-1)!;
        expect(question.textContent).to.contain(text);
        expect(fromTop(chat, question), text).to.be.within(0, 40);
        expect(jump(chat).checkVisibility()).to.equal(false);
      }
    });

    it('shows the beginning of the answer below a long question', async () => {
      const chat = await createConversation({'scroll-to': 'answer-start'});
      server = await script({headers, steps: [{write: 'Short.'}]});
      chat.endpoint = server.url;

      await chat.send('A very long question. '.repeat(200));
      await rest(chat);

      const answer = parts(chat, 'assistant').at(-1)!;
      expect(fromTop(chat, answer)).to.be.within(50, 250);
    });

    it('follows the end after the jump button was pressed', async () => {
      const chat = await createConversation({'scroll-to': 'answer-start'});
      await askLong(chat);
      await server.release('begun');
      await until(() => shownAnswer(chat).includes('Paragraph 50'));

      jump(chat).click();
      await until(() => shownAnswer(chat).includes('Paragraph 99'));
      await rest(chat);

      expect(isAtEnd(chat)).to.equal(true);
    });
  });
});
