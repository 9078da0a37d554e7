import {expect} from '@open-wc/testing';

import {applyDelta, createAnswer, joinText, timeReasoning, updateToolCallByKey, type Delta, type Message, type Part} from '../../src/model/conversation.js';
import {PartList, partCost} from '../../src/model/part-list.js';

const apply = (deltas: readonly Delta[]) => deltas.reduce<Message>(applyDelta, createAnswer('a', 0));
const fill = (count: number, make: (index: number) => readonly Delta[]) => Array.from({length: count}, (_, index) => make(index)).flat();

/** Kinds of answers with very many parts, of `count` parts. */
const kinds: Readonly<Record<string, (count: number) => readonly Delta[]>> = {
  'reasoning and text in turn': (count) => fill(count, (i) => [{type: i % 2 ? 'text' : 'reasoning', text: `${i} `}]),
  'growing parts': (count) => fill(count, (i) => [{type: i % 2 ? 'text' : 'refusal', text: `${i}`}, {type: i % 2 ? 'text' : 'refusal', text: ' '}]),
  'tool calls in pieces': (count) =>
    fill(count, (i) => [
      {type: 'tool-call', key: String(i), id: `call-${i}`, name: 'find'},
      {type: 'tool-call', key: String(i), arguments: '{}', complete: true},
      {type: 'tool-result', id: `call-${i}`, result: i},
    ]),
  'sources': (count) => fill(count, (i) => [{type: 'source', url: `https://a.test/${i}`}]),
  'usage with each text': (count) => fill(count, (i) => [{type: i % 2 ? 'text' : 'reasoning', text: 'a'}, {type: 'usage', usage: {outputTokens: i}}]),
};

function cost(deltas: readonly Delta[]): number {
  const before = partCost.touched;
  apply(deltas);
  return partCost.touched - before;
}

describe('model/part-list', () => {
  for (const [name, make] of Object.entries(kinds)) {
    it(`costs at most 2.2 times as much for twice as many parts: ${name}`, () => {
      const half = cost(make(8000));
      const whole = cost(make(16_000));

      expect(half).to.be.above(8000);
      expect(whole / half).to.be.below(2.2);
    });
  }

  it('costs at most 2.2 times as much to settle twice as many tool calls', () => {
    const settle = (count: number) => {
      let message = apply(fill(count, (i) => [{type: 'tool-call', key: String(i), id: `call-${i}`, name: 'find', complete: true}]));
      const before = partCost.touched;
      for (let index = 0; index < count; index++) message = updateToolCallByKey(message, String(index), {state: 'done'});
      expect(message.parts.every((part) => part.type === 'tool-call' && part.state === 'done')).to.equal(true);
      return partCost.touched - before;
    };

    expect(settle(8192) / settle(4096)).to.be.below(2.2);
  });

  it('has the parts of each delta, in their order, and leaves earlier messages alone', () => {
    const steps = [0, 1, 511, 512, 513, 1024, 1500];
    const messages = [createAnswer('a', 0)];
    for (const delta of kinds['reasoning and text in turn']!(1500)) messages.push(applyDelta(messages.at(-1)!, delta));

    for (const step of steps) {
      const expected = Array.from({length: step}, (_, i): Part => ({type: i % 2 ? 'text' : 'reasoning', text: `${i} `}));
      expect(messages[step]!.parts).to.deep.equal(expected);
      expect(messages[step]!.text).to.equal(joinText(expected));
    }
  });

  it('can be copied, stored and sent as any message', () => {
    const message = apply(kinds['tool calls in pieces']!(1100));
    const plain = JSON.parse(JSON.stringify(message)) as Message;

    expect(Object.keys(message)).to.deep.equal(Object.keys(createAnswer('a', 0)));
    expect(structuredClone(message)).to.deep.equal(plain);
    expect({...message}).to.deep.equal(plain);
    expect(message.parts).to.equal(message.parts);
    expect(message.parts).to.have.length(1100);
    for (const part of message.parts) expect(part).to.deep.include({state: 'done', arguments: '{}'});
  });

  it('does not mix up two continuations of one message', () => {
    const start = apply(kinds['reasoning and text in turn']!(600));
    const one = applyDelta(start, {type: 'reasoning', text: 'one'});
    const two = applyDelta(start, {type: 'refusal', text: 'two'});

    expect(one.parts.at(-1)).to.deep.equal({type: 'reasoning', text: 'one'});
    expect(two.parts.at(-1)).to.deep.equal({type: 'refusal', text: 'two'});
    expect(start.parts).to.have.length(600);
  });

  it('adds a source once, and times the last reasoning', () => {
    const message = apply([...kinds['sources']!(600), {type: 'reasoning', text: 'a'}, {type: 'source', url: 'https://a.test/3'}]);

    expect(message.parts).to.have.length(601);
    expect(timeReasoning(message, 3).parts.at(-1)).to.deep.equal({type: 'reasoning', text: 'a', seconds: 3});
    expect(PartList.of(message).lengthOf('reasoning')).to.equal(1);
  });
});
