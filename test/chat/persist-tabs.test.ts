import {expect} from '@open-wc/testing';

import type {StreamChat} from '../../src/stream-chat.js';
import {createChat, next, shownAnswer, until} from '../helpers/chat.js';
import {openPage, pageOf} from '../helpers/pages.js';
import {openai, openaiChunk, script, type ScriptedResponse} from '../helpers/server.js';
import {storedTexts} from '../helpers/stored.js';

let count = 0;
const frames: HTMLIFrameElement[] = [];
const texts = (chat: StreamChat) => chat.messages.map(({text}) => text);
const openAnswer = (text: string): ScriptedResponse => ({steps: [{write: `data: ${openaiChunk(text)}\n\n`}, {silence: true}]});
const stored = () => Object.values(localStorage).join();

/** Opens two tabs with one conversation. */
async function openTabs(attributes: Record<string, string>): Promise<readonly [StreamChat, StreamChat]> {
  const shared = {id: `tabs-${Date.now()}-${count++}`, persist: 'local', ...attributes};
  const [a, b] = [await openPage(shared), await openPage(shared)];
  frames.push(a, b);
  return [pageOf(a).chat, pageOf(b).chat];
}

describe('persist: two tabs', function () {
  this.timeout(60_000);

  afterEach(() => {
    for (const frame of frames.splice(0)) frame.remove();
    localStorage.clear();
    sessionStorage.clear();
  });

  it('clear() holds while the other one answers, and stops that answer', async () => {
    const {url: endpoint} = await script([openai('One.'), openAnswer('secret')]);
    const [a, b] = await openTabs({endpoint});
    await a.send('First?');
    await until(() => b.messages.length === 2);
    const done = next(b, 'done');
    const answer = b.send('Tell me');
    await until(() => shownAnswer(b) === 'secret');
    await until(() => stored().includes('secret'));

    a.clear();

    expect(stored()).to.not.match(/First|One\.|Tell|secret/);
    expect((await done).detail.reason).to.equal('aborted');
    expect((await answer)!.text).to.equal('secret');
    await until(() => b.messages.length === 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const chat of [a, b]) expect(texts(chat)).to.deep.equal([]);
    expect(stored()).to.not.match(/First|One\.|Tell|secret/);
    expect(b.state).to.equal('idle');
  });

  it('clear() does not hold back what is asked after it', async () => {
    const {url: endpoint} = await script(openai('One.'));
    const [a, b] = await openTabs({endpoint});
    await a.send('First?');

    a.clear();
    await b.send('Second?');

    await until(() => a.messages.length === 2);
    for (const chat of [a, b]) expect(texts(chat)).to.deep.equal(['Second?', 'One.']);
  });

  it('both can ask at once on an empty storage', async () => {
    for (let run = 0; run < 3; run++) {
      const {url: endpoint} = await script(openai('One.'));
      const [a, b] = await openTabs({endpoint});

      await Promise.all([a.send('First?'), b.send('Second?')]);
      await until(() => a.messages.length === 4 && b.messages.length === 4);

      expect(texts(a)).to.deep.equal(texts(b));
      expect(texts(a)).to.have.members(['First?', 'One.', 'Second?', 'One.']);
      expect(texts(a)[1]).to.equal('One.');
      expect(storedTexts(a.id)).to.deep.equal(texts(a));
    }
  });

  it('a greeting is there once, and stays in front', async () => {
    const {url: endpoint} = await script(openai('One.'));
    const [a, b] = await openTabs({endpoint});
    for (const chat of [a, b]) chat.innerHTML = '<stream-chat-message>Hello!</stream-chat-message>';
    await until(() => a.messages.length === 1 && b.messages.length === 1);

    await Promise.all([a.send('First?'), b.send('Second?')]);
    await until(() => a.messages.length === 5 && b.messages.length === 5);

    for (const chat of [a, b]) expect(texts(chat)[0]).to.equal('Hello!');
  });

  it('an edited question takes the answer with it that the other one is streaming', async () => {
    const {url: endpoint} = await script([openai('One.'), openAnswer('half'), openai('Three.')]);
    const [a, b] = await openTabs({endpoint});
    await a.send('First?');
    await until(() => b.messages.length === 2);
    void b.send('Second?');
    await until(() => shownAnswer(b) === 'half');
    await until(() => a.messages.length === 3);

    await a.edit(a.messages[2]!.id, 'Third?');

    await until(() => texts(b).at(-1) === 'Three.');
    for (const chat of [a, b]) expect(texts(chat)).to.deep.equal(['First?', 'One.', 'Third?', 'Three.']);
    expect(storedTexts(a.id)).to.deep.equal(['First?', 'One.', 'Third?', 'Three.']);
    expect(b.state).to.equal('idle');
  });

  it('questions that are asked while the other one answers come behind its answer', async () => {
    const slow = await script(openAnswer('half'));
    const {url: endpoint} = await script(openai('Two.'));
    const [a, b] = await openTabs({endpoint});
    b.endpoint = slow.url;
    void b.send('First?');
    await until(() => shownAnswer(b) === 'half' && a.messages.length === 1);

    await a.send('Second?');
    expect(texts(a)).to.deep.equal(['First?', 'Second?', 'Two.']);
    expect(texts(b)).to.deep.equal(['First?', 'half']);
    b.stop();

    await until(() => a.messages.length === 4);
    for (const chat of [a, b]) expect(texts(chat)).to.deep.equal(['First?', 'half', 'Second?', 'Two.']);
  });

  it('forget the conversation if the host page removes it', async () => {
    const {url: endpoint} = await script(openai('One.'));
    const [a, b] = await openTabs({endpoint});
    await a.send('First?');
    await until(() => b.messages.length === 2);

    localStorage.clear();

    await until(() => a.messages.length === 0 && b.messages.length === 0);
    expect(stored()).to.equal('');
    await a.send('Second?');
    await until(() => b.messages.length === 2);
    expect(texts(b)).to.deep.equal(['Second?', 'One.']);
  });
});

describe('persist: two elements of a page', function () {
  this.timeout(60_000);

  afterEach(() => {
    localStorage.clear();
    sessionStorage.clear();
  });

  for (const persist of ['local', 'session']) {
    it(`share the conversation if they have one endpoint and no id: ${persist}`, async () => {
      const {url: endpoint} = await script(openai('One.'));
      const [a, b] = [await createChat({endpoint, persist}), await createChat({endpoint, persist})];

      await a.send('First?');
      await until(() => shownAnswer(b) === 'One.');
      await b.send('Second?');
      await until(() => a.messages.length === 4);

      expect(texts(a)).to.deep.equal(['First?', 'One.', 'Second?', 'One.']);
      a.clear();
      await until(() => b.messages.length === 0);
      expect(stored()).to.not.contain('First?');
    });
  }

  it('have their own if each has an id', async () => {
    const {url: endpoint} = await script(openai('One.'));
    const suffix = count++;
    const a = await createChat({endpoint, persist: 'local', id: `own-a-${suffix}`});
    const b = await createChat({endpoint, persist: 'local', id: `own-b-${suffix}`});

    await a.send('First?');
    await b.send('Second?');

    expect(texts(a)).to.deep.equal(['First?', 'One.']);
    expect(texts(b)).to.deep.equal(['Second?', 'One.']);
  });

  it('resume an unfinished answer once', async () => {
    const server = await script([openAnswer('half'), openai('One.')]);
    const id = `once-${count++}`;
    const frame = await openPage({endpoint: server.url, persist: 'local', id});
    const first = pageOf(frame).chat;
    void first.send('First?');
    await until(() => shownAnswer(first) === 'half');
    await until(() => stored().includes('half'));
    frame.remove();

    const [a, b] = [await createChat({endpoint: server.url, persist: 'local', id}), await createChat({endpoint: server.url, persist: 'local', id})];
    await until(() => [a, b].every((chat) => chat.messages.at(-1)?.status === 'failed'), 'it cannot be resumed');

    for (const chat of [a, b]) expect(texts(chat)).to.deep.equal(['First?', 'half']);
    expect((await server.log()).requests).to.have.length(1);
  });
});
