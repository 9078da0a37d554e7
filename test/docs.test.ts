import {expect} from '@open-wc/testing';
import {Marked, type Token, type Tokens} from 'marked';

import {createSlugger, plainText, renderMarkdown} from '../demo/site/markdown.js';
import {pages, resolveLink} from '../demo/site/pages.js';
import {search} from '../demo/site/search.js';
import {contrast} from '../demo/site/theme-editor.js';
import type {StreamChat} from '../src/stream-chat.js';
import {until} from './helpers/chat.js';

// The documentation: its links, its examples, and the site generated from it.

const documents = [...new Set(['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', ...pages.map(({source}) => source)])];

/** Yields the tokens of a document at any depth. */
function* walk(tokens: readonly Token[]): Generator<Token> {
  for (const token of tokens) {
    yield token;
    if (token.type === 'table') {
      const {header, rows} = token as Tokens.Table;
      for (const cell of [header, ...rows].flat()) yield* walk(cell.tokens);
    } else if (token.type === 'list') {
      for (const item of (token as Tokens.List).items) yield* walk(item.tokens);
    } else if ('tokens' in token && token.tokens) {
      yield* walk(token.tokens);
    }
  }
}

interface Written {
  readonly source: string;
  readonly tokens: readonly Token[];
  readonly anchors: ReadonlySet<string>;
}

async function read(source: string): Promise<Written> {
  const response = await fetch(`/${source}`);
  expect(response.ok, source).to.equal(true);
  const tokens = [...walk(new Marked().lexer(await response.text()))];
  const slug = createSlugger();
  const anchors = tokens.flatMap((token) => (token.type === 'heading' ? [slug(plainText(token.tokens ?? []))] : []));
  return {source, tokens, anchors: new Set(anchors)};
}

/** Whether the repository has this file, or this folder with a README in it. */
async function exists(path: string): Promise<boolean> {
  const file = /(\.\w+|LICENSE)$/.test(path) ? path : `${path}/README.md`;
  return (await fetch(`/${file}`, {method: 'HEAD'})).ok;
}

const codeOf = ({tokens}: Written, ...languages: string[]) =>
  tokens.flatMap((token) => {
    if (token.type !== 'code') return [];
    const {lang = '', text} = token as Tokens.Code;
    return languages.includes(lang.split(' ')[0]!) ? [text] : [];
  });

const AsyncFunction = (async () => undefined).constructor as new (code: string) => unknown;

describe('documentation', () => {
  let all: readonly Written[];
  before(async () => {
    all = await Promise.all(documents.map(read));
  });

  it('links only to files, pages and headings that exist', async () => {
    const wrong: string[] = [];
    let links = 0;
    for (const {source, tokens} of all) {
      for (const token of tokens) {
        if (token.type !== 'link') continue;
        const {href} = token as Tokens.Link;
        if (/^[a-z][a-z\d+.-]*:/i.test(href)) continue;
        links++;
        const {path, anchor} = resolveLink(source, href);
        const target = all.find((document) => document.source === path);
        if (target ? anchor !== '' && !target.anchors.has(anchor) : !(await exists(path))) {
          wrong.push(`${source}: ${href}`);
        }
      }
    }

    expect(links).to.be.greaterThan(30);
    expect(wrong).to.deep.equal([]);
  });

  it('sets only attributes that the element has', async function () {
    const response = await fetch('/dist/custom-elements.json');
    if (!response.ok) return this.skip();
    const {modules} = (await response.json()) as {
      modules: {declarations: {tagName?: string; attributes?: {name: string}[]; slots?: {name: string}[]}[]}[];
    };
    const element = modules.flatMap(({declarations}) => declarations).find(({tagName}) => tagName === 'stream-chat')!;
    const known = new Set(element.attributes!.map(({name}) => name));
    const slots = new Set(element.slots!.map(({name}) => name));
    const ofHtml = /^(id|class|slot|lang|dir|hidden|hx-on:.*)$/;
    const template = document.createElement('template');
    let tags = 0;
    const wrong: string[] = [];

    for (const page of all) {
      for (const code of codeOf(page, 'html')) {
        template.innerHTML = code;
        for (const chat of template.content.querySelectorAll('stream-chat')) {
          tags++;
          for (const name of chat.getAttributeNames()) {
            if (!known.has(name) && !ofHtml.test(name)) wrong.push(`${page.source}: ${name}`);
          }
          for (const {slot} of chat.children) if (slot && !slots.has(slot)) wrong.push(`${page.source}: slot ${slot}`);
        }
      }
    }

    expect(tags).to.be.greaterThan(15);
    expect(wrong).to.deep.equal([]);
  });

  it('contains only scripts and JSON that parse', () => {
    const wrong: string[] = [];
    let scripts = 0;
    for (const page of all) {
      for (const code of codeOf(page, 'js', 'javascript')) {
        scripts++;
        const body = code.replace(/^import\b[^;]*;.*$/gm, '').replace(/^export default /gm, 'void ');
        try {
          new AsyncFunction(body);
        } catch (error) {
          wrong.push(`${page.source}: ${String(error)} in ${code.slice(0, 80)}`);
        }
      }
      for (const code of codeOf(page, 'json')) {
        // One value, or one a line.
        const values = code.trim().startsWith('{"say"') ? code.trim().split('\n') : [code];
        for (const value of values) expect(() => JSON.parse(value) as unknown, page.source).not.to.throw();
      }
    }

    expect(scripts).to.be.greaterThan(12);
    expect(wrong).to.deep.equal([]);
  });

  it('finds headings before mentions, by the beginning of a word, ignoring accents', () => {
    const entry = (title: string, text: string) => ({page: 'Page', title, url: '#', text});
    const entries = [
      entry('Élan', 'nothing'),
      entry('Other', 'The theme is mentioned.'),
      entry('Themes', 'Colours and fonts.'),
    ];

    const titles = (query: string) => search(entries, query).map((found) => found.entry.title);

    expect(titles('them')).to.deep.equal(['Themes', 'Other']);
    expect(titles('elan')).to.deep.equal(['Élan']);
    expect(titles('themes fonts')).to.deep.equal(['Themes']);
    expect(titles('themes élan')).to.deep.equal([]);
    expect(titles('  ')).to.deep.equal([]);
  });

  it('computes contrast as WCAG does', () => {
    expect(contrast('#ffffff', '#000000')).to.be.closeTo(21, 0.01);
    expect(contrast('#777777', '#ffffff')).to.be.closeTo(4.48, 0.01);
  });

  it('shows code as text', () => {
    const {html, script, sections} = renderMarkdown(
      'docs/x.md',
      '# A `<b>`\n\n## Two\n\n```html live\n<i>x</i>\n```\n\n```js live\nrun("<s>");\n```\n\n[a](quick-start.md#2-the-page)\n',
    );

    expect(script).to.equal('run("<s>");');
    expect(html).to.contain('<div class="stage">\n<i>x</i>\n</div>').and.to.contain('&lt;s&gt;');
    expect(html).to.contain('href="./quick-start.html#2-the-page"').and.not.to.contain('<s>');
    expect(sections.map(({title}) => title)).to.deep.equal(['A <b>', 'Two']);
  });
});

describe('site', () => {
  const root = '/dist/demo/';
  const frames: HTMLIFrameElement[] = [];
  before(async function () {
    this.timeout(30_000);
    if (!(await fetch(`${root}docs/index.html`)).ok) {
      console.info('skipped: there is no site, run `npm run build:demo`');
      this.skip();
    }
    if (!navigator.serviceWorker) this.skip();
  });
  afterEach(() => {
    for (const frame of frames.splice(0)) frame.remove();
  });
  after(async () => {
    const registration = await navigator.serviceWorker?.getRegistration(root);
    await registration?.unregister();
  });

  async function open(slug: string): Promise<{page: Document; violations: string[]}> {
    const frame = document.createElement('iframe');
    frames.push(frame);
    frame.width = '900';
    frame.height = '700';
    frame.src = `${root}docs/${slug}.html`;
    const violations: string[] = [];
    document.body.append(frame);
    await new Promise((resolve) => frame.addEventListener('load', resolve, {once: true}));
    const page = frame.contentDocument!;
    page.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));
    frame.contentWindow!.addEventListener('error', (event) => violations.push(event.message));
    return {page, violations};
  }

  /** Waits for the answer. The first one also waits for the service worker. */
  async function ended(chat: StreamChat): Promise<string> {
    await until(() => chat.messages.length > 1 && chat.state === 'idle', 'the answer has ended');
    expect(chat.messages.at(-1)!.error, 'error').to.equal(undefined);
    return chat.messages.at(-1)!.text ?? '';
  }

  it('runs its recipes without a server, under its own strict policy', async function () {
    this.timeout(60_000);
    const {page, violations} = await open('recipes');
    const find = <E extends Element>(selector: string) => page.querySelector<E>(selector)!;
    await until(() => find<StreamChat>('#weather').shadowRoot?.querySelector('textarea'));

    find<HTMLButtonElement>('#translator button').click();
    expect(await ended(find('#translation'))).to.contain('La réponse');

    await find<StreamChat>('#generator').send('The median in Python');
    expect(find('#generated').textContent).to.equal('7 lines of code came.');

    find<HTMLButtonElement>('#cook button').click();
    await ended(find('#recipe'));
    expect(find('#dish').textContent).to.contain('450 g flour').and.to.contain('4. Bake it');

    const weather = find<StreamChat>('#weather');
    const asked = weather.send('What do I wear in Porto?');
    const shownArguments = () => weather.shadowRoot!.querySelector('[part~="tool-arguments"]')?.textContent ?? '';
    await until(() => shownArguments().includes('Porto'), 'the call is shown');
    await until(() => weather.shadowRoot!.querySelector('[part~="tool-allow"]'), 'the confirmation is shown');
    weather.stop();
    await asked;
    expect(violations).to.deep.equal([]);
  });

  it('supports a wire format that a page registers', async function () {
    this.timeout(30_000);
    const {page, violations} = await open('protocols');
    const chat = page.querySelector<StreamChat>('stream-chat')!;
    await until(() => chat.shadowRoot?.querySelector('textarea'));

    const answer = await chat.send('How does streaming work?');

    expect(answer!.status).to.equal('done');
    expect(answer!.text).to.contain('## How streaming works');
    expect(violations).to.deep.equal([]);
  });

  it('updates the chat of the theme editor, and generates its CSS', async () => {
    const {page, violations} = await open('theming');
    await until(() => page.querySelector('.theme-editor stream-chat'));
    const input = page.querySelector<HTMLInputElement>('.theme-editor input[name="accent"]')!;
    const chat = page.querySelector<StreamChat>('.theme-editor stream-chat')!;

    input.value = '#aa0000';
    input.dispatchEvent(new Event('input'));

    expect(page.querySelector('.theme-editor .code code')!.textContent).to.match(/--stream-chat-accent: .*#aa0000/);
    const send = () => chat.shadowRoot!.querySelector('[part~="send"]')!;
    await until(() => send() && getComputedStyle(send()).backgroundColor === 'rgb(170, 0, 0)', 'the button is red');
    expect(violations).to.deep.equal([]);
  });

  it('searches by keyboard', async () => {
    const {page} = await open('index');
    const input = page.querySelector<HTMLInputElement>('[data-search] input')!;
    await until(() => !page.querySelector<HTMLElement>('[data-search]')!.hidden);

    input.focus();
    input.value = 'nginx';
    input.dispatchEvent(new Event('input'));
    await until(() => page.querySelector('[role="option"]'), 'there are results');
    input.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowDown'}));

    const active = page.getElementById(input.getAttribute('aria-activedescendant')!)!;
    expect(active.getAttribute('aria-selected')).to.equal('true');
    expect(active.querySelector('a')!.getAttribute('href')).to.equal('./backends.html#nginx');
  });
});
