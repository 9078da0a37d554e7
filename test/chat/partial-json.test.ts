import {expect} from '@open-wc/testing';

import {PartialJson, parseJson} from '../../src/chat/partial-json.js';
import {collect, createChat, next, part} from '../helpers/chat.js';
import {openai, openaiChunk, script, sse} from '../helpers/server.js';

const schema = {
  type: 'object',
  properties: {name: {type: 'string'}, tags: {type: 'array', items: {type: 'string'}}},
  required: ['name', 'tags'],
  additionalProperties: false,
};

describe('structured answers', () => {
  it('are requested, parsed while they stream, and at the end', async () => {
    const server = await script(openai('{"na', 'me":"Ad', 'a","tags":["x', '","y"]}'));
    const chat = await createChat({endpoint: server.url, renderer: 'plain'});
    chat.responseFormat = schema;
    const seen: unknown[] = [];
    chat.addEventListener('delta', ({detail}) => seen.push(detail.partial));
    const done = next(chat, 'done');

    const message = await chat.send('Who?');

    expect(seen).to.deep.equal([{}, {name: 'Ad'}, {name: 'Ada', tags: ['x']}, {name: 'Ada', tags: ['x', 'y']}]);
    expect(message!.parsed).to.deep.equal({name: 'Ada', tags: ['x', 'y']});
    expect((await done).detail.message.parsed).to.deep.equal({name: 'Ada', tags: ['x', 'y']});
    const {requests} = await server.log();
    expect(JSON.parse(requests[0]!.body).response_format.json_schema).to.deep.include({schema, strict: true});
  });

  it('keep the value of each `delta` when it is read later', async () => {
    const server = await script(openai('[1', ',2', ']'));
    const chat = await createChat({endpoint: server.url});
    chat.responseFormat = {};
    const deltas = collect(chat, 'delta');

    await chat.send('?');

    expect(deltas.map(({detail}) => detail.partial)).to.deep.equal([[], [1], [1, 2]]);
  });

  it('fail with code "protocol" if they are invalid JSON, and keep the text', async () => {
    const server = await script(openai('I would ', 'rather not.'));
    const chat = await createChat({endpoint: server.url});
    chat.responseFormat = schema;
    const failed = next(chat, 'error');

    const message = await chat.send('?');

    expect((await failed).detail.error).to.include({code: 'protocol'});
    expect(message).to.include({status: 'failed', text: 'I would rather not.'});
    expect(part(chat, 'error').textContent).to.contain('The answer could not be read.');
  });

  it('report that the token limit was reached', async () => {
    const server = await script(
      sse(openaiChunk('{"name":"A'), '{"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}', '[DONE]'),
    );
    const chat = await createChat({endpoint: server.url});
    chat.responseFormat = schema;

    const message = await chat.send('?');

    expect(message!.error!.message).to.contain('length limit');
    expect(message!.text).to.equal('{"name":"A');
  });

  it('are not parsed without `responseFormat`', async () => {
    const server = await script(openai('{"a":1}'));
    const chat = await createChat({endpoint: server.url});
    const deltas = collect(chat, 'delta');

    const message = await chat.send('?');

    expect(message).not.to.have.property('parsed');
    expect(deltas[0]!.detail.partial).to.be.undefined;
  });
});

describe('PartialJson', () => {
  const whole = '{"a":"\\u00e9\\"","b":[1,-2.5e3,true,null,{"c":"x"}],"é":""}';

  it('parses every prefix of a text as a prefix of its value', () => {
    const reader = new PartialJson();

    for (let length = 1; length <= whole.length; length++) {
      const value = reader.read(whole.slice(0, length));
      expect(value, whole.slice(0, length)).to.deep.equal(new PartialJson().read(whole.slice(0, length)));
    }
    expect(reader.read(whole)).to.deep.equal(JSON.parse(whole));
  });

  it('returns undefined for invalid or too long JSON', () => {
    expect(new PartialJson().read('Hello')).to.be.undefined;
    expect(new PartialJson().read('')).to.be.undefined;
    expect(new PartialJson().read(`"${'x'.repeat(70_000)}`)).to.be.undefined;
    expect(new PartialJson().read('['.repeat(60_000))).to.be.undefined;
  });

  it('drops keys that lead to a prototype', () => {
    const text = '{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}},"a":{"\\u005f_proto__":{"x":1}}}';

    for (const value of [new PartialJson().read(text), new PartialJson().read(text.slice(0, -2)), parseJson(text)]) {
      expect(value).to.deep.equal({a: {}});
      expect(Object.getPrototypeOf(value)).to.equal(Object.prototype);
      expect(Object.getPrototypeOf((value as {a: object}).a)).to.equal(Object.prototype);
    }
    expect(({} as Record<string, unknown>)['x']).to.be.undefined;
  });

  it('parses JSON in a code block', () => {
    expect(new PartialJson().read('```json\n{"a":[1,')).to.deep.equal({a: [1]});
    expect(parseJson('```json\n{"a":1}\n```\n')).to.deep.equal({a: 1});
  });
});
