import {expect} from '@open-wc/testing';

import {collect, createChat, part, parts, shownAnswer, until} from '../helpers/chat.js';
import {openai, openaiChunk, script} from '../helpers/server.js';
import {storedMessages, storedTexts} from '../helpers/stored.js';

let number = 0;
const uniqueId = () => `persist-id-${Date.now()}-${number++}`;
const endless = {steps: [{write: `data: ${openaiChunk('half')}\n\n`}, {silence: true}]} as const;

describe('persist: `id` changes', () => {
  let first = '';
  let second = '';
  beforeEach(() => {
    first = uniqueId();
    second = uniqueId();
  });
  afterEach(() => localStorage.clear());

  it('opens the conversation of the new `id`; each stays stored as it is', async () => {
    const server = await script([openai('One.'), openai('Two.'), openai('Three.')]);
    const chat = await createChat({endpoint: server.url, persist: 'local', id: first});
    await chat.send('First?');

    chat.id = second;
    await until(() => parts(chat, 'message').length === 0);
    expect(chat.messages).to.have.length(0);
    expect(part(chat, 'empty').hidden).to.equal(false);
    await chat.send('Second?');
    chat.id = first;
    await until(() => shownAnswer(chat) === 'One.');
    await chat.send('Third?');

    expect(storedTexts(first)).to.deep.equal(['First?', 'One.', 'Third?', 'Three.']);
    expect(storedTexts(second)).to.deep.equal(['Second?', 'Two.']);
    const {requests} = await server.log();
    expect(requests.map(({body}) => JSON.parse(body).messages.length)).to.deep.equal([1, 1, 3]);
  });

  it('sends a question that is asked in the same task in the new conversation', async () => {
    const server = await script([openai('One.'), openai('Two.')]);
    const chat = await createChat({endpoint: server.url, persist: 'local', id: first});
    await chat.send('First?');

    chat.id = second;
    await chat.send('Second?');

    expect(storedTexts(first)).to.deep.equal(['First?', 'One.']);
    expect(storedTexts(second)).to.deep.equal(['Second?', 'Two.']);
    expect(chat.messages.map(({text}) => text)).to.deep.equal(['Second?', 'Two.']);
  });

  it('ends the answer in progress, and keeps its text with its question', async () => {
    const server = await script([endless, openai('Two.')]);
    const chat = await createChat({endpoint: server.url, persist: 'local', id: first});
    const done = collect(chat, 'done');
    const sent = chat.send('First?');
    await until(() => shownAnswer(chat) === 'half');

    chat.id = second;
    expect((await sent)!.status).to.equal('stopped');
    await until(() => parts(chat, 'message').length === 0);
    await chat.send('Second?');

    expect(done.map(({detail}) => detail.reason)).to.deep.equal(['aborted', 'stop']);
    expect(chat.messages.map(({text}) => text)).to.deep.equal(['Second?', 'Two.']);
    expect(storedTexts(second)).to.deep.equal(['Second?', 'Two.']);
    chat.id = first;
    await until(() => shownAnswer(chat) === 'half');
    expect(chat.messages.map(({status}) => status)).to.deep.equal(['done', 'stopped']);
    expect(chat.state).to.equal('idle');
  });

  it('clears only the conversation of the new `id`', async () => {
    const server = await script([openai('One.'), openai('Two.')]);
    const chat = await createChat({endpoint: server.url, persist: 'local', id: first});
    await chat.send('First?');

    chat.id = second;
    chat.clear();
    await chat.send('Second?');
    chat.clear();

    expect(storedTexts(first)).to.deep.equal(['First?', 'One.']);
    expect(storedMessages(second)).to.have.length(0);
  });

  it('takes `messages` that are set with the `id` for the start of an empty conversation', async () => {
    const server = await script(openai('One.'));
    const chat = await createChat({endpoint: server.url, persist: 'local', id: first});
    await chat.send('First?');

    chat.id = second;
    chat.messages = [{role: 'assistant', text: 'Welcome.'}];
    await until(() => shownAnswer(chat) === 'Welcome.');
    chat.id = first;
    chat.messages = [{role: 'assistant', text: 'Hello again.'}];
    await until(() => shownAnswer(chat) === 'One.');
    await chat.restoring;

    expect(chat.messages.map(({text}) => text)).to.deep.equal(['First?', 'One.']);
    expect(storedTexts(first)).to.deep.equal(['First?', 'One.']);
  });

  it('shows the initial messages of the page in each empty conversation', async () => {
    const server = await script(openai('One.'));
    const chat = await createChat();
    chat.innerHTML = '<stream-chat-message role="assistant">Hello!</stream-chat-message>';
    for (const [name, value] of Object.entries({endpoint: server.url, persist: 'local', id: first})) chat.setAttribute(name, value);
    await until(() => shownAnswer(chat) === 'Hello!');
    await chat.send('First?');

    chat.id = second;

    await until(() => shownAnswer(chat) === 'Hello!' && parts(chat, 'message').length === 1);
    expect(storedTexts(first)).to.deep.equal(['Hello!', 'First?', 'One.']);
  });

  it('follows what another element stores in the conversation of the new `id`, and no longer in the old', async () => {
    const server = await script([openai('One.'), openai('Two.')]);
    const attributes = {endpoint: server.url, persist: 'local'};
    const chat = await createChat({...attributes, id: first});
    await chat.restoring;
    chat.id = second;
    await chat.updateComplete;
    await chat.restoring;

    await (await createChat({...attributes, id: first})).send('First?');
    await (await createChat({...attributes, id: second})).send('Second?');

    await until(() => shownAnswer(chat) === 'Two.');
    expect(chat.messages.map(({text}) => text)).to.deep.equal(['Second?', 'Two.']);
  });

  it('changes nothing without `persist`', async () => {
    const server = await script(openai('One.'));
    const chat = await createChat({endpoint: server.url, id: first});
    await chat.send('First?');

    chat.id = second;
    await chat.updateComplete;

    expect(chat.messages.map(({text}) => text)).to.deep.equal(['First?', 'One.']);
  });
});
