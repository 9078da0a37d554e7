import {expect} from '@open-wc/testing';

import {createSpeech} from '../../src/speech/speech.js';
import {en} from '../../src/locales/en.js';

const answer = `# A title

Some *emphasis* and **strong** words with \`code\`. A second sentence,
over two lines, with a [link](https://example.org) and an ![image of a cat](x.png).

- first item
- second **item**

| a | b | c |
| - | - | - |
| 1 | 2 | 3 |
| 4 | 5 | 6 |

\`\`\`python
def f():
    return 1
\`\`\`

> The last word
`;

const expected = [
  'A title.',
  'Some emphasis and strong words with code.',
  'A second sentence, over two lines, with a link and an image of a cat.',
  'first item.',
  'second item.',
  'Table, 3 columns, 2 rows.',
  'Code, python, 2 lines.',
  'The last word.',
];

describe('speech', () => {
  for (const size of [1, 3, 7, 40, Infinity]) {
    it(`returns whole sentences without Markdown syntax, from chunks of ${size}`, () => {
      const speech = createSpeech(en);
      const said: string[] = [];
      for (let at = 0; at < answer.length; at += size) said.push(...speech.push(answer.slice(at, at + size)));
      said.push(...speech.end());

      expect(said).to.deep.equal(expected);
    });
  }

  it('returns a sentence before the next one is complete', () => {
    const speech = createSpeech(en);

    expect(speech.push('This is the first sentence of a long line. And the sec')).to.deep.equal([
      'This is the first sentence of a long line.',
    ]);
  });

  it('splits sentences of other languages', () => {
    const speech = createSpeech(en);

    expect([...speech.push('これは最初の文です。これは二番目の文です。\n\n')]).to.deep.equal(['これは最初の文です。', 'これは二番目の文です。']);
  });

  it('keeps characters that are no Markdown syntax', () => {
    const speech = createSpeech(en);

    expect([...speech.push('2 * 3 * 4 is snake_case_name and 5 > 4.\n\n')]).to.deep.equal(['2 * 3 * 4 is snake_case_name and 5 > 4.']);
  });
});
