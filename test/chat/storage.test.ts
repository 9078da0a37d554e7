import {expect} from '@open-wc/testing';

import {ConversationStore, openStore, type Persistence, type StorageNotice} from '../../src/chat/storage.js';
import type {SavedAnswer} from '../../src/chat/saved-answer.js';
import type {StorageListener, TextStorage} from '../../src/chat/web-storage.js';
import {createAnswer, createMessage, endAnswer, type Message} from '../../src/model/conversation.js';

/** A storage that a test sees into. `locked` holds what waits for its lock. */
class FakeStorage implements TextStorage {
  values = new Map<string, string>();
  writes: string[] = [];
  locked: (() => void)[] = [];
  listeners: StorageListener[] = [];
  fault: {read?: Error; write?: Error} = {};
  getItem(key: string) {
    if (this.fault.read) throw this.fault.read;
    return this.values.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    if (this.fault.write) throw this.fault.write;
    this.writes.push(key);
    this.values.set(key, value);
  }
  removeItem(key: string) {
    if (this.fault.write) throw this.fault.write;
    this.values.delete(key);
  }
  keys() {
    return [...this.values.keys()];
  }
  watch(listener: StorageListener) {
    this.listeners.push(listener);
    return () => void this.listeners.splice(this.listeners.indexOf(listener), 1);
  }
  runLocked(_name: string, run: () => void) {
    this.locked.push(run);
  }
  release() {
    for (const run of this.locked.splice(0)) run();
  }
}

const key = 'stream-chat:test';
const answerId = (digit: string) => digit.repeat(24);
const question = (text: string, at = 1): Message => createMessage({role: 'user', text, id: `q-${text}`}, '', at);
const saved = (message: Message): SavedAnswer => ({
  message,
  reader: {protocolName: undefined, frames: 1, idsAreInData: false, position: {run: '', ordinal: 0, seen: [], hashes: []}},
  responseId: undefined,
  headers: [],
});
const texts = (messages: readonly Message[]) => messages.map(({text}) => text);

describe('the store of a conversation', () => {
  let storage: FakeStorage;
  let reports: {message: string; notice: StorageNotice | undefined}[];
  const open = (name = 'test', chatId = 'chat') =>
    new ConversationStore(storage, name, chatId, (message, _cause, notice) => reports.push({message, notice}));
  beforeEach(() => {
    storage = new FakeStorage();
    reports = [];
  });

  it('is there for "session" and "local" only, each with its own storage', () => {
    for (const other of ['none', '', 'cookie']) {
      expect(openStore(other as Persistence, 'x', 'c', () => undefined)).to.be.undefined;
    }
    openStore('session', 'only-session', 'c', () => undefined)!.save([question('a')]);
    openStore('local', 'only-local', 'c', () => undefined)!.save([question('a')]);
    try {
      expect(sessionStorage.getItem('stream-chat:only-session')).to.be.a('string');
      expect(localStorage.getItem('stream-chat:only-session')).to.be.null;
      expect(localStorage.getItem('stream-chat:only-local')).to.be.a('string');
      expect(sessionStorage.getItem('stream-chat:only-local')).to.be.null;
    } finally {
      sessionStorage.removeItem('stream-chat:only-session');
      localStorage.removeItem('stream-chat:only-local');
    }
  });

  it('writes nothing before there is a message, and nothing twice', () => {
    const store = open();
    expect(store.load()).to.deep.equal({chatId: 'chat', messages: [], isAnswerKept: true});
    store.save([]);
    expect(storage.writes).to.deep.equal([]);
    const messages = [question('a')];
    store.save(messages);
    store.save(messages);
    store.sync();
    expect(storage.writes).to.deep.equal([key]);
    expect(open('test', 'other').load()).to.deep.include({chatId: 'chat'});
    expect(texts(open().load().messages)).to.deep.equal(['a']);
  });

  it('returns the same list until it changes', () => {
    const store = open();
    const {messages} = store.save([question('a')]);
    expect(store.sync().messages).to.equal(messages);
    expect(store.load().messages).to.equal(messages);
  });

  describe('an unfinished answer', () => {
    const id = answerId('a');
    const answer = () => createAnswer(id, 2);

    it('is pending until it is settled, and its state is removed with that', () => {
      const store = open();
      const messages = [question('a')];
      store.save(messages, answer());
      store.saveAnswer(saved({...answer(), text: 'Half', parts: [{type: 'text', text: 'Half'}]}));
      expect([...storage.values.keys()]).to.deep.equal([key, `${key}:${id}`]);

      const other = open();
      other.load();
      expect(other.pending).to.deep.equal([id]);
      expect(other.loadAnswer(id)!.message.text).to.equal('Half');
      const view = other.settle(id, endAnswer({...answer(), text: 'Half', parts: [{type: 'text', text: 'Half'}]}, 'aborted'));
      expect(texts(view.messages)).to.deep.equal(['a', 'Half']);
      expect(other.pending).to.deep.equal([]);
      expect([...storage.values.keys()], 'the state is gone').to.deep.equal([key]);
      expect(other.loadAnswer(id)).to.be.undefined;
    });

    it('that another page cleared is not kept, and not stored again', () => {
      const store = open();
      store.save([question('a')], answer());
      open().clear('next');
      storage.writes = [];
      const view = store.saveAnswer(saved(answer()));
      expect(view.isAnswerKept).to.be.false;
      expect(view.chatId).to.equal('next');
      expect(storage.writes).to.deep.equal([]);
    });
  });

  describe('cleared', () => {
    it('removes the states of older answers of this conversation, and nothing else', () => {
      const store = open();
      const id = answerId('a');
      store.save([question('a')], createAnswer(id, 2));
      store.saveAnswer(saved(createAnswer(id, 2)));
      const old = storage.values.get(`${key}:${id}`)!;
      const others = [`${key}:name`, `${key}-2:${id}`, `other:${id}`, `${key}:${id}0`, `${key}:${id.toUpperCase()}`];
      for (const other of others) storage.values.set(other, old);
      storage.values.set(`${key}:${answerId('b')}`, old);
      store.clear('next');

      expect([...storage.values.keys()]).to.have.members([key, ...others]);
      expect(store.load()).to.deep.equal({chatId: 'next', messages: [], isAnswerKept: true});
    });

    it('on another page removes the states here too, but a merge without a clear does not', () => {
      const here = open();
      here.save([question('a')]);
      const there = open();
      there.load();
      const id = answerId('c');
      there.save([question('a'), question('b', 2)], createAnswer(id, 3));
      there.saveAnswer(saved(createAnswer(id, 3)));
      here.sync();
      expect(storage.values.has(`${key}:${id}`), 'after a merge').to.be.true;

      const late = storage.values.get(`${key}:${id}`)!;
      there.clear('next');
      // The page that streamed it had not learned of that.
      storage.values.set(`${key}:${id}`, late);
      here.sync();
      expect(storage.values.has(`${key}:${id}`), 'after the clear').to.be.false;
    });

    it('removes the conversation where it cannot be written', () => {
      const store = open();
      store.save([question('a')]);
      const {setItem} = storage;
      storage.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
      store.clear('next');
      storage.setItem = setItem;
      expect(storage.values.has(key)).to.be.false;
    });
  });

  describe('of a newer version', () => {
    const newer = JSON.stringify({version: 99, epoch: 7});

    it('stays as it is, reported once, until it is cleared', () => {
      storage.values.set(key, newer);
      const store = open();
      expect(store.load().messages).to.deep.equal([]);
      expect(store.isNewer).to.be.true;
      const messages = [question('a')];
      expect(store.save(messages).messages).to.equal(messages);
      store.settle(answerId('a'));
      store.saveAnswer(saved(createAnswer(answerId('a'), 2)));
      store.sync();
      expect(storage.values.get(key)).to.equal(newer);
      expect(storage.writes).to.deep.equal([]);
      expect(reports).to.have.length(1);
      expect(reports[0]!.message).to.include('newer version');

      store.clear('next');
      expect(store.isNewer).to.be.false;
      expect((JSON.parse(storage.values.get(key)!) as {epoch: number}).epoch).to.equal(8);
    });
  });

  describe('that several pages write', () => {
    it('puts back under a lock what another page has overwritten, and then reports a change', () => {
      const store = open();
      let changes = 0;
      const order: string[] = [];
      store.watch(() => {
        changes++;
        order.push(storage.values.get(key)!.includes('q-a') ? 'after the write' : 'before the write');
      });
      store.save([question('a')]);
      expect(storage.locked).to.have.length(1);
      store.save([question('a'), question('b', 2)]);
      expect(storage.locked, 'one check at a time').to.have.length(1);
      // Another page that had not seen it.
      const elsewhere = new FakeStorage();
      const other = new ConversationStore(elsewhere, 'test', 'chat', () => undefined);
      other.save([question('z', 3)]);
      storage.values.set(key, elsewhere.values.get(key)!);
      storage.release();

      expect(changes).to.equal(1);
      expect(order).to.deep.equal(['after the write']);
      expect(texts(open().load().messages)).to.have.members(['a', 'b', 'z']);
      storage.release();
      expect(changes, 'nothing else was there').to.equal(1);
      store.save([question('c', 4)]);
      expect(storage.locked, 'the next check').to.have.length(1);
    });

    it('notices the keys that concern it, and a removal by the person as a clear', () => {
      const store = open();
      let changes = 0;
      const stop = store.watch(() => changes++);
      const notify = (changed: string | null, isRemoved = false) => storage.listeners[0]!(changed, isRemoved);
      store.save([question('a')]);
      notify('something');
      notify(`${key}:${answerId('a')}`);
      expect(changes).to.equal(0);
      notify(key);
      notify(null);
      expect(changes).to.equal(2);
      expect(texts(store.load().messages), 'still there').to.deep.equal(['a']);
      const {chatId} = store.load();

      storage.values.delete(key);
      notify(key, true);
      expect(changes).to.equal(3);
      expect(store.load().messages).to.deep.equal([]);
      expect(store.load().chatId).to.not.equal(chatId);
      expect(storage.values.has(key), 'not written again').to.be.false;
      stop();
      expect(storage.listeners).to.deep.equal([]);
    });
  });

  describe('that fails', () => {
    it('reports a denied read and a denied write as one, and a full storage with its notice', () => {
      const store = open();
      storage.fault = {read: new DOMException('no', 'SecurityError'), write: new DOMException('no', 'SecurityError')};
      store.load();
      store.save([question('a')]);
      expect(reports.map(({message}) => message)).to.have.length(1);
      expect(reports[0]!.message).to.include('denies access');

      storage.fault = {write: new DOMException('full', 'QuotaExceededError')};
      const full = open();
      full.save([question('a')]);
      full.save([question('a'), question('b', 2)]);
      expect(reports).to.have.length(2);
      expect(reports[1]).to.deep.equal({message: 'The storage is full, or the browser denies writing to it: the conversation is not kept.', notice: 'notStored'});
    });

    it('stores everything as soon as there is room', () => {
      const store = open();
      storage.fault = {write: new DOMException('full', 'QuotaExceededError')};
      store.save([question('a'), question('b', 2)]);
      expect(storage.values.size).to.equal(0);
      storage.fault = {};
      store.save([question('a'), question('b', 2), question('c', 3)]);
      expect(texts(open().load().messages)).to.deep.equal(['a', 'b', 'c']);
    });
  });
});
