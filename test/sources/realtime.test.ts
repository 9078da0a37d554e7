import {expect} from '@open-wc/testing';

import {collect, createChat, ended, next, until} from '../helpers/chat.js';
import {shared} from '../helpers/shared.js';

type Json = Record<string, any>;

interface Connection {
  readonly protocols: readonly string[];
  readonly url: string;
  readonly received: readonly Json[];
  readonly closed: number | null;
}

/** Makes a WebSocket server whose n-th connection plays the n-th list of steps. */
async function play(...connections: readonly Json[][]): Promise<{url: string; log(): Promise<Connection[]>}> {
  const path = `/__realtime/${Math.random().toString(36).slice(2)}`;
  const response = await fetch(path, {method: 'PUT', body: JSON.stringify({connections})});
  const {url} = (await response.json()) as {url: string};
  return {url, log: async () => ((await (await fetch(path)).json()) as {connections: Connection[]}).connections};
}

async function seen(server: {log(): Promise<Connection[]>}, condition: (log: Connection[]) => boolean): Promise<Connection[]> {
  for (let tries = 0; tries < 100; tries++) {
    const log = await server.log();
    if (condition(log)) return log;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`The server did not see it: ${JSON.stringify(await server.log())}`);
}

const created = {type: 'session.created', session: {type: 'realtime'}};
const asked = {until: 'response.create'};
const begun = {type: 'response.created', response: {id: 'resp_1', status: 'in_progress'}};
const say = (delta: string, item = 'item_1') => ({type: 'response.output_text.delta', item_id: item, delta});
const done = (more: Json = {}) => ({
  type: 'response.done',
  response: {id: 'resp_1', status: 'completed', output: [], usage: {input_tokens: 4, output_tokens: 2, total_tokens: 6}, ...more},
});
const answer = (...pieces: string[]) => [asked, begun, ...pieces.map((piece) => say(piece)), done()];

describe('OpenAI Realtime', () => {
  it('streams an answer over a WebSocket', async () => {
    const server = await play([created, ...answer('Hel', 'lo.')]);
    const chat = await createChat({endpoint: server.url, model: 'gpt-realtime', system: 'Be brief.', renderer: 'plain'});
    chat.headers = () => ({authorization: 'Bearer ek_secret'});
    const deltas = collect(chat, 'delta');

    const message = await chat.send('Hi?');

    expect(message).to.include({text: 'Hello.', status: 'done', reason: 'stop'});
    expect(message!.usage).to.include({inputTokens: 4, outputTokens: 2});
    expect(deltas.map(({detail}) => detail.text)).to.deep.equal(['Hel', 'lo.']);
    const [connection] = await seen(server, ([first]) => first?.closed !== null);
    expect(connection!.protocols).to.deep.equal(['realtime', 'openai-insecure-api-key.ek_secret']);
    expect(connection!.url).to.contain('model=gpt-realtime');
    const [session, item, create] = connection!.received;
    expect(session).to.deep.nested.include({type: 'session.update', 'session.output_modalities': ['text'], 'session.instructions': 'Be brief.'});
    expect(item!['item']).to.deep.equal({type: 'message', role: 'user', content: [{type: 'input_text', text: 'Hi?'}]});
    expect(create).to.deep.equal({type: 'response.create'});
  });

  it('sends the whole conversation with the next question', async () => {
    const server = await play([created, ...answer('One.')], [created, ...answer('Two.')]);
    const chat = await createChat({endpoint: server.url});

    await chat.send('First?');
    await chat.send('Second?');

    const [, second] = await server.log();
    expect(second!.protocols).to.deep.equal([]);
    const items = second!.received.filter(({type}) => type === 'conversation.item.create').map(({item}) => item);
    expect(items.map(({role, content}) => [role, content[0].type, content[0].text])).to.deep.equal([
      ['user', 'input_text', 'First?'],
      ['assistant', 'output_text', 'One.'],
      ['user', 'input_text', 'Second?'],
    ]);
  });

  it('sends tool results on the same socket', async () => {
    const call = {type: 'function_call', call_id: 'c1', name: 'weather', id: 'item_2'};
    const server = await play([
      created,
      asked,
      begun,
      {type: 'response.output_item.added', item: call},
      {type: 'response.function_call_arguments.delta', item_id: 'item_2', call_id: 'c1', delta: '{"city":'},
      {type: 'response.function_call_arguments.delta', item_id: 'item_2', call_id: 'c1', delta: '"Oslo"}'},
      {type: 'response.function_call_arguments.done', item_id: 'item_2', call_id: 'c1', name: 'weather', arguments: '{"city":"Oslo"}'},
      done({output: [{...call, arguments: '{"city":"Oslo"}'}]}),
      ...answer('Cold.'),
    ]);
    const chat = await createChat({endpoint: server.url});
    chat.tools = [{name: 'weather', execute: ({city}) => `${city as string}: snow`}];

    const message = await chat.send('Weather?');

    expect(message).to.include({text: 'Cold.', reason: 'stop'});
    expect(message!.usage).to.include({inputTokens: 8, outputTokens: 4});
    const log = await server.log();
    expect(log).to.have.length(1);
    expect(log[0]!.received.slice(3)).to.deep.equal([
      {type: 'conversation.item.create', item: {type: 'function_call_output', call_id: 'c1', output: 'Oslo: snow'}},
      {type: 'response.create'},
    ]);
  });

  it('reconnects if nothing was received, and sends the conversation again', async () => {
    const server = await play([created, asked, begun, {destroy: true}], [created, ...answer('Here.')]);
    const chat = await createChat({endpoint: server.url});
    const reconnects = collect(chat, 'reconnect');

    const message = await chat.send('Hi?');

    expect(message).to.include({text: 'Here.', status: 'done'});
    expect(reconnects).to.have.length(1);
    const [, second] = await server.log();
    expect(second!.received.map(({type}) => type)).to.deep.equal(['session.update', 'conversation.item.create', 'response.create']);
  });

  it('keeps the text of an interrupted answer and does not retry', async () => {
    const server = await play([created, asked, begun, say('Half an '), {destroy: true}]);
    const chat = await createChat({endpoint: server.url});
    const failed = next(chat, 'error');

    const message = await chat.send('Hi?');

    expect((await failed).detail.error).to.include({code: 'interrupted'});
    expect(message).to.include({text: 'Half an ', status: 'failed'});
    expect(await server.log()).to.have.length(1);
  });

  it('reconnects when the socket was closed while a tool ran', async () => {
    const call = {type: 'function_call', call_id: 'c1', name: 'slow', id: 'item_2', arguments: '{}'};
    const server = await play([created, asked, begun, done({output: [call]}), {close: 1001}], [created, ...answer('Late.')]);
    const chat = await createChat({endpoint: server.url});
    chat.tools = [{name: 'slow', execute: () => seen(server, ([first]) => first?.closed !== null).then(() => 'ok')}];

    const message = await chat.send('Go.');

    expect(message).to.include({text: 'Late.', status: 'done'});
    const [, second] = await server.log();
    const items = second!.received.flatMap(({item}) => (item ? [item.type] : []));
    expect(items).to.deep.equal(['message', 'function_call', 'function_call_output']);
  });

  it('notifies the server when the answer is stopped', async () => {
    const server = await play([created, asked, begun, say('On and on '), {until: 'response.cancel'}]);
    const chat = await createChat({endpoint: server.url});
    const end = ended(chat);

    void chat.send('Talk.');
    await until(() => chat.messages.at(-1)?.text === 'On and on ');
    chat.stop();
    await end;

    const [connection] = await seen(server, ([first]) => first?.closed !== null);
    expect(connection!.received.at(-1)).to.deep.equal({type: 'response.cancel'});
    expect(connection!.closed).to.equal(1000);
  });

  it('reports the error of the provider', async () => {
    const server = await play([created, asked, {type: 'error', error: {type: 'invalid_request_error', code: 'invalid_value', message: 'No such model.'}}, done({status: 'failed'})]);
    const chat = await createChat({endpoint: server.url});

    const message = await chat.send('Hi?');

    expect(message!.error).to.include({code: 'provider', message: 'No such model.'});
  });

  it('does not retry if the connection is refused', async () => {
    const server = await play([{close: 1008, reason: 'Secret expired.'}]);
    const chat = await createChat({endpoint: server.url});

    const message = await chat.send('Hi?');

    expect(message!.error).to.include({code: 'auth'});
    expect(message!.error!.message).to.contain('Secret expired.');
    expect(await server.log()).to.have.length(1);
  });

  it('reports an unreachable server', async () => {
    const chat = await createChat({endpoint: 'ws://127.0.0.1:59998/', retries: '0'});

    const message = await chat.send('Hi?');

    expect(message!.error).to.include({code: 'network'});
  });

  for (const [file, text, calls] of [
    ['openai-text-short', /\S/, 0],
    ['openai-text-tool-round', /London|fog/i, 1],
    ['openai-commentary-tool-round', /\S/, 1],
  ] as const) {
    it(`decodes the recording ${file}`, async function () {
      const lines = (await (await shared(this, `fixtures/openai-realtime/${file}.txt`)).text()).split('\n').filter(Boolean);
      const frames = lines.map((line) => JSON.parse(line) as {direction: string; data: Json});
      const steps = frames.flatMap(({direction, data}) =>
        direction === 'received' ? [data] : data['type'] === 'response.create' ? [asked] : [],
      );
      const server = await play(steps);
      const chat = await createChat({endpoint: server.url});
      let called = 0;
      chat.addEventListener('toolcall', (event) => event.respondWith(`result ${++called}`));

      const message = await chat.send('?');

      expect(message!.error).to.be.undefined;
      expect(message!.text).to.match(text);
      expect(called).to.equal(calls);
    });
  }
});
