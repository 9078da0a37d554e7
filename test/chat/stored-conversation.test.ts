import {expect} from '@open-wc/testing';
import fc from 'fast-check';

import {applyChange, dropOldest, settleAnswer} from '../../src/chat/conversation-changes.js';
import {listRecords, merge, serializeRecord, type StoredConversation, type StoredRecord} from '../../src/chat/stored-conversation.js';
import {readConversation, readSavedAnswer, serializeAnswer, serializeConversation} from '../../src/chat/stored-format.js';
import {createAnswer, createMessage, type Message} from '../../src/model/conversation.js';

const empty: StoredConversation = {epoch: 0, chatId: 'c', records: new Map()};
let time = 0;
const ask = (id: string) => createMessage({id, role: 'user', text: `${id}?`}, id, ++time);
const reply = (id: string) => createMessage({id, role: 'assistant', text: `${id}.`}, id, ++time);
const ids = (conversation: StoredConversation) => listRecords(conversation).map(({id}) => id).join(' ');
const change = (conversation: StoredConversation, before: readonly Message[], after: readonly Message[], answer?: Message) =>
  applyChange(conversation, {before, after, answer});

/** Any copy: few IDs, parents and times, so that they meet. */
const anyConversation: fc.Arbitrary<StoredConversation> = fc
  .record({
    epoch: fc.integer({min: 0, max: 2}),
    chatId: fc.constantFrom('', 'a', 'b'),
    list: fc.array(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        parent: fc.constantFrom(null, 'a', 'b', 'c', 'd', 'e'),
        rev: fc.integer({min: 1, max: 3}),
        at: fc.integer({min: 0, max: 3}),
        isReply: fc.boolean(),
        kind: fc.constantFrom('message', 'longer', 'pending', 'dropped', 'deleted'),
      }),
      {maxLength: 6},
    ),
  })
  .map(({epoch, chatId, list}) => {
    const records = list.map(({kind, isReply, ...head}): StoredRecord => {
      const full = {...head, ...(isReply && {reply: true as const})};
      if (kind === 'pending' || kind === 'dropped' || kind === 'deleted') return {...full, [kind]: true} as unknown as StoredRecord;
      return {...full, message: createMessage({id: head.id, role: isReply ? 'assistant' : 'user', text: kind}, head.id, head.at)};
    });
    return {epoch, chatId, records: new Map(records.map((record) => [record.id, record]))};
  });

describe('stored conversation', () => {
  describe('merge', () => {
    const same = (a: StoredConversation, b: StoredConversation) => {
      expect(serializeConversation(a)).to.equal(serializeConversation(b));
    };

    it('is commutative, associative and idempotent', () => {
      fc.assert(
        fc.property(anyConversation, anyConversation, anyConversation, (a, b, c) => {
          same(merge(a, b), merge(b, a));
          same(merge(merge(a, b), c), merge(a, merge(b, c)));
          same(merge(a, a), a);
          same(merge(merge(a, b), b), merge(a, b));
        }),
        {numRuns: 1000},
      );
    });

    it('keeps the own object of a message that others have too', () => {
      const mine = change(empty, [], [ask('q')]);
      const stored = readConversation(serializeConversation(mine)) as StoredConversation;

      expect(merge(mine, stored).records.get('q')).to.equal(mine.records.get('q'));
    });

    it('takes nothing from a copy that was not cleared', () => {
      const old = change(empty, [], [ask('q')]);
      const cleared = {...empty, epoch: 1};

      expect(merge(old, cleared)).to.equal(cleared);
      expect(merge(cleared, old)).to.equal(cleared);
    });
  });

  describe('order', () => {
    it('has every record that is not deleted or replaced once, whatever the parents are', () => {
      fc.assert(
        fc.property(anyConversation, (conversation) => {
          const listed = listRecords(conversation);
          expect(new Set(listed).size).to.equal(listed.length);
          for (const record of conversation.records.values()) {
            const isDeleted = 'deleted' in record;
            const hasParent = record.parent !== null && conversation.records.has(record.parent);
            if (isDeleted) expect(listed).to.not.include(record);
            else if (!record.reply || !hasParent) expect(listed).to.include(record);
          }
        }),
        {numRuns: 1000},
      );
    });

    it('has each answer right behind its question, if two pages asked at once', () => {
      const [q1, q2] = [ask('q1'), ask('q2')];
      const a = change(change(empty, [], [q1], reply('a1')), [q1], [q1, reply('a1')]);
      const b = change(change(empty, [], [q2], reply('a2')), [q2], [q2, reply('a2')]);

      expect(ids(merge(a, b))).to.equal('q1 a1 q2 a2');
    });

    it('is that of the page if it rearranges the messages', () => {
      const [q1, a1, q2] = [ask('q1'), reply('a1'), ask('q2')];
      const stored = change(empty, [], [q1, a1, q2]);

      expect(ids(change(stored, [q1, a1, q2], [q2, q1, a1]))).to.equal('q2 q1 a1');
      expect(ids(change(stored, [q1, a1, q2], [a1, q2]))).to.equal('a1 q2');
      expect(ids(change(stored, [q1, a1, q2], [ask('s'), q1, a1, q2]))).to.equal('s q1 a1 q2');
    });

    it('is found for 20,000 messages', () => {
      const messages = Array.from({length: 20_000}, (_, index) => (index % 2 ? reply(`m${index}`) : ask(`m${index}`)));

      expect(listRecords(change(empty, [], messages)).map(({id}) => id)).to.deep.equal(messages.map(({id}) => id));
    });
  });

  describe('changes', () => {
    it('an edited question takes the answer with it that another page is streaming', () => {
      const q = ask('q');
      const answer = createAnswer('a', ++time);
      const answering = change(empty, [], [q], answer);
      const edited = change(answering, [q], [ask('q2')]);
      const ended = applyChange(answering, {before: [q], after: [q, reply('a')], answerId: 'a'});

      expect(ids(edited)).to.equal('q2');
      expect(ids(merge(edited, ended))).to.equal('q2');
    });

    it('a message that another page deleted stays away', () => {
      const [q, a] = [ask('q'), reply('a')];
      const stored = change(empty, [], [q, a]);
      const deleted = change(stored, [q, a], [q]);

      expect(ids(change(deleted, [q, a], [q, a, ask('q2')]))).to.equal('q q2');
    });

    it('an earlier version of an answer can come back', () => {
      const [q, a] = [ask('q'), reply('a')];
      const again = change(change(empty, [], [q, a]), [q, a], [q, reply('b')]);

      expect(ids(again)).to.equal('q b');
      expect(ids(change(again, [q, reply('b')], [q, a]))).to.equal('q a');
    });

    it('an answer that was completed counts more than that it was interrupted', () => {
      const q = ask('q');
      const answering = change(empty, [], [q], createAnswer('a', ++time));
      const ended = applyChange(answering, {before: [q], after: [q, reply('a')], answerId: 'a'});

      for (const settled of [settleAnswer(answering, 'a', undefined), settleAnswer(answering, 'a', reply('interrupted'))]) {
        expect(ids(merge(settled, ended))).to.equal('q a');
        expect(ids(merge(ended, settled))).to.equal('q a');
      }
    });

    it('drops the oldest exchanges, never the newest', () => {
      const messages = [ask('q1'), reply('a1'), ask('q2'), reply('a2'), ask('q3'), reply('a3')];
      const kept = (conversation: StoredConversation | undefined) =>
        conversation && listRecords(conversation).flatMap((record) => ('message' in record ? [record.id] : [])).join(' ');
      const size = (record: StoredRecord) => serializeRecord(record).length;
      const all = change(empty, [], messages);

      const first = dropOldest(all, 1, size)!;
      expect(kept(first)).to.equal('q2 a2 q3 a3');
      expect(ids(first)).to.equal('q1 a1 q2 a2 q3 a3');
      expect(kept(dropOldest(first, 1, size))).to.equal('q3 a3');
      expect(kept(dropOldest(all, Infinity, size))).to.equal('q3 a3');
      expect(dropOldest(dropOldest(all, Infinity, size)!, 1, size)).to.equal(undefined);
    });
  });

  describe('text', () => {
    const count = (text: string) => text.split('needle').length - 1;

    it('is stored once', () => {
      const message = createMessage({id: 'a', role: 'assistant', text: 'needle'}, 'a', 1);
      const reader = {protocolName: undefined, frames: 0, idsAreInData: false, position: {run: '', ordinal: 0, seen: [], hashes: []}};
      const saved = {message, reader, responseId: undefined, headers: []};
      const rounds = {number: 1, before: message, current: createMessage({id: 'a', role: 'assistant', text: 'second'}, 'a', 1)};

      const stored = serializeConversation(change(empty, [], [message]));
      const answer = serializeAnswer(saved, 0);
      const withRounds = serializeAnswer({...saved, message: {...message, text: 'needlesecond', parts: [...message.parts, ...rounds.current.parts]}, rounds}, 0);

      for (const text of [stored, answer, withRounds]) expect(count(text)).to.equal(1);
      expect((readConversation(stored) as StoredConversation).records.get('a')).to.deep.include({message});
      expect(readSavedAnswer(answer, 'a')!.message).to.deep.equal(message);
      expect(readSavedAnswer(withRounds, 'a')!.message.text).to.equal('needlesecond');
    });

    it('is kept if it is not that of the parts', () => {
      const message: Message = {...createMessage({id: 'q', text: 'needle'}, 'q', 1), text: 'another'};

      const stored = readConversation(serializeConversation(change(empty, [], [message]))) as StoredConversation;

      expect(stored.records.get('q')).to.deep.include({message});
    });
  });
});

describe('two records with the same number of changes', () => {
  const head = {id: 'a', parent: null, rev: 1, at: 1};
  const long = createMessage({id: 'a', role: 'user', text: 'A long text'}, 'a', 1);
  const short = createMessage({id: 'a', role: 'user', text: 'A'}, 'a', 1);
  // The later one wins.
  const ranks: readonly StoredRecord[] = [{...head, pending: true}, {...head, message: short}, {...head, message: long}, {...head, dropped: true}, {...head, deleted: true}];
  const of = (record: StoredRecord): StoredConversation => ({epoch: 0, chatId: 'c', records: new Map([['a', record]])});

  for (const [index, winner] of ranks.entries()) {
    it(`${Object.keys(winner).at(-1)} (${index}) wins over those before, from both sides`, () => {
      for (const loser of ranks.slice(0, index)) {
        expect(merge(of(winner), of(loser)).records.get('a')).to.equal(winner);
        expect(merge(of(loser), of(winner)).records.get('a')).to.equal(winner);
        const changed = {...loser, rev: 2};
        expect(merge(of(winner), of(changed)).records.get('a'), 'more changes').to.equal(changed);
        expect(merge(of(changed), of(winner)).records.get('a'), 'more changes').to.equal(changed);
      }
    });
  }
});
