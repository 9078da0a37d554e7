import {expect} from '@open-wc/testing';

import type {StreamChat} from '../src/stream-chat.js';
import {createChat, shownAnswer} from './helpers/chat.js';
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

describe('properties', () => {
  let defaults: Record<string, unknown>;
  beforeEach(async () => {
    const chat = await createChat();
    defaults = Object.fromEntries(names.map((name) => [name, chat[name]]));
  });

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

  for (const value of ['', 'soon', 'NaN']) {
    it(`restores the default of a number whose attribute is "${value}"`, async () => {
      const chat = await createChat({'idle-timeout': value, 'max-tokens': value});

      expect(chat.idleTimeout).to.equal(60);
      expect(chat.maxTokens).to.equal(undefined);
      await expectAnswer(chat);
    });
  }

  it('keeps values that were set before the element was defined', async () => {
    const tag = 'late-stream-chat';
    const chat = document.createElement(tag) as StreamChat;
    Object.assign(chat, {heading: 'Early', retries: undefined, tools: null});
    document.body.append(chat);

    class LateStreamChat extends (customElements.get('stream-chat') as typeof StreamChat) {}
    customElements.define(tag, LateStreamChat);
    await chat.updateComplete;

    expect(chat.heading).to.equal('Early');
    expect(chat.retries).to.equal(6);
    expect(chat.tools).to.deep.equal([]);
    chat.remove();
  });
});
