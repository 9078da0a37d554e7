import {aTimeout, expect} from '@open-wc/testing';

import {createChat, next, part, parts, shownAnswer, until} from '../helpers/chat.js';
import {json, openaiChunk, script} from '../helpers/server.js';

const chunk = (text: string) => `data: ${openaiChunk(text)}\n\n`;

/** Notes what a chat has announced, and when. */
function listen(chat: HTMLElement): {text: string; time: number; urgent: boolean}[] {
  const heard: {text: string; time: number; urgent: boolean}[] = [];
  Object.assign(chat, {
    ariaNotify: (text: string, {priority}: {priority: string}) =>
      heard.push({text, time: performance.now(), urgent: priority === 'high'}),
  });
  return heard;
}

describe('announcer', () => {
  async function create(attributes: Record<string, string>) {
    const chat = await createChat(attributes);
    const heard = listen(chat);
    // It is loaded when the element is connected, and listens a task later.
    await import('../../src/deferred.js');
    await aTimeout(0);
    return {chat, heard};
  }

  it('announces whole sentences, at most one per two seconds, none twice', async function () {
    this.timeout(20_000);
    const words = '# Tea\n\nTea is *hot*. It is made of leaves, and of water.\n\n```sh\nboil\n```\n\nThe end.'.match(/.{1,4}/gs)!;
    const server = await script({steps: [...words.flatMap((word) => [{write: chunk(word)}, {wait: 60}]), {write: 'data: [DONE]\n\n'}]});
    const {chat, heard} = await create({endpoint: server.url});

    await chat.send('What is tea? I ask because I do not know.');
    await until(() => heard.map(({text}) => text).join(' ').includes('The end.'));

    expect(heard.map(({text}) => text).join(' ')).to.equal(
      'Tea Tea is hot. It is made of leaves, and of water. Code, sh, 1 line The end.',
    );
    for (const [i, {time}] of heard.entries()) if (i > 0) expect(time - heard[i - 1]!.time).to.be.greaterThan(1900);
  });

  it('announces whole answers', async () => {
    const server = await script({steps: [{write: `${chunk('One. ')}${chunk('Two.')}data: [DONE]\n\n`}]});
    const {chat, heard} = await create({endpoint: server.url, announce: 'turns'});

    await chat.send('Go.');
    await until(() => heard.length > 0);

    expect(heard.map(({text}) => text)).to.deep.equal(['One. Two.']);
  });

  it('announces only states', async () => {
    const server = await script({steps: [{write: `${chunk('One.')}data: [DONE]\n\n`}]});
    const {chat, heard} = await create({endpoint: server.url, announce: 'status'});

    await chat.send('Go.');
    await until(() => heard.length > 0);

    expect(heard.map(({text}) => text)).to.deep.equal(['The answer is complete.']);
  });

  it('announces waiting and stopping, and nothing when off', async function () {
    this.timeout(15_000);
    const server = await script({hold: true});
    const {chat, heard} = await create({endpoint: server.url});
    const silent = await create({endpoint: server.url, announce: 'off'});

    void chat.send('Go.');
    void silent.chat.send('Go.');
    await until(() => heard.length === 1);
    chat.stop();
    silent.chat.stop();
    await until(() => heard.length === 2);

    expect(heard.map(({text}) => text)).to.deep.equal(['Waiting for the answer…', 'Stopped']);
    expect(silent.heard).to.deep.equal([]);
  });

  it('announces an error at once, with the way to retry', async () => {
    const server = await script(json({error: 'Out of tea.'}, 403));
    const {chat, heard} = await create({endpoint: server.url});
    const failed = next(chat, 'error');

    void chat.send('Go.');
    await failed;

    expect(heard.at(-1)!.urgent).to.be.true;
    expect(heard.at(-1)!.text).to.equal('You have no access. Sign in again, or reload the page. There is a button to try again.');
  });

  it('announces that a tool call needs confirmation, and not that the chat is waiting', async function () {
    this.timeout(15_000);
    const call = {index: 0, id: 'c', type: 'function', function: {name: 'pay', arguments: '{}'}};
    const calling = `data: ${JSON.stringify({object: 'chat.completion.chunk', choices: [{index: 0, delta: {tool_calls: [call]}, finish_reason: 'tool_calls'}]})}\n\n`;
    const server = await script({steps: [{write: `${calling}data: [DONE]\n\n`}]});
    const {chat, heard} = await create({endpoint: server.url});
    chat.tools = [{name: 'pay', confirm: true, execute: () => 'paid'}];

    void chat.send('Pay.');
    await until(() => parts(chat, 'tool-allow').length === 1);
    await until(() => heard.length > 0);
    await aTimeout(1500);
    chat.stop();

    expect(heard[0]!.text).to.equal('Waiting for you. Allow this call?');
    expect(heard.map(({text}) => text)).not.to.include('Waiting for the answer…');
  });

  it('changes no live region while text streams: the transcript is none', async () => {
    const server = await script({steps: [{repeat: 30, write: chunk('word '), wait: 5}, {write: 'data: [DONE]\n\n'}]});
    const {chat} = await create({endpoint: server.url});
    const log = part(chat, 'log');
    let changes = 0;
    const live = [...chat.shadowRoot!.querySelectorAll('[aria-live]:not([aria-live="off"]), [role="status"], [role="alert"]')];
    for (const region of live) new MutationObserver(() => changes++).observe(region, {subtree: true, childList: true, characterData: true});

    await chat.send('Go.');

    expect(shownAnswer(chat)).to.contain('word word');
    expect([log.getAttribute('role'), log.getAttribute('aria-live')]).to.deep.equal(['log', 'off']);
    expect(changes).to.equal(0);
  });

  it('falls back to live regions without ariaNotify', async () => {
    const server = await script(json({error: 'Out of tea.'}, 403));
    const chat = await createChat({endpoint: server.url});
    if ('ariaNotify' in chat) Object.assign(chat, {ariaNotify: undefined});
    await aTimeout(100);
    const failed = next(chat, 'error');

    void chat.send('Go.');
    await failed;

    const region = document.body.querySelector(':scope > [aria-live="assertive"]');
    expect(region!.textContent).to.contain('You have no access.');
    chat.remove();
    expect(document.body.querySelector('.stream-chat-announcer')).to.be.null;
  });
});
