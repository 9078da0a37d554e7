import {expect} from '@open-wc/testing';
import {executeServerCommand, setViewport} from '@web/test-runner-commands';
import type Axe from 'axe-core';
import 'axe-core/axe.min.js';

import type {StreamChat} from '../src/stream-chat.js';
import {part, until} from './helpers/chat.js';
import {leave, states, type State} from './helpers/states.js';

const {axe} = globalThis as unknown as {axe: typeof Axe};
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Emulates a user preference. Returns whether the browser supports that. */
const prefer = (name: string, value: string) => executeServerCommand('engine-media', [{name, value}]);

/** Returns the violations, one line each. No rule is disabled; rules for whole pages skip a single element by themselves. */
async function findProblems(chat: StreamChat): Promise<string[]> {
  // Otherwise axe skips content out of view.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { content-visibility: visible !important; }');
  chat.shadowRoot!.adoptedStyleSheets.push(sheet);
  const {violations, passes} = await axe.run(chat.closest('main')!, {runOnly: tags, resultTypes: ['violations', 'passes']});
  expect(passes.length, 'rules that apply').to.be.above(15);
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
      it(`has no axe violations: ${state.name}, ${theme}`, async () => {
        expect(await findProblems(await show(state, {theme}))).to.deep.equal([]);
      });
    }
  }

  it('has no axe violations in any state with forced colours', async function () {
    if (!(await prefer('forced-colors', 'active'))) this.skip();
    for (const state of states) {
      expect(await findProblems(await show(state)), state.name).to.deep.equal([]);
      remove();
    }
  });

  it('runs no animation in any state with reduced motion', async function () {
    if (!(await prefer('prefers-reduced-motion', 'reduce'))) this.skip();
    for (const state of states) {
      const shown = await show(state);
      shown.focus();
      expect(shown.shadowRoot!.getAnimations(), state.name).to.deep.equal([]);
      remove();
    }
  });

  for (const state of states) {
    it(`has controls of at least 24 pixels, and 44 with a coarse pointer: ${state.name}`, async () => {
      const shown = await show(state);

      expect(small(shown, 24)).to.deep.equal([]);
      const restore = pretendCoarse(shown);
      try {
        expect(small(shown, 44)).to.deep.equal([]);
      } finally {
        restore();
      }
    });

    it(`scrolls in one direction at 320 × 256 pixels, and keeps every control reachable: ${state.name}`, async () => {
      await setViewport({width: 320, height: 256});
      const shown = await show(state);
      // Some engines do not support such a small window.
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

/** Returns the visible controls. Inline links are exempt from the minimum size; footnote references have line height. */
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

/** Returns the elements that scroll horizontally, except those meant to. */
function wide(chat: StreamChat): string[] {
  const meant = 'pre, [part="table"], [part="math"], textarea, .author, .launcher-name, .keys, [part="attachment"] bdi';
  return [...chat.shadowRoot!.querySelectorAll<HTMLElement>('*')]
    .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1 && !element.closest(meant))
    .filter((element) => getComputedStyle(element).display !== 'inline')
    .map((element) => `${describeElement(element)}: ${element.scrollWidth} in ${element.clientWidth}`);
}

/** Applies the styles for coarse pointers, which engines cannot emulate. Returns a function that undoes it. */
function pretendCoarse(chat: StreamChat): () => void {
  const changed = chat.shadowRoot!.adoptedStyleSheets
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSMediaRule)
    .filter(({media}) => media.mediaText === '(pointer: coarse)');
  expect(changed.length, 'rules for coarse pointers').to.be.above(1);
  for (const {media} of changed) media.mediaText = 'all';
  return () => {
    for (const {media} of changed) media.mediaText = '(pointer: coarse)';
  };
}
