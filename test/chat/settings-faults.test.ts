import {expect} from '@open-wc/testing';

import type {StreamChat} from '../../src/stream-chat.js';
import {resumeRequest} from '../../src/chat/resume.js';
import {encodeSegment} from '../../src/protocols/path-segment.js';
import {aiSdkUi} from '../../src/protocols/ai-sdk-ui.js';
import {langgraph} from '../../src/protocols/langgraph.js';
import {openaiResponses} from '../../src/protocols/openai-responses.js';
import {collect, createChat, ended, next, part, shownAnswer, until} from '../helpers/chat.js';
import {openai, openaiChunk, script, sse} from '../helpers/server.js';
import {unreadable} from '../helpers/unreadable.js';

const chunk = (delta: object, finish: string | null = null) =>
  JSON.stringify({object: 'chat.completion.chunk', choices: [{index: 0, delta, finish_reason: finish}]});
const call = sse(chunk({tool_calls: [{index: 0, id: 'c', type: 'function', function: {name: 'weather', arguments: '{}'}}]}, 'tool_calls'), '[DONE]');

/** Sends a message, and resolves when its answer has begun. */
async function begin(attributes: Record<string, string>): Promise<StreamChat> {
  const {url} = await script({steps: [{write: `id: 1\ndata: ${openaiChunk('Begun')}\n\n`}, {until: 'end'}]});
  const chat = await createChat({endpoint: url, ...attributes});
  void chat.send('Begin');
  await until(() => shownAnswer(chat) === 'Begun');
  return chat;
}

const malformed = ['http://', 'https://[', 'http://a:b:c/', 'javascript:alert(1)', 'data:,x', '//'];

describe('mistakes in settings', () => {
  for (const url of malformed) {
    it(`of stop-endpoint do not throw: ${url}`, async () => {
      const chat = await begin({'stop-endpoint': url});
      const errors = collect(chat, 'error');
      const done = next(chat, 'done');

      chat.stop();

      expect((await done).detail.message).to.include({status: 'stopped', text: 'Begun'});
      await until(() => errors.length > 0);
      expect(errors.map(({detail}) => detail.error.code)).to.deep.equal(['config']);
      expect(errors[0]!.detail.error.message).to.contain('stop-endpoint');
    });

    it(`of resume end no answer in another way: ${url}`, async () => {
      const {url: endpoint} = await script({steps: [{write: `id: 1\ndata: ${openaiChunk('Begun')}\n\n`}, {reset: true}]});
      const chat = await createChat({endpoint, resume: url});
      const errors = collect(chat, 'error');

      const answer = await chat.send('Begin');

      expect(answer).to.include({status: 'failed', text: 'Begun'});
      expect(answer!.error!.code).to.equal('interrupted');
      await until(() => errors.some(({detail}) => detail.error.message.includes('The resume')));
    });
  }

  it('of the endpoint, made while an answer streams, do not throw from stop()', async () => {
    const chat = await begin({});
    chat.endpoint = 'https://[';
    const done = next(chat, 'done');

    chat.stop();

    expect((await done).detail.message).to.include({status: 'stopped', text: 'Begun'});
  });

  it('that make the body unwritable are reported, and nothing is sent', async () => {
    const server = await script(openai('no'));
    const chat = await createChat({endpoint: server.url});
    chat.addEventListener('request', ({detail}) => {
      detail.body!['ring'] = detail.body;
    });

    const answer = await chat.send('Send');

    expect(answer!.error).to.include({code: 'config'});
    expect((await server.log()).requests).to.be.empty;
  });
});

describe('an ID of the server in a path', () => {
  const ids = ['..', '.', '../../admin', '%2e%2e', '%2E', '..%2f..', 'a/../../b', '\\..\\..', '?x', '#x', '//evil.example', '\ud800', '$&', ' ', '\u0000'];
  const context = {
    endpoint: 'https://host.example/base/api',
    chatId: undefined,
    answerId: 'a',
    lastEventId: '',
    lastDataId: '',
    headers: new Headers(),
  };
  const urls: Readonly<Record<string, (id: string) => string | undefined>> = {
    'a resume template': (id) => resumeRequest('/base/runs/{id}/stream', undefined, {...context, responseId: id})?.url,
    'a resume template with an event ID': (id) => resumeRequest('/base/runs/{lastEventId}/stream', undefined, {...context, responseId: 'r', lastEventId: id})?.url,
    'openai-responses': (id) => openaiResponses.resume?.({...context, endpoint: 'https://host.example/base/runs', responseId: id, lastDataId: '1'})?.url,
    'ai-sdk-ui': (id) => aiSdkUi.resume?.({...context, endpoint: 'https://host.example/base/runs', responseId: undefined, chatId: id})?.url,
    langgraph: (id) => langgraph.resume?.({...context, endpoint: 'https://host.example/threads/t/runs/stream', responseId: id, lastEventId: '1'})?.url,
  };

  for (const [name, create] of Object.entries(urls)) {
    it(`stays in its segment: ${name}`, () => {
      const depth = (url: string) => new URL(url).pathname.split('/').length;
      const expected = depth(create('id')!);
      for (const id of ids) {
        const url = new URL(create(id)!);
        expect(url.origin, id).to.equal('https://host.example');
        expect(depth(url.href), `${id} → ${url.pathname}`).to.equal(expected);
        expect(url.pathname.startsWith(new URL(create('id')!).pathname.split('id')[0]!), url.pathname).to.be.true;
        expect(url.hash, id).to.equal('');
      }
    });
  }

  it('is decoded by the server to itself', () => {
    for (const id of ['resp_1', 'a/b', 'ü', '%2e', 'a..b', '...']) expect(decodeURIComponent(encodeSegment(id))).to.equal(id);
  });
});

describe('a tool', () => {
  for (const [name, create] of Object.entries(unreadable)) {
    for (const [how, execute] of [
      ['throws', () => { throw create(); }],
      ['rejects with', () => Promise.reject(create() as Error)],
      ['returns', create],
    ] as const) {
      it(`that ${how} ${name} has an answer`, async () => {
        const {url} = await script([call, openai('Never mind.')]);
        const chat = await createChat({endpoint: url});
        chat.tools = [{name: 'weather', description: 'The weather', parameters: {}, execute}];

        const answer = await chat.send('Weather?');

        expect(answer).to.include({status: 'done', text: 'Never mind.'});
        expect(chat.state).to.equal('idle');
      });
    }
  }
});

describe('functions of the page', () => {
  for (const [name, create] of Object.entries(unreadable)) {
    for (const property of ['headers', 'body'] as const) {
      it(`that throw ${name} fail the answer alone: ${property}`, async () => {
        const {url} = await script(openai('no'));
        const chat = await createChat({endpoint: url});
        chat[property] = () => { throw create(); };

        const end = ended(chat);
        const answer = await chat.send('Send');

        expect(answer!.error).to.include({code: 'config'});
        expect((await end).type).to.equal('error');
      });
    }
  }
});

describe('a page that hides properties of the document', () => {
  const names = ['baseURI', 'hidden', 'body', 'documentElement', 'activeElement', 'location', 'defaultView', 'head', 'readyState'];
  const body = document.body;
  let box: HTMLElement;
  afterEach(() => box.remove());

  /** Adds images and forms that hide them. */
  function hide() {
    box = document.createElement('div');
    for (const name of names) {
      const image = document.createElement('img');
      const form = document.createElement('form');
      image.name = form.name = name;
      box.append(image, form);
    }
    body.append(box);
    expect(document.baseURI).not.to.be.a('string');
    expect(document.body).not.to.equal(body);
  }

  for (const attributes of [{}, {pace: 'smooth'}, {mode: 'launcher', open: ''}, {autofocus: ''}]) {
    it(`gets its answer: ${JSON.stringify(attributes)}`, async () => {
      const server = await script(openai('Answered, [here](/place).'));
      const chat = await createChat();
      const parent = chat.parentNode!;
      chat.remove();
      hide();
      for (const [name, value] of Object.entries({...attributes, endpoint: server.url})) chat.setAttribute(name, value);
      parent.append(chat);
      await chat.updateComplete;

      const answer = await chat.send('Send');

      expect(answer!.text).to.equal('Answered, [here](/place).');
      await until(() => part(chat, 'text') && chat.shadowRoot!.querySelector<HTMLAnchorElement>('[part~="assistant"] a'));
      expect(chat.shadowRoot!.querySelector('[part~="assistant"] a')!.getAttribute('href')).to.equal(`${location.origin}/place`);
    });
  }
});
