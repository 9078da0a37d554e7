import {expect} from '@open-wc/testing';

import {all} from '../../src/protocols/all.js';
import {getProtocol} from '../../src/protocols/protocol.js';
import {questions, type FormatEntry, type Question, type Reason} from '../helpers/format-entry.js';
import {entries} from '../helpers/format-table.js';
import {readAnswer, type SeenAnswer} from '../helpers/read-answer.js';
import {pieceSizes} from '../helpers/streams.js';

// The same questions to every format that is registered. A format that has no way to write one has the reason in the table.

/** The part of an entry that answers a question. */
const answers: Readonly<Record<Question, keyof FormatEntry>> = {
  'a second candidate': 'second',
  'an error': 'error',
  'an empty block': 'empty',
  'an echo of the question': 'echo',
  'a file of the question': 'upload',
  usage: 'usage',
};

/** Formats that encode requests only: their answers are in others. */
const onlyRequests = ['prompt'];

for (const [name, {load}] of Object.entries(all)) {
  if (onlyRequests.includes(name)) {
    it(`${name} reads no answers`, async () => {
      expect(typeof load === 'function' ? await load() : load).to.not.have.property('createDecoder');
    });
    continue;
  }
  const entry = entries[name];

  describe(`${name}: the questions to every format`, () => {
    it('are all in the table: answered, or with the reason why not', () => {
      expect(entry, 'an entry in test/helpers/format-table.ts').to.be.an('object');
      for (const question of questions) {
        const isAnswered = entry![answers[question]] !== undefined;
        const reason = entry!.without?.[question];
        expect(isAnswered, `${question}: ${reason ?? 'no answer, and no reason'}`).to.equal(reason === undefined);
      }
      expect(entry!.reasons, 'reasons').to.include.keys('stop');
    });
    if (!entry) return;

    const {begin = '', text, end, mark = '', reasons, contentType, headers} = entry;
    const settings = {protocol: name, contentType, headers};
    const close = end(reasons.stop!) + mark;
    const [first, second] = name === 'activity' ? [text('One '), text('One two.')] : [text('One '), text('two.')];
    const whole = 'One two.';
    const read = (body: string, isReset = false) => readAnswer(body, Infinity, {...settings, isReset});
    const expectWhole = (seen: SeenAnswer) => {
      expect(seen.error?.message).to.be.undefined;
      // Without a word for it, the session has one.
      expect({...seen, reason: seen.reason ?? 'stop'}).to.include({text: whole, reasoning: '', end: 'done', reason: 'stop'});
      expect(JSON.stringify(seen)).to.not.include('OTHER');
    };

    for (const [reason, word] of Object.entries(reasons) as [Reason, string][]) {
      it(`the reason of the end: ${reason}`, async () => {
        const seen = await read(begin + first + second + end(word) + mark);

        expect(seen.text).to.equal(whole);
        expect(seen.end, seen.error?.message).to.equal(reason === 'failed' ? 'error' : 'done');
        if (reason !== 'failed') expect(seen.reason ?? 'stop').to.equal(reason);
      });
    }

    for (const question of ['a second candidate', 'an empty block', 'an echo of the question', 'a file of the question'] as const) {
      const aside = entry[answers[question]] as string | undefined;
      if (aside === undefined) continue;
      it(`${question} changes nothing: first, in the middle, and last`, async () => {
        // The candidate that begins is the answer, because some servers count from 1.
        if (question !== 'a second candidate') expectWhole(await read(begin + aside + first + second + close));
        expectWhole(await read(begin + first + aside + second + close));
        expectWhole(await read(begin + first + second + aside + close));
      });
    }

    const {error, usage} = entry;
    if (error) {
      it('an error, first and in the middle, keeps the text and its words', async () => {
        for (const [before, kept] of [['', ''], [begin, ''], [begin + first, 'One ']] as const) {
          const seen = await read(before + error('It burns'));

          expect(seen.text).to.equal(kept);
          expect(seen.end).to.equal('error');
          expect(seen.error!.message).to.include('It burns');
        }
      });
    }
    if (usage) {
      it('usage is counted', async () => {
        const seen = await read(begin + first + second + usage + (entry.usageEnds ? mark : close));

        expectWhole(seen);
        expect(seen.usage).to.equal('7/5');
      });
    }

    it('the body may be cut anywhere, and lost at every byte', async () => {
      const body = begin + first + second + close;
      const expected = await read(body);
      for (const size of pieceSizes) {
        expect(await readAnswer(body, size, settings), `in pieces of ${size}`).to.deep.equal(expected);
      }
      for (let at = 1; at < body.length; at++) {
        const lost = await read(body.slice(0, at), true);
        expect(whole.startsWith(lost.text), `text ${JSON.stringify(lost.text)}, lost at ${at}`).to.be.true;
        if (lost.end === 'done') expect(lost.text, `complete, lost at ${at}`).to.equal(whole);
      }
    });
  });
}

it('every name in the table is that of a format', async () => {
  for (const name of Object.keys(entries)) expect((await getProtocol(name)).createDecoder, name).to.be.a('function');
});
