import {expect} from '@open-wc/testing';

import {collect, createChat, next, part, parts, shownAnswer, until} from '../helpers/chat.js';
import {json, openai, openaiChunk, resumable, script, type ScriptedResponse} from '../helpers/server.js';

const chunk = (text: string) => `data: ${openaiChunk(text)}\n\n`;
// A browser drops what it has not handed out yet when the connection breaks: give it the time.
const cut = (...texts: string[]): ScriptedResponse => ({steps: [{write: texts.map(chunk).join('')}, {wait: 60}, {destroy: true}]});
const named = (json: {type: string}) => `event: ${json.type}\ndata: ${JSON.stringify(json)}\n\n`;

describe('resume', () => {
  it('never posts again after the first character if the server supports no resumption', async () => {
    const server = await script(cut('half'));
    const chat = await createChat({endpoint: server.url});

    await chat.send('Go.');

    expect(chat.messages.at(-1)).to.include({text: 'half', status: 'failed'});
    expect((await server.log()).requests).to.have.length(1);
  });

  it('Continue sends the text so far and lets the model continue', async () => {
    const server = await script([{steps: [{write: chunk('Half of')}]}, openai(' the answer.')]);
    const chat = await createChat({endpoint: server.url});
    await chat.send('Go.');
    await until(() => parts(chat, 'continue').length === 1);
    const done = next(chat, 'done');

    part<HTMLButtonElement>(chat, 'continue').click();
    await done;

    const {messages} = JSON.parse((await server.log()).requests[1]!.body);
    expect(messages.map(({role}: {role: string}) => role)).to.deep.equal(['user', 'assistant', 'user']);
    expect(messages[1].content).to.equal('Half of');
    expect(parts(chat, 'continue')).to.have.length(0);
  });

  it('resume="none" does not resume, even with event IDs', async () => {
    const server = await resumable({events: ['data: {"content":"a"}', 'data: {"content":"b"}', 'data: [DONE]'], attempts: [{at: 40, how: 'end'}]});
    const chat = await createChat({endpoint: server.url, resume: 'none'});

    await chat.send('Go.');

    expect(chat.messages.at(-1)!.error!.code).to.equal('interrupted');
    expect((await server.log()).requests).to.have.length(1);
  });

  it('requests a URL template with the IDs of the answer and of the last event', async () => {
    const server = await script(
      {steps: [{write: `id: 7\ndata: ${openaiChunk('a').replace('{', '{"id":"cmpl 1",')}\n\n`}, {wait: 60}, {destroy: true}]},
      {routes: {'again/cmpl%201': [{steps: [{write: `id: 8\n${chunk('b')}data: [DONE]\n\n`}]}], 'again/cmpl 1': [{steps: [{write: `id: 8\n${chunk('b')}data: [DONE]\n\n`}]}]}},
    );
    const chat = await createChat({endpoint: server.url, resume: `${server.url}/again/{id}?after={lastEventId}`});

    const message = await chat.send('Go.');

    const {requests} = await server.log();
    expect(message!.text, JSON.stringify(requests.map(({url}) => url))).to.equal('ab');
    expect(requests[1]).to.include({method: 'GET'});
    expect(requests[1]!.url).to.match(/again\/cmpl%201\?after=7$/);
  });

  it('resumes a background answer of OpenAI Responses', async () => {
    const created = {type: 'response.created', sequence_number: 0, response: {id: 'resp_1', status: 'queued', background: true}};
    const delta = (text: string, n: number) => ({type: 'response.output_text.delta', sequence_number: n, output_index: 0, content_index: 0, item_id: 'm', delta: text});
    const completed = {type: 'response.completed', sequence_number: 9, response: {id: 'resp_1', status: 'completed', output: []}};
    const server = await script(
      {steps: [{write: named(created) + named(delta('Hel', 1))}, {wait: 60}, {destroy: true}]},
      {routes: {resp_1: [{steps: [{write: named(delta('lo', 2)) + named(completed)}]}]}},
    );
    const chat = await createChat({endpoint: server.url});

    const message = await chat.send('Go.');

    expect(message).to.include({text: 'Hello', status: 'done'});
    const {requests} = await server.log();
    expect(requests[1]).to.include({method: 'GET'});
    expect(requests[1]!.url).to.match(/\/resp_1\?stream=true&starting_after=1$/);
  });

  it('does not resume an answer of OpenAI Responses that is not in the background', async () => {
    const created = {type: 'response.created', sequence_number: 0, response: {id: 'resp_1', status: 'in_progress', background: false}};
    const server = await script({steps: [{write: named(created)}, {wait: 60}, {destroy: true}]});
    const chat = await createChat({endpoint: server.url});

    await chat.send('Go.');

    expect(chat.messages.at(-1)!.error!.code).to.equal('interrupted');
    expect((await server.log()).requests).to.have.length(1);
  });

  describe('from a replay', () => {
    const start = [cut('Hello ', 'wor')];
    const create = async (replay: ScriptedResponse) => {
      const server = await script(start, {routes: {replay: [replay]}});
      return {server, chat: await createChat({endpoint: server.url, resume: `${server.url}/replay`})};
    };

    it('appends new text without `reset` if it matches', async () => {
      const {chat} = await create(openai('Hel', 'lo world', ' again'));
      const resets = collect(chat, 'reset');
      const deltas = collect(chat, 'delta');

      const message = await chat.send('Go.');

      expect(message).to.include({text: 'Hello world again', status: 'done'});
      expect(deltas.map(({detail}) => detail.text)).to.deep.equal(['Hello ', 'wor', 'ld', ' again']);
      expect(resets).to.have.length(0);
      expect(shownAnswer(chat)).to.equal('Hello world again');
    });

    it('fires one `reset` if it differs', async () => {
      const {chat} = await create(openai('Hel', 'p is', ' near'));
      const heard: string[] = [];
      chat.addEventListener('reset', ({detail}) => heard.push(`reset:${detail.text}`));
      chat.addEventListener('delta', ({detail}) => heard.push(detail.text));

      const message = await chat.send('Go.');

      expect(message!.text).to.equal('Help is near');
      expect(heard).to.deep.equal(['Hello ', 'wor', 'reset:Help is', ' near']);
      expect(shownAnswer(chat)).to.equal('Help is near');
    });

    it('fires `reset` if it is shorter', async () => {
      const {chat} = await create(openai('Hello'));
      const resets = collect(chat, 'reset');

      const message = await chat.send('Go.');

      expect(message!.text).to.equal('Hello');
      expect(resets.map(({detail}) => detail.text)).to.deep.equal(['Hello']);
    });

    it('keeps the visible text when a replay is interrupted too, and requests it again', async () => {
      const server = await script(start, {routes: {replay: [cut('Hel'), openai('Hello world')]}});
      const chat = await createChat({endpoint: server.url, resume: `${server.url}/replay`});
      const texts: string[] = [];
      chat.addEventListener('reconnect', () => texts.push(chat.messages.at(-1)!.text));

      const message = await chat.send('Go.');

      expect(message!.text).to.equal('Hello world');
      expect(texts).to.deep.equal(['Hello wor', 'Hello wor']);
    });

    it('accepts a snapshot: the complete answer as one object', async () => {
      const {chat} = await create(json({choices: [{index: 0, message: {role: 'assistant', content: 'Hello world'}, finish_reason: 'stop'}]}));
      const resets = collect(chat, 'reset');

      const message = await chat.send('Go.');

      expect(message).to.include({text: 'Hello world', status: 'done'});
      expect(resets).to.have.length(0);
    });

    it('reports `interrupted` if there is nothing to resume', async () => {
      const {chat, server} = await create({status: 204});

      await chat.send('Go.');

      expect(chat.messages.at(-1)).to.include({text: 'Hello wor', status: 'failed'});
      expect(chat.messages.at(-1)!.error!.code).to.equal('interrupted');
      expect((await server.log()).requests).to.have.length(2);
    });
  });

  it('Retry resumes an interrupted answer if the server supports it', async () => {
    const events = ['a', 'b', 'c'].map((text) => `data: ${openaiChunk(text)}`).concat('data: [DONE]');
    const server = await resumable({events, attempts: [{at: 240, how: 'end'}, {status: 503}]});
    const chat = await createChat({endpoint: server.url, retries: '1'});
    await chat.send('Go.');
    expect(chat.messages.at(-1)!.error!.code).to.equal('interrupted');
    await until(() => parts(chat, 'retry').length === 1);
    const done = next(chat, 'done');

    part<HTMLButtonElement>(chat, 'retry').click();
    await done;

    expect(chat.messages).to.have.length(2);
    expect(chat.messages.at(-1)!.text).to.equal('abc');
    expect((await server.log()).requests[2]!.headers['last-event-id']).to.be.a('string');
  });

  it('notifies the stop endpoint and sends no more requests', async () => {
    const server = await script(
      {steps: [{write: `id: 1\ndata: ${openaiChunk('half').replace('{', '{"id":"cmpl1",')}\n\n`}, {silence: true}]},
      {routes: {stop: [json({})]}},
    );
    const chat = await createChat({endpoint: server.url, 'stop-endpoint': `${server.url}/stop`});
    chat.headers = {'x-token': 't'};
    void chat.send('Go.');
    await until(() => shownAnswer(chat) === 'half');

    chat.stop();

    const {requests} = await server.waitFor(({requests, open}) => requests.length === 2 && open === 0);
    expect(JSON.parse(requests[1]!.body)).to.deep.equal({id: 'cmpl1', length: 4});
    expect(requests[1]!.headers['x-token']).to.equal('t');
  });
});
