import {expect} from '@open-wc/testing';

import type {StreamChat} from '../../src/stream-chat.js';
import {part, parts, until} from '../helpers/chat.js';
import {script} from '../helpers/server.js';

// What a visitor sees while the lazy modules are still loading: the deferred styles and the Markdown renderer never arrive.
const lazyModules = ['/src/transcript/deferred.styles', '/src/renderers/markdown'];

describe('before deferred styles and Markdown have loaded', () => {
  let frame: HTMLIFrameElement;
  let chat: StreamChat;
  let view: Window;

  beforeEach(async () => {
    const server = await script({headers: {'content-type': 'text/javascript'}, steps: [{silence: true}]});
    const imports = Object.fromEntries(lazyModules.flatMap((name) => ['.js', '.ts'].map((ending) => [name + ending, server.url])));
    frame = document.createElement('iframe');
    frame.width = frame.height = '600';
    frame.srcdoc = `<!doctype html><meta charset="utf-8">
      <script type="importmap">${JSON.stringify({imports})}</script>
      <script type="module" src="/src/index.ts"></script>
      <stream-chat endpoint="/nowhere"></stream-chat>`;
    document.body.append(frame);
    await until(() => frame.contentDocument?.querySelector('stream-chat')?.shadowRoot?.querySelector('textarea'), 'the element is ready');
    await server.waitFor(({requests}) => requests.length > 0);
    chat = frame.contentDocument!.querySelector('stream-chat')!;
    view = frame.contentWindow!;
  });

  afterEach(() => frame.remove());

  const styleOf = (element: Element) => view.getComputedStyle(element);

  it('loads neither of them, so that the other tests see the first style sheet only', () => {
    const rules = chat.shadowRoot!.adoptedStyleSheets.flatMap(({cssRules}) => [...cssRules]);

    expect(rules.some(({cssText}) => cssText.startsWith('.messages, .group'))).to.equal(true);
    // A rule of the deferred styles.
    expect(rules.some(({cssText}) => cssText.startsWith('.reasoning'))).to.equal(false);
  });

  it('shows the animated typing indicator', async () => {
    chat.addEventListener('request', (event) => event.waitUntil(new Promise(() => {})));
    void chat.send('Why?');
    await until(() => parts(chat, 'dots').length > 0);

    const dots = [...part(chat, 'dots').children];
    expect(dots).to.have.length(3);
    for (const dot of dots) {
      const {width, height} = dot.getBoundingClientRect();
      expect(Math.min(width, height)).to.be.within(4, 12);
      expect(styleOf(dot).backgroundColor).not.to.equal('rgba(0, 0, 0, 0)');
    }
    if (!view.matchMedia('(prefers-reduced-motion: reduce)').matches) {
      expect(dots.map((dot) => styleOf(dot).animationName)).to.deep.equal(['blink', 'blink', 'blink']);
      expect(dots.flatMap((dot) => dot.getAnimations()).map(({playState}) => playState)).to.deep.equal(['running', 'running', 'running']);
    }
    chat.stop();
  });

  it('keeps the line breaks of questions and of answers', async () => {
    const text = 'One\n\nTwo\nThree';
    chat.messages = [{role: 'user', text}, {role: 'assistant', text}];
    await until(() => parts(chat, 'text').length === 2 && parts(chat, 'text').every(({textContent}) => textContent === text));

    for (const element of parts(chat, 'text')) {
      expect(styleOf(element).whiteSpace).to.equal('pre-wrap');
      expect(element.getBoundingClientRect().height).to.be.above(3.5 * parseFloat(styleOf(element).fontSize) * 1.5);
    }
  });

  it('shows focus on the text field and on the transcript', () => {
    const ring = (element: HTMLElement) => {
      // Scripted focus is visible where the keyboard was used last, or nothing was.
      element.focus();
      expect(element.matches(':focus-visible')).to.equal(true);
      return [styleOf(element).outlineStyle, styleOf(element).outlineWidth];
    };

    expect(ring(part(chat, 'log'))).to.deep.equal(['solid', '2px']);
    chat.focus();
    const composer = part(chat, 'composer');
    expect([styleOf(composer).outlineStyle, styleOf(composer).outlineWidth]).to.deep.equal(['solid', '1px']);
    const send = part<HTMLButtonElement>(chat, 'send');
    send.disabled = false;
    expect(ring(send)).to.deep.equal(['solid', '2px']);
  });
});
