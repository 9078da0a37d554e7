import {expect} from '@open-wc/testing';

import {registerSource, type Delta, type Source, type SourceRequest} from '../../src/index.js';
import type {StreamChat} from '../../src/stream-chat.js';
import {collect, createChat, next, part, parts, shownAnswer, until} from '../helpers/chat.js';
import {openai, openaiChunk, script} from '../helpers/server.js';

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const never = () => new Promise<never>(() => {});

/** Returns a chat without an endpoint. */
async function create(source: Source | string, attributes: Record<string, string> = {}) {
  const chat = await createChat({renderer: 'plain', ...attributes});
  chat.removeAttribute('endpoint');
  chat.source = source;
  return chat;
}

describe('source', () => {
  describe('what a function may return', () => {
    const streamOf = <T>(...values: readonly T[]) =>
      new ReadableStream<T>({
        start(controller) {
          for (const value of values) controller.enqueue(value);
          controller.close();
        },
      });
    const bytes = new TextEncoder().encode(`data: ${openaiChunk('Hel')}\n\ndata: ${openaiChunk('lo.')}\n\ndata: [DONE]\n\n`);
    const forms: readonly [name: string, source: Source][] = [
      ['text', () => 'Hello.'],
      ['a promise of text', async () => 'Hello.'],
      ['an async generator', async function* () {
        yield 'Hel';
        yield 'lo.';
      }],
      ['deltas', async function* () {
        yield {type: 'text', text: 'Hel'};
        yield {type: 'text', text: 'lo.'};
        yield {type: 'finish', reason: 'stop'};
        yield {type: 'end'};
      }],
      ['a stream of text', () => streamOf('Hel', 'lo.')],
      ['a stream of deltas', () => streamOf<Delta>({type: 'text', text: 'Hello.'})],
      ['the body of a response', () => streamOf(...[0, 1, 2, 3].map((index) => bytes.slice((index * bytes.length) / 4, ((index + 1) * bytes.length) / 4)))],
      ['a response', () => new Response(bytes, {headers: {'content-type': 'text/event-stream'}})],
      ['a response of plain text', () => new Response('Hello.')],
    ];
    for (const [name, source] of forms) {
      it(name, async () => {
        const chat = await create(source);

        const message = await chat.send('Hi?');

        expect(message).to.include({text: 'Hello.', status: 'done', reason: 'stop'});
        await until(() => shownAnswer(chat) === 'Hello.');
      });
    }
  });

  it('draws text as it comes', async () => {
    let release = () => {};
    const chat = await create(async function* () {
      yield 'One ';
      await new Promise<void>((resolve) => (release = resolve));
      yield 'two';
    });
    const deltas = collect(chat, 'delta');
    const done = chat.send('Go.');

    await until(() => shownAnswer(chat).trim() === 'One');
    expect(chat.state).to.equal('streaming');
    release();

    expect((await done)!.text).to.equal('One two');
    expect(deltas.map(({detail}) => detail.text)).to.deep.equal(['One ', 'two']);
  });

  it('takes pieces that repeat each other as they are', async () => {
    const chat = await create(async function* () {
      yield* ['ha', 'haha', 'hahaha', '[DONE]', ' ', 'data: x'];
    });

    expect((await chat.send('Go.'))!.text).to.equal('hahahahahaha[DONE] data: x');
  });

  it('receives the conversation and the request that would be sent', async () => {
    const requests: SourceRequest[] = [];
    const chat = await createChat({endpoint: '/api/chat', model: 'm-1', system: 'Be brief.', renderer: 'plain'});
    chat.headers = {authorization: 'Bearer x'};
    chat.source = (request) => {
      requests.push(request);
      return 'Fine.';
    };
    await chat.send('One?');
    await chat.send('Two?');

    const {url, method, headers, body, messages, prompt, settings, protocol, signal} = requests[1]!;
    expect({url, method, prompt, protocol}).to.deep.equal({url: `${location.origin}/api/chat`, method: 'POST', prompt: 'Two?', protocol: 'auto'});
    expect(headers.get('authorization')).to.equal('Bearer x');
    expect(JSON.parse(body!)).to.deep.include({model: 'm-1', stream: true});
    expect(JSON.parse(body!).messages).to.deep.equal([
      {role: 'system', content: 'Be brief.'},
      {role: 'user', content: 'One?'},
      {role: 'assistant', content: 'Fine.'},
      {role: 'user', content: 'Two?'},
    ]);
    expect(messages.map(({text}) => text)).to.deep.equal(['One?', 'Fine.', 'Two?']);
    expect(settings).to.include({model: 'm-1', system: 'Be brief.'});
    expect(settings.chatId).to.equal(requests[0]!.settings.chatId);
    expect(signal).to.be.instanceOf(AbortSignal);
  });

  it('can be a fetch of the page, whose answers are resumed as those of an endpoint', async () => {
    const server = await script([
      {steps: [{write: `id: 1\ndata: ${openaiChunk('Hel')}\n\n`}, {wait: 50}, {reset: true}]},
      {steps: [{write: `id: 2\ndata: ${openaiChunk('lo.')}\n\ndata: [DONE]\n\n`}]},
    ]);
    const ids: (string | null)[] = [];
    const chat = await createChat({endpoint: server.url, renderer: 'plain'});
    chat.source = ({url, method, headers, body}, {signal}) => {
      ids.push(headers.get('last-event-id'));
      return fetch(url, {method, headers, signal, ...(body && {body})});
    };

    const message = await chat.send('Go.');

    expect(message).to.include({text: 'Hello.', status: 'done'});
    expect(ids).to.deep.equal([null, '1']);
  });

  it('runs the tools of the page, and is asked again with their results', async () => {
    const asked: SourceRequest[] = [];
    const chat = await create(async function* (request) {
      asked.push(request);
      if (asked.length === 1) yield {type: 'tool-call', key: '1', id: 'c1', name: 'add', arguments: '{"a":1,"b":2}', complete: true};
      else yield `It is ${JSON.stringify(request.messages.at(-1)!.parts.flatMap((part) => (part.type === 'tool-call' ? [part.result] : [])))}.`;
    });
    chat.tools = [{name: 'add', description: 'Adds.', execute: ({a, b}: {a: number; b: number}) => a + b}];

    const message = await chat.send('1 + 2?');

    expect(message!.text).to.equal('It is [3].');
    expect(asked).to.have.length(2);
  });

  describe('ends', () => {
    it('as an error with what it throws, once, and keeps the text', async () => {
      let calls = 0;
      const chat = await create(async function* () {
        calls++;
        yield 'Half';
        throw new TypeError('The model fell over.');
      });
      const failed = next(chat, 'error');

      const message = await chat.send('Go.');

      expect(message).to.include({text: 'Half', status: 'failed'});
      expect((await failed).detail.error).to.include({code: 'provider', message: 'The source failed: The model fell over.'});
      expect(calls).to.equal(1);
      await until(() => part(chat, 'error'));
      expect(part(chat, 'error').textContent).to.contain('The assistant could not answer').and.not.contain('fell over');
    });

    const mistakes: readonly [name: string, source: unknown, code: string][] = [
      ['a function that throws at once', () => { throw new Error('No.'); }, 'provider'],
      ['a function that rejects with nothing', () => Promise.reject(undefined), 'provider'],
      ['a function that returns nothing', () => undefined, 'config'],
      ['a function that returns a number', () => 5, 'config'],
      ['a value that is no delta', async function* () { yield {text: 'Hi'}; }, 'config'],
      ['nothing at all', async function* () {}, 'provider'],
      ['an error delta', async function* () { yield {type: 'error', error: new Error('Overloaded.')}; }, 'provider'],
      ['a response of an error', () => new Response('{"detail":"No."}', {status: 422, headers: {'content-type': 'application/json'}}), 'http'],
      ['a name that is not registered', 'nowhere', 'config'],
      ['a websocket without an endpoint', 'websocket', 'config'],
    ];
    for (const [name, source, code] of mistakes) {
      it(`as an error: ${name}`, async () => {
        const chat = await create(source as Source);
        const failed = next(chat, 'error');

        const message = await chat.send('Go.');

        expect(message!.status).to.equal('failed');
        expect((await failed).detail.error.code).to.equal(code);
        expect(chat.state).to.equal('idle');
      });
    }

    it('when it is stopped, and the signal aborts', async () => {
      let isAborted = false;
      let isClosed = false;
      const chat = await create(async function* (_, {signal}) {
        signal.addEventListener('abort', () => (isAborted = true));
        try {
          for (;;) {
            yield 'on ';
            await wait(5);
          }
        } finally {
          isClosed = true;
        }
      });
      const message = chat.send('Go.');
      await until(() => shownAnswer(chat).startsWith('on on'));

      chat.stop();

      expect(await message).to.include({status: 'stopped', reason: 'aborted'});
      expect(isAborted).to.equal(true);
      await until(() => isClosed);
    });

    it('when it is stopped, although the function never settles', async () => {
      const chat = await create(never);
      const message = chat.send('Go.');
      await until(() => chat.state === 'connecting');
      await wait(20);

      chat.stop();

      expect((await message)!.status).to.equal('stopped');
    });

    it('with a timeout when nothing comes', async () => {
      const chat = await create(async function* () {
        yield 'Half';
        await never();
      }, {'idle-timeout': '0.2'});
      const failed = next(chat, 'error');

      expect(await chat.send('Go.')).to.include({text: 'Half', status: 'failed'});
      expect((await failed).detail.error.message).to.contain('0.2 s');
    });

    it('at max-chars', async () => {
      let isClosed = false;
      const chat = await create(async function* () {
        try {
          for (;;) {
            yield '0123456789';
            await wait(0);
          }
        } finally {
          isClosed = true;
        }
      }, {'max-chars': '100'});

      const message = await chat.send('Go.');

      expect(message).to.include({status: 'done', reason: 'length'});
      expect(message!.text).to.have.length(100);
      await until(() => isClosed);
    });
  });

  for (const [name, source] of [
    ['throws', () => { throw new Error('No.'); }],
    ['rejects', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['throws while it is iterated', async function* () { yield ''; throw new Error('No.'); }],
    ['ends without an answer', () => ''],
  ] as readonly [string, Source][]) {
    it(`is not asked again by itself when it ${name}, and by the user with a button`, async () => {
      let calls = 0;
      const chat = await create((...args) => (++calls === 2 ? 'Now.' : source(...args)));
      await chat.send('Go.');
      expect(chat.messages.at(-1)!.status).to.equal('failed');
      expect(calls).to.equal(1);
      await until(() => parts(chat, 'retry').length > 0);

      const done = next(chat, 'done');
      part(chat, 'retry').click();

      expect((await done).detail.message.text).to.equal('Now.');
      expect(calls).to.equal(2);
    });
  }

  it('can be registered by name, and removed', async () => {
    registerSource('echo', ({prompt}) => `You said ${prompt}`);
    const server = await script(openai('From the server.'));
    const chat = await createChat({endpoint: server.url, source: 'echo', renderer: 'plain'});
    expect((await chat.send('Hi'))!.text).to.equal('You said Hi');

    chat.removeAttribute('source');
    expect(chat.source).to.equal('fetch');
    expect((await chat.send('Hi'))!.text).to.equal('From the server.');
  });

  it('keeps conversations without an endpoint', async () => {
    const id = `source-${Math.random()}`;
    const chat = await create(() => 'Kept.', {persist: 'session', id});
    await chat.send('Keep?');
    chat.remove();

    const again = await create(() => 'Kept.', {persist: 'session', id});
    await until(() => again.messages.length === 2);
    expect(again.messages.map(({text}) => text)).to.deep.equal(['Keep?', 'Kept.']);
  });

  it('shows how much of a model is downloaded', async () => {
    let go = () => {};
    const chat = await create(async function* (_, {reportDownload}) {
      await wait(0);
      reportDownload(0.404);
      await new Promise<void>((resolve) => (go = resolve));
      reportDownload(1);
      yield 'Loaded.';
    });
    const message = chat.send('Go.');

    await until(() => part(chat, 'status').textContent!.includes('40 %'));
    go();

    expect((await message)!.text).to.equal('Loaded.');
    await until(() => !part(chat, 'status').textContent!.includes('%'));
  });

  for (const [name, end] of [
    ['is stopped', (chat: StreamChat) => chat.stop()],
    ['fails', (_: StreamChat, fail: () => void) => fail()],
  ] as const) {
    it(`no longer shows a download when the answer ${name}`, async () => {
      let fail = () => {};
      const chat = await create(async function* (_, {reportDownload}) {
        await wait(0);
        reportDownload(0.4);
        await new Promise<void>((__, reject) => (fail = () => reject(new Error('No.'))));
        yield 'Never.';
      });
      const message = chat.send('Go.');
      await until(() => part(chat, 'status').textContent!.includes('40 %'));

      end(chat, () => fail());
      await message;

      await until(() => !part(chat, 'status').textContent!.includes('%'));
    });
  }

  it('ignores a download that is reported after the end', async () => {
    let report: (fraction: number) => void = () => {};
    const chat = await create(async function* (_, {reportDownload}) {
      report = reportDownload;
      yield 'Half';
      await never();
    });
    const message = chat.send('Go.');
    await until(() => shownAnswer(chat) === 'Half');
    chat.stop();
    await message;

    report(0.5);
    await chat.updateComplete;
    expect(part(chat, 'status').textContent).not.to.contain('%');
  });

  describe('demo', () => {
    it('answers without any request', async () => {
      const original = window.fetch;
      const urls: string[] = [];
      window.fetch = (...args) => {
        urls.push(String(args[0]));
        return original(...args);
      };
      try {
        const chat = await create('demo');
        const message = await chat.send('Does it *work*?');

        expect(message!.status).to.equal('done');
        expect(message!.text).to.contain('Does it work ?').and.contain('simulated');
        expect(urls).to.deep.equal([]);
      } finally {
        window.fetch = original;
      }
    });

    it('answers in Chinese, and stops', async () => {
      const chat = await create('demo');
      const message = chat.send('这是什么？');
      await until(() => shownAnswer(chat).includes('这是什么'));

      chat.stop();

      expect((await message)!.status).to.equal('stopped');
    });
  });

  describe('prompt-api', () => {
    const global = globalThis as {LanguageModel?: unknown};
    const original = global.LanguageModel;
    afterEach(() => {
      if (original === undefined) delete global.LanguageModel;
      else global.LanguageModel = original;
    });

    it('asks the language model of the browser, with the conversation', async () => {
      const created: any[] = [];
      const prompts: string[] = [];
      let destroyed = 0;
      global.LanguageModel = {
        availability: async () => 'downloadable',
        create: async (options: any) => {
          created.push(options.initialPrompts);
          const target = new EventTarget();
          options.monitor(target);
          target.dispatchEvent(Object.assign(new Event('downloadprogress'), {loaded: 0.5}));
          await wait(50);
          target.dispatchEvent(Object.assign(new Event('downloadprogress'), {loaded: 1}));
          return {
            promptStreaming: (prompt: string) => {
              prompts.push(prompt);
              return new ReadableStream({
                start(controller) {
                  controller.enqueue('From ');
                  controller.enqueue('the device.');
                  controller.close();
                },
              });
            },
            destroy: () => destroyed++,
          };
        },
      };
      const chat = await create('prompt-api', {system: 'Be brief.'});
      const first = chat.send('One?');
      await until(() => part(chat, 'status').textContent!.includes('50 %'));
      expect((await first)!.text).to.equal('From the device.');
      await chat.send('Two?');

      expect(prompts).to.deep.equal(['One?', 'Two?']);
      expect(created[1]).to.deep.equal([
        {role: 'system', content: 'Be brief.'},
        {role: 'user', content: 'One?'},
        {role: 'assistant', content: 'From the device.'},
      ]);
      expect(destroyed).to.equal(2);
    });

    for (const [name, model] of [
      ['a browser without one', undefined],
      ['a device that cannot run it', {availability: async () => 'unavailable'}],
    ] as const) {
      it(`says so in ${name}`, async () => {
        delete global.LanguageModel;
        if (model) global.LanguageModel = model;
        const chat = await create('prompt-api');
        const failed = next(chat, 'error');

        expect((await chat.send('Go.'))!.status).to.equal('failed');
        expect((await failed).detail.error).to.include({code: 'config', kind: 'no-model'});
        await until(() => part(chat, 'error'));
        expect(part(chat, 'error').textContent).to.contain('no language model of its own');
      });
    }
  });
});

