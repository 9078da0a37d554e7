import {aTimeout, expect} from '@open-wc/testing';
import {sendKeys} from '@web/test-runner-commands';

import {registerRenderer} from '../src/index.js';
import type {StreamChat} from '../src/stream-chat.js';
import {ask, collect, createChat, ended, next, part, parts, shownAnswer, until} from './helpers/chat.js';
import {json, openai, openaiChunk, script, sse} from './helpers/server.js';

describe('<stream-chat>', () => {
  it('streams the answer to a message typed by a user', async () => {
    const server = await script(openai('Hello', ' *there*', '.'));
    const chat = await createChat({endpoint: server.url, renderer: 'plain'});
    const done = next(chat, 'done');

    await ask(chat, 'Hi?');
    const {detail} = await done;

    expect(shownAnswer(chat)).to.equal('Hello *there*.');
    expect(detail.message.text).to.equal('Hello *there*.');
    expect(detail.reason).to.equal('stop');
    expect(part(chat, 'user').querySelector('[part="text"]')!.textContent).to.equal('Hi?');
  });

  it('renders the answer while it streams', async () => {
    const server = await script({
      steps: [{write: `data: ${openaiChunk('first')}\n\n`}, {until: 'go'}, {write: `data: ${openaiChunk(' second')}\n\ndata: [DONE]\n\n`}],
    });
    const chat = await createChat({endpoint: server.url});
    const done = next(chat, 'done');

    void chat.send('Go.');
    await until(() => shownAnswer(chat) === 'first');
    expect(chat.state).to.equal('streaming');
    expect(chat.matches(':state(streaming)')).to.be.true;
    await server.release('go');
    await done;

    expect(shownAnswer(chat)).to.equal('first second');
    expect(chat.state).to.equal('idle');
  });

  it('sends the conversation with every message', async () => {
    const server = await script([openai('One.'), openai('Two.')]);
    const chat = await createChat({endpoint: server.url, model: 'm', system: 'Be brief.', temperature: '0.2', 'top-p': '0.9', 'max-tokens': '50'});

    await chat.send('First?');
    await chat.send('Second?');

    const {requests} = await server.log();
    const {messages, stream, model, temperature, top_p} = JSON.parse(requests[1]!.body);
    expect({stream, model, temperature, top_p}).to.deep.equal({stream: true, model: 'm', temperature: 0.2, top_p: 0.9});
    expect(messages).to.deep.equal([
      {role: 'system', content: 'Be brief.'},
      {role: 'user', content: 'First?'},
      {role: 'assistant', content: 'One.'},
      {role: 'user', content: 'Second?'},
    ]);
    expect(requests[0]!.body).to.match(/max_(completion_)?tokens":50/);
  });

  it('sends a GET request with the message alone', async () => {
    const get = await script(sse('ok', '[DONE]'));
    const post = await script(sse('ok', '[DONE]'));

    await (await createChat({endpoint: get.url, method: 'GET', 'prompt-param': 'q'})).send('a b&c');
    await (await createChat({endpoint: post.url, protocol: 'prompt', 'prompt-param': 'message'})).send('a b');

    expect((await get.log()).requests[0]!.url).to.match(/\?q=a\+b%26c$/);
    expect(JSON.parse((await post.log()).requests[0]!.body)).to.deep.equal({message: 'a b'});
  });

  describe('keyboard', () => {
    it('inserts a newline with Shift+Enter', async () => {
      const server = await script(openai('ok'));
      const chat = await createChat({endpoint: server.url});
      chat.focus();

      await sendKeys({type: 'one'});
      await sendKeys({down: 'Shift'});
      await sendKeys({press: 'Enter'});
      await sendKeys({up: 'Shift'});
      await sendKeys({type: 'two'});

      expect(part<HTMLTextAreaElement>(chat, 'input').value).to.equal('one\ntwo');
      expect(chat.messages).to.have.length(0);
    });

    // The order of events in Chromium, in Safari, and of a key that only an input method knows.
    for (const [name, init, composes] of [
      ['while an input method composes', {isComposing: true}, false],
      ['that Safari sends behind the composition', {keyCode: 229}, true],
      ['of a macOS input method', {keyCode: 229}, false],
    ] as const) {
      it(`does not send with the Enter ${name}`, async () => {
        const chat = await createChat({endpoint: '/nowhere'});
        const input = part<HTMLTextAreaElement>(chat, 'input');
        input.value = '日本';

        if (composes) input.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true, data: '日本'}));
        const event = new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true, ...init});
        if ('keyCode' in init) Object.defineProperty(event, 'keyCode', {value: init.keyCode});
        input.dispatchEvent(event);

        expect(chat.messages).to.have.length(0);
        expect(input.value).to.equal('日本');
      });
    }

    it('keeps the draft of the next question while an answer streams', async () => {
      const server = await script({steps: [{write: `data: ${openaiChunk('x')}\n\n`}, {silence: true}]});
      const chat = await createChat({endpoint: server.url});
      void chat.send('First');
      await until(() => shownAnswer(chat) === 'x');

      await ask(chat, 'draft');

      expect(part<HTMLTextAreaElement>(chat, 'input').value).to.equal('draft');
      expect(chat.messages).to.have.length(2);
      chat.stop();
    });
  });

  describe('Send and Stop', () => {
    it('are one button', async () => {
      const server = await script({steps: [{write: `data: ${openaiChunk('x')}\n\n`}, {silence: true}]});
      const chat = await createChat({endpoint: server.url});
      const button = part<HTMLButtonElement>(chat, 'send');
      expect(button.getAttribute('aria-label')).to.equal('Send');

      void chat.send('Go.');
      await until(() => button.getAttribute('aria-label') === 'Stop');
      const done = next(chat, 'done');
      button.click();
      const {detail} = await done;

      expect(part(chat, 'send')).to.equal(button);
      expect(detail.reason).to.equal('aborted');
      await until(() => button.getAttribute('aria-label') === 'Send');
    });

    it('stops before the first byte: the server sees the connection close', async () => {
      const server = await script({hold: true});
      const chat = await createChat({endpoint: server.url});
      const done = next(chat, 'done');
      void chat.send('Go.');
      await server.waitFor(({requests}) => requests.length === 1);

      chat.stop();

      expect((await done).detail.reason).to.equal('aborted');
      const {requests} = await server.waitFor(({open}) => open === 0);
      expect(requests.map(({closed}) => closed)).to.deep.equal(['client']);
    });

    it('stops in the middle, keeps the text, and sends no more requests', async () => {
      const server = await script({steps: [{repeat: 1000, write: `data: ${openaiChunk('word ')}\n\n`, wait: 10}]});
      const chat = await createChat({endpoint: server.url});
      void chat.send('Go.');
      await until(() => shownAnswer(chat).includes('word word'));

      chat.stop();
      const {text} = chat.messages.at(-1)!;

      await server.waitFor(({open}) => open === 0);
      await aTimeout(100);
      expect(chat.messages.at(-1)).to.include({text, status: 'stopped', reason: 'aborted'});
      const {requests} = await server.log();
      expect(requests.map(({closed}) => closed)).to.deep.equal(['client']);
      expect(part(chat, 'assistant').textContent).to.contain('Stopped');
    });

    it('closes the connection when the element is removed, but not when it is moved', async () => {
      const server = await script({steps: [{repeat: 1000, write: `data: ${openaiChunk('word ')}\n\n`, wait: 10}]});
      const chat = await createChat({endpoint: server.url});
      void chat.send('Go.');
      await until(() => shownAnswer(chat).includes('word'));

      const other = document.createElement('div');
      chat.parentElement!.append(other);
      other.append(chat);
      await aTimeout(50);
      expect((await server.log()).open).to.equal(1);
      const {length} = chat.messages.at(-1)!.text;
      await until(() => chat.messages.at(-1)!.text.length > length);

      chat.remove();
      const {requests} = await server.waitFor(({open}) => open === 0);
      expect(requests.map(({closed}) => closed)).to.deep.equal(['client']);
    });
  });

  describe('one render per animation frame', () => {
    it('renders 3,000 deltas at most once per animation frame, and dispatches each', async function () {
      this.timeout(30_000);
      const server = await script({
        steps: [{repeat: 3000, write: `data: ${openaiChunk('t{i} ')}\n\n`, wait: 10 / 3}, {write: 'data: [DONE]\n\n'}],
      });
      const chat = await createChat({endpoint: server.url, renderer: 'plain'});
      const expected = Array.from({length: 3000}, (_, i) => `t${i} `).join('');
      let frames = 0;
      let late = 0;
      let running = true;
      let last = performance.now();
      const count = () => {
        frames++;
        // Where a frame is late, a timer draws, as often as it is late by this.
        late += Math.floor((performance.now() - last) / 200);
        last = performance.now();
        if (running) requestAnimationFrame(count);
      };
      requestAnimationFrame(count);
      let renders = 0;
      const observer = new MutationObserver(() => renders++);
      observer.observe(chat.shadowRoot!, {subtree: true, characterData: true, childList: true});
      const deltas = collect(chat, 'delta');

      const message = await chat.send('Count.');
      running = false;
      observer.disconnect();

      expect(message!.text).to.equal(expected);
      expect(shownAnswer(chat)).to.equal(expected);
      expect(deltas).to.have.length(3000);
      expect(deltas.map(({detail}) => detail.text).join('')).to.equal(expected);
      expect(deltas.every(({detail}, i) => detail.offset === expected.indexOf(`t${i} `))).to.be.true;
      expect(deltas.at(-1)!.detail.snapshot).to.equal(expected);
      // Drawing before the first frame and after the last one, when the state changes.
      expect(renders).to.be.lessThan(frames + late + 10);
    });

    it('fires done when the last character is in the DOM', async () => {
      const server = await script(openai('a', 'b', 'the end'));
      const chat = await createChat({endpoint: server.url});
      let shown = '';
      chat.addEventListener('done', () => (shown = shownAnswer(chat)));

      await chat.send('Go.');

      expect(shown).to.equal('abthe end');
    });

    it('coalesces the deltas of a burst without losing text', async () => {
      const tokens = Array.from({length: 10_000}, (_, i) => `t${i} `);
      const server = await script({
        steps: [{write: `${tokens.map((token) => `data: ${openaiChunk(token)}\n\n`).join('')}data: [DONE]\n\n`}],
      });
      const chat = await createChat({endpoint: server.url, renderer: 'plain'});
      const deltas = collect(chat, 'delta');
      const late: number[] = [];
      chat.addEventListener('delta', ({detail}) => {
        if (chat.messages.at(-1)!.text.length !== detail.offset + detail.text.length) late.push(detail.offset);
      });

      const {text} = (await chat.send('Count.'))!;

      // As booleans: what differs would be pages long.
      const pieces = deltas.map(({detail}) => detail.text);
      expect(text === tokens.join('')).to.equal(true);
      expect(pieces.join('') === text).to.equal(true);
      expect(deltas.every(({detail}) => text.startsWith(detail.text, detail.offset))).to.equal(true);
      expect(late).to.deep.equal([]);
      expect(pieces[0], 'the first are told as they came').to.equal('t0 ');
      expect(pieces.length).to.be.below(2000);
      expect(Math.max(...pieces.map(({length}) => length))).to.be.below(1100);
    });

    it('dispatches each delta that arrived while the page was blocked', async () => {
      const tokens = Array.from({length: 1000}, (_, i) => `t${i} `);
      const server = await script({
        steps: [
          {write: `data: ${openaiChunk('Well: ')}\n\n`},
          {wait: 1500},
          {write: `${tokens.map((token) => `data: ${openaiChunk(token)}\n\n`).join('')}data: [DONE]\n\n`},
        ],
      });
      const chat = await createChat({endpoint: server.url, renderer: 'plain'});
      const deltas = collect(chat, 'delta');

      await chat.send('Count.');

      expect(deltas.map(({detail}) => detail.text)).to.have.length(1001).and.include('t999 ');
    });

    it('updates `messages` at once, before rendering', async () => {
      const server = await script(openai('a', 'b'));
      const chat = await createChat({endpoint: server.url});
      const seen: string[] = [];
      chat.addEventListener('delta', () => seen.push(chat.messages.at(-1)!.text));

      await chat.send('Go.');

      expect(seen).to.deep.equal(['a', 'ab']);
    });
  });

  describe('events', () => {
    it('do not bubble', async () => {
      const server = await script([openai('a'), {status: 404}]);
      const chat = await createChat({endpoint: server.url});
      const heard: string[] = [];
      for (const type of ['delta', 'done', 'error', 'send', 'request', 'statechange']) {
        chat.parentElement!.addEventListener(type, () => heard.push(type));
      }

      await chat.send('Go.');
      await chat.send('Again.');

      expect(heard).to.deep.equal([]);
    });

    it('send can be cancelled', async () => {
      const chat = await createChat({endpoint: '/nowhere'});
      chat.addEventListener('send', (event) => event.preventDefault());

      expect(await chat.send('Go.')).to.be.undefined;

      expect(chat.messages).to.have.length(0);
    });

    it('request can change everything, and wait', async () => {
      const server = await script(openai('ok'));
      const chat = await createChat({endpoint: '/elsewhere'});
      chat.addEventListener('request', (event) => {
        event.detail.url = server.url;
        event.detail.body = {...event.detail.body, user: 'u1'};
        event.waitUntil(aTimeout(10).then(() => event.detail.headers.set('x-token', 'fresh')));
      });

      await chat.send('Go.');

      const [request] = (await server.log()).requests;
      expect(request!.headers['x-token']).to.equal('fresh');
      expect(JSON.parse(request!.body)).to.include({user: 'u1', stream: true});
    });

    it('request can be cancelled', async () => {
      const server = await script(openai('ok'));
      const chat = await createChat({endpoint: server.url});
      chat.addEventListener('request', (event) => event.preventDefault());

      const message = await chat.send('Go.');

      expect(message!.status).to.equal('stopped');
      expect((await server.log()).requests).to.have.length(0);
    });

    it('report the states in order', async () => {
      const server = await script(openai('ok'));
      const chat = await createChat({endpoint: server.url});
      const states = collect(chat, 'statechange');

      await chat.send('Go.');

      expect(states.map(({detail}) => detail.state)).to.deep.equal(['connecting', 'streaming', 'idle']);
    });

    it('continue after a listener throws', async () => {
      const server = await script(openai('a', 'b'));
      const chat = await createChat({endpoint: server.url});
      const {onerror} = window;
      window.onerror = () => true;
      chat.addEventListener('delta', () => {
        throw new Error('the page is broken');
      });

      const message = await chat.send('Go.');
      window.onerror = onerror;

      expect(message).to.include({text: 'ab', status: 'done'});
      expect((await server.log()).requests).to.have.length(1);
    });
  });

  describe('settings of the page', () => {
    it('headers can be a function, called before every attempt', async () => {
      const server = await script([{status: 503}, openai('ok')]);
      const chat = await createChat({endpoint: server.url});
      let n = 0;
      chat.headers = async () => ({authorization: `Bearer ${++n}`});
      chat.body = {extra: 1};

      await chat.send('Go.');

      const {requests} = await server.log();
      expect(requests.map(({headers}) => headers['authorization'])).to.deep.equal(['Bearer 1', 'Bearer 2']);
      expect(JSON.parse(requests[0]!.body)).to.include({extra: 1});
    });

    it('messages can be set, in the common shapes', async () => {
      const server = await script(openai('ok'));
      const chat = await createChat({endpoint: server.url});
      chat.messages = [{role: 'user', content: 'old question'}, {role: 'assistant', text: 'old answer'}];
      await until(() => shownAnswer(chat) === 'old answer');

      await chat.send('Go.');

      const [request] = (await server.log()).requests;
      expect(JSON.parse(request!.body).messages.map(({content}: {content: string}) => content)).to.deep.equal(['old question', 'old answer', 'Go.']);
    });

    it('reads its initial messages from its children', async () => {
      const host = document.createElement('div');
      host.innerHTML = '<stream-chat><stream-chat-message role="assistant">Hello!</stream-chat-message></stream-chat>';
      document.body.append(host);
      const chat = host.firstElementChild as StreamChat;

      await until(() => shownAnswer(chat) === 'Hello!');

      expect(chat.messages[0]).to.include({role: 'assistant', text: 'Hello!'});
      host.remove();
    });

    it('sends no more than history-limit messages', async () => {
      const server = await script(openai('ok'));
      const chat = await createChat({endpoint: server.url, 'history-limit': '2'});
      chat.messages = ['a', 'b', 'c'].map((text) => ({role: 'user', text}));

      await chat.send('d');

      const [request] = (await server.log()).requests;
      expect(JSON.parse(request!.body).messages.map(({content}: {content: string}) => content)).to.deep.equal(['c', 'd']);
    });

    it('stops an answer at max-chars, with the reason length', async () => {
      const server = await script({steps: [{repeat: 500, write: `data: ${openaiChunk('0123456789')}\n\n`, wait: 2}]});
      const chat = await createChat({endpoint: server.url, 'max-chars': '50'});

      const message = await chat.send('Go.');

      expect(message!.text).to.have.length(50);
      expect(message).to.include({status: 'done', reason: 'length'});
      await server.waitFor(({open}) => open === 0);
    });

    it('stops an answer without max-chars at 4 million characters', async () => {
      // Draws nothing: WebKit needs more than a minute for so long a word.
      registerRenderer('nothing', () => ({write: () => {}, end: () => {}}));
      const server = await script({steps: [{repeat: 5, write: `data: ${openaiChunk('x'.repeat(1_000_000))}\n\n`, wait: 2}]});
      const chat = await createChat({endpoint: server.url, renderer: 'nothing'});

      const message = await chat.send('Go.');

      expect(message!.text).to.have.length(4_000_000);
      expect(message).to.include({status: 'done', reason: 'length'});
    });

    for (const value of ['false', '0', 'off', 'no']) {
      it(`reads disabled="${value}" as false`, async () => {
        expect((await createChat({disabled: value})).disabled).to.be.false;
      });
    }

    for (const [links, answer, asked, followed] of [
      ['confirm', false, 1, false],
      ['confirm', true, 1, true],
      ['open', false, 0, true],
    ] as const) {
      it(`links="${links}": ${asked ? `asks, and ${answer ? 'goes' : 'stays'}` : 'does not ask'}`, async () => {
        const server = await script(openai('[there](https://example.org/x)'));
        const chat = await createChat({endpoint: server.url, links});
        await chat.send('Where?');
        const questions: string[] = [];
        const original = window.confirm;
        window.confirm = (text) => questions.push(text ?? '') > 0 && answer;
        let wasFollowed = false;
        // Nothing is opened in the test: the page has the last word.
        const stay = (event: Event) => {
          wasFollowed = !event.defaultPrevented;
          event.preventDefault();
        };
        window.addEventListener('click', stay);

        chat.shadowRoot!.querySelector<HTMLAnchorElement>('a')!.click();
        window.removeEventListener('click', stay);
        window.confirm = original;

        expect(questions).to.have.length(asked);
        if (asked) expect(questions[0]).to.contain('https://example.org/x');
        expect(wasFollowed).to.equal(followed);
      });
    }

    it('clear() clears the conversation', async () => {
      const server = await script([openai('one'), openai('two')]);
      const chat = await createChat({endpoint: server.url});
      await chat.send('First.');
      const cleared = next(chat, 'clear');

      chat.clear();
      await cleared;
      await chat.send('Second.');

      expect(JSON.parse((await server.log()).requests[1]!.body).messages).to.have.length(1);
      expect(parts(chat, 'message')).to.have.length(2);
    });

    it('clear() in the middle of an answer leaves nothing', async () => {
      const server = await script({steps: [{write: `data: ${openaiChunk('x')}\n\n`}, {silence: true}]});
      const chat = await createChat({endpoint: server.url});
      void chat.send('Go.');
      await until(() => shownAnswer(chat) === 'x');

      chat.clear();
      await server.waitFor(({open}) => open === 0);

      expect(chat.messages).to.have.length(0);
      await until(() => parts(chat, 'message').length === 0);
    });
  });

  describe('errors', () => {
    async function failing(chat: StreamChat) {
      const end = ended(chat);
      void chat.send('Go.');
      const event = await end;
      if (event.type !== 'error') throw new Error(`it ended well: ${chat.messages.at(-1)?.text}`);
      return (event as Awaited<ReturnType<typeof next<'error'>>>).detail;
    }

    it('reports a missing endpoint with a hint', async () => {
      const {error} = await failing(await createChat());

      expect(error.code).to.equal('config');
      expect(error.message).to.contain('<stream-chat endpoint=');
    });

    for (const [status, code, canRetry] of [[401, 'auth', true], [404, 'http', false], [422, 'http', false], [501, 'http', false], [503, 'http', true]] as const) {
      it(`gives the message of the server for ${status} to the page, and a sentence to the reader`, async () => {
        const server = await script([json({error: {message: 'Not today.'}}, status), openai('Now it works.')]);
        const chat = await createChat({endpoint: server.url, retries: '0'});

        const {error} = await failing(chat);
        expect([error.code, error.status]).to.deep.equal([code, status]);
        expect(error.message).to.contain('Not today.').and.contain(String(status));
        expect(part(chat, 'error').textContent.trim()).to.match(/^[A-Z][a-z ,]+[.] [A-Z][a-z ,]+[.]\s*(Retry)?$/);
        expect(parts(chat, 'retry')).to.have.length(canRetry ? 1 : 0);
        if (!canRetry) return;
        part<HTMLButtonElement>(chat, 'retry').click();
        await next(chat, 'done');

        expect(shownAnswer(chat)).to.equal('Now it works.');
        expect(parts(chat, 'message')).to.have.length(2);
        expect(parts(chat, 'error')).to.have.length(0);
      });
    }

    for (const [status, requests] of [[529, 3], [500, 2]] as const) {
      it(`gives up on ${status} after ${requests} requests, with the last error`, async () => {
        const server = await script(json({detail: 'Broken.'}, status));
        const chat = await createChat({endpoint: server.url, retries: '2'});
        const reconnects = collect(chat, 'reconnect');

        const {error} = await failing(chat);

        expect([error.code, error.status]).to.deep.equal(['http', status]);
        expect(error.message).to.contain('Broken.');
        // After a 500 the model may have run: the request is repeated once only.
        expect((await server.log()).requests).to.have.length(requests);
        expect(reconnects).to.have.length(requests - 1);
      });
    }

    it('reports an HTML page in place of a stream', async () => {
      const server = await script({headers: {'content-type': 'text/html'}, steps: [{write: '<!doctype html><h1>Hi</h1>'}]});
      const chat = await createChat({endpoint: server.url});

      const {error} = await failing(chat);

      expect(error.code).to.equal('http');
      expect(error.message).to.contain('web page').and.not.contain('<h1>');
    });

    it('reads only the beginning of an error body', async () => {
      const server = await script({status: 400, headers: {'content-type': 'text/plain'}, steps: [{repeat: 100_000, write: 'x'.repeat(1000), wait: 1}]});
      const chat = await createChat({endpoint: server.url});

      const {error} = await failing(chat);

      expect(error.message.length).to.be.lessThan(500);
      const {requests} = await server.waitFor(({open}) => open === 0);
      expect(requests[0]!.closed).to.equal('client');
    });

    it('skips a malformed event, keeps the text around it, and reports that some may be missing', async () => {
      const server = await script(sse(openaiChunk('half'), '{"choices": [oops', openaiChunk('rest')));
      const chat = await createChat({endpoint: server.url});

      const {error, message} = await failing(chat);

      expect(error.code).to.equal('protocol');
      expect(message!.text).to.equal('halfrest');
      expect(shownAnswer(chat)).to.equal('halfrest');
      expect((await server.log()).requests).to.have.length(1);
    });

    it('reports an error inside the stream', async () => {
      const server = await script(sse(openaiChunk('half'), '{"error": {"message": "Overheated."}}', '[DONE]'));
      const chat = await createChat({endpoint: server.url});

      const {error, message} = await failing(chat);

      expect([error.code, error.message, message!.text]).to.deep.equal(['provider', 'Overheated.', 'half']);
    });

    it('reports a partial answer as interrupted, and does not resend it', async () => {
      const server = await script({steps: [{write: `data: ${openaiChunk('half')}\n\n`}]});
      const chat = await createChat({endpoint: server.url});

      const {error, message} = await failing(chat);

      expect(error.code).to.equal('interrupted');
      expect(message).to.include({text: 'half', status: 'failed'});
      expect((await server.log()).requests).to.have.length(1);
    });

    it('reports a lost connection as interrupted', async () => {
      const server = await script({steps: [{write: `data: ${openaiChunk('half')}\n\n`}, {wait: 60}, {destroy: true}]});
      const chat = await createChat({endpoint: server.url});

      const {error} = await failing(chat);

      expect(error.code).to.equal('interrupted');
      expect((await server.log()).requests).to.have.length(1);
    });

    it('gives up on a server that does not respond', async () => {
      const server = await script({hold: true});
      const chat = await createChat({endpoint: server.url, 'connect-timeout': '0.2', retries: '1'});

      const {error} = await failing(chat);

      expect(error.code).to.equal('timeout');
      expect((await server.waitFor(({open}) => open === 0)).requests).to.have.length(2);
    });

    it('times out an idle server; comments keep it alive', async () => {
      const server = await script({
        steps: [{write: `data: ${openaiChunk('half')}\n\n`}, {repeat: 5, write: ': still here\n\n', wait: 100}, {silence: true}],
      });
      const chat = await createChat({endpoint: server.url, 'idle-timeout': '0.3'});
      const began = performance.now();

      const {error} = await failing(chat);

      expect(error.code).to.equal('interrupted');
      expect(performance.now() - began).to.be.greaterThan(700);
      await server.waitFor(({open}) => open === 0);
    });

    it('reports a redirect, and does not follow it', async () => {
      const server = await script({status: 307, headers: {location: '/elsewhere'}});
      const chat = await createChat({endpoint: server.url});

      const {error} = await failing(chat);

      expect(error.code).to.equal('http');
      expect(error.message).to.contain('redirects');
      expect((await server.log()).requests).to.have.length(1);
    });

    it('aborts an endless line at 16 million characters', async function () {
      this.timeout(20_000);
      const server = await script({steps: [{write: 'data: '}, {repeat: 40, write: 'x'.repeat(500_000)}, {silence: true}]});
      const chat = await createChat({endpoint: server.url});

      const {error} = await failing(chat);

      expect(error.code).to.equal('too-large');
      await server.waitFor(({open}) => open === 0);
    });

    it('rejects an empty message', async () => {
      const chat = await createChat({endpoint: '/nowhere'});
      let code = '';

      await chat.send('  ').catch((error) => (code = error.code));

      expect(code).to.equal('config');
    });

    it('reports an unknown protocol by name', async () => {
      const {error} = await failing(await createChat({endpoint: '/nowhere', protocol: 'openai'}));

      expect(error.code).to.equal('config');
      expect(error.message).to.contain('Did you mean "openai-');
    });
  });

  describe('reconnection', () => {
    it('retries if nothing was received yet', async () => {
      const server = await script([{status: 429, headers: {'retry-after': '0'}}, {steps: []}, openai('Here.')]);
      const chat = await createChat({endpoint: server.url});
      // Browsers block this port, so that no request leaves them.
      chat.addEventListener('request', ({detail}) => {
        if (detail.attempt === 0) detail.url = 'http://127.0.0.1:9/';
      });
      const reconnects = collect(chat, 'reconnect');

      const message = await chat.send('Go.');

      expect(message).to.include({text: 'Here.', status: 'done'});
      expect(reconnects.map(({detail}) => detail.cause.code)).to.deep.equal(['network', 'rate-limit', 'interrupted']);
      const {requests} = await server.log();
      expect(new Set(requests.map(({headers}) => headers['idempotency-key'])).size).to.equal(1);
    });

    it('waits as long as the server asks', async () => {
      const server = await script([{status: 429, headers: {'retry-after': '2'}}, openai('Here.')]);
      const chat = await createChat({endpoint: server.url});
      const began = performance.now();
      void chat.send('Go.');

      await until(() => chat.state === 'waiting');
      await until(() => /Trying again in [12] s/.test(part(chat, 'status').textContent));
      await next(chat, 'done');

      expect(performance.now() - began).to.be.greaterThan(1990);
    });

    it('reports a wait of more than a minute at once', async () => {
      const server = await script({status: 429, headers: {'retry-after': '3600'}});
      const chat = await createChat({endpoint: server.url});
      const end = next(chat, 'error');
      void chat.send('Go.');

      const {detail} = await end;

      expect(detail.error).to.include({code: 'rate-limit', retryAfter: 3600});
      expect((await server.log()).requests).to.have.length(1);
    });

    it('resumes after the last event ID that was applied', async () => {
      const server = await script([
        {steps: [{write: 'id: 1\ndata: {"content":"a"}\n\nid: 2\ndata: {"content":"b"}\n\nid: 3\ndata: {"con'}, {wait: 60}, {destroy: true}]},
        {steps: [{write: 'id: 2\ndata: {"content":"b"}\n\nid: 3\ndata: {"content":"c"}\n\ndata: [DONE]\n\n'}]},
      ]);
      const chat = await createChat({endpoint: server.url});
      const deltas = collect(chat, 'delta');
      const done = next(chat, 'done');

      await chat.send('Go.');

      expect(shownAnswer(chat)).to.equal('abc');
      expect(deltas.map(({detail}) => detail.text)).to.deep.equal(['a', 'b', 'c']);
      expect((await done).detail.timing.reconnects).to.equal(1);
      expect((await server.log()).requests[1]!.headers['last-event-id']).to.equal('2');
    });
  });
});
