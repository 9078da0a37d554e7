import {aTimeout, expect} from '@open-wc/testing';
import {sendKeys} from '@web/test-runner-commands';

import type {StreamChat} from '../../src/stream-chat.js';
import {createChat, part, parts, shownAnswer, until} from '../helpers/chat.js';
import {noteAnnouncements} from '../helpers/announcements.js';
import {openai, openaiChunk, openaiFinish, script} from '../helpers/server.js';

const chunk = (text: string) => `data: ${openaiChunk(text)}\n\n`;
const end = `data: ${openaiFinish}\n\ndata: [DONE]\n\n`;
const call = (name: string, args: object = {}) => {
  const calling = {index: 0, id: 'c', type: 'function', function: {name, arguments: JSON.stringify(args)}};
  const choice = {index: 0, delta: {tool_calls: [calling]}, finish_reason: 'tool_calls'};
  return `data: ${JSON.stringify({object: 'chat.completion.chunk', choices: [choice]})}\n\ndata: [DONE]\n\n`;
};

const complete = 'The answer is complete.';

async function create(attributes: Record<string, string>) {
  const chat = await createChat(attributes);
  const announced = await noteAnnouncements();
  return {chat, announced, heard: () => announced.map(({text}) => text)};
}

describe('announcements, in order', function () {
  this.timeout(30_000);

  it('of an answer with a heading, lists, code and a table: sentences, and summaries of code and table', async () => {
    const text = '## Tea\n\n- Green\n- *Black*\n\nSee `boil`:\n\n```sh\nboil\nwait\n```\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\nThe [end](https://example.org).';
    const {url} = await script({steps: [{write: chunk(text) + end}]});
    const {chat, heard} = await create({endpoint: url});

    await chat.send('My own question.');
    await until(() => heard().at(-1) === complete);

    expect(heard()).to.deep.equal(['Tea.', 'Green.', 'Black.', 'See boil:', 'Code, sh, 2 lines.', 'Table, 2 columns, 1 row.', 'The end.', complete]);
  });

  it('of a tool that runs: the text before and after it, without arguments', async () => {
    const server = await script([{steps: [{write: chunk('I look it up.\n\n')}, {until: 'call'}, {write: call('look')}]}, openai('It is warm.')]);
    const {chat, heard} = await create({endpoint: server.url});
    chat.tools = [{name: 'look', execute: () => 'warm'}];

    void chat.send('Go.');
    await until(() => heard().length === 1);
    await server.release('call');
    await until(() => heard().length === 3);

    expect(heard()).to.deep.equal(['I look it up.', 'It is warm.', complete]);
  });

  it('of a tool that needs confirmation: the text before it, which tool with what, the question, and the answer', async () => {
    const server = await script([{steps: [{write: chunk('I delete the file')}, {write: call('delete_file', {path: 'notes\u200b.txt', force: true})}]}, openai('It is gone.')]);
    const {chat, heard} = await create({endpoint: server.url});
    chat.tools = [{name: 'delete_file', confirm: true, execute: () => 'ok'}];

    void chat.send('Go.');
    await until(() => heard().length === 3);
    await allow(chat);
    await until(() => heard().at(-1) === complete);

    expect(heard()).to.deep.equal([
      'I delete the file.',
      'delete_file, path notes⟨U+200B⟩.txt, force true.',
      'Allow this call?',
      'It is gone.',
      complete,
    ]);
  });

  it('of tool calls of the server: the texts around them as sentences of their own', async () => {
    const frame = (type: string, more: object) => `data: ${JSON.stringify({type, ...more})}\n\n`;
    const text = (index: number, words: string) =>
      frame('content_block_start', {index, content_block: {type: 'text', text: ''}}) +
      frame('content_block_delta', {index, delta: {type: 'text_delta', text: words}}) +
      frame('content_block_stop', {index});
    const search = frame('content_block_start', {index: 1, content_block: {type: 'server_tool_use', id: 's', name: 'web_search', input: {}}}) + frame('content_block_stop', {index: 1});
    const stream = frame('message_start', {message: {id: 'm', role: 'assistant', content: []}}) + text(0, 'I look it up') + search + text(2, 'It is warm') + frame('message_delta', {delta: {stop_reason: 'end_turn'}}) + frame('message_stop', {});
    const {url} = await script({steps: [{write: stream}]});
    const {chat, heard} = await create({endpoint: url, protocol: 'anthropic'});

    await chat.send('Go.');
    await until(() => heard().at(-1) === complete);

    expect(heard()).to.deep.equal(['I look it up.', 'It is warm.', complete]);
  });

  it('of an interrupted answer: all of its text, and then the error with the way to retry', async () => {
    const server = await script({steps: [{write: chunk('Tea is hot. It is made of leaves, and')}, {until: 'cut'}, {reset: true}]});
    const {chat, heard, announced} = await create({endpoint: server.url, resume: 'none'});

    void chat.send('Go.');
    await until(() => shownAnswer(chat).includes('leaves'));
    await server.release('cut');
    await until(() => heard().length === 3);

    const {error} = chat.messages.at(-1)!;
    expect(error!.code).to.equal('interrupted');
    expect(heard()).to.deep.equal([
      'Tea is hot.',
      'It is made of leaves, and.',
      'The answer was interrupted before its end. There is a button to try again.',
    ]);
    expect(announced.map(({isUrgent}) => isUrgent)).to.deep.equal([false, false, false]);
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
      await until(() => heard().length === 3);

      expect(heard()).to.deep.equal(['You are offline. The answer will continue when you are back online.', 'Here.', complete]);
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
    await until(() => heard().length === 3);

    expect(heard()).to.deep.equal(['Reconnecting…', 'Here.', complete]);
  });

  it('of states: one that is over before the voice is free is dropped, and the same one is announced once', async () => {
    const server = await script([
      // Once: to WebKitGTK this looks like a response, and a question that a model may have answered is repeated once at most.
      {refuse: true},
      {steps: [{write: chunk(`${'A long sentence of many words. '.repeat(4)}\n\n`)}, {until: 'cut'}, {reset: true}]},
      {refuse: true},
      openai(`${'A long sentence of many words. '.repeat(4)}`),
    ]);
    const {chat, heard} = await create({endpoint: server.url, 'announce-rate': '15'});

    void chat.send('Go.');
    await until(() => heard().some((text) => text.startsWith('A long')));
    await server.release('cut');
    await until(() => chat.state === 'idle');

    expect(heard().filter((text) => text === 'Reconnecting…').length).to.be.at.most(2);
    expect(heard()[0]).to.equal('Reconnecting…');
    expect(heard()[1]).to.equal('A long sentence of many words.');
  });

  it('of a stopped answer: at once and urgently that it stopped, without sentences that waited or were not complete', async () => {
    const server = await script({steps: [{write: chunk('One. Two. Three. Four. And a half')}, {until: 'never'}]});
    const {chat, heard, announced} = await create({endpoint: server.url, 'announce-rate': '2'});

    void chat.send('Go.');
    await until(() => heard().length === 1);
    chat.stop();
    const stoppedAt = performance.now();
    await until(() => heard().length === 2);
    await aTimeout(2500);

    expect(heard()).to.deep.equal(['One.', 'Stopped']);
    expect(announced.map(({isUrgent}) => isUrgent)).to.deep.equal([false, true]);
    expect(announced[1]!.time - stoppedAt).to.be.lessThan(300);
  });

  it('of a question asked while an answer is read: the new answer, without the rest of the one before', async () => {
    const server = await script([openai('One. Two. Three. Four. Five.'), openai('New.')]);
    const {chat, heard} = await create({endpoint: server.url, 'announce-rate': '2'});

    await chat.send('Go.');
    await until(() => heard().length === 1);
    await chat.send('And?');
    await until(() => heard().length === 2);

    expect(heard()).to.deep.equal(['One.', 'New.']);
  });

  it('of reasoning: that there is some, once and not its text, and the answer', async () => {
    const thought = (text: string) => `data: ${JSON.stringify({choices: [{index: 0, delta: {reasoning_content: text}, finish_reason: null}]})}\n\n`;
    const server = await script({steps: [{write: thought('First. ')}, {wait: 50}, {write: thought('Then.')}, {until: 'answer'}, {write: chunk('Here.') + end}]});
    const {chat, heard} = await create({endpoint: server.url});

    void chat.send('Go.');
    await until(() => heard().length === 1);
    await server.release('answer');
    await until(() => heard().length === 3);

    expect(heard()).to.deep.equal(['Reasoning', 'Here.', complete]);
  });

  it('in the language of their text, whatever that of the page', async () => {
    const {url} = await script(openai('你好。\n\n我用 React 写代码\n\nHello.'));
    const chat = await createChat({endpoint: url, lang: 'de'});
    const announced = await noteAnnouncements();

    await chat.send('Go.');
    await until(() => announced.length === 4);

    expect(announced.map(({text, lang}) => [text, lang])).to.deep.equal([
      ['你好。', 'zh'],
      ['我用 React 写代码。', 'zh'],
      ['Hello.', 'de'],
      ['Die Antwort ist vollständig.', 'de'],
    ]);
  });

  it('of an answer after `announce` was turned on, and after the chat was moved', async () => {
    const server = await script([openai('One.'), openai('Two.'), openai('Three.')]);
    const {chat, heard} = await create({endpoint: server.url, announce: 'off'});
    await chat.send('Go.');

    chat.announce = 'sentences';
    await chat.updateComplete;
    await aTimeout(0);
    await chat.send('Go on.');
    await until(() => heard().length === 2);
    const box = document.createElement('div');
    chat.before(box);
    box.append(chat);
    await chat.updateComplete;
    await aTimeout(0);
    await chat.send('And?');
    await until(() => heard().length === 4);

    expect(heard()).to.deep.equal(['Two.', complete, 'Three.', complete]);
  });

  it('of a sentence longer than one announcement: all of it, split between words', async () => {
    const words = Array.from({length: 150}, (_, i) => `word${i}`).join(' ');
    const {url} = await script(openai(`${words}.`));
    const {chat, heard} = await create({endpoint: url, 'announce-rate': '1000'});

    await chat.send('Go.');
    await until(() => heard().at(-1) === complete);

    expect(heard().slice(0, -1).join(' ')).to.equal(`${words}.`);
    expect(heard()).to.have.length(3);
  });

  it('sentence by sentence and not token by token, and at the pace of the setting', async () => {
    const server = await script({
      steps: [{repeat: 20, write: chunk('word {i}, '), wait: 3}, {write: chunk('end. Then another one.\n\nAnd the last.') + end}],
    });
    const {chat, announced, heard} = await create({endpoint: server.url, 'announce-rate': '100'});

    void chat.send('Go.');
    await until(() => heard().at(-1) === complete);

    const sentence = `${Array.from({length: 20}, (_, i) => `word ${i}, `).join('')}end.`;
    expect(part(chat, 'log').getAttribute('aria-live')).to.equal('off');
    expect(heard()).to.deep.equal([sentence, 'Then another one.', 'And the last.', complete]);
    for (const [i, {text, time}] of announced.slice(0, -1).entries()) {
      expect(announced[i + 1]!.time - time).to.be.greaterThan(Math.max(300, text.length * 10) - 30);
    }
  });

  for (const place of ['the launcher', 'the shadow root of another component', 'a modal dialog']) {
    it(`from ${place}`, async () => {
      const {url} = await script(openai('Here.'));
      const chat = await createChat({endpoint: url, ...(place === 'the launcher' && {mode: 'launcher'})});
      if (place !== 'the launcher') {
        const box = document.createElement(place === 'a modal dialog' ? 'dialog' : 'div');
        chat.before(box);
        if (box instanceof HTMLDialogElement) {
          box.append(chat);
          box.showModal();
        } else box.attachShadow({mode: 'open'}).append(chat);
        await chat.updateComplete;
      }
      const announced = await noteAnnouncements();

      await chat.send('Go.');
      await until(() => announced.length === 2);

      expect(announced.map(({text}) => text)).to.deep.equal(['Here.', complete]);
    });
  }
});

/** Allows the call. What is pressed too soon after the question is not meant for it. */
async function allow(chat: StreamChat): Promise<void> {
  for (let button = parts(chat, 'tool-allow')[0]; button?.isConnected; ) {
    button.focus();
    await sendKeys({press: 'Enter'});
    await aTimeout(50);
  }
}
