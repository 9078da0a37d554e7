import {aTimeout, expect} from '@open-wc/testing';

import type {StreamChat} from '../../src/stream-chat.js';
import {collect, ended, next, part, until} from '../helpers/chat.js';
import {openai, openaiChunk, script, type ScriptedResponse, type ScriptedServer} from '../helpers/server.js';

// The code behind Send, in a page of its own whose file comes late or not at all.

describe('the code of answers', () => {
  const frames: HTMLIFrameElement[] = [];
  let file: ScriptedResponse;
  before(async function () {
    const response = await fetch('/__dist/answering.js');
    if (response.ok) {
      file = {headers: {'content-type': 'text/javascript'}, steps: [{write: await response.text()}]};
      return;
    }
    console.info('skipped: there is no dist, run `npm run build`');
    this.skip();
  });
  afterEach(() => {
    for (const frame of frames.splice(0)) frame.remove();
    localStorage.clear();
  });

  /** Opens a page whose `answering.js` is served by `files`. */
  async function open(files: ScriptedServer, endpoint: string, attributes = ''): Promise<StreamChat> {
    const frame = document.createElement('iframe');
    frames.push(frame);
    frame.width = frame.height = '600';
    frame.srcdoc = `<!doctype html>
      <script type="importmap">{"imports": {"${location.origin}/__dist/answering.js": "${location.origin}${files.url}"}}</script>
      <script type="module" src="/__dist/stream-chat.js"></script>
      <stream-chat endpoint="${endpoint}" renderer="plain" ${attributes}></stream-chat>`;
    document.body.append(frame);
    await until(() => frame.contentDocument?.querySelector('stream-chat')?.shadowRoot?.querySelector('textarea'));
    return frame.contentDocument!.querySelector('stream-chat')!;
  }

  const requestsOf = async (server: ScriptedServer) => (await server.log()).requests.length;

  it('is loaded once the text field has the focus, and not before', async () => {
    const files = await script(file);
    const server = await script([openai('Hello'), openai('Again')]);
    const chat = await open(files, server.url);
    await aTimeout(300);
    expect(await requestsOf(files)).to.equal(0);

    const input = part<HTMLTextAreaElement>(chat, 'input');
    input.dispatchEvent(new FocusEvent('focusin', {bubbles: true}));
    await files.waitFor(({requests}) => requests.length === 1);
    expect((await chat.send('Hi'))!.text).to.equal('Hello');
    expect((await chat.send('And?'))!.text).to.equal('Again');
    expect(await requestsOf(files)).to.equal(1);
  });

  it('keeps a question whose answer cannot be loaded, and loads it again on retry', async () => {
    const files = await script([{status: 503}, file]);
    const server = await script(openai('Hello'));
    const chat = await open(files, server.url);
    const failed = next(chat, 'error');
    const input = part<HTMLTextAreaElement>(chat, 'input');
    input.value = 'Hi';
    part(chat, 'send').click();
    const {error, message} = (await failed).detail;

    expect(error).to.include({code: 'config', retryable: true});
    expect(error.message).to.contain('answering.js');
    expect(message).to.include({status: 'failed', text: ''});
    expect(chat.messages.map(({text}) => text)).to.deep.equal(['Hi', '']);
    expect(chat.state).to.equal('idle');
    await until(() => chat.shadowRoot!.querySelector('[part~="retry"]'), 'the answer can be retried');
    expect(await requestsOf(server)).to.equal(0);
    // Firefox does not fetch a module again that failed to load: the question is kept, and a reload of the page helps.
    if (navigator.userAgent.includes('Firefox')) return;

    const end = ended(chat);
    part(chat, 'retry').click();
    expect((await end).type).to.equal('done');
    expect(chat.messages.map(({text}) => text)).to.deep.equal(['Hi', 'Hello']);
    expect(await requestsOf(server)).to.equal(1);
  });

  it('reports that an answer is awaited while it loads', async () => {
    const files = await script({...file, hold: true});
    const server = await script(openai('Hello'));
    const chat = await open(files, server.url);
    const answer = chat.send('Hi');
    await files.waitFor(({requests}) => requests.length === 1);

    expect(chat.state).to.equal('connecting');
    expect(chat.messages.map(({role, status}) => `${role} ${status}`)).to.deep.equal(['user done', 'assistant streaming']);
    const {id, createdAt} = chat.messages[1]!;
    await files.release();
    expect(await answer).to.deep.include({id, createdAt, text: 'Hello', status: 'done'});
  });

  const endings: Record<string, (chat: StreamChat) => void> = {
    'stop()': (chat) => chat.stop(),
    'clear()': (chat) => chat.clear(),
    'the removal of the element': (chat) => chat.remove(),
  };
  for (const [name, end] of Object.entries(endings)) {
    it(`sends nothing after ${name} while it loads`, async () => {
      const files = await script({...file, hold: true});
      const server = await script([]);
      const stop = await script([]);
      const chat = await open(files, server.url, `stop-endpoint="${stop.url}"`);
      const events = collect(chat, 'done', 'error');
      const answer = chat.send('Hi');
      await files.waitFor(({requests}) => requests.length === 1);
      end(chat);

      expect(await answer).to.include({status: 'stopped', reason: 'aborted', text: ''});
      expect(events.map(({type}) => type)).to.deep.equal(['done']);
      expect(chat.state).to.equal('idle');
      expect(chat.messages.length).to.equal(name === 'clear()' ? 0 : 2);
      await files.release();
      await aTimeout(300);
      expect(await requestsOf(server)).to.equal(0);
      expect(await requestsOf(stop)).to.equal(0);
    });
  }

  it('answers only the last of two questions that were sent while it loads', async () => {
    const files = await script({...file, hold: true});
    const server = await script(openai('Second answer'));
    const chat = await open(files, server.url);
    const first = chat.send('First');
    const second = chat.send('Second');
    await files.waitFor(({requests}) => requests.length === 1);
    await files.release();

    expect(await first).to.include({status: 'stopped'});
    expect(await second).to.include({status: 'done', text: 'Second answer'});
    expect(await requestsOf(server)).to.equal(1);
  });

  it('is loaded at once where an answer is resumed after a reload', async () => {
    const server = await script({steps: [{write: `data: ${openaiChunk('Half')}\n\n`}, {silence: true}]});
    const first = await open(await script(file), server.url, 'persist="local"');
    void first.send('Hi');
    await until(() => first.messages.at(-1)?.text === 'Half');
    frames.pop()!.remove();

    const files = await script(file);
    const chat = await open(files, server.url, 'persist="local"');
    await files.waitFor(({requests}) => requests.length === 1);
    await until(() => chat.messages.at(-1)?.status === 'failed');
    expect(chat.messages.map(({text}) => text)).to.deep.equal(['Hi', 'Half']);
    expect(chat.messages.at(-1)!.error!.code).to.equal('interrupted');
  });

  it('creates events and errors of the classes that the file exports', async () => {
    const server = await script({status: 404});
    const chat = await open(await script(file), server.url, 'retries="0"');
    const view = chat.ownerDocument.defaultView!;
    const exported = (await view.eval(`import('/__dist/stream-chat.js')`)) as typeof import('../../src/index.js');
    const failed = next(chat, 'error');
    void chat.send('Hi');
    const event = await failed;
    expect(event).to.be.instanceOf(exported.AnswerErrorEvent);
    expect(event.detail.error).to.be.instanceOf(exported.StreamChatError);
  });

  it('does not replace a format that the page has registered', async () => {
    const server = await script({headers: {'content-type': 'text/plain'}, steps: [{write: 'a'}]});
    const chat = await open(await script(file), server.url, 'protocol="plain-text"');
    const view = chat.ownerDocument.defaultView!;
    const exported = (await view.eval(`import('/__dist/stream-chat.js')`)) as typeof import('../../src/index.js');
    exported.registerProtocol('plain-text', {
      framing: 'text',
      createDecoder: () => ({
        *decode({data}) {
          yield {type: 'text', text: data.toUpperCase()};
        },
        end: () => [{type: 'end'}],
      }),
    });
    expect((await chat.send('Hi'))!.text).to.equal('A');
  });
});
