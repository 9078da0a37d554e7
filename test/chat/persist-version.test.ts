import {aTimeout, expect} from '@open-wc/testing';

import '../../src/index.js';
import type {StreamChat} from '../../src/stream-chat.js';
import {shownAnswer, until} from '../helpers/chat.js';
import {openai, script} from '../helpers/server.js';
import {storedTexts} from '../helpers/stored.js';

let count = 0;
const mounted: StreamChat[] = [];
const messages = [
  {id: 'q', role: 'user', text: 'First?', parts: [{type: 'text', text: 'First?'}], status: 'done', createdAt: 1},
  {id: 'a', role: 'assistant', text: 'One.', parts: [{type: 'text', text: 'One.'}], status: 'done', createdAt: 2},
];

/** Stores data as another version of the element, and opens a chat with it. */
async function open(data: object) {
  const {url: endpoint} = await script(openai('Two.'));
  const id = `version-${Date.now()}-${count++}`;
  const key = `stream-chat:${id}`;
  localStorage.setItem(key, JSON.stringify(data));
  const chat = document.createElement('stream-chat');
  for (const [name, value] of Object.entries({endpoint, id, persist: 'local'})) chat.setAttribute(name, value);
  const errors: string[] = [];
  chat.addEventListener('error', ({detail: {error}}) => errors.push(`${error.code}: ${error.message}`));
  mounted.push(chat);
  document.body.append(chat);
  return {chat, key, errors};
}

describe('persist: versions of stored data', () => {
  afterEach(() => {
    for (const chat of mounted.splice(0)) chat.remove();
    localStorage.clear();
  });

  for (const data of [{messages}, {chatId: 'c', messages, pending: []}, {version: 0, messages}, {version: 1, chatId: 'c', messages, pending: []}]) {
    it(`migrates an older one: ${Object.keys(data)}`, async () => {
      const {chat, key, errors} = await open(data);
      await until(() => shownAnswer(chat) === 'One.');

      await chat.send('Second?');

      const stored = JSON.parse(localStorage.getItem(key)!);
      expect(stored.version).to.equal(2);
      expect(storedTexts(key.slice('stream-chat:'.length))).to.deep.equal(['First?', 'One.', 'Second?', 'Two.']);
      if ('chatId' in data) expect(stored.chatId).to.equal('c');
      expect(errors).to.deep.equal([]);
    });
  }

  it('leaves a newer one alone, works without storage, and reports that once', async () => {
    const newer = {version: 3, chatId: 'c', log: [{add: messages[0]}], messages};
    const {chat, key, errors} = await open(newer);

    expect((await chat.send('Second?'))!.text).to.equal('Two.');
    chat.messages = [{role: 'user', text: 'Hm.'}];
    expect((await chat.send('Third?'))!.text).to.equal('Two.');
    await aTimeout(20);

    expect(chat.messages.map(({text}) => text)).to.deep.equal(['Hm.', 'Third?', 'Two.']);
    expect({...localStorage}).to.deep.equal({[key]: JSON.stringify(newer)});
    expect(errors).to.deep.equal(['config: The stored conversation is of a newer version: it stays as it is, and this one is not kept.']);
  });

  it('forgets a newer one that is cleared, with its unfinished answers, and is stored from then on', async () => {
    const {chat, key} = await open({version: 3, epoch: 4, chatId: 'c', log: [{add: messages[0]}]});
    const ended = '0123456789abcdef01234567';
    localStorage.setItem(`${key}:${ended}`, JSON.stringify({epoch: 4, text: 'One.'}));
    localStorage.setItem(`${key}:another`, 'of a conversation with a longer name');
    await chat.send('Second?');

    chat.clear();
    expect(Object.keys(localStorage)).to.have.members([key, `${key}:another`]);
    expect(localStorage.getItem(key)).to.not.contain('First?');
    await chat.send('Third?');

    expect(JSON.parse(localStorage.getItem(key)!)).to.include({version: 2, epoch: 5});
    expect(storedTexts(key.slice('stream-chat:'.length))).to.deep.equal(['Third?', 'Two.']);
  });

  it('leaves a newer one alone that another page stores later', async () => {
    const {chat, key, errors} = await open({version: 1, chatId: 'c', messages, pending: []});
    await until(() => shownAnswer(chat) === 'One.');
    const newer = JSON.stringify({version: 3, chatId: 'c'});

    localStorage.setItem(key, newer);
    dispatchEvent(new StorageEvent('storage', {key}));
    await chat.send('Second?');

    expect(chat.messages.map(({text}) => text)).to.deep.equal(['First?', 'One.', 'Second?', 'Two.']);
    expect({...localStorage}).to.deep.equal({[key]: newer});
    // Reported in a task of its own, which can follow the end of the answer.
    await until(() => errors.length > 0);
    expect(errors).to.have.length(1);
  });
});
