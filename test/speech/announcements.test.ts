import {aTimeout, expect} from '@open-wc/testing';
import {sendKeys} from '@web/test-runner-commands';

import type {StreamChat} from '../../src/stream-chat.js';
import {createChat, part, parts, shownAnswer, until} from '../helpers/chat.js';
import {openai, openaiChunk, openaiFinish, script} from '../helpers/server.js';

const chunk = (text: string) => `data: ${openaiChunk(text)}\n\n`;
const end = `data: ${openaiFinish}\n\ndata: [DONE]\n\n`;
const call = (name: string) => {
  const calling = {index: 0, id: 'c', type: 'function', function: {name, arguments: '{}'}};
  const choice = {index: 0, delta: {tool_calls: [calling]}, finish_reason: 'tool_calls'};
  return `data: ${JSON.stringify({object: 'chat.completion.chunk', choices: [choice]})}\n\ndata: [DONE]\n\n`;
};

/** What the announcer says of its own where a slow machine keeps it waiting. */
const waiting = 'Waiting for the answer…';

async function create(attributes: Record<string, string>) {
  const chat = await createChat(attributes);
  const all: string[] = [];
  Object.assign(chat, {ariaNotify: (text: string) => all.push(text)});
  // It is loaded when the element is connected, and listens a task later.
  await import('../../src/deferred.js');
  await aTimeout(0);
  return {chat, heard: () => all.filter((text) => text !== waiting)};
}

describe('announcements, in order', function () {
  this.timeout(30_000);

  it('of an answer with a heading, lists, code and a table: sentences, and summaries of code and table', async () => {
    const text = '## Tea\n\n- Green\n- *Black*\n\nSee `boil`:\n\n```sh\nboil\nwait\n```\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\nThe [end](https://example.org).';
    const {url} = await script({steps: [{write: chunk(text) + end}]});
    const {chat, heard} = await create({endpoint: url});

    await chat.send('My own question.');
    await until(() => heard().join(' ').includes('end.'));

    expect(heard()).to.deep.equal(['Tea Green Black See boil: Code, sh, 2 lines Table, 2 columns, 1 row The end.']);
  });

  it('of a tool that runs: the text before and after it, without arguments', async () => {
    const server = await script([{steps: [{write: chunk('I look it up.\n\n')}, {until: 'call'}, {write: call('look')}]}, openai('It is warm.')]);
    const {chat, heard} = await create({endpoint: server.url});
    chat.tools = [{name: 'look', execute: () => 'warm'}];

    void chat.send('Go.');
    await until(() => heard().length === 1);
    await server.release('call');
    await until(() => heard().length === 2);

    expect(heard()).to.deep.equal(['I look it up.', 'It is warm.']);
  });

  it('of a tool that needs confirmation: the prompt, and the answer after the decision', async () => {
    const server = await script([{steps: [{write: chunk('I send it.\n\n')}, {until: 'call'}, {write: call('send')}]}, openai('It is sent.')]);
    const {chat, heard} = await create({endpoint: server.url});
    chat.tools = [{name: 'send', confirm: true, execute: () => 'ok'}];

    void chat.send('Go.');
    await until(() => heard().length === 1);
    await server.release('call');
    await until(() => heard().length === 2);
    await allow(chat);
    await until(() => heard().length === 3);

    expect(heard()).to.deep.equal(['I send it.', 'Waiting for you. Allow this call?', 'It is sent.']);
  });

  it('of an interrupted answer: its text, and the error with the way to retry', async () => {
    const server = await script({steps: [{write: chunk('It is\n\n')}, {until: 'cut'}, {reset: true}]});
    const {chat, heard} = await create({endpoint: server.url, resume: 'none'});

    void chat.send('Go.');
    await until(() => heard().length === 1);
    await server.release('cut');
    await until(() => heard().length === 2);

    const {error} = chat.messages.at(-1)!;
    expect(error!.code).to.equal('interrupted');
    expect(heard()).to.deep.equal(['It is', 'The answer was interrupted before its end. There is a button to try again.']);
  });

  it('of a lost network: offline, and the answer once it is back', async () => {
    Object.defineProperty(navigator, 'onLine', {value: false, configurable: true});
    try {
      const {url} = await script([{refuse: true}, openai('Here.')]);
      const {chat, heard} = await create({endpoint: url});

      void chat.send('Go.');
      await until(() => heard().length === 1);
      Object.defineProperty(navigator, 'onLine', {value: true, configurable: true});
      dispatchEvent(new Event('online'));
      await until(() => heard().length === 2);

      expect(heard()).to.deep.equal(['You are offline. The answer will continue when you are back online.', 'Here.']);
    } finally {
      Reflect.deleteProperty(navigator, 'onLine');
    }
  });

  it('of a server that is unreachable at first: reconnecting, and the answer', async () => {
    const server = await script([{refuse: true}, {hold: 'answer', steps: [{write: chunk('Here.') + end}]}]);
    const {chat, heard} = await create({endpoint: server.url});

    void chat.send('Go.');
    await until(() => heard().length === 1);
    await server.release('answer');
    await until(() => heard().length === 2);

    expect(heard()).to.deep.equal(['Reconnecting…', 'Here.']);
  });

  it('of a stopped answer: that it stopped, without queued sentences', async () => {
    const server = await script({steps: [{write: chunk('One.\n\n')}, {until: 'never'}]});
    const {chat, heard} = await create({endpoint: server.url});

    void chat.send('Go.');
    await until(() => heard().length === 1);
    chat.stop();
    await until(() => heard().length === 2);

    expect(heard()).to.deep.equal(['One.', 'Stopped']);
  });

  it('of an answer after `announce` was turned on, and after the chat was moved', async () => {
    const server = await script([openai('One.'), openai('Two.'), openai('Three.')]);
    const {chat, heard} = await create({endpoint: server.url, announce: 'off'});
    await chat.send('Go.');

    chat.announce = 'sentences';
    await chat.updateComplete;
    await aTimeout(0);
    await chat.send('Go on.');
    await until(() => heard().length === 1);
    const box = document.createElement('div');
    chat.before(box);
    box.append(chat);
    await chat.updateComplete;
    await aTimeout(0);
    await chat.send('And?');
    await until(() => heard().length === 2);

    expect(heard()).to.deep.equal(['Two.', 'Three.']);
  });

  it('of a sentence longer than one announcement: all of it, split between words', async () => {
    const words = Array.from({length: 150}, (_, i) => `word${i}`).join(' ');
    const {url} = await script(openai(`${words}.`));
    const {chat, heard} = await create({endpoint: url});

    await chat.send('Go.');
    await until(() => heard().join(' ').endsWith('.'));

    expect(heard().join(' ')).to.equal(`${words}.`);
    expect(heard()).to.have.length(2);
  });

  it('into the regions of the page, sentence by sentence and not token by token', async () => {
    const server = await script({
      steps: [{repeat: 50, write: chunk('word {i}, '), wait: 3}, {write: chunk('end.\n\n')}, {until: 'last'}, {write: chunk('Last.') + end}],
    });
    const chat = await createChat({endpoint: server.url});
    Object.assign(chat, {ariaNotify: undefined});
    await import('../../src/deferred.js');
    await aTimeout(0);
    const lines: string[] = [];
    const note = (records: MutationRecord[]) => {
      for (const {target, addedNodes} of records) {
        const region = (target instanceof Element ? target : target.parentElement!).closest('[aria-live], [role="status"], [role="alert"], [role="log"]');
        if (region && region.getAttribute('aria-live') !== 'off') lines.push(...[...addedNodes].map(({textContent}) => textContent!.trim()));
      }
    };
    for (const root of [document.body, chat.shadowRoot!]) new MutationObserver(note).observe(root, {subtree: true, childList: true, characterData: true});
    const heard = () => lines.filter((text) => text !== waiting);

    void chat.send('Go.');
    await until(() => heard().join(' ').includes('end.'));
    await server.release('last');
    await until(() => heard().join(' ').includes('Last.'));

    const sentence = `${Array.from({length: 50}, (_, i) => `word ${i}, `).join('')}end.`;
    expect(shownAnswer(chat).replaceAll(/\s+/g, ' ')).to.contain('word 49, end.');
    expect(part(chat, 'log').getAttribute('aria-live')).to.equal('off');
    expect(heard().join(' ')).to.equal(`${sentence} Last.`);
    expect(heard().length).to.be.at.most(4);
  });
});

/** Allows the call. What is pressed too soon after the question is not meant for it. */
async function allow(chat: StreamChat): Promise<void> {
  for (let button = parts(chat, 'tool-allow')[0]; button?.isConnected; ) {
    button.focus();
    await sendKeys({press: 'Enter'});
    await aTimeout(50);
  }
}
