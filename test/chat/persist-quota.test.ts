import {expect} from '@open-wc/testing';

import '../../src/index.js';
import type {StreamChat} from '../../src/stream-chat.js';
import {part, until} from '../helpers/chat.js';
import {openai, script} from '../helpers/server.js';
import {storedMessages, storedTexts} from '../helpers/stored.js';

let count = 0;
const mounted: StreamChat[] = [];
const {setItem} = Storage.prototype;

/** Limits the storage to so many characters, of keys and values. */
function limit(size: number) {
  Storage.prototype.setItem = function (this: Storage, key: string, value: string) {
    const others = Object.keys(this).filter((other) => other !== key).reduce((sum, other) => sum + other.length + this.getItem(other)!.length, 0);
    if (others + key.length + value.length > size) throw new DOMException('full', 'QuotaExceededError');
    setItem.call(this, key, value);
  };
}

async function mount(answer = 'x'.repeat(1000)) {
  const {url: endpoint} = await script(openai(answer));
  const id = `quota-${Date.now()}-${count++}`;
  const open = () => {
    const chat = document.createElement('stream-chat');
    for (const [name, value] of Object.entries({endpoint, id, persist: 'local', lang: 'en'})) chat.setAttribute(name, value);
    mounted.push(chat);
    document.body.append(chat);
    return chat;
  };
  const chat = open();
  const errors: string[] = [];
  chat.addEventListener('error', ({detail: {error}}) => errors.push(`${error.code}: ${error.message}`));
  return {chat, id, errors, open};
}

const questions = (texts: readonly string[]) => texts.filter((text) => text.endsWith('?'));
const status = (chat: StreamChat) => part(chat, 'status').textContent.trim();

describe('persist: a full storage', function () {
  this.timeout(60_000);

  afterEach(() => {
    Storage.prototype.setItem = setItem;
    for (const chat of mounted.splice(0)) chat.remove();
    localStorage.clear();
  });

  it('drops the oldest exchanges, keeps them on the screen, and reports that once', async () => {
    const {chat, id, errors, open} = await mount();
    limit(8000);

    let shownCount = 0;
    for (let index = 0; index < 12; index++) {
      await chat.send(`Question ${index}?`);
      await chat.updateComplete;
      if (status(chat).includes('the oldest messages will be gone')) shownCount++;
    }

    expect(shownCount).to.equal(1);

    const asked = Array.from({length: 12}, (_, index) => `Question ${index}?`);
    const kept = questions(storedTexts(id));
    expect(kept.length).to.be.within(3, 7);
    expect(kept).to.deep.equal(asked.slice(-kept.length));
    expect(storedTexts(id).length).to.equal(2 * kept.length);
    expect(questions(chat.messages.map(({text}) => text))).to.deep.equal(asked);
    expect(errors).to.deep.equal(['config: The storage is full: the oldest messages are not kept.']);

    chat.remove();
    const reloaded = open();
    await until(() => reloaded.messages.length > 0);
    expect(questions(reloaded.messages.map(({text}) => text))).to.deep.equal(kept);
    expect((await reloaded.send('And now?'))!.status).to.equal('done');
    expect(questions(storedTexts(id)).at(-1)).to.equal('And now?');
  });

  it('is no reason to drop what another element of the page shows', async () => {
    const {chat, open} = await mount();
    for (let index = 0; index < 3; index++) await chat.send(`Question ${index}?`);
    const other = open();
    await until(() => other.messages.length === 6);

    limit(5000);
    for (let index = 3; index < 6; index++) await chat.send(`Question ${index}?`);
    await until(() => other.messages.length === 12);

    expect(other.messages.map(({id}) => id)).to.deep.equal(chat.messages.map(({id}) => id));
  });

  it('drops the files of the newest exchange at last', async () => {
    const {chat, id, errors} = await mount('One.');
    limit(3000);

    await chat.send({text: 'What is this?', parts: [{type: 'file', mediaType: 'text/plain', name: 'a.txt', url: `data:text/plain,${'y'.repeat(5000)}`}]});

    expect(storedTexts(id)).to.deep.equal(['What is this?', 'One.']);
    expect(storedMessages(id)[0]!.parts.at(-1)).to.include({type: 'file', name: 'a.txt', url: ''});
    expect(errors).to.deep.equal([]);
  });

  it('reports once that the newest exchange is not kept, and says so below the transcript', async () => {
    const {chat, id, errors} = await mount();
    limit(300);

    await chat.send('First?');
    await until(() => status(chat).includes('could not be stored'));
    await chat.send('Second?');
    await until(() => errors.length > 0);

    expect(storedTexts(id)).to.deep.equal([]);
    expect(chat.messages).to.have.length(4);
    expect(errors).to.deep.equal(['config: The storage is full, or the browser denies writing to it: the conversation is not kept.']);
  });

  it('keeps everything again once there is room', async () => {
    const {chat, id} = await mount();
    limit(300);
    await chat.send('First?');
    await chat.send('Second?');

    Storage.prototype.setItem = setItem;
    await chat.send('Third?');

    expect(questions(storedTexts(id))).to.deep.equal(['First?', 'Second?', 'Third?']);
  });

  it('can be cleared', async () => {
    const {chat, id} = await mount();
    await chat.send('First?');
    limit(0);

    chat.clear();

    expect(localStorage.getItem(`stream-chat:${id}`) ?? '').to.not.contain('First?');
  });
});
