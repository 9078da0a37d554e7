import {expect} from '@open-wc/testing';

import {createNormalizer} from '../../src/protocols/normalize.js';
import type {Delta} from '../../src/model/conversation.js';
import {createCollector} from '../helpers/streams.js';

const text = (piece: string): Delta => ({type: 'text', text: piece});

function normalize(...deltas: readonly Delta[]) {
  const {collected, add} = createCollector();
  const normalizer = createNormalizer();
  const emitted = deltas.flatMap(normalizer);
  for (const delta of emitted) add(delta);
  return {...collected, types: emitted.map(({type}) => type)};
}

const texts = (...pieces: readonly string[]) => normalize(...pieces.map(text));

describe('protocols/normalize', () => {
  it('emits increments of cumulative text', () => {
    const {text, types} = texts('你好', '你好，世界', '你好，世界', '你好，世界。');

    expect(text).to.equal('你好，世界。');
    expect(types).to.deep.equal(['text', 'text', 'text']);
  });

  it('follows a cumulative text whose end is corrected', () => {
    expect(texts('Tea', 'Tea is hot', 'Tea is hot.', 'Tea is hot [1].').text).to.equal('Tea is hot [1].');
  });

  it('restores increments that looked cumulative', () => {
    expect(texts('ha', 'haha', 'hahaha', '!').text).to.equal('hahahahahaha!');
    expect(texts('-', '--', '----', ' end').text).to.equal('------- end');
    expect(texts('no', 'no', '!').text).to.equal('nono!');
  });

  it('restores a text that begins as a snapshot would, and then repeats itself', () => {
    const [start, line] = ['Paragraph 0\n', 'Paragraph 0\nParagraph 1\n'];

    expect(texts(start, ...Array<string>(150).fill(line)).text).to.equal(start + line.repeat(150));
    expect(texts(start, ...Array<string>(3).fill(line), ' End').text).to.equal(`${start}${line.repeat(3)} End`);
    expect(texts('ha', 'haha', 'haha', 'haha').text).to.equal('ha'.repeat(7));
  });

  it('takes pieces of a format of increments for snapshots only when several have grown a text that varies', () => {
    const read = (...pieces: readonly string[]) => {
      const {collected, add} = createCollector();
      const normalizer = createNormalizer(true);
      for (const piece of pieces) normalizer(text(piece)).forEach(add);
      return collected.text;
    };

    expect(read('ha', 'haha')).to.equal('hahaha');
    expect(read('-', '--', '----', '-----------')).to.equal('-'.repeat(18));
    expect(read('no', 'no', '!')).to.equal('nono!');
    expect(read('Tea', 'Tea is', 'Tea is hot')).to.equal('TeaTea isTea is hot');
    expect(read('Tea', 'Tea is', 'Tea is hot', 'Tea is hot.')).to.equal('Tea is hot.');
    expect(read('Tea', 'Tea is', 'Tea is hot', 'Tea is hot.', 'Tea is hot. Yes.')).to.equal('Tea is hot. Yes.');
    expect(read('Good ', 'day.', 'Good day.')).to.equal('Good day.');
  });

  it('separates reasoning that stands in the text between tags, in pieces, snapshots and replacements', () => {
    const tags = ['<thi', 'nk>Hm', 'm.</think>', '\n\nYes', '.'];
    const all = tags.map((_, index) => text(tags.slice(0, index + 1).join('')));

    for (const deltas of [tags.map(text), all, [text('Draft'), {type: 'replace', text: tags.join('')} as const]]) {
      expect(normalize(...deltas)).to.include({text: 'Yes.', reasoning: 'Hmm.'});
    }
    expect(normalize(text('<thi'), {type: 'end'}).text).to.equal('<thi');
    expect(normalize(text('a <think> b')).text).to.equal('a <think> b');
  });

  it('discards a repetition of the whole text only at the end', () => {
    expect(texts('Good ', 'day.', 'Good day.').text).to.equal('Good day.');
    expect(texts('Good ', 'day.', 'Good day.', ' Again.').text).to.equal('Good day.Good day. Again.');
    expect(texts('ha', ' ha', 'ha ha').text).to.equal('ha haha ha');
  });

  it('reduces a replacement to what it adds', () => {
    const {text: whole, types} = normalize(text('Good '), text('day.'), {type: 'replace', text: 'Good day. Bye.'});

    expect(whole).to.equal('Good day. Bye.');
    expect(types).to.deep.equal(['text', 'text', 'text']);
    expect(normalize(text('Good'), {type: 'replace', text: 'Bad'})).to.deep.include({text: 'Bad', types: ['text', 'replace']});
  });

  it('keeps text and reasoning apart, and forgets both when the answer starts over', () => {
    const reasoning: Delta = {type: 'reasoning', text: 'Hi'};

    expect(normalize(reasoning, text('Hi'), text('Hi there'))).to.include({reasoning: 'Hi', text: 'Hi there'});
    expect(normalize(text('Hi'), {type: 'restart'}, text('Hi'), text('Hi there')).text).to.equal('Hi there');
  });

  it('unwraps arguments that are null or JSON in a JSON string', () => {
    const call = (input: string): Delta => ({type: 'tool-call', key: '0', name: 'add', arguments: input});
    const done: Delta = {type: 'tool-call', key: '0', complete: true};

    for (const [input, expected] of [
      ['null', '{}'],
      ['"{\\"a\\":1}"', '{"a":1}'],
      ['{"a":1}', '{"a":1}'],
      ['"a"', '"a"'],
    ] as const) {
      expect(normalize(call(input.slice(0, 2)), call(input.slice(2)), done).toolCalls[0]!.arguments).to.equal(expected);
    }
  });
});
