import {expect} from '@open-wc/testing';

import {blocks, steps} from '../../demo/looks-content.js';
import {part, parts, until} from '../helpers/chat.js';
import {closePages, openPage, type Page} from './frame.js';

const messages = [...blocks, ...steps];
const attributes = 'heading="Chat" details attach=""';
const content = '<button slot="suggestions">Why is the sky blue?</button>';
const inline = `<stream-chat ${attributes}>${content}</stream-chat>`;
const launcher = `<stream-chat mode="launcher" open ${attributes}>${content}</stream-chat>`;

/** Whether the code is coloured, and all lazy parts are there. */
const isReady = (root: ShadowRoot) =>
  ['[part="code-block"] .k', '[part="attach"]', '[part~="actions"]', '.file, .tool > *'].every((selector) => root.querySelector(selector));

/** What elements inherit, and pages set. */
const inherited = [
  'letter-spacing', 'word-spacing', 'text-transform', 'text-indent', 'text-shadow', 'text-align', 'white-space',
  'line-height', 'font-family', 'font-size', 'font-style', 'font-weight', 'font-stretch', 'font-variant',
  'font-feature-settings', 'font-kerning', 'cursor', 'user-select', '-webkit-user-select', 'word-break', 'overflow-wrap',
  'hyphens', 'tab-size', 'list-style-type', 'border-collapse', 'border-spacing', 'caption-side', 'quotes', 'color',
  'writing-mode', '-webkit-text-fill-color', '-webkit-text-stroke-width',
];

const declarations = `
  letter-spacing: 3px; word-spacing: 9px; text-transform: uppercase; text-indent: 3em; text-shadow: 2px 2px red;
  text-align: right; white-space: pre; line-height: 3; font: italic small-caps 900 30px/3 fantasy; cursor: wait;
  user-select: none; -webkit-user-select: none; word-break: break-all; hyphens: auto; tab-size: 12; list-style: square;
  border-collapse: collapse; border-spacing: 9px; quotes: none; color: red; -webkit-text-fill-color: red;
  font-feature-settings: "ss01"; -webkit-text-stroke-width: 2px; font-stretch: expanded; writing-mode: horizontal-tb;
`;

/** Returns the elements of a chat, except icons, which are drawn when they come into view. */
const elementsOf = ({shadowRoot}: Page['chat']) => [...shadowRoot!.querySelectorAll(':is(.base, .launcher, .base *, .launcher *):not(svg, svg *)')];

/** Returns the styles that the elements of a chat have, by their place in it. */
function stylesOf({chat, view}: Page, properties: readonly string[]): Map<string, string> {
  const styles = new Map<string, string>();
  for (const [index, element] of elementsOf(chat).entries()) {
    const style = view.getComputedStyle(element);
    for (const property of properties) styles.set(`${index} ${element.localName}.${element.getAttribute('part')} ${property}`, style.getPropertyValue(property));
  }
  return styles;
}

function differences(one: Map<string, string>, other: Map<string, string>): string[] {
  return [...one].filter(([name, value]) => other.get(name) !== value).map(([name, value]) => `${name}: ${value} became ${other.get(name)}`);
}

/** Lays out all of a chat and shows its end: what is out of view has estimated sizes, and narrows what fits its content. */
function layOut({chat, view}: Page) {
  const sheet = new (view as unknown as typeof globalThis).CSSStyleSheet();
  sheet.replaceSync('* { content-visibility: visible !important; }');
  chat.shadowRoot!.adoptedStyleSheets.push(sheet);
  part(chat, 'log').scrollTop = part(chat, 'log').scrollHeight;
}

/** Returns the sizes of the elements of a chat, in CSS pixels. The button to the end comes and goes by the scroll position. */
function sizesOf({chat}: Page): Map<string, string> {
  const elements = [...chat.shadowRoot!.querySelectorAll<HTMLElement>('[part]:not(.jump)')];
  return new Map(elements.map((element, index) => {
    const {width, height} = element.getBoundingClientRect();
    return [`${index} ${element.getAttribute('part')}`, `${width.toFixed(1)} × ${height.toFixed(1)}`];
  }));
}

describe('on a page of its own ideas', () => {
  afterEach(closePages);

  for (const [name, body, selectors] of [['inline', inline, ['html', '*, :not(#a)']], ['launcher', launcher, ['body', '*, stream-chat']]] as const) {
    for (const selector of selectors) {
      it(`inherits nothing from rules for ${selector}, ${name}`, async function () {
        this.timeout(60_000);
        const plain = await openPage({body, messages, isReady});
        const count = elementsOf(plain.chat).length;
        const expected = stylesOf(plain, inherited);
        closePages();

        const hostile = await openPage({body, messages, isReady, head: `<style>${selector} { ${declarations} }</style>`});

        expect(expected.size).to.be.above(3000);
        await until(() => elementsOf(hostile.chat).length === count, `there are ${count} elements`);
        expect(differences(expected, stylesOf(hostile, inherited)).slice(0, 40)).to.deep.equal([]);
      });
    }
  }

  it('is hidden with its page', async () => {
    const {chat, view} = await openPage({head: '<style>body { visibility: hidden; pointer-events: none; }</style>'});

    const {visibility, pointerEvents} = view.getComputedStyle(part(chat, 'send'));
    expect({visibility, pointerEvents}).to.deep.equal({visibility: 'hidden', pointerEvents: 'none'});
  });

  for (const sheet of [
    'button { all: unset }',
    '* { margin: 0; border: 0; padding: 0; background: none; color: inherit; font: inherit }',
    `* { ${declarations} }`,
    'body button, body [slot] { display: inline; border: 0; padding: 0; background: lime; min-height: 0; font-size: 40px; cursor: wait }',
  ]) {
    it(`keeps the look of buttons in the slot for suggestions with ${sheet.trim().slice(0, 30)}…`, async () => {
      const looks = ({view, document}: Page) => {
        const style = view.getComputedStyle(document.querySelector('button')!);
        return [
          'display', 'border-top-width', 'border-top-style', 'border-top-left-radius', 'padding-left', 'background-color',
          'font-size', 'font-family', 'font-style', 'text-transform', 'letter-spacing', 'cursor', 'min-height', 'color',
        ].map((property) => `${property}: ${style.getPropertyValue(property)}`);
      };
      const plain = await openPage({body: inline});
      await until(() => part(plain.chat, 'suggestions').clientHeight > 0);
      const expected = looks(plain);
      expect(expected).to.include.members(['border-top-style: solid', 'cursor: pointer', 'text-transform: none']);
      closePages();

      expect(looks(await openPage({body: inline, head: `<style>${sheet}</style>`}))).to.deep.equal(expected);
    });
  }

  it('leaves what is in an element of the page in that slot to the page', async () => {
    const body = '<stream-chat><div slot="suggestions"><button>Why?</button></div></stream-chat>';
    const {view, document} = await openPage({body, head: '<style>button { border: 3px dotted red; }</style>'});

    expect(view.getComputedStyle(document.querySelector('button')!).borderTopStyle).to.equal('dotted');
  });

  for (const [name, body] of [['inline', inline], ['launcher', launcher]] as const) {
    it(`has the same measures where the page changes rem, ${name}`, async function () {
      const plain = await openPage({body, messages, width: 1000});
      layOut(plain);
      const expected = sizesOf(plain);
      const outer = plain.chat.getBoundingClientRect().height;
      closePages();

      for (const size of ['62.5%', '200%']) {
        const page = await openPage({body, messages, width: 1000, head: `<style>html { font-size: ${size} }</style>`});
        layOut(page);

        await until(() => differences(expected, sizesOf(page)).length === 0).catch(() =>
          expect(differences(expected, sizesOf(page)), size).to.deep.equal([]),
        );
        expect(page.chat.getBoundingClientRect().height, size).to.equal(outer);
        closePages();
      }
    });
  }

  it('has measures that follow --stream-chat-font-size', async () => {
    const {chat, view} = await openPage({width: 1600, messages});
    const width = () => chat.shadowRoot!.querySelector<HTMLElement>('.content')!.getBoundingClientRect().width;
    expect(width()).to.equal(46 * 16);

    chat.style.setProperty('--stream-chat-font-size', '24px');

    expect(width()).to.equal(46 * 24);
    expect(view.getComputedStyle(parts(chat, 'text')[0]!).fontSize).to.equal('24px');
  });

  it('uses no rem, which is the page’s, in any style sheet', async () => {
    const {chat} = await openPage({body: launcher, messages});
    await until(() => chat.shadowRoot!.adoptedStyleSheets.length > 6);

    const rules = chat.shadowRoot!.adoptedStyleSheets.flatMap(({cssRules}) => [...cssRules].map(({cssText}) => cssText));
    expect(rules.length).to.be.above(150);
    expect(rules.filter((rule) => /\d(rem|rex|rch|rcap|ric|rlh)\b/.test(rule))).to.deep.equal([]);
  });

  it('passes scrolling on to the page, but not from the panel', async () => {
    const page = await openPage();
    expect(page.view.getComputedStyle(part(page.chat, 'log')).overscrollBehaviorY).to.equal('auto');
    const panel = await openPage({body: launcher});

    await until(() => panel.view.getComputedStyle(part(panel.chat, 'log')).overscrollBehaviorY === 'contain');
  });
});
