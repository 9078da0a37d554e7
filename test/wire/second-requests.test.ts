import {expect} from '@open-wc/testing';

import {createChat, shownAnswer, until} from '../helpers/chat.js';
import {openai, openaiChunk, script, type ScriptedResponse, type Step} from '../helpers/server.js';

// How many times the model is asked for one question, whatever its server does. Each request may be billed.

const sseHeaders = {'content-type': 'text/event-stream'};
const body = (...steps: Step[]): ScriptedResponse => ({headers: sseHeaders, steps});
const gateway = (status: number, headers: Record<string, string> = {}): ScriptedResponse => ({
  status,
  headers: {'content-type': 'text/html', ...headers},
  steps: [{write: '<h1>Gateway</h1>'}],
});
const soon = {'retry-after-ms': '5'};
const isWebKit = /AppleWebKit/.test(navigator.userAgent) && !/Chrom/.test(navigator.userAgent);

/** A server that always does the same, and the number of requests that it receives at most. */
const servers: Readonly<Record<string, readonly [response: ScriptedResponse, requests: number]>> = {
  // The server took the request: the model may have run. One repeat.
  'an empty response': [body(), 2],
  'an empty response of JSON': [{headers: {'content-type': 'application/json'}, steps: []}, 2],
  // Firefox reports no response until a byte of the body came: like a connection that was refused.
  'headers, then a reset': [body({wait: 30}, {reset: true}), navigator.userAgent.includes('Firefox') ? 3 : 2],
  'comments alone': [body({write: ': ping\n\n: ping\n\n'}), 2],
  'comments, then a reset': [body({write: ': ping\n\n: pi'}, {wait: 60}, {reset: true}), 2],
  'a reconnection time alone': [body({write: 'retry: 20\n\n'}), 2],
  'comments, then silence': [body({write: ': ping\n\n'}, {silence: true}), 2],
  'no headers in time': [{hold: true}, 2],
  ...Object.fromEntries([500, 502, 503, 504, 520, 522, 523, 524].map((status) => [`status ${status}`, [gateway(status), 2] as const])),

  // Something of a body came: no repeat.
  'half an event, then a reset': [body({write: `data: ${openaiChunk('half').slice(0, 40)}`}, {wait: 250}, {reset: true}), 1],
  'the name of an event, then a reset': [body({write: 'event: mess'}, {wait: 250}, {reset: true}), 1],
  'an event, then a reset': [body({write: `data: ${openaiChunk('half')}\n\n`}, {wait: 250}, {reset: true}), 1],
  'half an object of JSON': [{headers: {'content-type': 'application/json'}, steps: [{write: '{"answer": "Half'}]}, 1],
  'half a line of JSON': [{headers: {'content-type': 'application/x-ndjson'}, steps: [{write: '{"content": "Half'}]}, 1],

  // The server refuses: it costs nothing to ask again.
  'status 429 with Retry-After': [gateway(429, soon), 4],
  'status 503 with Retry-After': [gateway(503, soon), 4],
  'status 529': [gateway(529), 4],
  // In WebKitGTK the test server has to break a response for that: there, headers come first.
  'no connection': [{refuse: true}, isWebKit ? 2 : 3],

  // It will refuse the same request again.
  'status 400': [gateway(400), 1],
  'status 422': [gateway(422), 1],
};

describe('requests for one question', () => {
  const {random} = Math;
  before(() => (Math.random = () => random() * 0.05));
  after(() => (Math.random = random));

  for (const [name, [response, expected]] of Object.entries(servers)) {
    it(`sends ${expected} to a server with ${name}`, async () => {
      const server = await script(response);
      const chat = await createChat({endpoint: server.url, retries: '3', 'connect-timeout': '0.4', 'idle-timeout': '0.4'});

      const message = await chat.send('Go.');

      expect(message!.status).to.equal('failed');
      expect((await server.log()).requests).to.have.length(expected);
    });
  }

  it('counts repeats over failures of different kinds', async () => {
    const server = await script([gateway(504), gateway(429, soon), body(), openai('too late')]);
    const chat = await createChat({endpoint: server.url});

    await chat.send('Go.');

    expect((await server.log()).requests).to.have.length(3);
  });

  it('shows the answer of the one repeat', async () => {
    const server = await script([gateway(504), openai('All well.')]);
    const chat = await createChat({endpoint: server.url});

    const message = await chat.send('Go.');

    expect(message).to.include({text: 'All well.', status: 'done'});
  });

  const refusals: Readonly<Record<string, ScriptedResponse>> = {
    'an empty response': body(),
    'plain text': {headers: {'content-type': 'text/plain'}, steps: [{write: 'Something else'}]},
    'status 504': gateway(504),
    'no headers in time': {hold: true},
  };
  for (const [name, response] of Object.entries(refusals)) {
    it(`asks a server that does not resume once more at most: ${name}`, async () => {
      const lost = body({write: `id: 1\ndata: ${openaiChunk('Half')}\n\n`}, {wait: 250}, {reset: true});
      const server = await script([lost, response]);
      const chat = await createChat({endpoint: server.url, 'connect-timeout': '0.4'});

      const message = await chat.send('Go.');

      expect(message).to.include({text: 'Half', status: 'failed'});
      expect(message!.error!.code).to.equal('interrupted');
      expect((await server.log()).requests.length).to.be.within(2, 3);
    });
  }

  it('does not count the attempts of a server that resumes', async () => {
    const event = (id: number, text: string) => `id: ${id}\ndata: ${openaiChunk(text)}\n\n`;
    const lost = body({write: event(1, 'One')}, {wait: 250}, {reset: true});
    const rest = body({write: 'id: 3\ndata: [DONE]\n\n'});
    const resumed = body({write: event(2, ' two')}, {wait: 250}, {reset: true});
    const server = await script([lost, resumed, gateway(502), gateway(504), body(), {hold: true}, rest]);
    const chat = await createChat({endpoint: server.url, 'connect-timeout': '0.4'});

    const message = await chat.send('Go.');

    expect(message).to.include({text: 'One two', status: 'done'});
    expect((await server.log()).requests).to.have.length(7);
  });

  it('waits for the backoff where Retry-After is over', async () => {
    const date = new Date(Date.now() - 60_000).toUTCString();
    const server = await script([gateway(429, {'retry-after': '0'}), gateway(429, {'retry-after': date}), gateway(429, {'retry-after': '-1'}), openai('ok')]);
    const chat = await createChat({endpoint: server.url});
    const delays: number[] = [];
    chat.addEventListener('reconnect', ({detail}) => delays.push(detail.delay));

    await chat.send('Go.');
    await until(() => shownAnswer(chat) === 'ok');

    expect(delays).to.have.length(3);
    for (const delay of delays) expect(delay).to.be.greaterThan(0);
  });
});
