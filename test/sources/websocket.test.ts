import {expect} from '@open-wc/testing';

import {createChat, next, shownAnswer, until} from '../helpers/chat.js';
import {openaiChunk, openaiFinish} from '../helpers/server.js';

interface Connection {
  readonly received: readonly unknown[];
  readonly closed: number | null;
}

type Step = string | {readonly until: string} | {readonly close: number; readonly reason?: string} | {readonly destroy: true};

/** Makes a WebSocket server whose n-th connection plays the n-th list of steps. */
async function play(...connections: readonly (readonly Step[])[]) {
  const path = `/__realtime/${Math.random().toString(36).slice(2)}`;
  const response = await fetch(path, {method: 'PUT', body: JSON.stringify({connections})});
  const {url} = (await response.json()) as {url: string};
  return {url, log: async () => ((await (await fetch(path)).json()) as {connections: Connection[]}).connections};
}

const asked = {until: 'text'} as const;

describe('source="websocket"', () => {
  const ends: readonly [name: string, steps: readonly Step[]][] = [
    ['tokens until the server closes', [asked, 'Hel', 'lo,', ' world.', {close: 1000}]],
    ['tokens until [DONE]', [asked, 'Hel', 'lo,', ' world.', '[DONE]']],
    ['tokens until <END>', [asked, 'Hel', 'lo,', ' world.', '<END>']],
    ['one message', [asked, 'Hello, world.', {close: 1001}]],
    ['chunks of OpenAI', [asked, openaiChunk('Hello,'), openaiChunk(' world.'), openaiFinish, '[DONE]']],
    ['JSON of no documented format', [asked, '{"token":"Hello,"}', '{"token":" world."}', {close: 1000}]],
    ['JSON with types, as tutorials send it', [asked, '{"sender":"you","message":"Hi?","type":"stream"}', '{"sender":"bot","message":"","type":"start"}', '{"sender":"bot","type":"stream","message":"Hello,"}', '{"type":"stream","message":" world."}', '{"type":"end","message":""}', {close: 1000}]],
  ];
  for (const [name, steps] of ends) {
    it(`reads ${name}`, async () => {
      const server = await play(steps);
      const chat = await createChat({endpoint: server.url, source: 'websocket', renderer: 'plain'});

      const message = await chat.send('Hi?');

      expect(message).to.include({text: 'Hello, world.', status: 'done'});
      expect((await server.log())[0]!.received).to.deep.equal(['Hi?']);
      await until(async () => (await server.log())[0]!.closed !== null);
    });
  }

  it('keeps line breaks and spaces', async () => {
    const server = await play([asked, 'a\n', '\n', ' b', '\r\n', 'c ', {close: 1000}]);
    const chat = await createChat({endpoint: server.url, source: 'websocket', renderer: 'plain'});

    expect((await chat.send('Hi?'))!.text).to.equal('a\n\n b\r\nc ');
  });

  it('sends the body of a named protocol as JSON', async () => {
    const server = await play([asked, 'Hello.', {close: 1000}]);
    const chat = await createChat({endpoint: server.url, source: 'websocket', protocol: 'prompt', 'prompt-param': 'question', renderer: 'plain'});

    expect((await chat.send('Hi?'))!.text).to.equal('Hello.');
    expect((await server.log())[0]!.received[0]).to.include({question: 'Hi?'});
  });

  it('closes the socket when it is stopped', async () => {
    const server = await play([asked, 'Half', {until: 'never'}]);
    const chat = await createChat({endpoint: server.url, source: 'websocket', renderer: 'plain'});
    const message = chat.send('Hi?');
    await until(() => shownAnswer(chat) === 'Half');

    chat.stop();

    expect((await message)!.status).to.equal('stopped');
    await until(async () => (await server.log())[0]!.closed !== null);
  });

  it('reports a lost connection, and keeps the text', async () => {
    const server = await play([asked, 'Half', {destroy: true}]);
    const chat = await createChat({endpoint: server.url, source: 'websocket', renderer: 'plain'});
    const failed = next(chat, 'error');

    expect(await chat.send('Hi?')).to.include({text: 'Half', status: 'failed'});
    expect((await failed).detail.error.code).to.equal('interrupted');
    expect(await server.log()).to.have.length(1);
  });

  it('reports the reason of a server that refuses', async () => {
    const server = await play([{close: 1008, reason: 'No session.'}]);
    const chat = await createChat({endpoint: server.url, source: 'websocket', renderer: 'plain'});
    const failed = next(chat, 'error');

    expect((await chat.send('Hi?'))!.status).to.equal('failed');
    expect((await failed).detail.error.message).to.contain('1008').and.contain('No session.');
  });
});
