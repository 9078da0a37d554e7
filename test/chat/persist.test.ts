import {aTimeout, expect} from '@open-wc/testing';

import {createRandom} from '../helpers/cuts.js';
import {createChat, next, shownAnswer, until} from '../helpers/chat.js';
import {openPage, pageOf, reload} from '../helpers/pages.js';
import {openai, openaiChunk, resumable, script} from '../helpers/server.js';
import {storedTexts} from '../helpers/stored.js';

const words = Array.from({length: 120}, (_, i) => `word${i} `);
const answer = words.join('');
const events = words.map((word) => `data: ${openaiChunk(word)}`).concat('data: [DONE]');
let name = 0;
const uniqueId = () => `persist-${Date.now()}-${name++}`;

describe('persist', () => {
  let frame: HTMLIFrameElement | undefined;
  afterEach(() => {
    frame?.remove();
    frame = undefined;
    localStorage.clear();
    sessionStorage.clear();
  });

  for (const persist of ['session', 'local']) {
    it(`restores the conversation after a reload: ${persist}`, async () => {
      const server = await script([openai('One.'), openai('Two.')]);
      frame = await openPage({endpoint: server.url, persist, id: uniqueId()});
      await pageOf(frame).chat.send('First?');

      await reload(frame);
      await until(() => pageOf(frame!).chat.messages.length === 2);
      await until(() => shownAnswer(pageOf(frame!).chat) === 'One.');
      await pageOf(frame).chat.send('Second?');

      const {requests} = await server.log();
      expect(JSON.parse(requests[1]!.body).messages).to.have.length(3);
    });
  }

  it('stores nothing by default', async () => {
    const server = await script(openai('One.'));
    const chat = await createChat({endpoint: server.url});

    await chat.send('First?');

    expect(sessionStorage.length + localStorage.length).to.equal(0);
  });

  it('stores no secret', async () => {
    const server = await script(openai('One.'));
    const chat = await createChat({endpoint: server.url, persist: 'local', id: uniqueId()});
    chat.headers = {authorization: 'Bearer canary-7731'};
    chat.body = {key: 'canary-7731'};

    await chat.send('First?');

    expect(localStorage.length).to.be.greaterThan(0);
    expect(JSON.stringify({...localStorage})).to.not.contain('canary');
  });

  it('clear() removes the stored conversation', async () => {
    const server = await script(openai('One.'));
    const chat = await createChat({endpoint: server.url, persist: 'local', id: uniqueId()});
    await chat.send('A secret of mine');

    chat.clear();

    expect(JSON.stringify({...localStorage})).to.not.contain('secret of mine');
  });

  describe('resumes an answer completely after a reload', () => {
    const random = createRandom(20);
    for (let run = 0; run < 20; run++) {
      const overlap = Math.floor(random() * 4);
      const moment = Math.floor(random() * answer.length * 0.9);
      const persist = run % 2 ? 'local' : 'session';

      it(`after ${moment} characters, with ${overlap} repeated events, from ${persist}Storage`, async function () {
        this.timeout(30_000);
        const server = await resumable({events, ids: 'all', style: 'after', overlap, chunk: 60, pause: 4});
        frame = await openPage({endpoint: server.url, persist, id: uniqueId(), renderer: 'plain'});
        void pageOf(frame).chat.send('Go.');
        await until(() => (pageOf(frame!).chat.messages.at(-1)?.text.length ?? 0) > moment);

        await reload(frame);
        await until(() => {
          const last = pageOf(frame!).chat.messages.at(-1);
          return last?.role === 'assistant' && last.status !== 'streaming';
        }, 'the answer is done');

        const {chat, log} = pageOf(frame);
        expect(chat.messages.at(-1)!.text).to.equal(answer);
        await until(() => shownAnswer(chat) === answer);
        expect(log.filter(({type}) => type === 'error' || type === 'reset')).to.have.length(0);
        const {requests} = await server.log();
        expect(requests.filter(({headers}) => !headers['last-event-id'])).to.have.length(1);
        await server.remove();
      });
    }
  });

  it('reports an interrupted answer that the server cannot resume, without requesting it again', async () => {
    const server = await script({steps: [{write: `data: ${openaiChunk('half')}\n\n`}, {silence: true}]});
    frame = await openPage({endpoint: server.url, persist: 'local', id: uniqueId()});
    void pageOf(frame).chat.send('Go.');
    await until(() => shownAnswer(pageOf(frame!).chat) === 'half');

    await reload(frame);
    await until(() => pageOf(frame!).chat.messages.at(-1)?.status === 'failed');

    const last = pageOf(frame).chat.messages.at(-1)!;
    expect(last.text).to.equal('half');
    expect(last.error!.code).to.equal('interrupted');
    expect((await server.log()).requests).to.have.length(1);
  });

  it('works if the conversation cannot be stored', async () => {
    const server = await script(openai('One.'));
    const {setItem} = Storage.prototype;
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const chat = await createChat({endpoint: server.url, persist: 'local', id: uniqueId()});

    const message = await chat.send('Go.');
    Storage.prototype.setItem = setItem;

    expect(message).to.include({text: 'One.', status: 'done'});
  });

  it('works if the stored data is invalid', async () => {
    const server = await script(openai('One.'));
    for (const nonsense of ['{oops', '[]', '{"version":1,"chatId":"x","messages":[null,3]}', '{"version":99}']) {
      const id = uniqueId();
      localStorage.setItem(`stream-chat:${id}`, nonsense);
      const chat = await createChat({id, endpoint: server.url, persist: 'local'});

      expect((await chat.send('Go.'))!.text).to.equal('One.');
    }
  });

  it('merges the messages of two pages with one conversation', async () => {
    const id = uniqueId();
    const server = await script([openai('One.'), openai('Two.'), openai('Three.')]);
    const a = await createChat({id, endpoint: server.url, persist: 'local'});
    await a.send('First?');
    frame = await openPage({id, endpoint: server.url, persist: 'local'});
    await until(() => pageOf(frame!).chat.messages.length === 2);

    const both = [next(a, 'done'), next(pageOf(frame).chat, 'done')];
    void a.send('Second?');
    void pageOf(frame).chat.send('Third?');
    await Promise.all(both);
    await aTimeout(50);

    const texts = storedTexts(id);
    expect([...texts].sort()).to.deep.equal(['First?', 'One.', 'Second?', 'Third?', 'Three.', 'Two.']);
    for (const chat of [a, pageOf(frame).chat]) expect(chat.messages.map(({text}) => text)).to.deep.equal(texts);
    expect(texts.map((text) => text.endsWith('?'))).to.deep.equal([true, false, true, false, true, false]);
  });

  it('does not resume an answer that another page is streaming', async () => {
    const id = uniqueId();
    const server = await resumable({events, ids: 'all', style: 'after', chunk: 60, pause: 10});
    const a = await createChat({id, endpoint: server.url, persist: 'local'});
    const done = next(a, 'done');
    void a.send('Go.');
    await until(() => shownAnswer(a).length > 100);

    frame = await openPage({id, endpoint: server.url, persist: 'local'});
    await done;

    expect(a.messages.at(-1)!.text).to.equal(answer);
    expect((await server.log()).requests).to.have.length(1);
    await until(() => pageOf(frame!).chat.messages.at(-1)?.text === answer, 'the other page shows it when it is whole');
  });
});
