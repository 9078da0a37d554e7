import {expect} from '@open-wc/testing';

import {shared} from '../helpers/shared.js';
import {draw} from './draw.js';

// Answers as models write them, with what has to be drawn. They lie beside the project and are not part of it.

interface Case {
  readonly id: string;
  readonly kind: string;
  readonly inputs: readonly string[];
}

const formulas = (root: Element) => [...root.querySelectorAll('[part=math]')].map(({textContent}) => textContent);
const texts = (root: Element, selector: string) => [...root.querySelectorAll(selector)].map(({textContent}) => textContent);
const rows = (root: Element) => [...root.querySelectorAll('tbody tr')].map((row) => texts(row, 'td'));

/** What is wrong with the drawing of an input, by its file; `undefined` if nothing is. */
const checks: Readonly<Record<string, (root: Element, source: string) => unknown>> = {
  '01.md': (root) => /\*|~~/.test(root.textContent) || root.querySelectorAll('strong, em, del').length !== 8,
  '02.md': (root) => formulas(root).join() !== '$x+1$',
  '03.md': (root) => texts(root, 'em, strong').join() !== 'init,dunder,xxx',
  '04.md': (root) => texts(root, 'pre').join() !== 'npm i\n,npm start\n',
  '05.md': (root) => texts(root, 'a').some((text) => /[。；，（、」]/.test(text)),
  '06.md': (root) => root.querySelectorAll('br').length !== 3 || rows(root).some((row) => row.length !== 2),
  '07.md': (root) => root.querySelectorAll('pre').length !== 1 || texts(root, 'strong').join() !== 'Bye',
  '10.md': (root) => formulas(root).length !== 2,
  '11.md': (root) =>
    texts(root, 'summary strong').join() !== 'more' ||
    texts(root, 'sub, sup, kbd, u, mark').join() !== '2,2,Ctrl,C,under,hi' ||
    !root.textContent.includes('List<String>') ||
    !root.textContent.includes('<Button>'),
  '13.md': (root) => root.querySelectorAll('input').length !== 4,
  '14.md': (root) => root.querySelectorAll('pre').length !== 1,
  '15.md': (root) => formulas(root).length !== 2,
  '17.md': (root, source) => texts(root, 'del').join() !== 'gone' || root.textContent.split('~').length !== source.split('~').length - 4,
  '18.md': (root) => !root.textContent.includes('Write <think> before and </think> after'),
  '20.md': (root) => root.querySelectorAll('pre').length !== 1,
  '21.md': (root) => root.querySelectorAll('pre').length !== 1,
  '22.md': (root) => texts(root, 'a').join() !== '1,2,3' || root.textContent.includes('[1]'),
  '23.md': (root) => formulas(root).filter((text) => text.startsWith('\\begin')).length !== 2,
  '24.md': (root) => root.querySelectorAll('table').length < 3 || !rows(root).some((row) => row.join() === '1,2,3'),
  '25.md': (root) => root.querySelectorAll('li pre').length !== 5,
  '26.md': (root) => formulas(root).join() !== '$x$' || !root.textContent.includes('$PATH:$HOME/bin'),
  '27.md': (root) => root.querySelectorAll('a[href]').length < 6,
  '28.md': (root) => formulas(root).length > 0 || !root.textContent.includes('array[0], todo [ ] and [x]'),
  '29.md': (root) => texts(root, '.alert-title').join() !== 'Note,Warning' || root.textContent.includes('[!'),
  '33.md': (root) => root.querySelectorAll('br').length !== 2,
  '34.md': (root) => root.querySelectorAll('pre').length !== 7,
  '37.md': (root) => !root.querySelector('[role=link]') || root.querySelector('[role=link]')?.textContent !== 'Section 2',
  '38.md': (root) => rows(root).some((row) => row.length !== 3) || formulas(root)[3] !== '$\\|x\\|$',
  '39.md': (root) => root.querySelectorAll('table').length !== 3,
};

/** Inputs that are not drawn as expected, and why. */
const decided: Readonly<Record<string, string>> = {
  '08.md': 'A line break in a paragraph is a space, as in CommonMark; --stream-chat-line-breaks keeps them.',
};
const decidedChecks: Readonly<Record<string, (root: Element) => unknown>> = {
  '08.md': (root) => !root.querySelector('br'),
};

/** Inputs that a protocol changes before they are drawn, tested there. */
const ofProtocols = ['19.md'];

describe('answers as models write them', () => {
  it('are drawn as expected, whole and in chunks of 1 and 3 characters', async function () {
    this.timeout(60_000);
    const cases = (await (await shared(this, 'cases/markdown/index.json')).json()) as readonly Case[];
    const wrong: string[] = [];
    for (const name of new Set(cases.flatMap(({inputs}) => inputs))) {
      const source = await (await shared(this, `cases/markdown/${name}`)).text();
      const whole = draw(source);
      const characters = [...source];
      for (const size of [1, 3]) {
        const parts: string[] = [];
        for (let at = 0; at < characters.length; at += size) parts.push(characters.slice(at, at + size).join(''));
        if (!draw(parts).isEqualNode(whole)) wrong.push(`${name}: differs in chunks of ${size}`);
      }
      if (ofProtocols.includes(name)) continue;
      const isDecided = name in decided;
      const check = checks[name] ?? decidedChecks[name];
      if (!check) wrong.push(`${name}: no check`);
      else if (Boolean(check(whole, source)) !== isDecided) wrong.push(isDecided ? `${name}: passes, but is listed` : `${name}: not as expected`);
    }

    expect(wrong).to.deep.equal([]);
  });
});
