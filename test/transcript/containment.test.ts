import {expect} from '@open-wc/testing';

import type {MessageInit, StreamChat} from '../../src/index.js';
import type {Strings} from '../../src/locales/en.js';
import {registerRenderer} from '../../src/renderers/renderer.js';
import {collect, createChat, next, part, parts, shownAnswer, until} from '../helpers/chat.js';
import {openai, script} from '../helpers/server.js';
import {unreadable} from '../helpers/unreadable.js';

const fail = (): never => {
  throw new Error('The renderer fails.');
};
const draws = (container: HTMLElement) => ({write: (text: string) => container.append(text), end: () => {}});

registerRenderer('fails-at-creation', fail);
registerRenderer('fails-at-write', () => ({write: fail, end: () => {}}));
registerRenderer('fails-at-a-word', (container) => ({write: (text) => (text.includes('three') ? fail() : container.append(text)), end: () => {}}));
registerRenderer('fails-at-end', (container) => ({...draws(container), end: fail}));
registerRenderer('is-nothing', () => undefined as never);
registerRenderer('has-no-styles', Object.assign(draws, {styles: {} as CSSStyleSheet}));
for (const [name, create] of Object.entries(unreadable)) registerRenderer(`throws-${name}`, () => { throw create(); });

/** Fields of a message that a page may set by mistake. */
const faulty = {
  'a part that is null': {parts: [null]},
  'a text that is a number': {text: 5},
  'a text that is an object': {text: {}},
  'a content that is nothing': {content: null},
  'parts that are no list': {parts: {}},
  'a part without a text': {parts: [{type: 'text'}]},
  'a source without an address': {parts: [{type: 'source'}]},
  'a call without a name': {parts: [{type: 'tool-call', key: 'k', state: 'done'}]},
  'a file without an address': {parts: [{type: 'file', mediaType: 'image/png'}]},
  'a file with broken data': {parts: [{type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,%%%'}]},
  'an error without a message': {status: 'failed', error: {code: 'network'}},
  'a time that is no number': {createdAt: 'now'},
  'a getter that throws': {parts: [Object.defineProperty({type: 'source', title: 'x'}, 'url', {get: fail, enumerable: true})]},
};

const texts = (chat: StreamChat) => parts(chat, 'text').map(({textContent}) => textContent.trim());

async function createAnswering(attributes: Record<string, string>): Promise<StreamChat> {
  const {url} = await script(openai('One ', 'two ', 'three'));
  return createChat({endpoint: url, actions: 'copy regenerate edit feedback speak time', ...attributes});
}

describe('an exception while a message is drawn', () => {
  for (const [name, init] of Object.entries(faulty)) {
    it(`is contained to the message: ${name}`, async () => {
      const chat = await createAnswering({});
      chat.messages = [{text: 'Before'}, {role: 'assistant', ...(init as MessageInit)}, {text: 'After'}];
      await chat.updateComplete;
      await until(() => texts(chat).includes('After'));

      const done = next(chat, 'done');
      const answer = await chat.send('Another');

      await done;
      expect(answer).to.include({status: 'done', text: 'One two three'});
      expect(texts(chat)).to.include.members(['Before', 'After', 'Another', 'One two three']);
      expect(parts(chat, 'message').length).to.equal(5);
    });
  }

  it('is contained to the message, and what cannot be sent ends the answer: a result that has no JSON', async () => {
    const chat = await createAnswering({});
    const part = {type: 'tool-call', key: 'k', id: 'i', name: 'n', arguments: '{}', state: 'done', result: 5n} as const;
    chat.messages = [{text: 'Before'}, {role: 'assistant', parts: [part]}, {text: 'After'}];
    await until(() => texts(chat).includes('After'));

    const answer = await chat.send('Another');

    expect(answer!.status).to.equal('failed');
    expect(chat.state).to.equal('idle');
    expect(texts(chat)).to.include.members(['Before', 'After', 'Another']);
  });

  for (const name of ['fails-at-creation', 'fails-at-write', 'fails-at-a-word', 'fails-at-end', 'is-nothing']) {
    it(`of its renderer shows the text as plain text: ${name}`, async () => {
      const chat = await createAnswering({renderer: name});
      const errors = collect(chat, 'error');

      const answer = await chat.send('Send');

      expect(answer!.status).to.equal('done');
      expect(shownAnswer(chat)).to.equal('One two three');
      expect(part(chat, 'assistant').querySelector('.text')!.classList.contains('plain')).to.be.true;
      await until(() => errors.length > 0);
      expect(errors[0]!.detail.error.code).to.equal('config');

      chat.renderer = 'markdown';
      await until(() => part(chat, 'assistant').querySelector('.text p'));
      expect(part(chat, 'assistant').querySelector('.text')!.classList.contains('plain')).to.be.false;
    });
  }

  for (const name of Object.keys(unreadable)) {
    it(`shows the text as plain text, if it is ${name}`, async () => {
      const chat = await createAnswering({renderer: `throws-${name}`});

      expect((await chat.send('Send'))!.status).to.equal('done');

      expect(shownAnswer(chat)).to.equal('One two three');
    });
  }

  it('by styles that are none still draws the text', async () => {
    const chat = await createAnswering({renderer: 'has-no-styles'});

    await chat.send('Send');

    expect(shownAnswer(chat)).to.equal('One two three');
  });

  it('shows a note, and the text of the message', async () => {
    const chat = await createAnswering({});
    chat.messages = [{role: 'assistant', text: 'The text', parts: [{type: 'text', text: 'The text'}, {type: 'tool-call', key: 'k', state: 'done'} as never]}];
    await until(() => parts(chat, 'note').some(({textContent}) => textContent === 'Not all of this message could be shown.'));

    expect(texts(chat)).to.deep.equal(['The text']);
  });

  for (const throwing of [
    {error: fail, you: 5, jumpTo: 'down', toolQuestion: undefined},
    Object.fromEntries(Object.entries({codeBlock: fail, usage: fail, charactersLeft: fail, version: fail, reconnectingIn: fail})),
  ]) {
    it(`of the page's strings uses the built-in ones: ${Object.keys(throwing).join(', ')}`, async () => {
      const chat = await createAnswering({details: '', endpoint: ''});
      chat.strings = throwing as unknown as Partial<Strings>;

      const failed = await chat.send('Send');

      expect(failed!.status).to.equal('failed');
      await until(() => parts(chat, 'error').some(({textContent}) => textContent.trim() !== ''));
      expect(part(chat, 'user').textContent).to.include('You');
    });
  }
});

describe('the messages of a page', () => {
  const image = 'data:image/png;base64,iVBORw0KGgo=';

  for (const [name, content, expected] of [
    ['a string', 'Hi', [{type: 'text', text: 'Hi'}]],
    ['a number', 5, [{type: 'text', text: '5'}]],
    ['a list of texts', [{type: 'text', text: 'Hi'}, {type: 'text', text: 'there'}], [{type: 'text', text: 'Hi'}, {type: 'text', text: 'there'}]],
    ['a text and an image', [{type: 'text', text: 'Hi'}, {type: 'image_url', image_url: {url: image}}], [{type: 'text', text: 'Hi'}, {type: 'file', mediaType: 'image/png', url: image}]],
    ['an image elsewhere', [{type: 'image_url', image_url: {url: 'https://a.example/b'}}], [{type: 'file', mediaType: 'image/*', url: 'https://a.example/b'}]],
    ['the parts of Responses', [{type: 'input_text', text: 'Hi'}, {type: 'input_image', image_url: image}], [{type: 'text', text: 'Hi'}, {type: 'file', mediaType: 'image/png', url: image}]],
    ['a file', [{type: 'file', file: {filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA=='}}], [{type: 'file', mediaType: 'application/pdf', url: 'data:application/pdf;base64,AA==', name: 'a.pdf'}]],
    ['sound', [{type: 'input_audio', input_audio: {data: 'AA==', format: 'wav'}}], [{type: 'file', mediaType: 'audio/wav', url: 'data:audio/wav;base64,AA=='}]],
    ['a refusal', [{type: 'refusal', refusal: 'No.'}], [{type: 'refusal', text: 'No.'}]],
    ['anything else', [null, 5, 'Hi', {type: 'other'}, [{type: 'text', text: 'nested'}]], [{type: 'text', text: '5'}, {type: 'text', text: 'Hi'}]],
  ] as const) {
    it(`are read with a content that is ${name}`, async () => {
      const chat = await createAnswering({});

      chat.messages = [{role: 'user', content: content as never}];

      expect(chat.messages[0]!.parts).to.deep.equal(expected);
      const text = expected.map((found) => ('text' in found ? found.text : '')).join('');
      expect(chat.messages[0]!.text).to.equal(text);
      await until(() => texts(chat).join('') === text);
    });
  }

  it('are sent in the format again', async () => {
    const server = await script(openai('Seen'));
    const chat = await createChat({endpoint: server.url, protocol: 'openai-chat'});

    const answer = await chat.send({content: [{type: 'text', text: 'What is it?'}, {type: 'image_url', image_url: {url: image}}]});

    expect(answer!.text).to.equal('Seen');
    const {messages} = JSON.parse((await server.log()).requests[0]!.body) as {messages: {content: unknown}[]};
    expect(messages[0]!.content).to.deep.equal([{type: 'text', text: 'What is it?'}, {type: 'image_url', image_url: {url: image}}]);
  });

  for (const question of [null, undefined, {}, {content: []}, {content: [{type: 'other'}]}, {parts: [null]}, '', ' ']) {
    it(`are refused if they are empty: ${JSON.stringify(question)}`, async () => {
      const chat = await createAnswering({});

      const error: unknown = await chat.send(question as never).catch((cause: unknown) => cause);

      expect(error).to.include({code: 'config'});
      expect(chat.messages).to.be.empty;
    });
  }
});
