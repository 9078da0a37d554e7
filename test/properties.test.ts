import {expect} from '@open-wc/testing';

import type {AnswerErrorEvent} from '../src/chat/events.js';
import type {StreamChat} from '../src/stream-chat.js';
import {createChat, next, shownAnswer} from './helpers/chat.js';
import {openai, script} from './helpers/server.js';

/** Values other than the default, for attributes that take words. */
const words: Readonly<Record<string, string>> = {
  protocol: 'json-text',
  method: 'GET',
  credentials: 'include',
  resume: 'none',
  persist: 'session',
  renderer: 'plain',
  images: 'none',
  links: 'text',
  announce: 'off',
  pace: 'smooth',
  'scroll-to': 'answer-start',
  mode: 'launcher',
  theme: 'dark',
  composer: 'off',
  'enter-key': 'newline',
  actions: 'none',
  attach: 'image/*',
  voice: 'dictate',
};

const {elementProperties} = customElements.get('stream-chat') as typeof StreamChat;
const names = [...elementProperties.keys()] as (keyof StreamChat & string)[];
const attributes = names.flatMap((name) => {
  const attribute = elementProperties.get(name)!.attribute;
  return typeof attribute === 'string' ? [{name, attribute}] : [];
});

/** Waits until a question is answered, which needs every part of the chat. */
async function expectAnswer(chat: StreamChat) {
  const server = await script(openai('The sky scatters light.'));
  chat.endpoint = server.url;
  const answer = await chat.send('Why is the sky blue?');
  expect(answer?.status, answer?.error?.message).to.equal('done');
  expect(shownAnswer(chat).trim()).to.equal('The sky scatters light.');
}

/** Attributes whose words are not a closed list: each is checked where it is used. */
const free = ['protocol', 'method', 'resume', 'renderer', 'images', 'attach'];

/** Properties that take true and false, and all that JavaScript reads as such. */
const booleans = ['details', 'open', 'disabled', 'autofocus'];

/** Attributes that take a number. */
const numeric = [
  'temperature',
  'top-p',
  'max-tokens',
  'connect-timeout',
  'idle-timeout',
  'retries',
  'history-limit',
  'max-chars',
  'max-rounds',
  'budget',
  'announce-rate',
  'max-length',
  'max-files',
  'max-file-size',
];

describe('properties', () => {
  let defaults: Record<string, unknown>;
  beforeEach(async () => {
    const chat = await createChat();
    defaults = Object.fromEntries(names.map((name) => [name, chat[name]]));
  });

  /** Expects an error for the developer that names the attribute and the value, and the default in its place. */
  async function expectRefusal(
    chat: StreamChat,
    event: Promise<AnswerErrorEvent>,
    name: keyof StreamChat & string,
    attribute: string,
    value: string,
  ) {
    const {error} = (await event).detail;
    expect(error.code).to.equal('config');
    expect(error.message).to.contain(attribute).and.to.contain(value);
    expect(chat[name]).to.deep.equal(defaults[name]);
  }

  it('are described in the manifest, each with its attribute', async function () {
    const response = await fetch('/__dist/custom-elements.json');
    if (!response.ok) return this.skip();
    interface Declaration {
      readonly tagName?: string;
      readonly attributes: readonly {readonly name: string; readonly fieldName: string}[];
    }
    const {modules} = (await response.json()) as {modules: {declarations: Declaration[]}[]};
    const element = modules.flatMap(({declarations}) => declarations).find(({tagName}) => tagName === 'stream-chat')!;

    const described = element.attributes.map(({name, fieldName}) => ({name: fieldName, attribute: name}));
    expect(described).to.deep.equal(attributes);
    expect(attributes).to.have.length.above(40);
  });

  for (const {name, attribute} of attributes) {
    it(`restores the default of ${name} when the attribute ${attribute} is removed`, async () => {
      const chat = await createChat();
      const value = typeof defaults[name] === 'boolean' ? '' : (words[attribute] ?? '7');
      chat.setAttribute(attribute, value);
      await chat.updateComplete;
      expect(chat[name]).not.to.deep.equal(defaults[name]);

      chat.removeAttribute(attribute);
      await chat.updateComplete;

      expect(chat[name]).to.deep.equal(defaults[name]);
      await expectAnswer(chat);
    });
  }

  for (const value of [null, undefined]) {
    for (const name of [...names, 'messages'] as const) {
      it(`restores the default of ${name} when it is set to ${value}`, async () => {
        const chat = await createChat();

        Reflect.set(chat, name, value);
        await chat.updateComplete;

        expect(chat[name as keyof StreamChat]).to.deep.equal(name === 'messages' ? [] : defaults[name]);
      });
    }

    it(`answers with every property set to ${value}`, async () => {
      const chat = await createChat();

      for (const name of names) Reflect.set(chat, name, value);

      await expectAnswer(chat);
    });
  }

  const numbers = attributes.filter(({attribute}) => numeric.includes(attribute));

  it('that take numbers are all tested as numbers', async () => {
    const chat = await createChat();
    for (const {name} of attributes) Reflect.set(chat, name, '7');
    expect(attributes.filter(({name}) => (chat[name] as unknown) === 7)).to.deep.equal(numbers);
  });

  for (const {name, attribute} of numbers) {
    for (const value of ['soon', 'NaN', '-1', '1,5']) {
      it(`reports ${attribute}="${value}", and keeps the default`, async () => {
        const chat = await createChat();
        const error = next(chat, 'error');

        chat.setAttribute(attribute, value);

        await expectRefusal(chat, error, name, attribute, value);
      });
    }

    it(`keeps the default of ${name} where the attribute is empty`, async () => {
      const chat = await createChat({[attribute]: ''});
      expect(chat[name]).to.deep.equal(defaults[name]);
    });

    for (const value of [0, 1]) {
      it(`takes ${value} for ${name}, as text and as a number`, async () => {
        const chat = await createChat({[attribute]: String(value)});
        expect(chat[name]).to.equal(value);

        Reflect.set(chat, name, value);
        expect(chat[name]).to.equal(value);
      });
    }
  }

  for (const attribute of Object.keys(words).filter((attribute) => !free.includes(attribute))) {
    it(`reports a word that ${attribute} does not know, and keeps the default`, async () => {
      const {name} = attributes.find((one) => one.attribute === attribute)!;
      const chat = await createChat();
      const error = next(chat, 'error');

      chat.setAttribute(attribute, 'drak');

      await expectRefusal(chat, error, name, attribute, 'drak');
      expect((await error).detail.error.message).to.contain(`"${words[attribute]}"`);
    });

    it(`takes words of ${attribute} in capitals`, async () => {
      const {name} = attributes.find((one) => one.attribute === attribute)!;
      const chat = await createChat({[attribute]: words[attribute]!.toUpperCase()});
      expect(chat[name]).to.equal(words[attribute]);
    });
  }

  for (const name of names.filter((name) => !booleans.includes(name))) {
    it(`reports a wrong type of ${name}, and keeps the default`, async () => {
      const chat = await createChat();
      const error = next(chat, 'error');

      Reflect.set(chat, name, Symbol('wrong'));

      await expectRefusal(chat, error, name, '', 'symbol');
    });
  }

  for (const {attribute, name} of attributes) {
    it(`reads text that is set as ${name} as the attribute ${attribute} reads it`, async () => {
      const value = typeof defaults[name] === 'boolean' ? 'false' : (words[attribute] ?? '7');
      const chat = await createChat({[attribute]: value});
      const other = await createChat();

      Reflect.set(other, name, value);

      expect(other[name]).to.deep.equal(chat[name]);
    });
  }

  for (const [name, value] of Object.entries({suggestions: ['a', 5], tools: [null], headers: 'x', body: 'x', responseFormat: [], strings: 'x'})) {
    it(`reports ${JSON.stringify(value)} as ${name}`, async () => {
      const chat = await createChat();
      const error = next(chat, 'error');

      Reflect.set(chat, name, value);

      await expectRefusal(chat, error, name as keyof StreamChat & string, name, '');
    });
  }

  it('answers after every property was refused', async () => {
    const chat = await createChat();
    for (const name of names) Reflect.set(chat, name, name === 'disabled' ? false : Symbol('wrong'));
    await expectAnswer(chat);
  });

  it('takes a URL object as the endpoint', async () => {
    const chat = await createChat();
    Reflect.set(chat, 'endpoint', new URL('/api/chat', location.href));
    expect(chat.endpoint).to.equal(new URL('/api/chat', location.href).href);
  });

  it('takes 0 seconds as no limit', async () => {
    const {steps, ...late} = openai('Late');
    const server = await script({...late, steps: [{wait: 100}, ...steps!]});
    const chat = await createChat({endpoint: server.url, 'connect-timeout': '0', 'idle-timeout': '0', retries: '0'});

    const answer = await chat.send('Hello');

    expect(answer?.status, answer?.error?.message).to.equal('done');
  });

  it('keep the conversation when an equal list of messages is set again, as frameworks do on each render', async () => {
    const render = () => (chat.messages = [{role: 'assistant', text: 'Ask me.'}]);
    const chat = await createChat();
    render();
    await expectAnswer(chat);

    render();
    expect(chat.messages).to.have.length(3);

    chat.messages = [{role: 'assistant', text: 'Ask me more.'}];
    expect(chat.messages.map(({text}) => text)).to.deep.equal(['Ask me more.']);
  });

  it('keep an answer in progress when an equal list of messages is set', async () => {
    const server = await script(openai('The sky ', 'scatters light.'));
    const chat = await createChat({endpoint: server.url});
    chat.messages = [];
    const delta = next(chat, 'delta');
    const answer = chat.send('Why?');
    await delta;

    chat.messages = [];

    expect((await answer)?.status).to.equal('done');
    expect(chat.messages).to.have.length(2);
  });

  it('keeps every value that was set before the element was defined, and answers', async () => {
    const tag = 'late-stream-chat';
    const chat = document.createElement(tag) as StreamChat;
    const early: Record<string, unknown> = {
      ...Object.fromEntries(names.map((name) => [name, booleans.includes(name) ? true : '90'])),
      ...Object.fromEntries(Object.keys(words).map((attribute) => [attributes.find((one) => one.attribute === attribute)!.name, words[attribute]])),
      ...{source: 'fetch', protocol: 'openai-chat', method: 'POST', retries: undefined, suggestions: ['Why?'], headers: {'x-early': '1'}, body: {early: true}},
      ...{tools: [{name: 'weather', execute: () => 3}], responseFormat: {type: 'object'}, strings: {send: 'Ask'}},
    };
    Object.assign(chat, early, {messages: [{role: 'assistant', text: 'Ask me.'}]});
    document.body.append(chat);

    class LateStreamChat extends (customElements.get('stream-chat') as typeof StreamChat) {}
    customElements.define(tag, LateStreamChat);
    await chat.updateComplete;

    for (const name of names) {
      const value = name === 'retries' ? 6 : early[name];
      expect(chat[name], name).to.deep.equal(value === '90' && numeric.includes(elementProperties.get(name)!.attribute as string) ? 90 : value);
    }
    expect(chat.messages.map(({text}) => text)).to.deep.equal(['Ask me.']);
    // The answer is no JSON.
    chat.responseFormat = undefined;
    await expectAnswer(chat);
    chat.remove();
  });
});
