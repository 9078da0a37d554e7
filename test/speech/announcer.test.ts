import {aTimeout, expect} from '@open-wc/testing';

import {createChat, next, part, parts, shownAnswer, until} from '../helpers/chat.js';
import {noteAnnouncements} from '../helpers/announcements.js';
import {json, openaiChunk, script} from '../helpers/server.js';

const chunk = (text: string) => `data: ${openaiChunk(text)}\n\n`;

describe('announcer', () => {
  async function create(attributes: Record<string, string>) {
    const chat = await createChat(attributes);
    return {chat, heard: await noteAnnouncements(true)};
  }

  it('announces whole sentences, none twice', async function () {
    this.timeout(20_000);
    const words = '# Tea\n\nTea is *hot*. It is made of leaves, and of water.\n\n```sh\nboil\n```\n\nThe end.'.match(/.{1,4}/gs)!;
    const server = await script({steps: [...words.flatMap((word) => [{write: chunk(word)}, {wait: 60}]), {write: 'data: [DONE]\n\n'}]});
    const {chat, heard} = await create({endpoint: server.url});

    await chat.send('What is tea? I ask because I do not know.');
    await until(() => heard.at(-1)?.text === 'The answer is complete.');

    expect(heard.map(({text}) => text).filter((text) => !text.startsWith('Waiting'))).to.deep.equal([
      'Tea.',
      'Tea is hot.',
      'It is made of leaves, and of water.',
      'Code, sh, 1 line.',
      'The end.',
      'The answer is complete.',
    ]);
  });

  it('announces whole answers', async () => {
    const server = await script({steps: [{write: `${chunk('One. ')}${chunk('Two.')}data: [DONE]\n\n`}]});
    const {chat, heard} = await create({endpoint: server.url, announce: 'turns'});

    await chat.send('Go.');
    await until(() => heard.length === 3);

    expect(heard.map(({text}) => text)).to.deep.equal(['One.', 'Two.', 'The answer is complete.']);
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
    const server = await script([{hold: true}, {hold: true}]);
    const {chat, heard} = await create({endpoint: server.url});

    void chat.send('Go.');
    await until(() => heard.length === 1);
    chat.stop();
    await until(() => heard.length === 2);
    chat.announce = 'off';
    void chat.send('Go.');
    await aTimeout(1500);
    chat.stop();

    expect(heard.map(({text}) => text)).to.deep.equal(['Waiting for the answer…', 'Stopped']);
  });

  it('announces an error at once, with the way to retry', async () => {
    const server = await script(json({error: 'Out of tea.'}, 403));
    const {chat, heard} = await create({endpoint: server.url});
    const failed = next(chat, 'error');

    void chat.send('Go.');
    await failed;

    expect(heard.at(-1)!.isUrgent).to.be.true;
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

    expect(heard.slice(0, 2).map(({text}) => text)).to.deep.equal(['pay.', 'Allow this call?']);
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

  it('places its live regions before the first announcement, and removes them with the chat', async () => {
    const {chat} = await create({});
    const regions = () => [...document.body.querySelectorAll(':scope > .stream-chat-announcer')].map((region) => [region.getAttribute('aria-live'), region.textContent]);

    expect(regions()).to.deep.equal([['polite', ''], ['assertive', '']]);
    chat.remove();
    expect(regions()).to.deep.equal([]);
  });

  it('announces the same text again', async () => {
    const {chat, heard} = await create({});

    chat.announceText('Copied');
    chat.announceText('Copied');
    await until(() => heard.length === 2);

    expect(heard.map(({text}) => text)).to.deep.equal(['Copied', 'Copied']);
  });
});
