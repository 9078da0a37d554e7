import {expect} from '@open-wc/testing';

import {begin} from '../renderers/draw.js';

// Kinds of input that cmark is tested with (https://github.com/commonmark/cmark, pathological_tests.py), and some that
// are costly only in a stream. Each function returns a text of about `n` characters.

const fill = (part: string, length: number) => part.repeat(Math.ceil(length / part.length));
const wrap = (open: string, inner: string, close: string, length: number) => {
  const depth = Math.ceil(length / (open.length + close.length));
  return open.repeat(depth) + inner + close.repeat(depth);
};
const lines = (length: number, make: (index: number) => string) => {
  let text = '';
  for (let index = 0; text.length < length; index++) text += make(index);
  return text;
};

const inputs: Readonly<Record<string, (length: number) => string>> = {
  'nested strong emphasis': (n) => wrap('*a **a ', 'b', ' a** a*', n),
  'many emphasis closers with no openers': (n) => fill('a_ ', n),
  'many emphasis openers with no closers': (n) => fill('_a ', n),
  'many link closers with no openers': (n) => fill('a]', n),
  'many link openers with no closers': (n) => fill('[a', n),
  'mismatched openers and closers': (n) => fill('*a_ ', n),
  'openers and closers whose lengths make three': (n) => `a**b${fill('c* ', n)}`,
  'link openers and emphasis closers': (n) => fill('[ a_', n),
  'a pattern of brackets and parentheses': (n) => fill('[ (](', n),
  'a pattern of images and links': (n) => fill('![[]()', n),
  'a hard link and image pattern': (n) => fill('[a](<b', n),
  'nested brackets': (n) => wrap('[', 'a', ']', n),
  'nested links': (n) => wrap('[', 'a', '](b)', n),
  'nested images': (n) => wrap('![', 'a', '](b)', n),
  'nested parentheses in a link': (n) => `[a](${wrap('(', 'b', ')', n)})`,
  'nested block quotes': (n) => `${fill('> ', n)}a`,
  'nested lists in one line': (n) => `${fill('- ', n)}a`,
  'deeply nested lists': (n) => lines(n, (i) => `${'  '.repeat(Math.min(i, 90))}* a\n`),
  'nested quotes and lists': (n) => fill('> - 1. ', n),
  'many empty list items': (n) => fill('* \n', n),
  'U+0000 in the text': (n) => fill('abc\u0000d\u0000', n),
  'runs of backticks of all lengths': (n) => lines(n, (i) => `e${'`'.repeat(i + 1)}`),
  'one run of backticks': (n) => fill('`', n),
  'runs of tildes': (n) => fill('~~a ', n),
  'unclosed links A': (n) => fill('[a](<b', n),
  'unclosed links B': (n) => fill('[a](b', n),
  'unclosed links with a title': (n) => fill('[a](b "', n),
  'unclosed autolinks': (n) => fill('<https://a', n),
  'unclosed comments': (n) => fill('</', n) + fill('<!--', n),
  'unclosed comments after one that is closed': (n) => `<!-- a -->${fill(' <!-- b', n)}`,
  'unclosed instructions': (n) => fill('<?', n),
  'unclosed declarations': (n) => fill('<!A ', n),
  'unclosed sections': (n) => fill('<![CDATA[', n),
  'unclosed tags': (n) => fill('<a b="c', n),
  'many references that are not defined': (n) => fill('[a] [b][c] ', n),
  'many definitions': (n) => lines(n, (i) => `[${i}]: u\n`),
  'many definitions of one name': (n) => fill('[a]: u\n', n) + '\n[a]',
  'definitions in a row': (n) => fill('[a]: u\n\n', n) + fill('[a] ', n),
  'a definition whose title has no end': (n) => `[a]: u "${fill('b\n', n)}`,
  'a definition of a long name': (n) => `[${fill('a', 990)}]: u\n\n${fill(`[${fill('a', 990)}]`, n)}`,
  'footnotes that refer to the next': (n) => lines(n, (i) => `[^${i}]: [^${i + 1}]\n\n`) + '[^0]',
  'one footnote, many references': (n) => `[^a]: b\n\n${fill('[^a] ', n)}`,
  'tables of many columns': (n) => `${fill('|a', n / 3)}\n${fill('|-', n / 3)}\n${fill('|b', n / 3)}`,
  'tables of many rows': (n) => `| a | b |\n| - | - |\n${fill('| c | d |\n', n)}`,
  'rows shorter than a wide table': (n) => `${fill('|a', n / 6)}\n${fill('|-', n / 6)}\n${fill('|\n', n / 2)}`,
  'delimiter rows alone': (n) => fill('|-\n', n),
  'pipes in cells': (n) => `| a |\n| - |\n| ${fill('\\|', n)} |`,
  'headings underlined again and again': (n) => fill('a\n=\n', n),
  'a paragraph of many lines that may become a heading': (n) => fill('a\n', n),
  'spaces before the end of a line': (n) => `a${fill(' ', n)}\nb`,
  'spaces behind a heading': (n) => `# a${fill(' ', n)}#`,
  'rules of many marks': (n) => fill('* ', n),
  'entities that are none': (n) => fill('&a', n),
  'entities of many digits': (n) => fill('&#1', n),
  'backslashes': (n) => fill('\\', n),
  'mail addresses without an end': (n) => fill('a.', n) + '@',
  'mail addresses in a row': (n) => fill('a@b.c', n),
  'bare URLs in a row': (n) => fill('https://a.b/(', n),
  'closing parentheses behind a URL': (n) => `https://a.b/${fill(')', n)}`,
  'entities behind a URL': (n) => `https://a.b/${fill('&a;', n)}`,
  'one word without an end': (n) => fill('x', n),
  'one line of code without an end': (n) => `\`\`\`js\n${fill('a.b(', n)}`,
  'fences of all lengths': (n) => lines(n, (i) => `${'`'.repeat(3 + (i % 60))}\nx\n`),
  'tasks': (n) => fill('- [ ] ', n),
  'signs for formulas': (n) => fill('$a', n) + fill('$$b', n) + fill('\\(', n),
};

/** Returns the cost of rendering a text written 64 characters at a time. */
function cost(text: string): {parsed: number; touched: number; faults: number} {
  const {write, end, stats} = begin();
  for (let at = 0; at < text.length; at += 64) write(text.slice(at, at + 64));
  end();
  return {parsed: stats.charsParsed, touched: stats.nodesTouched, faults: stats.faults};
}

describe('pathological markdown', function () {
  this.timeout(30_000);
  const length = 6000;

  for (const [name, make] of Object.entries(inputs)) {
    it(`costs linear time: ${name}`, () => {
      const [once, fourfold] = [make(length), make(4 * length)];

      const short = cost(once);
      const long = cost(fourfold);

      expect([short.faults, long.faults]).to.deep.equal([0, 0]);
      // Four times as long, plus what is drawn again when a text has doubled; quadratic would be sixteen times.
      expect(long.parsed, 'characters parsed').to.be.below(6.5 * short.parsed + length);
      expect(long.touched, 'nodes touched').to.be.below(6.5 * short.touched + length);
      expect(long.parsed, 'characters parsed').to.be.below(30 * fourfold.length);
    });
  }
});
