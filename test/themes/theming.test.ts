import {expect} from '@open-wc/testing';
import {executeServerCommand, setViewport} from '@web/test-runner-commands';

import {blocks, steps} from '../../demo/looks-content.js';
import type {MessageInit, StreamChat} from '../../src/index.js';
import {createChat, part, parts, still, until} from '../helpers/chat.js';

type Rgb = readonly [number, number, number];

const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true})!;
const read = new Map<string, Rgb>();

/** Converts any CSS colour to RGB, composited on white. */
function toRgb(colour: string): Rgb {
  const known = read.get(colour);
  if (known) return known;
  for (const fill of ['#fff', colour]) {
    canvas.fillStyle = fill;
    canvas.fillRect(0, 0, 1, 1);
  }
  const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
  read.set(colour, [red, green, blue]);
  return [red, green, blue];
}

// https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function ratio(one: string, other: string): number {
  const [low, high] = [luminance(toRgb(one)), luminance(toRgb(other))].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

/** Returns the background colour behind an element. */
function ground(element: Element): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const {backgroundColor} = getComputedStyle(at);
    // A tint such as that of the header cells of a table lets through what is behind it.
    if (!/^rgba\(.*, 0\.?\d*\)$|^transparent$|\/ 0\.?\d*\)$/.test(backgroundColor)) return backgroundColor;
  }
  return '#fff';
}

/** Returns every visible text with its contrast. */
function contrasts(chat: StreamChat): {text: string; contrast: number}[] {
  const found = [];
  const walker = document.createTreeWalker(part(chat, 'base'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement!;
    if (!node.nodeValue!.trim() || !element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    found.push({text: `${element.localName}.${element.className} ${node.nodeValue!.trim()}`, contrast: ratio(getComputedStyle(element).color, ground(element))});
  }
  return found;
}

const accents = [
  '#000000', '#ffffff', '#808080', '#757575', '#ff0000', '#00ff00', '#0000ff', '#ffff00', '#00ffff', '#ff00ff',
  '#ffd400', '#f97316', '#e11d48', '#be123c', '#9333ea', '#6d28d9', '#4f46e5', '#1d4ed8', '#0ea5e9', '#06b6d4',
  '#14b8a6', '#10b981', '#16a34a', '#84cc16', '#a16207', '#78350f', '#1a237e', '#fce7f3', '#334155', 'oklch(0.7 0.25 330)',
];

async function show(messages: readonly MessageInit[], attributes: Record<string, string> = {}): Promise<StreamChat> {
  const chat = await createChat(attributes);
  chat.messages = messages;
  await chat.updateComplete;
  await until(() => parts(chat, 'assistant').length > 0 && !chat.shadowRoot!.querySelector('[part~="tool"]:empty'));
  await still(() => part(chat, 'log').textContent.length);
  return chat;
}

/** Emulates a media feature. Returns whether the browser supports that. */
const prefer = (name: string, value: string) => executeServerCommand('engine-media', [{name, value}]);

describe('theming', () => {
  afterEach(() => executeServerCommand('engine-media', []));

  for (const theme of ['light', 'dark']) {
    it(`has a contrast of 4.5:1 for every text, ${theme}`, async () => {
      const failed: MessageInit = {
        role: 'assistant',
        text: 'It',
        status: 'failed',
        error: {code: 'provider', message: 'No.', retryable: true},
      };
      const chat = await show([...blocks, ...steps, failed], {theme, details: '', heading: 'Chat', placeholder: 'Say it'});
      await until(() => chat.shadowRoot!.querySelector('[part="code-block"] .k'), 'code is coloured');

      const all = contrasts(chat);

      expect(all.length).to.be.above(60);
      expect(all.filter(({contrast}) => contrast < 4.5)).to.deep.equal([]);
      const input = part(chat, 'input');
      expect(ratio(getComputedStyle(input, '::placeholder').color, ground(input))).to.be.at.least(4.5);
      expect(ratio(getComputedStyle(part(chat, 'composer')).borderTopColor, ground(input)), 'the edge of the field').to.be.at.least(3);
    });

    it(`has a contrast of 4.5:1 on and with any accent, ${theme}`, async () => {
      const chat = await show([{role: 'user', text: 'Where?'}, {role: 'assistant', text: 'At [home](https://example.org/).'}], {theme});
      await until(() => chat.shadowRoot!.querySelector('a'));
      const send = part(chat, 'send');
      const question = parts(chat, 'text')[0]!;
      const link = chat.shadowRoot!.querySelector('a')!;

      for (const accent of accents) {
        chat.style.setProperty('--stream-chat-accent', accent);

        expect(toRgb(getComputedStyle(send).backgroundColor), accent).to.deep.equal(toRgb(accent));
        expect(ratio(getComputedStyle(send).color, accent), `on ${accent}`).to.be.at.least(4.5);
        expect(ratio(getComputedStyle(link).color, ground(link)), `a link with ${accent}`).to.be.at.least(4.5);
        expect(ratio(getComputedStyle(link).color, ground(question)), `a link in a question with ${accent}`).to.be.at.least(4.4);
        expect(ratio(getComputedStyle(question).color, ground(question)), `a question with ${accent}`).to.be.at.least(4.5);
      }
    });
  }

  it('uses --stream-chat-accent-text', async () => {
    const chat = await createChat();
    chat.style.setProperty('--stream-chat-accent', '#ffd400');
    chat.style.setProperty('--stream-chat-accent-text', 'rgb(1, 2, 3)');

    expect(getComputedStyle(part(chat, 'send')).color).to.equal('rgb(1, 2, 3)');
  });

  it('derives the other colours from the custom properties set', async () => {
    const chat = await show([...blocks, ...steps], {theme: 'light', details: ''});
    chat.style.setProperty('--stream-chat-background', '#0b3d2e');
    chat.style.setProperty('--stream-chat-color', '#f3efe0');
    chat.style.setProperty('--stream-chat-accent', '#ffd400');
    chat.theme = 'dark';
    await chat.updateComplete;

    expect(contrasts(chat).filter(({text, contrast}) => contrast < 4.5 && !/span\.[kscnfad] |tool-state|failed/.test(text))).to.deep.equal([]);
  });

  describe('in a small window', () => {
    afterEach(() => setViewport({width: 800, height: 600}));

    /** Whether an element is for screen readers only, such as the hint about keys. */
    const isVisuallyHidden = (element: Element) => getComputedStyle(element).clipPath === 'inset(50%)';

    /** Returns the elements that would have to be scrolled horizontally, except those designed for it. */
    function wide(chat: StreamChat): string[] {
      const meant = 'pre, [part="table"], .author, textarea';
      return [...chat.shadowRoot!.querySelectorAll<HTMLElement>('*')]
        .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && !element.closest(meant))
        .filter((element) => getComputedStyle(element).display !== 'inline' && !isVisuallyHidden(element))
        .map((element) => `${element.localName}.${element.className}[${element.getAttribute('part')}]: ${element.scrollWidth} in ${element.clientWidth}`);
    }

    /** Waits, because content that comes into view is laid out in the next frame. */
    async function expectNarrow(chat: StreamChat): Promise<void> {
      let found: string[] = [];
      const isNarrow = () => (found = wide(chat)).length === 0;
      await until(isNarrow).catch(() => expect(found).to.deep.equal([]));
    }

    for (const lang of ['en', 'de', 'ar', 'zh-CN']) {
      it(`scrolls in one direction only, ${lang}`, async () => {
        await setViewport({width: 320, height: 256});
        const long = {role: 'user', text: `https://example.org/${'verylongpath'.repeat(20)}`} as const;
        const chat = await show([long, ...blocks, ...steps], {lang, details: '', heading: 'A heading of some length', 'max-length': '10'});
        chat.suggestions = ['A question that is longer than the window is wide, by far'];
        // Where a window cannot be that narrow.
        chat.style.maxWidth = '320px';
        await chat.updateComplete;

        await expectNarrow(chat);
      });
    }

    it('clips nothing when the user increases text spacing', async () => {
      await setViewport({width: 400, height: 600});
      const chat = await show([...blocks, ...steps], {heading: 'Chat', details: ''});
      const sheet = new CSSStyleSheet();
      // https://www.w3.org/TR/WCAG22/#text-spacing
      sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
      chat.shadowRoot!.adoptedStyleSheets.push(sheet);

      const clipped = [...chat.shadowRoot!.querySelectorAll<HTMLElement>('*')]
        .filter((element) => !element.closest('.log, textarea, .author') || element.matches('.message *:not(pre, pre *, [part="table"], .author)'))
        .filter((element) => element.scrollHeight > element.clientHeight + 1 && !/visible|auto|scroll/.test(getComputedStyle(element).overflowY))
        .filter((element) => element.clientHeight > 0 && element.localName !== 'section' && !isVisuallyHidden(element))
        // What is out of view is not laid out, and its box is as large as it was.
        .filter(({firstElementChild}) => firstElementChild?.checkVisibility({contentVisibilityAuto: true}) !== false)
        .map((element) => `${element.localName}.${element.className}: ${element.scrollHeight} in ${element.clientHeight}`);
      expect(clipped).to.deep.equal([]);
      await expectNarrow(chat);
    });
  });

  it('adapts to the width of its container, not of the window', async () => {
    const chat = await show([
      {role: 'user', text: 'A question that needs more than one line in a narrow box.'},
      {role: 'assistant', text: 'Yes.'},
    ]);
    chat.style.width = '700px';
    const question = () => getComputedStyle(part(chat, 'user')).maxInlineSize;
    expect(question()).to.equal('85%');

    chat.style.width = '300px';

    expect(question()).to.equal('92%');
  });

  it('is more compact with a lower density', async () => {
    const chat = await show(blocks);
    const height = () => part(chat, 'assistant').scrollHeight;
    const before = height();

    chat.style.setProperty('--stream-chat-density', '0.5');

    expect(height()).to.be.below(before - 50);
  });

  it('runs no animations with prefers-reduced-motion', async function () {
    if (!(await prefer('prefers-reduced-motion', 'reduce'))) this.skip();
    const chat = await createChat({endpoint: '/never'});
    chat.addEventListener('request', (event) => event.waitUntil(new Promise(() => {})));
    void chat.send('Hello?');
    await until(() => parts(chat, 'dots').length > 0);

    const moving = chat.shadowRoot!.getAnimations().filter((animation) => !(animation instanceof CSSTransition));
    expect(moving).to.deep.equal([]);
    chat.stop();
  });

  it('draws borders with forced-colors', async function () {
    if (!(await prefer('forced-colors', 'active'))) this.skip();
    const chat = await show(steps);

    for (const name of ['send', 'composer']) expect(getComputedStyle(part(chat, name)).borderTopStyle, name).to.equal('solid');
    expect(getComputedStyle(part(chat, 'user').querySelector('.text')!).borderTopStyle).to.equal('solid');
  });

  it('has stronger borders with prefers-contrast: more', async function () {
    const chat = await show(blocks);
    const line = () => ratio(getComputedStyle(part(chat, 'code-block')).borderTopColor, ground(part(chat, 'base')));
    expect(line()).to.be.below(3);
    if (!(await prefer('prefers-contrast', 'more'))) this.skip();

    expect(line()).to.be.at.least(3);
  });

  for (const name of ['paper', 'terminal']) {
    it(`has a contrast of 4.5:1 with the preset ${name}`, async () => {
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.href = `/src/themes/${name}.css`;
      const loaded = new Promise((resolve) => link.addEventListener('load', resolve));
      document.head.append(link);
      await loaded;
      try {
        for (const theme of ['light', 'dark']) {
          const chat = await show([...blocks, ...steps], {theme, details: ''});
          await until(() => chat.shadowRoot!.querySelector('[part="code-block"] .k'), 'code is coloured');

          expect(contrasts(chat).filter(({contrast}) => contrast < 4.5), theme).to.deep.equal([]);
          expect(getComputedStyle(part(chat, 'base')).borderTopLeftRadius).to.equal(name === 'paper' ? '6px' : '0px');
        }
      } finally {
        link.remove();
      }
    });
  }
});
