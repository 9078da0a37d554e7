import {expect} from '@open-wc/testing';

import {anthropic} from '../../src/protocols/anthropic.js';
import {
  call,
  fullSettings,
  message,
  namedSse,
  ndjson,
  readCut,
  readStream,
  sent,
  toolConversation,
} from '../helpers/streams.js';

const start = {type: 'message_start', message: {id: 'msg_1', content: [], usage: {input_tokens: 5, output_tokens: 1}}};
const open = (index: number, content_block: object) => ({type: 'content_block_start', index, content_block});
const delta = (index: number, type: string, fields: object) => ({
  type: 'content_block_delta',
  index,
  delta: {type, ...fields},
});
const text = (index: number, piece: string) => delta(index, 'text_delta', {text: piece});
const close = (index: number) => ({type: 'content_block_stop', index});
const ending = (stop_reason: string) => ({
  type: 'message_delta',
  delta: {stop_reason},
  usage: {output_tokens: 9, input_tokens: null},
});
const stop = {type: 'message_stop'};

describe('protocols/anthropic', () => {
  it('decodes text, pings between, cumulative usage and the end', () => {
    const body = namedSse(
      start,
      {type: 'ping'},
      open(0, {type: 'text', text: ''}),
      text(0, 'Hé'),
      {type: 'ping'},
      text(0, '!'),
      close(0),
      ending('end_turn'),
      stop,
    );

    const collected = readCut(body, anthropic);

    expect(collected).to.include({text: 'Hé!', finish: 'end_turn', reason: 'stop', ended: true});
    expect(collected.usage).to.deep.equal({input_tokens: 5, output_tokens: 9});
    expect(readCut(namedSse(start, text(0, 'Hé'), ending('end_turn')), anthropic).ended).to.equal(true);
    expect(readCut(namedSse(start, text(0, 'Hé')), anthropic).ended).to.equal(false);
  });

  it('decodes the lines of toReadableStream(), and an answer that is not streamed', () => {
    expect(readCut(ndjson(start, open(0, {type: 'text'}), text(0, 'Hi'), stop), anthropic)).to.include({
      text: 'Hi',
      ended: true,
    });
    const whole = {
      type: 'message',
      role: 'assistant',
      content: [{type: 'text', text: 'Hi'}],
      stop_reason: 'end_turn',
      usage: {input_tokens: 1},
    };
    expect(readCut(JSON.stringify(whole), anthropic)).to.include({text: 'Hi', finish: 'end_turn', ended: true});
  });

  it('decodes tool calls of the page and of the provider', () => {
    const body = namedSse(
      start,
      open(0, {type: 'server_tool_use', id: 's1', name: 'web_search', input: {}}),
      delta(0, 'input_json_delta', {partial_json: '{"query":"x"}'}),
      close(0),
      open(1, {type: 'web_search_tool_result', tool_use_id: 's1', content: [{url: 'https://a.test/'}]}),
      close(1),
      open(2, {type: 'tool_use', id: 't1', name: 'add', input: {}}),
      delta(2, 'input_json_delta', {partial_json: ''}),
      close(2),
      ending('tool_use'),
      stop,
    );

    const {toolCalls, reason} = readCut(body, anthropic);

    expect(toolCalls.map(({id, arguments: input, server, complete}) => [id, input, server, complete])).to.deep.equal([
      ['s1', '{"query":"x"}', true, true],
      ['t1', '', false, true],
    ]);
    expect(toolCalls[0]!.result).to.deep.equal([{url: 'https://a.test/'}]);
    expect(reason).to.equal('tool-calls');
  });

  it('keeps thinking with its signature, and sends it back', () => {
    const body = namedSse(
      start,
      open(0, {type: 'thinking', thinking: '', signature: ''}),
      delta(0, 'thinking_delta', {thinking: 'Hm'}),
      delta(0, 'thinking_delta', {thinking: '.'}),
      delta(0, 'signature_delta', {signature: 'sig'}),
      close(0),
      open(1, {type: 'redacted_thinking', data: 'xyz'}),
      close(1),
      stop,
    );
    const {reasoning, natives} = readCut(body, anthropic);

    const parts = natives.map((value) => ({type: 'native' as const, value}));
    const {messages} = sent(anthropic, [
      message('assistant', [{type: 'reasoning', text: 'Hm.'}, ...parts, call('t1')]),
    ]);

    expect(reasoning).to.equal('Hm.');
    expect(messages).to.deep.equal([
      {
        role: 'assistant',
        content: [
          {type: 'thinking', thinking: 'Hm.', signature: 'sig'},
          {type: 'redacted_thinking', data: 'xyz'},
          {type: 'tool_use', id: 't1', name: 'add', input: {a: 1}},
        ],
      },
      {role: 'user', content: [{type: 'tool_result', tool_use_id: 't1', content: '{"sum":2}'}]},
    ]);
  });

  it('lists each source once', () => {
    const cite = delta(0, 'citations_delta', {citation: {url: 'https://a.test/', title: 'A'}});

    expect(readCut(namedSse(start, open(0, {type: 'text'}), cite, cite, stop), anthropic).sources).to.deep.equal([
      {url: 'https://a.test/', title: 'A'},
    ]);
  });

  it('discards what arrived before a second message_start', () => {
    const body = namedSse(
      start,
      open(0, {type: 'text'}),
      text(0, 'Lost'),
      open(1, {type: 'tool_use', id: 'x', name: 'y'}),
      start,
      open(0, {type: 'text'}),
      text(0, 'Kept'),
      close(0),
      stop,
    );

    const {text: said, toolCalls} = readCut(body, anthropic);

    expect({said, toolCalls}).to.deep.equal({said: 'Kept', toolCalls: []});
  });

  it('reports errors and keeps the text', () => {
    const error = {type: 'error', error: {type: 'overloaded_error', message: 'Overloaded'}};
    const collected = readCut(namedSse(start, open(0, {type: 'text'}), text(0, 'Half'), error), anthropic);

    expect(collected).to.include({text: 'Half', ended: false});
    expect(collected.error).to.include({code: 'provider', message: 'Overloaded', retryable: true});
    expect(() => readStream('event: message_stop\ndata: {"type"\n\n', anthropic))
      .to.throw()
      .with.property('code', 'protocol');
  });

  it('counts unknown blocks, deltas and indexes', () => {
    const body = namedSse(
      start,
      open(0, {type: 'compaction'}),
      delta(0, 'dance_delta', {}),
      open(1e9, {type: 'text'}),
      {type: 'new_event'},
      ending('refusal'),
      stop,
    );

    expect(readCut(body, anthropic)).to.deep.include({
      unknown: ['dance_delta', 'block 1000000000', 'new_event'],
      reason: 'content-filter',
      ended: true,
    });
  });

  it('encodes the conversation with its tool rounds', () => {
    const {messages} = sent(anthropic, toolConversation);

    expect(messages).to.deep.equal([
      {role: 'user', content: 'What is 1 + 1?'},
      {
        role: 'assistant',
        content: [
          {type: 'text', text: 'Let me see.'},
          {type: 'tool_use', id: 'call-1', name: 'add', input: {a: 1}},
          {type: 'tool_use', id: 'call-2', name: 'add', input: {a: 1}},
        ],
      },
      {
        role: 'user',
        content: [
          {type: 'tool_result', tool_use_id: 'call-1', content: '{"sum":2}'},
          {type: 'tool_result', tool_use_id: 'call-2', content: 'No such thing', is_error: true},
        ],
      },
      {role: 'assistant', content: [{type: 'text', text: 'It is 2.'}]},
      {role: 'user', content: 'Thanks'},
    ]);
  });

  it('encodes the settings', () => {
    const file = {type: 'file' as const, mediaType: 'image/png', url: 'data:image/png;base64,AA=='};
    const body = sent(anthropic, [message('system', 'More.'), message('user', [file])], fullSettings);

    expect(body).to.include({model: 'model-1', max_tokens: 100, system: 'Be brief.\n\nMore.', stream: true});
    const {name, description, parameters} = fullSettings.tools![0]!;
    expect(body['tools']).to.deep.equal([{name, description, input_schema: parameters}]);
    expect(body['messages']).to.deep.equal([
      {role: 'user', content: [{type: 'image', source: {type: 'base64', media_type: 'image/png', data: 'AA=='}}]},
    ]);
    expect(sent(anthropic, [message('user', 'Hi')])).to.include({max_tokens: 4096});
  });
});
