import {expect} from '@open-wc/testing';

import type {StreamChatErrorCode} from '../../src/model/errors.js';
import {sendable, createMessage, type MessageInit} from '../../src/model/conversation.js';
import {en} from '../../src/locales/en.js';
import {readErrorBody} from '../../src/wire/error-body.js';
import {createChat, ended, next, part, parts, until} from '../helpers/chat.js';
import {json, openai, script} from '../helpers/server.js';

const codes: readonly StreamChatErrorCode[] = [
  ...(['network', 'offline', 'http', 'auth', 'rate-limit', 'timeout', 'interrupted'] as const),
  ...(['protocol', 'provider', 'too-large', 'tool', 'config'] as const),
];
const languages = ['ar', 'de', 'es', 'fr', 'he', 'hi', 'ja', 'ko', 'pt-BR', 'ru', 'zh-CN'];
const developerWords = 'Traceback (most recent call last): File "/srv/app.py" at api.internal.example, set "endpoint"';

describe('errors', () => {
  it('are sentences of their language, without what the developer needs', async () => {
    for (const language of languages) {
      const module = (await import(`../../src/locales/${language}.ts`)) as Record<string, unknown>;
      const table = Object.values(module).find((value) => typeof value === 'object') as typeof en;
      for (const code of codes) {
        const sentence = table.error(code, developerWords);
        expect(sentence, `${language}, ${code}`).to.match(/[.。।]$/).and.not.contain('#');
        for (const word of ['Traceback', 'endpoint', 'example', '/']) expect(sentence).not.to.contain(word);
        expect(sentence, `${language}, ${code}`).not.to.equal(en.error(code, ''));
      }
      for (const kind of ['budget', 'file'] as const) expect(table.error('config', '', kind)).not.to.equal(table.error('config', ''));
    }
  });

  it('warn the developer once, with the code and the page of the documentation', async () => {
    const {warn} = console;
    const warnings: unknown[][] = [];
    console.warn = (...values: unknown[]) => void warnings.push(values);
    try {
      const server = await script([json({detail: 'No such model.'}, 400)]);
      const chat = await createChat({endpoint: server.url});
      const failed = ended(chat);
      await chat.send('Hello');
      await failed;
    } finally {
      console.warn = warn;
    }
    const ours = warnings.filter(([first]) => String(first).includes('<stream-chat>'));
    expect(ours).to.have.length(1);
    expect(String(ours[0]![0])).to.contain('(http)').and.contain('docs/errors.md#http');
    expect(String(ours[0]![1])).to.contain('No such model.');
  });

  for (const [loc, hint] of [
    [['body', 'message'], 'protocol="prompt" prompt-param="message"'],
    [['query', 'prompt'], 'endpoint="…?prompt={prompt}"'],
  ] as const) {
    it(`name the missing field of ${loc.join('.')}, and the attributes that send it`, () => {
      const message = readErrorBody(JSON.stringify({detail: [{type: 'missing', loc, msg: 'Field required', input: null}]}), 'application/json');
      expect(message).to.contain(`"${loc[1]}" in the ${loc[0]}: Field required`).and.contain(hint);
    });
  }

  it('name every field if several are missing or wrong', () => {
    const detail = [
      {loc: ['body', 'session'], msg: 'Field required'},
      {loc: ['body', 'messages', 0, 'content'], msg: 'Input should be a valid string'},
    ];
    const message = readErrorBody(JSON.stringify({detail}), 'application/json');
    expect(message).to.equal('"session" in the body: Field required; "messages.0.content" in the body: Input should be a valid string');
  });

  for (const body of ['{"detail":[]}', '{"detail":[null]}', '{"detail":[{"loc":5,"msg":5}]}', 'null', '{"detail":"Nope"}']) {
    it(`are read from ${body}`, () => {
      expect(readErrorBody(body, 'application/json')).to.be.a('string');
    });
  }

  it('of a rate limit are not shown as a lost connection', async () => {
    const server = await script([{status: 429, headers: {'retry-after': '2'}}, openai('Here.')]);
    const chat = await createChat({endpoint: server.url});
    const waiting = next(chat, 'reconnect');
    const answer = chat.send('Go.');
    await waiting;

    await until(() => /busy/.test(part(chat, 'status').textContent));
    expect(part(chat, 'status').textContent).to.match(/The server is busy\. Trying again in \d s…/);
    expect((await answer)?.text).to.equal('Here.');
  });

  it('leave out of the next request a question that got no answer', async () => {
    const server = await script([json({error: 'No.'}, 400), openai('Two.')]);
    const chat = await createChat({endpoint: server.url});
    await chat.send('One?');

    await chat.send('Two?');

    const {messages} = JSON.parse((await server.log()).requests[1]!.body) as {messages: {content: string}[]};
    expect(messages.map(({content}) => content)).to.deep.equal(['Two?']);
    expect(chat.messages).to.have.length(4);
    expect(parts(chat, 'error')).to.have.length(1);
  });

  it('keep a question that is asked again, and one whose answer has text', () => {
    const create = (inits: MessageInit[]) => sendable(inits.map((init, index) => createMessage(init, String(index), 0)), undefined).map(({text}) => text);
    expect(create([{role: 'user', text: 'a'}])).to.deep.equal(['a']);
    expect(create([{role: 'user', text: 'a'}, {role: 'assistant', text: 'b'}, {role: 'user', text: 'c'}])).to.deep.equal(['a', 'b', 'c']);
    expect(create([{role: 'user', text: 'a'}, {role: 'assistant', text: ''}, {role: 'user', text: 'c'}])).to.deep.equal(['c']);
    expect(create([{role: 'user', text: 'a'}, {role: 'user', text: 'b'}])).to.deep.equal(['a', 'b']);
  });
});
