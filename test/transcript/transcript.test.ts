import {expect} from '@open-wc/testing';

import type {MessageInit} from '../../src/model/conversation.js';
import {createChat, ended, next, part, parts, shownAnswer, until} from '../helpers/chat.js';
import {openai, openaiChunk, openaiFinish, script, sse} from '../helpers/server.js';

/** Creates a chat with a question and an answer in this final state. */
async function ending(answer: MessageInit) {
  const chat = await createChat({endpoint: '/nowhere'});
  chat.messages = [
    {role: 'user', text: 'Why?'},
    {role: 'assistant', text: 'Half of it', ...answer},
  ];
  await chat.updateComplete;
  return chat;
}

const words = (node: Node) => node.textContent!.replace(/\s+/g, ' ').trim();

describe('transcript', () => {
  describe('shows how an answer ended, with buttons that help', () => {
    const failed = (code: 'interrupted' | 'http') =>
      ({status: 'failed', error: {code, message: 'It broke off.', retryable: true}}) as const;
    for (const [name, answer, where, said] of [
      ['stopped', {status: 'stopped', reason: 'aborted'}, 'note', 'Stopped Regenerate Continue'],
      ['stopped before any text', {status: 'stopped', reason: 'aborted', text: ''}, 'note', 'Stopped Regenerate'],
      ['at its length limit', {reason: 'length'}, 'note', 'The answer reached its length limit. Continue'],
      ['filtered', {reason: 'content-filter'}, 'note', 'The answer was held back by a content filter.'],
      ['interrupted', failed('interrupted'), 'error', 'The answer was interrupted before its end. Retry Continue'],
      ['failed', failed('http'), 'error', 'The server could not answer. Try again later. Retry'],
    ] as const) {
      it(name, async () => {
        const chat = await ending(answer);
        const box = part(chat, where);

        const pieces = [...box.childNodes].filter(({nodeType}) => nodeType !== Node.COMMENT_NODE).map(words);
        expect(pieces.filter(Boolean).join(' ')).to.equal(said);
        chat.messages = [...chat.messages, {role: 'user', text: 'Well?'}];
        await chat.updateComplete;

        expect(part(chat, where).querySelectorAll('button')).to.have.length(0);
      });
    }

    it('nothing after a complete answer', async () => {
      const chat = await ending({reason: 'stop'});

      expect([...parts(chat, 'note'), ...parts(chat, 'error')]).to.have.length(0);
    });
  });

  it('regenerates a stopped answer', async () => {
    const server = await script([
      {steps: [{write: `data: ${openaiChunk('Half')}\n\n`}, {silence: true}]},
      openai('Whole.'),
    ]);
    const chat = await createChat({endpoint: server.url});
    void chat.send('Why?');
    await until(() => shownAnswer(chat) === 'Half');
    chat.stop();
    await until(() => parts(chat, 'retry').length === 1);
    const done = next(chat, 'done');

    part<HTMLButtonElement>(chat, 'retry').click();
    await done;

    expect(chat.messages.map(({text}) => text)).to.deep.equal(['Why?', 'Whole.']);
  });

  it('continues an answer that reached its length limit', async () => {
    const cut = openaiFinish.replace('"stop"', '"length"');
    const server = await script([sse(openaiChunk('One,'), cut, '[DONE]'), openai(' two.')]);
    const chat = await createChat({endpoint: server.url});
    await chat.send('Count.');
    await until(() => parts(chat, 'continue').length === 1);
    const done = next(chat, 'done');

    part<HTMLButtonElement>(chat, 'continue').click();
    await done;

    expect(chat.messages.map(({role}) => role)).to.deep.equal(['user', 'assistant', 'user', 'assistant']);
    expect(JSON.parse((await server.log()).requests[1]!.body).messages[1].content).to.equal('One,');
  });

  it('counts down Retry-After, and disables Retry until then', async function () {
    this.timeout(15_000);
    const server = await script([{status: 429, headers: {'retry-after': '300'}}, openai('Here.')]);
    const chat = await createChat({endpoint: server.url});
    const failed = ended(chat);
    void chat.send('Go.');
    await failed;

    expect(words(part(chat, 'error'))).to.match(/Try again in (300|299) s/);
    await until(() => /Try again in 29[78] s/.test(words(part(chat, 'error'))));
    expect(part<HTMLButtonElement>(chat, 'retry').disabled).to.be.true;
    part(chat, 'retry').click();
    expect(chat.state).to.equal('idle');

    const answer = await chat.retry();
    expect(answer?.text).to.equal('Here.');
    expect(parts(chat, 'retry')).to.have.length(0);
  });

  it('removes the countdown when the time is over', async () => {
    const chat = await ending({
      status: 'failed',
      error: {code: 'rate-limit', message: 'Busy.', retryable: true, retryAfter: 1},
    });

    const sentence = 'There are too many requests right now. Try again in a moment.';
    expect(words(part(chat, 'error'))).to.equal(`${sentence} Try again in 1 s Retry`);
    expect(part<HTMLButtonElement>(chat, 'retry').disabled).to.be.true;
    await until(() => words(part(chat, 'error')) === `${sentence} Retry`);
    await until(() => !part<HTMLButtonElement>(chat, 'retry').disabled);
  });

  it('makes each message an article with its author as a heading, and marks the streaming one as busy', async () => {
    const server = await script({
      steps: [{write: `data: ${openaiChunk('One')}\n\n`}, {until: 'go'}, {write: 'data: [DONE]\n\n'}],
    });
    const chat = await createChat({endpoint: server.url});
    const done = next(chat, 'done');
    void chat.send('Why?');
    await until(() => shownAnswer(chat) === 'One');
    const look = () =>
      parts(chat, 'message').map((message) =>
        ['role', 'aria-busy'].map((name) => message.getAttribute(name)),
      );

    expect(look()).to.deep.equal([
      ['article', null],
      ['article', 'true'],
    ]);
    await server.release('go');
    await done;

    expect(look()).to.deep.equal([
      ['article', null],
      ['article', null],
    ]);
    expect(parts(chat, 'message').map((message) => words(message.querySelector('h2')!))).to.deep.equal([
      'You',
      'Assistant',
    ]);
  });

  it('keeps the nodes of a message when others are added after it', async () => {
    const server = await script([openai('One.'), openai('Two.')]);
    const chat = await createChat({endpoint: server.url});
    await chat.send('Why?');
    await until(() => parts(chat, 'actions').length === 2);
    const nodes = () =>
      parts(chat, 'message')
        .slice(0, 2)
        .flatMap((message) => [message, ...message.querySelectorAll('p, [part~="copy"]')]);
    const before = nodes();

    await chat.send('And?');
    await until(() => parts(chat, 'actions').length === 4);

    expect(before.length).to.be.greaterThan(4);
    expect(nodes()).to.deep.equal(before);
  });

  it('shows that the user is offline, and resumes when back online', async () => {
    const server = await script([{refuse: true}, openai('Here.')]);
    const chat = await createChat({endpoint: server.url});
    Object.defineProperty(navigator, 'onLine', {value: false, configurable: true});
    const done = next(chat, 'done');

    try {
      void chat.send('Go.');
      await until(() => parts(chat, 'offline').length === 1);
      const banner = part(chat, 'offline');
      expect(words(banner)).to.equal('You are offline. The answer will continue when you are back online.');
      expect(banner.getBoundingClientRect().height).to.be.greaterThan(20);
    } finally {
      Reflect.deleteProperty(navigator, 'onLine');
    }
    dispatchEvent(new Event('online'));
    await done;

    expect(shownAnswer(chat)).to.equal('Here.');
    await until(() => parts(chat, 'offline').length === 0);
  });

  it('shows the empty state until the first message, and the footer always', async () => {
    const server = await script(openai('One.'));
    const chat = await createChat({endpoint: server.url});
    const [empty, disclaimer] = ['empty', 'footer'].map((slot) =>
      Object.assign(document.createElement('p'), {slot, textContent: `In ${slot}`}),
    );
    chat.append(empty!, disclaimer!);
    const isShown = (element: Element) => element.getBoundingClientRect().height > 0;
    expect([isShown(empty!), isShown(disclaimer!)]).to.deep.equal([true, true]);

    await chat.send('Why?');

    expect([isShown(empty!), isShown(disclaimer!)]).to.deep.equal([false, true]);
  });

  it('renders reasoning as details and sources as a list', async () => {
    const chat = await createChat();
    chat.messages = [
      {
        role: 'assistant',
        text: 'Four.',
        parts: [
          {type: 'reasoning', text: 'Two and two.', seconds: 3},
          {type: 'text', text: 'Four.'},
          {type: 'source', url: 'https://example.com/sums', title: 'Sums'},
        ],
      },
    ];
    await chat.updateComplete;

    const reasoning = part<HTMLDetailsElement>(chat, 'reasoning');
    expect([reasoning.localName, reasoning.open, words(reasoning.querySelector('summary')!)]).to.deep.equal([
      'details',
      false,
      'Thought for 3 s',
    ]);
    reasoning.querySelector('summary')!.click();
    expect(reasoning.open).to.be.true;
    expect(words(part(chat, 'source'))).to.equal('Sums example.com');
    expect(part(chat, 'source').closest('ol')).not.to.be.null;
  });
});
