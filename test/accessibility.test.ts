import {expect} from '@open-wc/testing';
import {executeServerCommand, setViewport} from '@web/test-runner-commands';
import type Axe from 'axe-core';
import 'axe-core/axe.min.js';

import type {StreamChat} from '../src/stream-chat.js';
import {part, until} from './helpers/chat.js';
import {leave, states, type State} from './helpers/states.js';

const {axe} = globalThis as unknown as {axe: typeof Axe};
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Has the browser say that the person wants this. Returns whether it can. */
const prefer = (name: string, value: string) => executeServerCommand('engine-media', [{name, value}]);

/** What is wrong, in a line each. No rule is off: those of a whole page do not look at a part of it. */
async function findProblems(chat: StreamChat): Promise<string[]> {
  // What is out of view would be left out.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { content-visibility: visible !important; }');
  chat.shadowRoot!.adoptedStyleSheets.push(sheet);
  const {violations, passes} = await axe.run(chat.closest('main')!, {runOnly: tags, resultTypes: ['violations', 'passes']});
  expect(passes.length, 'rules that found something to look at').to.be.above(15);
  return violations.flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) => `${id}: ${target.flat().at(-1)}: ${failureSummary}`));
}

describe('accessibility', function () {
  this.timeout(60_000);
  let chat: StreamChat | undefined;

  beforeEach(() => setViewport({width: 1000, height: 800}));
  const remove = () => {
    leave(chat);
    chat?.closest('main')!.remove();
    chat = undefined;
  };
  afterEach(async () => {
    remove();
    await executeServerCommand('engine-media', []);
  });

  async function show(state: State, attributes: Record<string, string> = {}): Promise<StreamChat> {
    return (chat = await state.show(attributes));
  }

  for (const state of states) {
    for (const theme of ['light', 'dark']) {
      it(`has nothing that axe objects to: ${state.name}, ${theme}`, async () => {
        expect(await findProblems(await show(state, {theme}))).to.deep.equal([]);
      });
    }
  }

  it('has nothing that axe objects to in any state where colours are forced', async function () {
    if (!(await prefer('forced-colors', 'active'))) this.skip();
    for (const state of states) {
      expect(await findProblems(await show(state)), state.name).to.deep.equal([]);
      remove();
    }
  });

  it('moves nothing in any state for who wants no motion', async function () {
    if (!(await prefer('prefers-reduced-motion', 'reduce'))) this.skip();
    for (const state of states) {
      const shown = await show(state);
      shown.focus();
      expect(shown.shadowRoot!.getAnimations(), state.name).to.deep.equal([]);
      remove();
    }
  });

  for (const state of states) {
    it(`has controls of 24 pixels, and of 44 for fingers: ${state.name}`, async () => {
      const shown = await show(state);

      expect(small(shown, 24)).to.deep.equal([]);
      const restore = pretendCoarse(shown);
      try {
        expect(small(shown, 44)).to.deep.equal([]);
      } finally {
        restore();
      }
    });

    it(`scrolls in one direction only at 320 × 256 pixels, and all can be reached: ${state.name}`, async () => {
      await setViewport({width: 320, height: 256});
      const shown = await show(state);
      // Where a window cannot be that small.
      shown.style.maxWidth = part(shown, 'base').style.maxWidth = '304px';
      await until(() => part(shown, 'base').clientWidth <= 320);

      expect(wide(shown)).to.deep.equal([]);
      for (const control of controls(shown)) {
        control.focus();
        if (!control.matches(':focus')) continue;
        const {left, right, top, bottom} = control.getBoundingClientRect();
        expect([Math.floor(left) >= 0, Math.ceil(right) <= innerWidth], describeElement(control)).to.deep.equal([true, true]);
        expect(bottom > 0 && top < innerHeight, `${describeElement(control)} at ${top} to ${bottom}`).to.equal(true);
      }
    });
  }
});

const describeElement = (element: Element) => `${element.localName}.${element.className}[${element.getAttribute('part')}]`;

/** What is pressed or written into. Links in a sentence have the size of its letters, and references the height of its line. */
function controls(chat: StreamChat): HTMLElement[] {
  return [...chat.shadowRoot!.querySelectorAll<HTMLElement>('button, summary, textarea, [part="source"], [part="save-file"]')].filter(
    (element) => element.checkVisibility({visibilityProperty: true}),
  );
}

function small(chat: StreamChat, size: number): string[] {
  return controls(chat)
    .filter((element) => size === 24 || !element.matches('[part="footnote-reference"]'))
    .map((element) => ({element, box: element.getBoundingClientRect()}))
    .filter(({box}) => Math.min(box.width, box.height) < size - 0.1)
    .map(({element, box}) => `${describeElement(element)}: ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`);
}

/** The elements that a reader would have to scroll sideways, those meant to be left out. */
function wide(chat: StreamChat): string[] {
  const meant = 'pre, [part="table"], [part="math"], textarea, .author, .launcher-name, .keys, [part="attachment"] bdi';
  return [...chat.shadowRoot!.querySelectorAll<HTMLElement>('*')]
    .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1 && !element.closest(meant))
    .filter((element) => getComputedStyle(element).display !== 'inline')
    .map((element) => `${describeElement(element)}: ${element.scrollWidth} in ${element.clientWidth}`);
}

/** Applies what the style says for fingers, in engines that cannot be told to have them. Returns how to take it back. */
function pretendCoarse(chat: StreamChat): () => void {
  const changed = chat.shadowRoot!.adoptedStyleSheets
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSMediaRule)
    .filter(({media}) => media.mediaText === '(pointer: coarse)');
  expect(changed.length, 'rules for fingers').to.be.above(1);
  for (const {media} of changed) media.mediaText = 'all';
  return () => {
    for (const {media} of changed) media.mediaText = '(pointer: coarse)';
  };
}
