import {expect} from '@open-wc/testing';
import {executeServerCommand} from '@web/test-runner-commands';

import {part} from '../helpers/chat.js';
import {closePages, openPage} from './frame.js';

const probe = '<i style="background-color: light-dark(rgb(1, 1, 1), rgb(2, 2, 2))"></i>';
const body = `<stream-chat></stream-chat>${probe}`;

/** How a page states its colour scheme, and which one it has where the system prefers light or dark. */
const pages: readonly {name: string; head?: string; body?: string; light: string; dark: string}[] = [
  {name: 'that states none', light: 'light', dark: 'light'},
  {name: ':root dark', head: '<style>:root { color-scheme: dark; }</style>', light: 'dark', dark: 'dark'},
  {name: ':root light', head: '<style>:root { color-scheme: light; }</style>', light: 'light', dark: 'light'},
  {name: ':root light dark', head: '<style>:root { color-scheme: light dark; }</style>', light: 'light', dark: 'dark'},
  {name: 'meta light dark', head: '<meta name="color-scheme" content="light dark">', light: 'light', dark: 'dark'},
  {name: 'meta dark', head: '<meta name="color-scheme" content="dark">', light: 'dark', dark: 'dark'},
  {
    name: 'a dark section in a light page',
    head: '<style>:root { color-scheme: light; } div { color-scheme: dark; }</style>',
    body: `<div>${body}</div>`,
    light: 'dark',
    dark: 'dark',
  },
  {
    name: 'a rule for the element',
    head: '<style>:root { color-scheme: light dark; } stream-chat, i { color-scheme: only light; }</style>',
    light: 'light',
    dark: 'light',
  },
];

describe('theme="auto"', () => {
  afterEach(closePages);
  after(() => executeServerCommand('engine-media', []));

  for (const system of ['light', 'dark'] as const) {
    for (const {name, head, body: content = body, ...expected} of pages) {
      it(`follows the page, ${name}, where the system prefers ${system}`, async function () {
        if (!(await executeServerCommand('engine-media', [{name: 'prefers-color-scheme', value: system}]))) this.skip();
        const {view, document, chat} = await openPage({...(head && {head}), body: content});
        const schemeOf = (element: Element, light: string) => (view.getComputedStyle(element).backgroundColor === light ? 'light' : 'dark');

        expect(schemeOf(part(chat, 'base'), 'rgb(255, 255, 255)')).to.equal(expected[system]);
        expect(schemeOf(document.querySelector('i')!, 'rgb(1, 1, 1)'), 'the page itself').to.equal(expected[system]);
      });
    }
  }

  it('follows the page when it changes, and not with theme="light" or "dark"', async () => {
    const {view, document, chat} = await openPage();
    const shown = () => view.getComputedStyle(part(chat, 'base')).backgroundColor;
    expect(shown()).to.equal('rgb(255, 255, 255)');

    document.documentElement.style.colorScheme = 'dark';
    expect(shown()).to.equal('rgb(23, 24, 28)');
    chat.theme = 'light';
    await chat.updateComplete;

    expect(shown()).to.equal('rgb(255, 255, 255)');
  });
});
