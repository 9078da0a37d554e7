import {expect} from '@open-wc/testing';

import {createEventFormat, createMessageText, serverCall} from '../../src/protocols/event-format.js';
import type {Protocol} from '../../src/protocols/protocol.js';
import {pythonToJson} from '../../src/protocols/python-dict.js';
import {createSources, listSources} from '../../src/protocols/sources.js';
import {anyUsage} from '../../src/protocols/usage.js';
import {readStream} from '../helpers/streams.js';

// What the decoders of several formats share.

describe('protocols/event-format', () => {
  const create = (options = {}): Protocol =>
    createEventFormat(
      () =>
        function* ({say, over, wrong}) {
          if (typeof say === 'string') yield {type: 'text', text: say};
          if (over) yield {type: 'finish', reason: 'stop'};
          if (wrong) yield {type: 'error', error: new Error('It burns') as never};
        },
      options,
    );
  const read = (body: string, options = {}) => readStream(body, create(options), {framing: 'json'});
  const [say, over, wrong] = ['{"say":"a"}\n', '{"over":true}\n', '{"wrong":true}\n'];

  it('is complete with a finish reason that no output follows', () => {
    expect(read(say + over).ended).to.equal(true);
    expect(read(say).ended).to.equal(false);
    expect(read(over + say).ended).to.equal(false);
    expect(read(say + over + wrong).ended).to.equal(false);
  });

  it('is complete with [DONE], and with the end of the body where the format has no other end', () => {
    const body = 'data: {"say":"a"}\n\n';

    expect(readStream(`${body}data: [DONE]\n\n`, create(), {framing: 'sse'})).to.include({text: 'a', ended: true});
    expect(readStream(body, create(), {framing: 'sse'}).ended).to.equal(false);
    expect(read(say, {endsWithBody: true}).ended).to.equal(true);
    expect(read(say + wrong, {endsWithBody: true}).ended).to.equal(false);
  });

  it('reports a whole answer where the connection is lost behind its finish reason', () => {
    const isWhole = (...bodies: readonly string[]) => {
      const decoder = create().createDecoder!();
      for (const body of bodies) for (const delta of decoder.decode({data: body, event: '', json: JSON.parse(body) as unknown} as never)) void delta;
      return decoder.isWhole!();
    };

    expect(isWhole(say)).to.equal(false);
    expect(isWhole(say, over)).to.equal(true);
    expect(isWhole(say, over, say)).to.equal(false);
  });
});

describe('protocols/event-format: text of messages', () => {
  type Step = readonly [method: 'add' | 'settle', piece: string];
  const run = (...steps: readonly Step[]) => {
    const message = createMessageText();
    let text = '';
    for (const [method, piece] of steps) {
      for (const delta of message[method]('text', piece)) {
        if (delta.type === 'text') text += delta.text;
        if (delta.type === 'replace') text = delta.text;
      }
    }
    return text;
  };

  it('emits of a whole message only what its pieces lack', () => {
    expect(run(['add', 'Hello'], ['settle', 'Hello'])).to.equal('Hello');
    expect(run(['add', 'Hello'], ['settle', 'Hello, world'])).to.equal('Hello, world');
    expect(run(['settle', 'Hello'])).to.equal('Hello');
    expect(run(['add', ' Hello\n'], ['settle', 'Hello'])).to.equal(' Hello\n');
    expect(run(['add', 'Hello'], ['settle', ''])).to.equal('Hello');
  });

  it('corrects a message without touching those before it', () => {
    expect(run(['add', 'One. '], ['settle', 'One. '], ['add', 'Tw'], ['settle', '2'])).to.equal('One. 2');
    expect(run(['settle', 'One. '], ['settle', 'One. '])).to.equal('One. One. ');
  });
});

describe('protocols: names that servers share', () => {
  it('are those of counts, in any case and place', () => {
    const counts = (native: object) => anyUsage(native).map((delta) => (delta.type === 'usage' ? {...delta.usage, native: undefined} : delta))[0];
    const expected = {inputTokens: 4, outputTokens: 9, native: undefined};

    for (const native of [
      {prompt_tokens: 4, completion_tokens: 9},
      {input_tokens: 4, output_tokens: 9},
      {promptTokens: 4, completionTokens: 9},
      {PromptTokens: 4, CompletionTokens: 9},
      {inputTokenCount: 4, outputTokenCount: 9},
      {promptTokenCount: 4, candidatesTokenCount: 9},
      {input_count: 4, output_count: 9},
      {total_input_tokens: 4, total_output_tokens: 9},
    ]) {
      expect(counts(native), JSON.stringify(native)).to.deep.equal(expected);
    }
    expect(counts({input_tokens: 4, output_tokens: 9, total_tokens: 13, output_tokens_details: {reasoning_tokens: 5}, input_tokens_details: {cached_tokens: 2}})).to.deep.equal({
      ...expected,
      totalTokens: 13,
      reasoningTokens: 5,
      cachedTokens: 2,
    });
    expect(anyUsage({prompt_tokens: 0, completion_tokens: 0})).to.deep.equal([]);
    expect(anyUsage({latencyMs: 3})).to.deep.equal([]);
    expect(anyUsage(undefined)).to.deep.equal([]);
  });

  it('are those of sources, each once, and only web addresses', () => {
    const list = [
      'https://a.example',
      {link: 'https://b.example', title: 'B'},
      {uri: 'https://c.example', site_name: 'C'},
      {url: 'https://a.example', title: 'again'},
      'report.pdf',
      {url: 'file:///etc/passwd'},
      {url: 'javascript:alert(1)'},
      {title: 'nowhere'},
    ];

    expect([...listSources(createSources(), list)]).to.deep.equal([
      {type: 'source', url: 'https://a.example'},
      {type: 'source', url: 'https://b.example', title: 'B'},
      {type: 'source', url: 'https://c.example', title: 'C'},
    ]);
    expect([...listSources(createSources(), {a: 1})]).to.deep.equal([]);
  });

  it('mark calls that the server runs itself', () => {
    expect(serverCall({id: 'c', name: 'a', input: {b: 1}})).to.deep.equal({type: 'tool-call', key: 'c', id: 'c', name: 'a', input: '{"b":1}', server: true, complete: true});
    expect(serverCall({id: 'c', input: '{"b"', complete: false})).to.deep.equal({type: 'tool-call', key: 'c', id: 'c', input: '{"b"', server: true});
  });
});

describe('protocols/python-dict', () => {
  it('converts what repr writes', () => {
    for (const [repr, value] of [
      [`{'a': 'b'}`, {a: 'b'}],
      [`{'a': "it's"}`, {a: "it's"}],
      [`{'a': 'say "hi"'}`, {a: 'say "hi"'}],
      [`{'a': 'both \\' and "'}`, {a: `both ' and "`}],
      [`{'a': True, 'b': False, 'c': None, 'd': 1.5}`, {a: true, b: false, c: null, d: 1.5}],
      [`{'a': 'True None', 'b': ['x', {'c': 'y'}]}`, {a: 'True None', b: ['x', {c: 'y'}]}],
      [`{'a': 'line\\nbreak \\\\ \\xe9'}`, {a: 'line\nbreak \\ é'}],
    ] as const) {
      expect(JSON.parse(pythonToJson(repr)!), repr).to.deep.equal(value);
    }
  });

  it('leaves text as it is', () => {
    for (const text of [`{'a`, `{'a': b}`, `{"a": 1}`, `it's`, `{}`, `{'a': 'b'} and more`]) expect(pythonToJson(text), text).to.equal(undefined);
  });
});
