import {aTimeout, expect} from '@open-wc/testing';

import '../../src/index.js';
import type {StreamChat} from '../../src/stream-chat.js';
import {ask, part, shownAnswer, until} from '../helpers/chat.js';
import {openai, script} from '../helpers/server.js';
import {storedMessages} from '../helpers/stored.js';

let count = 0;
const uniqueId = () => `faults-${Date.now()}-${count++}`;
const mounted: HTMLElement[] = [];
const restorers: (() => void)[] = [];

interface Chat {
  readonly chat: StreamChat;
  /** Messages of the `config` errors that were dispatched. */
  readonly errors: string[];
}

function watch(chat: StreamChat): Chat {
  const errors: string[] = [];
  chat.addEventListener('error', ({detail: {error}}) => errors.push(`${error.code}: ${error.message}`));
  return {chat, errors};
}

function mount(endpoint: string, id = uniqueId()): Chat {
  const chat = document.createElement('stream-chat');
  for (const [name, value] of Object.entries({endpoint, id, persist: 'local'})) chat.setAttribute(name, value);
  mounted.push(chat);
  document.body.append(chat);
  return watch(chat);
}

/** Loads a page whose chat gets its module `storage.js` from another URL. */
async function openPage(endpoint: string, id: string, storageUrl: string): Promise<Chat> {
  const frame = document.createElement('iframe');
  const imports = {'/src/chat/storage.js': storageUrl, '/src/chat/storage.ts': storageUrl};
  frame.srcdoc = `<!doctype html><html lang="en"><title>A chat</title>
    <script type="importmap">${JSON.stringify({imports})}</script>
    <script type="module">
      import '/src/index.ts';
      window.isReady = true;
    </script></html>`;
  mounted.push(frame);
  document.body.append(frame);
  await until(() => (frame.contentWindow as unknown as {isReady?: boolean}).isReady, 'the page is loaded');
  const page = frame.contentDocument!;
  const chat = page.createElement('stream-chat');
  for (const [name, value] of Object.entries({endpoint, id, persist: 'local'})) chat.setAttribute(name, value);
  page.body.append(chat);
  return watch(chat);
}

/** Replaces a property until the end of the test. */
function replace(object: object, name: string, descriptor: PropertyDescriptor) {
  const before = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, {configurable: true, ...descriptor});
  restorers.push(() => (before ? Object.defineProperty(object, name, before) : Reflect.deleteProperty(object, name)));
}

const refuse = () => {
  throw new DOMException('Access is denied for this document.', 'SecurityError');
};

const question = {id: 'q', role: 'user', text: 'First?', parts: [{type: 'text', text: 'First?'}], status: 'done', createdAt: 1};
const answer = {id: 'a', role: 'assistant', text: 'One.', parts: [{type: 'text', text: 'One.'}], status: 'done', createdAt: 2};

function store(id: string, data: unknown) {
  localStorage.setItem(`stream-chat:${id}`, typeof data === 'string' ? data : JSON.stringify(data));
}

describe('persist: faults', () => {
  afterEach(() => {
    for (const restore of restorers.splice(0)) restore();
    for (const element of mounted.splice(0)) element.remove();
    localStorage.clear();
  });

  describe('without storage', () => {
    it('works if storage.js cannot be loaded, and reports that once', async () => {
      const {url} = await script(openai('One.'));
      const {chat, errors} = await openPage(url, uniqueId(), '/no-such-file.js');

      expect((await chat.send('First?'))!.text).to.equal('One.');
      chat.clear();
      expect((await chat.send('Second?'))!.text).to.equal('One.');

      expect(errors).to.deep.equal(['config: The file "storage.js" could not be loaded: the conversation is not kept.']);
    });

    const faults: Record<string, () => void> = {
      'access throws': () => replace(window, 'localStorage', {get: refuse}),
      'there is none': () => replace(window, 'localStorage', {value: null}),
      'each method throws': () => {
        for (const name of ['getItem', 'setItem', 'removeItem']) replace(Storage.prototype, name, {value: refuse});
      },
      'writing throws': () => replace(Storage.prototype, 'setItem', {value: refuse}),
    };
    for (const [name, fault] of Object.entries(faults)) {
      it(`works and reports it once: ${name}`, async () => {
        const {url} = await script(openai('One.'));
        fault();

        const {chat, errors} = mount(url);
        expect((await chat.send('First?'))!.text).to.equal('One.');
        chat.clear();
        expect((await chat.send('Second?'))!.text).to.equal('One.');
        await aTimeout(20);

        expect(chat.messages.map(({text}) => text)).to.deep.equal(['Second?', 'One.']);
        expect(errors).to.have.length(1);
        expect(errors[0]).to.match(/^config: .*the conversation is not kept\.$/);
      });
    }

    it('works if the browser denies locks', async () => {
      const {url} = await script(openai('Two.'));
      const id = uniqueId();
      store(id, {version: 1, chatId: 'c', messages: [question], pending: ['a']});
      replace(navigator, 'locks', {value: {request: () => Promise.reject(new DOMException('No.', 'SecurityError'))}});

      const {chat} = mount(url, id);

      expect((await chat.send('Second?'))!.text).to.equal('Two.');
    });
  });

  describe('text field', () => {
    it('keeps the question until it is in the conversation', async () => {
      const {url} = await script(openai('One.'));
      const module = await script({hold: true, status: 404});
      const {chat} = await openPage(url, uniqueId(), module.url);
      await chat.updateComplete;
      const input = part<HTMLTextAreaElement>(chat, 'input');
      input.value = 'First?';
      const submit = () => part<HTMLFormElement>(chat, 'composer').requestSubmit();

      submit();
      submit();
      await aTimeout(50);
      expect(input.value).to.equal('First?');
      await module.release();
      await until(() => shownAnswer(chat) === 'One.');

      expect(input.value).to.equal('');
      expect(chat.messages.map(({text}) => text)).to.deep.equal(['First?', 'One.']);
    });

    it('sends what is typed, also if what is stored is malformed', async () => {
      const {url} = await script(openai('One.'));
      const id = uniqueId();
      store(id, {version: 1, chatId: 'c', messages: [{role: 'user', text: 'x', parts: [null]}], pending: []});
      const {chat} = mount(url, id);
      await chat.updateComplete;

      await ask(chat, 'First?');
      await until(() => shownAnswer(chat) === 'One.');

      expect(part<HTMLTextAreaElement>(chat, 'input').value).to.equal('');
    });
  });

  describe('malformed messages', () => {
    const malformed: Record<string, unknown> = {
      'null': null,
      'a number': 3,
      'an array': [],
      'without text': {...question, text: undefined},
      'text that is a number': {...question, text: 5},
      'an unknown role': {...question, role: 'dog'},
      'a role that is an array': {...question, role: ['user']},
      'without parts': {...question, parts: undefined},
      'a part that is null': {...question, parts: [null]},
      'a part of an unknown type': {...question, parts: [{type: 'hologram'}]},
      'a part with the name of a method as its type': {...question, parts: [{type: 'toString'}]},
      'a part whose text is a number': {...question, parts: [{type: 'text', text: 5}]},
      'a file without url': {...question, parts: [{type: 'file', mediaType: 'image/png'}]},
      'a file without media type': {...question, parts: [{type: 'file', url: 'data:,'}]},
      'a source without url': {...answer, parts: [{type: 'source'}]},
      'a tool call without arguments': {...answer, parts: [{type: 'tool-call', key: '0', id: '0', name: 'x', state: 'done'}]},
      'a tool call in an unknown state': {...answer, parts: [{type: 'tool-call', key: '0', id: '0', name: 'x', arguments: '', state: 'odd'}]},
      'an unknown status': {...answer, status: 'odd'},
      'an error without code': {...answer, error: {message: 'x'}},
      'usage that is text': {...answer, usage: {inputTokens: 'many'}},
      'an ID that is an object': {...question, id: {}},
      'an ID that is there already': {...question, id: 'a', text: 'Again?'},
    };
    for (const [name, value] of Object.entries(malformed)) {
      it(`drops this one alone: ${name}`, async () => {
        const {url} = await script(openai('Two.'));
        const id = uniqueId();
        const bad = typeof value === 'object' && value !== null && 'id' in value && isText(value.id) && value.id !== 'a' ? {...value, id: 'bad'} : value;
        store(id, {version: 1, chatId: 'c', messages: [question, answer, bad], pending: []});

        const {chat} = mount(url, id);
        await until(() => shownAnswer(chat) === 'One.');
        expect(chat.messages.map(({id}) => id)).to.deep.equal(['q', 'a']);

        expect((await chat.send('Second?'))!.text).to.equal('Two.');
      });
    }

    it('keeps fields that it does not know', async () => {
      const {url} = await script(openai('Two.'));
      const id = uniqueId();
      const parts = [{...question.parts[0], marks: [1]}];
      store(id, {version: 1, chatId: 'c', messages: [{...question, parts, starred: true}, answer], pending: []});

      await mount(url, id).chat.send('Second?');

      expect(storedMessages(id)[0]).to.deep.include({starred: true, parts});
    });

    it('drops what is not an ID from the unfinished answers', async () => {
      const {url} = await script(openai('Two.'));
      for (const pending of [[null, 5, {}], 'a', {0: 'a'}, null]) {
        const id = uniqueId();
        store(id, {version: 1, chatId: 'c', messages: [question], pending});

        expect((await mount(url, id).chat.send('Second?'))!.text).to.equal('Two.');
      }
    });

    const position = {run: '', ordinal: 0, seen: [], hashes: []};
    const saved = {message: {...answer, id: 'p', status: 'streaming'}, reader: {frames: 1, idsAreInData: false, position}, headers: []};
    const unfinished: Record<string, unknown> = {
      'text': 'x',
      'a message without parts': {...saved, message: {...saved.message, parts: undefined}},
      'without reader': {...saved, reader: undefined},
      'without position': {...saved, reader: {}},
      'without headers': {...saved, headers: undefined},
      'headers that are not pairs': {...saved, headers: [['location']]},
      'headers that the browser refuses': {...saved, headers: [['lo cation', 'x']]},
      'rounds without messages': {...saved, rounds: {number: 1}},
      'a format that is not known': {...saved, reader: {...saved.reader, protocolName: 'nonsense'}},
    };
    for (const [name, value] of Object.entries(unfinished)) {
      it(`works after an unfinished answer that is malformed: ${name}`, async () => {
        const {url} = await script(openai('Two.'));
        const id = uniqueId();
        store(id, {version: 1, chatId: 'c', messages: [question], pending: ['p']});
        localStorage.setItem(`stream-chat:${id}:p`, JSON.stringify(value));

        const {chat} = mount(url, id);
        expect((await chat.send('Second?'))!.text).to.equal('Two.');
        expect(chat.messages[0]!.id).to.equal('q');
        expect(chat.messages.slice(-2).map(({text}) => text)).to.deep.equal(['Second?', 'Two.']);
      });
    }
  });
});

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
