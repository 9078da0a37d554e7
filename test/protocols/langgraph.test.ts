import {expect} from '@open-wc/testing';

import {langgraph} from '../../src/protocols/langgraph.js';
import {bareSettings, message, readCut, sent, toolConversation} from '../helpers/streams.js';

const events = (...list: [string, unknown][]) =>
  list
    .map(([event, data]) => `event: ${event}\n${data === undefined ? '' : `data: ${JSON.stringify(data)}\n`}\n`)
    .join('');
const metadata: [string, unknown] = ['metadata', {run_id: 'run-1', attempt: 1}];
const piece = (id: string, content: unknown, more: object = {}): [string, unknown] => [
  'messages',
  [{type: 'AIMessageChunk', id, content, ...more}, {langgraph_node: 'agent'}],
];
const whole = (id: string, content: string, more: object = {}) => ({type: 'ai', id, content, tool_calls: [], ...more});
const usage = (n: number) => ({input_tokens: n, output_tokens: n, total_tokens: 2 * n});

describe('protocols/langgraph', () => {
  it('decodes chunks, also of subgraphs, and ends with the body', () => {
    const body = events(
      metadata,
      piece('a', 'Grüß '),
      ['messages|agent:1', [{type: 'AIMessageChunk', id: 'a', content: [{type: 'text', text: 'Gott'}]}, {}]],
      piece('a', '', {response_metadata: {finish_reason: 'stop'}, usage_metadata: usage(2)}),
    );

    const collected = readCut(body, langgraph);

    expect(collected).to.include({text: 'Grüß Gott', finish: 'stop', ended: true, responseId: 'run-1'});
    expect(collected.counts).to.deep.equal({inputTokens: 2, outputTokens: 2, totalTokens: 4});
    expect(readCut(body, langgraph, {lost: true}).ended).to.equal(false);
    expect(readCut(body + events(['end', undefined]), langgraph, {lost: true}).ended).to.equal(true);
  });

  it('decodes reasoning and tool calls with results in pieces', () => {
    const chunk = (fields: object) => piece('a', '', {tool_call_chunks: [{index: 0, ...fields}]});
    const body = events(
      metadata,
      piece('a', [{type: 'thinking', thinking: 'Hm'}]),
      chunk({id: 'c', name: 'add', args: '{"a"'}),
      chunk({args: ':1}'}),
      ['messages', [{type: 'tool', tool_call_id: 'c', content: '2'}, {}]],
      piece('b', 'Two'),
    );

    const {reasoning, text, toolCalls} = readCut(body, langgraph);

    expect({reasoning, text}).to.deep.equal({reasoning: 'Hm', text: 'Two'});
    expect(toolCalls).to.deep.equal([
      {id: 'c', name: 'add', arguments: '{"a":1}', complete: true, server: false, result: '2'},
    ]);
  });

  it('decodes cumulative messages and corrections', () => {
    const body = events(
      metadata,
      ['messages/complete', [{type: 'human', id: 'h', content: 'Q'}]],
      ['messages/partial', [whole('a', 'It')]],
      ['messages/partial', [whole('a', 'It is')]],
      ['messages/complete', [whole('a', 'It was')]],
      ['messages/partial', [whole('b', '.')]],
    );

    expect(readCut(body, langgraph).text).to.equal('It was.');
  });

  it('decodes the state, from the newest question on, and each message once', () => {
    const past = [{type: 'human', content: 'Old'}, whole('old', 'Past')];
    const now = [
      {type: 'human', content: 'Q'},
      whole('a', '', {tool_calls: [{id: 'c', name: 'add', args: {a: 1}}]}),
      {type: 'tool', tool_call_id: 'c', content: 'no', status: 'error'},
      whole('b', 'New', {usage_metadata: usage(3)}),
    ];
    const body = events(
      metadata,
      ['values', {messages: past}],
      ['updates', {agent: {messages: [now[1]]}}],
      ['values', {messages: [...past, ...now]}],
      ['values', {messages: [...past, ...now]}],
    );

    const {text, toolCalls} = readCut(
      events(metadata, ['values', {messages: [...past, ...now]}], ['values', {messages: [...past, ...now]}]),
      langgraph,
    );

    expect(text).to.equal('New');
    expect(toolCalls).to.deep.equal([
      {id: 'c', name: 'add', arguments: '{"a":1}', complete: true, server: false, result: 'no', error: 'no'},
    ]);
    expect(readCut(body, langgraph).toolCalls).to.have.length(1);
  });

  it('emits a message once that arrives in two modes', () => {
    const body = events(
      metadata,
      piece('a', 'One'),
      piece('a', ' two'),
      ['updates', {agent: {messages: [whole('a', 'One two')]}}],
      ['values', {messages: [whole('a', 'One two!')]}],
    );

    expect(readCut(body, langgraph).text).to.equal('One two!');
  });

  it('reports errors, and counts unknown events', () => {
    const collected = readCut(
      events(metadata, ['custom', {x: 1}], ['error', {error: 'ValueError', message: 'Broken'}]),
      langgraph,
    );

    expect(collected.error).to.include({code: 'provider', message: 'Broken'});
    expect(collected).to.deep.include({ended: false, unknown: ['custom']});
  });

  it('resumes after the last event of its run', () => {
    const context = {
      endpoint: 'https://x.test/api/threads/t/runs/stream',
      chatId: 'c',
      responseId: 'run-1',
      lastDataId: '', answerId: 'answer', lastEventId: '7',
    };
    const url = 'https://x.test/api/threads/t/runs/run-1/stream';

    expect(langgraph.resume!({...context, headers: new Headers()})).to.deep.equal({url, method: 'GET', mode: 'cursor'});
    expect(
      langgraph.resume!({...context, headers: new Headers({'content-location': '/threads/t/runs/run-1'})})?.url,
    ).to.equal(url);
    expect(langgraph.resume!({...context, lastDataId: '', answerId: 'answer', lastEventId: '', headers: new Headers()})).to.equal(undefined);
    expect(langgraph.resume!({...context, endpoint: 'https://x.test/runs/stream', headers: new Headers()})).to.equal(
      undefined,
    );
  });

  it('encodes messages in the shape of LangChain', () => {
    const body = sent(langgraph, toolConversation, {...bareSettings, model: 'graph', system: 'Be brief.'});

    expect(body).to.include({assistant_id: 'graph', stream_resumable: true});
    expect((body['input'] as {messages: unknown[]}).messages).to.deep.equal([
      {type: 'system', content: 'Be brief.'},
      {type: 'human', id: 'user-1', content: 'What is 1 + 1?'},
      {
        type: 'ai',
        content: 'Let me see.',
        tool_calls: ['call-1', 'call-2'].map((id) => ({type: 'tool_call', id, name: 'add', args: {a: 1}})),
      },
      {type: 'tool', tool_call_id: 'call-1', name: 'add', content: '{"sum":2}'},
      {type: 'tool', tool_call_id: 'call-2', name: 'add', content: 'No such thing', status: 'error'},
      {type: 'ai', content: 'It is 2.', tool_calls: []},
      {type: 'human', id: 'user-2', content: 'Thanks'},
    ]);
    expect(sent(langgraph, [message('user', 'Hi')])).to.include({assistant_id: 'agent'});
  });
});
