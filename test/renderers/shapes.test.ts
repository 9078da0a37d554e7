import {expect} from '@open-wc/testing';

import {createColouring} from '../../src/renderers/highlight.js';
import {plain} from '../../src/renderers/plain.js';
import {begin, context, createRandom, cutAtRandom, type Drawn} from './draw.js';

// Answers that consist of one big block. The tests count characters, nodes and boxes, never time: the cost of a frame is
// what the browser lays out with the last character, which is the content of the boxes that contain it.

const prose = 'Some words of plain prose are written here, one after the other. ';
const fill = (part: (index: number) => string, length: number) => {
  let text = '';
  for (let index = 0; text.length < length; index++) text += part(index);
  return text;
};

const shapes: Record<string, (length: number) => string> = {
  'a paragraph': (n) => fill(() => prose, n),
  'a paragraph of styled words': (n) => fill(() => `${prose}**strong** and \`code\`, `, n),
  'a paragraph of lines': (n) => fill(() => `${prose.trim()}\n`, n),
  'a paragraph of Chinese': (n) => fill(() => '每一小段文字都在下一段到来之前画出。', n),
  'a long word': (n) => 'x'.repeat(n),
  'emphasis that is not closed': (n) => `*${fill(() => prose, n)}`,
  'code that is not closed': (n) => `a \`${fill(() => prose, n)}`,
  'a link that is not closed': (n) => `[${fill(() => prose, n)}`,
  'stars': (n) => '*'.repeat(n),
  'opening brackets': (n) => '['.repeat(n),
  'raw HTML': (n) => `<div>\n${fill((i) => `<p>${i} ${prose}</p>\n`, n)}`,
  'a code block': (n) => `\`\`\`js\n${fill((i) => `const value${i} = compute(1, 2, 3); // comment\n`, n)}`,
  'a code block without a language': (n) => `\`\`\`\n${fill((i) => `${i}: ${prose}\n`, n)}`,
  'a line of code': (n) => `\`\`\`\n${fill((i) => `f(${i});`, n)}`,
  'a line of code in a language': (n) => `\`\`\`js\nlet a;\n${fill((i) => `f(${i});`, n)}`,
  'a table': (n) => `| a | b |\n| - | - |\n${fill((i) => `| ${i} | some *text* here |\n`, n)}`,
  'a list': (n) => fill((i) => `- ${i} ${prose}\n`, n),
  'a numbered list': (n) => fill((i) => `${i + 1}. ${prose}\n`, n),
  'paragraphs in a list item': (n) => `- a\n\n${fill(() => `  ${prose}\n\n`, n)}`,
  'nested quotes': (n) => fill(() => `> > > ${prose}\n> > >\n`, n),
};

/** The elements that are laid out by themselves. */
const boxes = '.run, .segment, .lines, .piece, .items, .long > tbody, [part=blocks], .groups';

/** Returns the number of nodes and characters that a browser lays out when the end of the text in `root` changes. */
function lastLayout(root: Element): number {
  let cost = 0;
  let last: Element = root;
  for (;;) {
    const own = document.createTreeWalker(last, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement?.closest(boxes) && node.parentElement.closest(boxes) !== last && last.contains(node.parentElement.closest(boxes)) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    let inner: Element | undefined;
    while (own.nextNode()) {
      const node = own.currentNode;
      cost += node instanceof Text ? node.length : 1;
      if (node instanceof Element && node.matches(boxes)) inner = node;
    }
    if (!inner) return cost;
    last = inner;
  }
}

/** Writes a text 64 characters at a time into a page. Returns what that cost, and the cost of each of the last frames. */
function write(text: string): {parsed: number; touched: number; layouts: number} {
  const drawn = begin({}, {highlight: createColouring});
  document.body.append(drawn.root);
  try {
    let layouts = 0;
    for (let at = 0, count = 0; at < text.length; at += 64, count++) {
      drawn.write(text.slice(at, at + 64));
      if (text.length - at < 16_384 && count % 16 === 0) layouts = Math.max(layouts, lastLayout(drawn.root));
    }
    drawn.end();
    expect(drawn.stats.faults).to.equal(0);
    return {parsed: drawn.stats.charsParsed, touched: drawn.stats.nodesTouched, layouts};
  } finally {
    drawn.root.remove();
  }
}

const draw = (parts: readonly string[], drawn: Drawn) => {
  for (const part of parts) drawn.write(part);
  drawn.end();
  return drawn.root;
};

describe('renderers/markdown, big blocks', function () {
  this.timeout(60_000);

  for (const [name, make] of Object.entries(shapes)) {
    it(`costs twice as much for twice as much of ${name}, and as much per frame`, () => {
      const half = write(make(60_000));
      const whole = write(make(120_000));

      expect(whole.parsed, 'characters parsed').to.be.below(2.2 * half.parsed);
      expect(whole.touched, 'nodes touched').to.be.below(2.2 * half.touched + 100);
      expect(whole.layouts, 'laid out in a frame').to.be.below(1.3 * half.layouts + 500);
      expect(whole.layouts, 'laid out in a frame').to.be.below(40_000);
    });

    it(`draws the same of ${name} in one piece and in many`, () => {
      const text = make(50_000);
      const root = (parts: readonly string[]) => draw(parts, begin({}, {highlight: createColouring}));

      const whole = root([text]);

      for (const max of [7, 300, 5000]) {
        const streamed = root(cutAtRandom(text, max, createRandom(max)));
        expect(streamed.isEqualNode(whole) || streamed.innerHTML === whole.innerHTML, `cut at ${max}`).to.equal(true);
      }
    });
  }

  it('copies a long paragraph as it was written', () => {
    const text = fill(() => prose, 40_000).trim();
    const root = draw([text], begin());
    document.body.append(root);

    expect(root.querySelectorAll('.run')).to.have.length.above(2);
    expect(root.textContent).to.equal(text);
    root.remove();
  });

  it('copies long code as it was written', () => {
    const code = fill((i) => `let a${i} = ${i};\n`, 40_000);
    const root = draw([`\`\`\`js\n${code}\`\`\``], begin({}, {highlight: createColouring}));

    expect(root.querySelectorAll('.lines')).to.have.length.above(2);
    expect(root.querySelector('pre')?.textContent).to.equal(code);
  });

  it('colours long code that was drawn before the highlighter was loaded', async () => {
    const code = fill((i) => `let a${i} = ${i};\n`, 40_000);
    const whole = draw([`\`\`\`js\n${code}`], begin({}, {highlight: createColouring}));
    const late = draw([`\`\`\`js\n${code}`], begin({}, {highlight: (language) => Promise.resolve(createColouring(language))}));

    while (late.innerHTML !== whole.innerHTML) await new Promise((resolve) => setTimeout(resolve, 10));

    expect(late.querySelector('pre')?.textContent).to.equal(code);
  });

  it('numbers the items of a long list', () => {
    const root = draw([fill((i) => `${i + 5}. ${i}\n`, 3000)], begin());
    const numbered = [...root.querySelectorAll('li[value]')];

    expect(numbered).to.have.length.above(3);
    for (const item of numbered) expect(Number(item.getAttribute('value'))).to.equal(Number(item.textContent) + 5);
    expect(root.querySelector('ol')?.getAttribute('role')).to.equal('list');
    for (const item of root.querySelectorAll('.items > li')) expect(item.getAttribute('role')).to.equal('listitem');
  });

  it('keeps the columns of a long table in line', () => {
    const drawn = begin();
    document.body.append(drawn.root);
    const rows = fill((i) => `| ${i} | ${'long '.repeat(i % 7)} | b |\n`, 12_000);
    draw(cutAtRandom(`| a | b | c |\n| - | - | - |\n${rows}`, 500, createRandom(1)), drawn);

    const groups = [...drawn.root.querySelectorAll('tbody')];
    expect(groups).to.have.length.above(2);
    const widths = groups.map((group) => [...(group.querySelectorAll('tr:first-child > td') ?? [])].map((cell) => cell.getAttribute('width')));
    for (const columns of widths) expect(columns).to.deep.equal(widths[0]);
    expect(widths[0]).to.have.length(3);
    drawn.root.remove();
  });
});

describe('renderers/plain, long text', () => {
  it('lays out the last part of it, and keeps every character', () => {
    const root = document.createElement('div');
    const renderer = plain(root, context);
    const text = fill((i) => `${i} ${prose}${i % 9 ? '' : '\n'}`, 200_000);
    for (const part of cutAtRandom(text, 100, createRandom(3))) renderer.write(part);
    renderer.end();

    expect(root.textContent).to.equal(text);
    expect(lastLayout(root)).to.be.below(30_000);
    expect(root.querySelectorAll('.run')).to.have.length.above(5);
  });
});
