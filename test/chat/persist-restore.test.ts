import {aTimeout, expect} from '@open-wc/testing';

import '../../src/index.js';
import {StreamChat} from '../../src/index.js';
import {shownAnswer, until} from '../helpers/chat.js';
import {openai, openaiChunk, script} from '../helpers/server.js';
import {storedTexts} from '../helpers/stored.js';

let count = 0;
const mounted: HTMLElement[] = [];

interface Options {
  readonly endpoint: string;
  readonly id: string;
  readonly children?: string;
  readonly tag?: string;
}

/** Creates a chat with everything set, as a page does; not in the page yet. */
function createElement({endpoint, id, children = '', tag = 'stream-chat'}: Options): StreamChat {
  const chat = document.createElement(tag) as StreamChat;
  chat.innerHTML = children;
  for (const [name, value] of Object.entries({endpoint, id, persist: 'local'})) chat.setAttribute(name, value);
  mounted.push(chat);
  return chat;
}

/** Creates a chat and adds it to the page. */
function mount(options: Options): StreamChat {
  const chat = createElement(options);
  document.body.append(chat);
  return chat;
}

const texts = (chat: StreamChat) => chat.messages.map(({text}) => text);

const kept = [
  {id: 'q', role: 'user', text: 'First?', parts: [{type: 'text', text: 'First?'}], status: 'done', createdAt: 1},
  {id: 'a', role: 'assistant', text: 'One.', parts: [{type: 'text', text: 'One.'}], status: 'done', createdAt: 2},
];

/** Stores a conversation as an earlier page did. Returns its ID. */
function store(messages: readonly unknown[] = kept): string {
  const id = `restore-${Date.now()}-${count++}`;
  localStorage.setItem(`stream-chat:${id}`, JSON.stringify({version: 1, chatId: 'c', messages, pending: []}));
  return id;
}

const greeting = '<stream-chat-message>Hello! Ask me.</stream-chat-message>';

describe('persist: restoring', () => {
  afterEach(() => {
    for (const chat of mounted.splice(0)) chat.remove();
    localStorage.clear();
  });

  describe('initial messages', () => {
    for (const kind of ['children', 'messages']) {
      const greet = (options: Options) => {
        const chat = mount({...options, ...(kind === 'children' && {children: greeting})});
        if (kind === 'messages') chat.messages = [{role: 'assistant', text: 'Hello! Ask me.'}];
        return chat;
      };

      it(`gives way to the stored conversation, and does not overwrite it: ${kind}`, async () => {
        const {url: endpoint} = await script(openai('Two.'));
        const id = store();

        const chat = greet({endpoint, id});
        await until(() => shownAnswer(chat) === 'One.');
        await aTimeout(30);

        expect(texts(chat)).to.deep.equal(['First?', 'One.']);
        expect(storedTexts(id)).to.deep.equal(['First?', 'One.']);
      });

      it(`begins an empty conversation, and stays in front of it after a reload: ${kind}`, async () => {
        const {url: endpoint} = await script(openai('One.'));
        const id = store([]);

        const chat = greet({endpoint, id});
        await until(() => shownAnswer(chat) === 'Hello! Ask me.');
        await chat.send('First?');
        chat.remove();
        const reloaded = greet({endpoint, id});
        await until(() => reloaded.messages.length > 1);

        for (const found of [texts(chat), texts(reloaded), storedTexts(id)]) expect(found).to.deep.equal(['Hello! Ask me.', 'First?', 'One.']);
      });

      it(`is not stored before the first question, so that the page can change it: ${kind}`, async () => {
        const id = store([]);

        const chat = greet({endpoint: '/none', id});
        await until(() => shownAnswer(chat) === 'Hello! Ask me.');
        await aTimeout(30);

        expect(storedTexts(id)).to.deep.equal([]);
      });
    }

    it('are replaced by messages that the page sets after the restore', async () => {
      const id = store();
      const chat = mount({endpoint: '/none', id, children: greeting});
      await until(() => texts(chat).includes('One.'));

      chat.messages = [{role: 'assistant', text: 'Another.'}];

      expect(texts(chat)).to.deep.equal(['Another.']);
      expect(storedTexts(id)).to.deep.equal(['Another.']);
    });

    it('are read if they are set before the element is defined', async () => {
      const tag = `late-chat-${count++}`;
      const chat = mount({endpoint: '/none', id: store([]), tag});
      chat.messages = [{role: 'assistant', text: 'Hello! Ask me.'}];

      StreamChat.define(tag);

      await until(() => shownAnswer(chat) === 'Hello! Ask me.');
      expect(Object.hasOwn(chat, 'messages')).to.equal(false);
    });

    it('gives way to the stored conversation if they are set before the element is defined', async () => {
      const tag = `late-chat-${count++}`;
      const id = store();
      const chat = mount({endpoint: '/none', id, tag});
      chat.messages = [{role: 'assistant', text: 'Hello! Ask me.'}];

      StreamChat.define(tag);

      await until(() => shownAnswer(chat) === 'One.');
      expect(storedTexts(id)).to.deep.equal(['First?', 'One.']);
    });
  });

  describe('writes before it', () => {
    it('send() waits, in the task that creates the element', async () => {
      const server = await script(openai('Two.'));
      const id = store();

      const chat = mount({endpoint: server.url, id});
      const answer = await chat.send('Second?');

      expect(answer!.text).to.equal('Two.');
      expect(texts(chat)).to.deep.equal(['First?', 'One.', 'Second?', 'Two.']);
      expect(storedTexts(id)).to.deep.equal(['First?', 'One.', 'Second?', 'Two.']);
      expect(JSON.parse((await server.log()).requests[0]!.body).messages).to.have.length(3);
    });

    it('send() waits and settles in an element that is never added to the page', async () => {
      const {url: endpoint} = await script(openai('Two.'));
      const id = store();

      await createElement({endpoint, id}).send('Second?');

      expect(storedTexts(id)).to.deep.equal(['First?', 'One.', 'Second?', 'Two.']);
    });

    it('send() waits if the attributes are set after it, in the same task', async () => {
      const {url: endpoint} = await script(openai('Two.'));
      const id = store();
      const chat = createElement({endpoint, id: ''});

      document.body.append(chat);
      const answer = chat.send('Second?');
      chat.id = id;
      await answer;

      expect(storedTexts(id)).to.deep.equal(['First?', 'One.', 'Second?', 'Two.']);
    });

    it('a conversation that began before persist was set continues the stored one', async () => {
      const {url: endpoint} = await script(openai('Two.'));
      const id = store();
      const chat = createElement({endpoint, id});
      chat.persist = 'none';
      document.body.append(chat);
      await chat.send('Second?');

      chat.persist = 'local';
      await until(() => chat.messages.length === 4);

      expect(texts(chat)).to.deep.equal(['First?', 'One.', 'Second?', 'Two.']);
      expect(storedTexts(id)).to.deep.equal(['First?', 'One.', 'Second?', 'Two.']);
    });

    it('messages and send() apply in their order', async () => {
      const {url: endpoint} = await script(openai('Two.'));
      const [empty, full] = [store([]), store()];
      for (const [id, before] of [[empty, ['Hello!']], [full, ['First?', 'One.']]] as const) {
        const chat = mount({endpoint, id});
        chat.messages = [{role: 'assistant', text: 'Hello!'}];
        expect(texts(chat)).to.deep.equal(['Hello!']);
        await chat.send('Second?');

        expect(storedTexts(id)).to.deep.equal([...before, 'Second?', 'Two.']);
      }
    });

    it('clear(), messages and send() apply in their order', async () => {
      const {url: endpoint} = await script(openai('Two.'));
      const id = store();

      const chat = mount({endpoint, id});
      let cleared = 0;
      chat.addEventListener('clear', () => cleared++);
      chat.clear();
      chat.messages = [{role: 'assistant', text: 'Hello!'}];
      await chat.send('Second?');

      expect(cleared).to.equal(1);
      expect(storedTexts(id)).to.deep.equal(['Hello!', 'Second?', 'Two.']);
    });

    it('clear() forgets a message that was sent before it', async () => {
      const {url: endpoint} = await script({steps: [{write: `data: ${openaiChunk('half')}\n\n`}, {silence: true}]});
      const id = store();

      const chat = mount({endpoint, id});
      const answer = chat.send('Second?');
      chat.clear();
      await answer;

      expect(texts(chat)).to.deep.equal([]);
      expect(storedTexts(id)).to.deep.equal([]);
    });

    it('stop() stops a message that was sent before it', async () => {
      const {url: endpoint} = await script({steps: [{write: `data: ${openaiChunk('half')}\n\n`}, {silence: true}]});

      const chat = mount({endpoint, id: store()});
      const answer = chat.send('Second?');
      chat.stop();

      expect((await answer)!.status).to.equal('stopped');
    });

    it('edit() finds a stored question', async () => {
      const {url: endpoint} = await script(openai('Two.'));
      const id = store();

      await mount({endpoint, id}).edit('q', 'Second?');

      expect(storedTexts(id)).to.deep.equal(['Second?', 'Two.']);
    });

    it('edit() rejects if there is no such question', async () => {
      const id = store();

      const error = await mount({endpoint: '/none', id}).edit('nonsense', 'Second?').catch((cause: unknown) => cause);

      expect(error).to.include({code: 'config'});
      expect(storedTexts(id)).to.deep.equal(['First?', 'One.']);
    });

    for (const method of ['regenerate', 'retry'] as const) {
      it(`${method}() replaces a stored answer`, async () => {
        const {url: endpoint} = await script(openai('Two.'));
        const id = store();

        await mount({endpoint, id})[method]();

        expect(storedTexts(id)).to.deep.equal(['First?', 'Two.']);
      });
    }

    it('send() is not made once the element was removed', async () => {
      const server = await script({steps: [{write: `data: ${openaiChunk('half')}\n\n`}, {silence: true}]});
      const chat = mount({endpoint: server.url, id: store()});

      const answer = chat.send('Second?');
      chat.remove();

      expect((await answer)!.status).to.equal('stopped');
    });
  });
});
