import {expect} from '@open-wc/testing';

import type {StreamChat} from '../../src/index.js';
import {createChat, part, parts, until} from '../helpers/chat.js';

const picture = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="900" height="500"/>')}`;

/** Returns all rules of a chat's style sheets, each with the media queries around it. */
function* rulesOf(rules: CSSRuleList, media = ''): Generator<{selector: string; media: string}> {
  for (const rule of rules) {
    if (rule instanceof CSSStyleRule) yield {selector: rule.selectorText, media};
    else if (rule instanceof CSSGroupingRule) yield* rulesOf(rule.cssRules, rule instanceof CSSMediaRule ? `${media} ${rule.conditionText}` : media);
  }
}

describe('a conversation', () => {
  async function show(text: string, attributes: Record<string, string> = {}): Promise<StreamChat> {
    const chat = await createChat(attributes);
    chat.messages = [{role: 'user', text}, {role: 'assistant', text: 'One\n\n![A map](https://img.invalid/map.png)'}];
    await until(() => chat.shadowRoot!.querySelector('[part="image"]') && parts(chat, 'copy').length > 1);
    return chat;
  }

  it('has hover styles only where there is hover, and a style for pressed buttons', async () => {
    const chat = await show('What?', {attach: '', mode: 'launcher', open: ''});
    await until(() => parts(chat, 'attach').length > 0);

    const rules = chat.shadowRoot!.adoptedStyleSheets.flatMap(({cssRules}) => [...rulesOf(cssRules)]);
    const hovered = rules.filter(({selector}) => selector.includes(':hover'));
    expect(hovered.length).to.be.above(7);
    expect(hovered.filter(({media}) => !media.includes('hover: hover'))).to.deep.equal([]);
    expect(rules.some(({selector}) => selector.startsWith('button:active'))).to.equal(true);
  });

  it('folds a long question, and unfolds it with a button', async () => {
    const chat = await show(Array.from({length: 40}, (_, index) => `Line ${index}`).join('\n'));
    const text = part(chat, 'user').querySelector<HTMLElement>('[part="text"]')!;
    const fold = part(chat, 'fold');
    const label = () => [...fold.children].find((child) => !(child as HTMLElement).hidden)!.textContent;
    expect([text.offsetHeight < 300, fold.ariaExpanded, label()]).to.deep.equal([true, 'false', 'Show more']);

    fold.click();
    expect([text.offsetHeight > 900, fold.ariaExpanded, label()]).to.deep.equal([true, 'true', 'Show less']);

    fold.click();
    expect([text.offsetHeight < 300, fold.ariaExpanded, label()]).to.deep.equal([true, 'false', 'Show more']);
  });

  it('does not fold a question of some lines', async () => {
    const chat = await show('One\nTwo\nThree\n'.repeat(4));

    expect(parts(chat, 'fold')).to.deep.equal([]);
  });

  for (const [width, share] of [[360, 0.92], [420, 0.85], [700, 0.85]] as const) {
    it(`gives a question its whole width in a box of ${width} px, whatever buttons it has`, async () => {
      const chat = await show('A question that is long enough to need more than a line of its own. '.repeat(4));
      chat.style.width = `${width}px`;
      const text = part(chat, 'user').querySelector<HTMLElement>('[part="text"]')!;
      const available = chat.shadowRoot!.querySelector<HTMLElement>('.messages')!.clientWidth;

      await until(() => Math.abs(text.offsetWidth - available * share) < 2).catch(() => expect(text.offsetWidth / available).to.equal(share));
    });
  }

  it('reserves the space of an image, keeps focus where its button was, and says so if it is missing', async () => {
    const chat = await show('Where?');
    const box = part(chat, 'image');
    const button = part<HTMLButtonElement>(chat, 'load-image');
    button.focus();

    button.click();
    const image = box.querySelector('img')!;
    expect(image.clientHeight).to.be.above(150);
    expect(chat.shadowRoot!.activeElement).to.equal(box);
    await until(() => box.textContent === 'A map – The image could not be loaded');
    expect(chat.shadowRoot!.activeElement).to.equal(box);
  });

  it('does not move text when an image arrives', async () => {
    const chat = await show('Where?');
    part<HTMLButtonElement>(chat, 'load-image').click();
    const image = part(chat, 'image').querySelector('img')!;
    const reserved = image.clientHeight;

    image.src = picture;
    await new Promise((resolve) => image.addEventListener('load', resolve));

    expect(part(chat, 'image').className).to.equal('picture');
    expect(image.clientHeight).to.equal(reserved);
  });

  it('keeps focus inside after Jump to latest', async () => {
    const chat = await createChat();
    chat.messages = Array.from({length: 60}, (_, index) => ({role: index % 2 ? 'assistant' : 'user', text: 'Word '.repeat(60)} as const));
    const log = part(chat, 'log');
    await until(() => log.scrollHeight > log.clientHeight * 3);
    await until(() => {
      log.scrollTop = 0;
      return part(chat, 'jump').checkVisibility();
    });

    part(chat, 'jump').focus();
    part(chat, 'jump').click();
    await until(() => part(chat, 'jump').hidden);

    expect(chat.shadowRoot!.activeElement).to.equal(log);
  });

  it('closes the panel with Escape while an answer goes on', async () => {
    const chat = await createChat({mode: 'launcher', open: '', endpoint: '/never'});
    chat.addEventListener('request', (event) => event.waitUntil(new Promise(() => {})));
    void chat.send('Why?');
    await until(() => chat.state !== 'idle');

    chat.focus();
    part(chat, 'input').dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true, composed: true, cancelable: true}));
    await chat.updateComplete;

    expect(chat.open).to.equal(false);
    expect(chat.state).not.to.equal('idle');
    chat.stop();
  });
});
