import {expect} from '@open-wc/testing';

import {createColouring} from '../../src/renderers/highlight.js';
import {languages} from '../../src/renderers/highlight/languages.js';
import {begin, createRandom, cutAtRandom, findIllegal} from './draw.js';

const kinds = (language: string, code: string) => {
  const colour = createColouring(language)!;
  return code.split('\n').map((line) =>
    colour(line)
      .filter(([, kind]) => kind)
      .map(([text, kind]) => `${kind}:${text}`)
      .join(' '),
  );
};

describe('highlighting', () => {
  it('supports the languages most used in chats', () => {
    const names =
      'ts js jsx tsx python bash json html css sql java c c++ c# go rust php ruby swift kotlin yaml toml diff markdown dockerfile powershell';

    expect(names.split(' ').filter((name) => !createColouring(name))).to.deep.equal([]);
    expect(Object.keys(languages)).to.have.length.above(25);
    expect(createColouring('no-such-language')).to.equal(undefined);
  });

  it('highlights keywords, strings, comments, numbers, functions and types', () => {
    expect(kinds('ts', 'const a = read("x\\"y", 12); // done')).to.deep.equal([
      'k:const f:read s:"x\\"y" n:12 c:// done',
    ]);
    expect(kinds('python', '@cached\ndef total(x): # sum\n  return f(x)')).to.deep.equal([
      'a:@cached',
      'k:def f:total c:# sum',
      'k:return f:f',
    ]);
    expect(kinds('html', '<a href="x">b</a>')).to.deep.equal(['f:<a a:href s:"x" f:> f:</a f:>']);
    expect(kinds('json', '{"a": ["b", 1, true]}')).to.deep.equal(['a:"a" s:"b" n:1 k:true']);
    expect(kinds('sql', "SELECT * FROM t -- all\nwhere x = 'it''s'")).to.deep.equal([
      'k:SELECT k:FROM c:-- all',
      "k:where s:'it''s'",
    ]);
    expect(kinds('diff', '@@ -1 @@\n+new\n-old\n same')).to.deep.equal(['k:@@ -1 @@', 's:+new', 'd:-old', '']);
    expect(kinds('rust', "fn f<'a>(c: char) { c == 'x' }")[0]).to.contain("a:'a").and.to.contain("s:'x'");
  });

  it('keeps comments and strings open across lines', () => {
    expect(kinds('js', 'a /* b\nc */ let\n`x\n${y}` 1')).to.deep.equal([
      'c:/* b',
      'c:c */ k:let',
      's:`x',
      's:${y}` n:1',
    ]);
    expect(kinds('python', 'x = """a\nif b\n""" if c')).to.deep.equal(['s:"""a', 's:if b', 's:""" k:if']);
  });

  it('loses no character in any language, and is fast for hostile lines', () => {
    const lines = [
      'x'.repeat(1900),
      '"'.repeat(1900),
      '\\"'.repeat(900),
      '/*'.repeat(900),
      '<a '.repeat(600),
      "'".repeat(1900),
      '  - '.repeat(400),
      'a='.repeat(900),
      '1e'.repeat(900),
      '🙂é"`\\',
      '[[[['.repeat(400),
      'x'.repeat(50_000),
    ];
    for (const names of Object.keys(languages)) {
      const colour = createColouring(names.split(' ')[0]!)!;
      const begun = performance.now();
      for (const line of lines)
        expect(
          colour(line)
            .map(([text]) => text)
            .join(''),
          names,
        ).to.equal(line);
      expect(performance.now() - begun, names).to.be.below(1000);
    }
  });

  it('renders the same from any chunks, with classes only', () => {
    const code = 'import a from "b";\n\n/* c\nd */\nconst f = (x) => `${x}\n`;\nlast';
    const text = `\`\`\`ts\n${code}\n\`\`\`\n\n    indented\n\n\`\`\`js\nopen "`;
    const draw = (parts: readonly string[]) => {
      const drawn = begin({}, {highlight: createColouring});
      for (const part of parts) drawn.write(part);
      drawn.end();
      return drawn.root;
    };
    const whole = draw([text]);
    const random = createRandom(5);

    for (let round = 0; round < 100; round++)
      expect(draw(cutAtRandom(text, 9, random)).innerHTML).to.equal(whole.innerHTML);
    expect(whole.querySelector('code')?.textContent).to.equal(`${code}\n`);
    expect(whole.querySelectorAll('.k').length).to.be.above(2);
    expect(whole.querySelector('[style]')).to.equal(null);
    expect(findIllegal(whole)).to.deep.equal([]);
  });

  it('highlights code that arrived before the highlighter was loaded', async () => {
    let load: (colour: ReturnType<typeof createColouring>) => void = () => {};
    const loading = new Promise<ReturnType<typeof createColouring>>((resolve) => (load = resolve));
    const drawn = begin({}, {highlight: () => loading});
    drawn.write('```js\nlet a = 1\nle');
    expect(drawn.root.querySelector('code span')).to.equal(null);

    load(createColouring('js'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    drawn.write('t b\n```\n');
    drawn.end();

    expect([...drawn.root.querySelectorAll('.k')].map(({textContent}) => textContent)).to.deep.equal(['let', 'let']);
    expect(drawn.root.querySelector('code')?.textContent).to.equal('let a = 1\nlet b\n');
  });
});
