import {expect, fixture, html} from '@open-wc/testing';

import '../../src/index.js';
import {applyDelta, createAnswer, createMessage, type Message} from '../../src/model/conversation.js';
import {RenderScheduler} from '../../src/lib/render-scheduler.js';
import type {StreamChat} from '../../src/index.js';
import {plain} from '../../src/renderers/plain.js';
import {Transcript, type TranscriptOptions} from '../../src/transcript/transcript.js';
import {until} from '../helpers/chat.js';
import {begin, context} from '../renderers/draw.js';

const paragraph = (index: number) => `Paragraph ${index} with **strong** text and \`code\` in it.\n\n`;
const createText = (count: number) => Array.from({length: count}, (_, index) => paragraph(index)).join('');
const look: TranscriptOptions = {
  strings: context.strings,
  createRenderer: plain,
  plain,
  context,
  details: false,
  onRetry: () => {},
  onContinue: () => {},
  onDecide: () => {},
  loadActions: () => Promise.resolve({}),
  onFault: (cause) => {
    throw cause;
  },
  onLoad: () => {},
};
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

describe('rendering', () => {
  it('spreads a long text over frames, in order and completely', async function () {
    this.timeout(60_000);
    const chat = await fixture<StreamChat>(html`<stream-chat></stream-chat>`);
    const count = 3000;
    let longest = 0;
    const observer = new PerformanceObserver((list) => {
      for (const {duration} of list.getEntries()) longest = Math.max(longest, duration);
    });
    if (PerformanceObserver.supportedEntryTypes.includes('longtask')) observer.observe({type: 'longtask'});

    chat.messages = [{role: 'assistant', text: createText(count)}];
    await chat.updateComplete;
    const text = () => chat.shadowRoot!.querySelector('[part=text]')?.textContent ?? '';
    expect(text())
      .to.contain('Paragraph 0')
      .and.not.to.contain(`Paragraph ${count - 1} `);
    while (!text().includes(`Paragraph ${count - 1} with strong text and code in it.`)) await frame();
    observer.disconnect();

    const order = [...text().matchAll(/Paragraph (\d+) /g)].map(([, index]) => Number(index));
    expect(order).to.deep.equal(Array.from({length: count}, (_, index) => index));
    // One task would take 300 ms and more; the machine of a test has other work, too.
    expect(longest).to.be.below(250);
  });

  it('renders the end of a long conversation first', async function () {
    this.timeout(60_000);
    const chat = await fixture<StreamChat>(html`<stream-chat></stream-chat>`);
    const messages = Array.from({length: 1000}, (_, index) => ({
      role: 'assistant' as const,
      text: paragraph(index).repeat(4),
    }));

    chat.messages = messages;
    await chat.updateComplete;

    const views = [...chat.shadowRoot!.querySelectorAll('.messages > * > * > * > *')];
    expect(views).to.have.length(1000);
    expect(views[999]?.textContent).to.contain('Paragraph 999');
    const isWhole = () => views.every((view, index) => view.textContent?.includes(`Paragraph ${index} `));
    while (!isWhole()) await frame();
  });

  it('groups messages, and removes a group with its last message', async () => {
    const chat = await fixture<StreamChat>(html`<stream-chat></stream-chat>`);
    const groups = () => ['.messages > *', '.messages > * > *', '.messages > * > * > *', '.messages > * > * > * > *', '.group:empty'].map((selector) => chat.shadowRoot!.querySelectorAll(selector).length);
    const messages = Array.from({length: 600}, (_, index) => ({id: String(index), role: 'user' as const, text: String(index)}));
    const show = async (count: number) => {
      chat.messages = messages.slice(0, count);
      await until(() => groups()[3] === count);
      return groups();
    };

    expect(await show(600)).to.deep.equal([2, 10, 75, 600, 0]);
    expect(await show(512)).to.deep.equal([1, 8, 64, 512, 0]);
    expect(await show(513)).to.deep.equal([2, 9, 65, 513, 0]);
    expect(await show(5)).to.deep.equal([1, 1, 1, 5, 0]);
    expect(await show(0)).to.deep.equal([0, 0, 0, 0, 0]);
    expect(await show(20)).to.deep.equal([1, 1, 3, 20, 0]);
  });

  it('does not iterate over completed messages in each frame', () => {
    const transcript = new Transcript(document.createElement('div'));
    let looked = 0;
    const settled = Array.from({length: 1000}, (_, index) => {
      const message = createMessage({role: 'assistant', text: 'Yes.'}, String(index), 0);
      return new Proxy(message, {
        get(target, name) {
          looked++;
          return target[name as keyof Message];
        },
      });
    });
    let answer = createAnswer('answer', 0);
    const read = (text: string) => {
      answer = applyDelta(answer, {type: 'text', text});
      while (transcript.draw([...settled, answer], settled, look, false));
    };

    read('Paragraph 0');
    expect(looked).to.be.above(1000);
    read('\n\nParagraph 1');
    looked = 0;
    for (let index = 2; index < 100; index++) read(`\n\nParagraph ${index}`);

    // The two above the answer: one of them was the last.
    expect(looked).to.be.at.most(2 * 98);
  });

  it('inserts groups of blocks once they are complete, not block by block', async () => {
    const {root, write, end} = begin();
    const into = new Set<Node>();
    const observer = new MutationObserver((records) => {
      for (const {target} of records) into.add(target);
    });
    observer.observe(root, {childList: true, subtree: true});
    document.body.append(root);
    try {
      write(createText(100));
      await Promise.resolve();

      const groups = [...root.querySelectorAll('[part="blocks"]')];
      expect(groups.length).to.equal(12);
      expect(groups.filter((group) => into.has(group))).to.deep.equal([]);
      write('\n\nOne more.');
      end();
      expect(root.querySelectorAll('p').length).to.equal(101);
    } finally {
      observer.disconnect();
      root.remove();
    }
  });

  it('renders the new text if it is replaced while being rendered', async () => {
    const chat = await fixture<StreamChat>(html`<stream-chat></stream-chat>`);
    chat.messages = [{id: 'a', role: 'assistant', text: createText(3000)}];
    await chat.updateComplete;

    chat.messages = [{id: 'a', role: 'assistant', text: 'Short.'}];
    const text = () => chat.shadowRoot!.querySelector('[part=text]')?.textContent;
    while (text()?.includes('Paragraph')) await frame();

    expect(text()).to.equal('Short.');
  });

  it('groups the blocks after the first ones, the same for any chunks', () => {
    const text = `${createText(40)}Title\n=====\n\n| a |\n| - |\n| b |\n\n${createText(60)}`;
    const whole = begin();
    whole.write(text);
    whole.end();
    const pieces = begin();
    for (const character of text) pieces.write(character);
    pieces.end();

    expect(pieces.root.innerHTML).to.equal(whole.root.innerHTML);
    expect(whole.root.querySelectorAll('[part=blocks]')).to.have.length(12);
    expect([...whole.root.children].filter((child) => child.className !== 'groups')).to.have.length(8);
  });

  it('nests groups, so that content out of view costs next to nothing', () => {
    const {root, write, end} = begin();
    for (let index = 0; index < 400; index++) write(paragraph(index));
    end();

    const blocks = [...root.querySelectorAll('.groups > [part=blocks]')];
    expect([...root.children].filter(({className}) => className === 'groups')).to.have.length(4);
    expect(blocks).to.have.length(49);
    expect([...root.querySelectorAll('p')].map(({textContent}) => textContent.match(/\d+/)?.[0])).to.deep.equal(
      Array.from({length: 400}, (_, index) => String(index)),
    );
  });

  it('has the same space between blocks inside and outside of groups', async () => {
    const chat = await fixture<StreamChat>(html`<stream-chat></stream-chat>`);
    chat.style.blockSize = '3000px';
    chat.messages = [{role: 'assistant', text: createText(20)}];
    const paragraphs = () => [...chat.shadowRoot!.querySelectorAll('[part=text] p')].map((paragraph) => paragraph.getBoundingClientRect());
    await until(() => paragraphs().length === 20);

    const rooms = () => paragraphs().map(({top}, index, all) => Math.round(top - (all[index - 1]?.bottom ?? top)));
    await until(() => rooms().slice(1).every((room) => room === rooms()[1]), 'all are the same');
    expect(rooms()[1]).to.be.above(5);
  });

  it('applies containment to messages and groups from the beginning, not only when skipped', async () => {
    const chat = await fixture<StreamChat>(html`<stream-chat></stream-chat>`);
    chat.messages = [{role: 'user', text: 'Why?'}, {role: 'assistant', text: createText(200)}];
    await until(() => chat.shadowRoot!.querySelectorAll('.groups').length === 2);

    const open = [...chat.shadowRoot!.querySelectorAll('.group, .message, .text > *, .groups, [part=blocks]')].filter(
      (element) => getComputedStyle(element).contentVisibility !== 'auto',
    );
    expect(open.some(({className}) => className === 'groups')).to.equal(true);
    expect(open.filter((element) => !/strict|content|layout style paint/.test(getComputedStyle(element).contain))).to.deep.equal([]);
  });

  it('uses no `:has()` on a message, which would search all of it for each node added', async () => {
    const chat = await fixture<StreamChat>(html`<stream-chat actions="copy edit feedback"></stream-chat>`);
    chat.messages = [
      {role: 'user', text: 'Why?'},
      {role: 'assistant', text: '- [x] a\n- b\n\n| c |\n| - |\n\n> d[^1]\n\n```js\ne\n```\n\n[^1]: f'},
    ];
    const root = chat.shadowRoot!;
    await until(() => root.querySelector('[part~=actions]') && root.querySelector('pre'));
    const selectors: string[] = [];
    const read = (rules: CSSRuleList) => {
      for (const rule of rules) {
        if (rule instanceof CSSStyleRule) selectors.push(...rule.selectorText.split(/,(?![^(]*\))/));
        if ('cssRules' in rule) read(rule.cssRules as CSSRuleList);
      }
    };
    for (const sheet of root.adoptedStyleSheets) read(sheet.cssRules);

    const asking = selectors.flatMap((selector) => (selector.includes(':has(') ? [selector.slice(0, selector.indexOf(':has(')).replace(/:not\($/, '')] : []));
    expect(selectors.length).to.be.above(100);
    expect(asking).to.include('.composer');
    const around = [...root.querySelectorAll('.text *')].flatMap((element) => {
      const above: Element[] = [];
      for (let at: Element | null = element; at; at = at.parentElement) above.push(at);
      return above;
    });
    expect(asking.filter((subject) => around.some((element) => element.matches(subject)))).to.deep.equal([]);
  });

  it('resolves drain() when nothing is left to draw', async () => {
    let left = 5;
    const buffer = new RenderScheduler({draw: () => --left > 0, beforePaint: () => {}});

    await buffer.drain();

    expect(left).to.equal(0);
  });
});
