import {expect} from '@open-wc/testing';

import {openaiResponses} from '../../src/protocols/openai-responses.js';
import {
  call,
  fullSettings,
  message,
  namedSse,
  readCut,
  readStream,
  sent,
  sse,
  toolConversation,
} from '../helpers/streams.js';

const usage = {input_tokens: 4, output_tokens: 3, total_tokens: 7, input_tokens_details: {cached_tokens: 2}};
const created = {type: 'response.created', sequence_number: 0, response: {id: 'resp_1', status: 'in_progress'}};
const added = (output_index: number, item: object) => ({type: 'response.output_item.added', output_index, item});
const done = (output_index: number, item: object) => ({type: 'response.output_item.done', output_index, item});
const text = (output_index: number, delta: string) => ({
  type: 'response.output_text.delta',
  output_index,
  content_index: 0,
  delta,
});
const completed = (response: object = {}) => ({
  type: 'response.completed',
  response: {status: 'completed', output: [], usage, ...response},
});
const say = (...texts: string[]) => ({
  type: 'message',
  content: texts.map((one) => ({type: 'output_text', text: one, annotations: []})),
});

describe('protocols/openai-responses', () => {
  it('decodes text, usage and the end', () => {
    const body = namedSse(
      created,
      added(0, say()),
      text(0, 'Hel'),
      text(0, 'lo ☀️'),
      done(0, say('Hello ☀️')),
      completed({output: [say('Hello ☀️')]}),
    );

    const collected = readCut(body, openaiResponses);

    expect(collected).to.include({text: 'Hello ☀️', finish: 'completed', reason: 'stop', ended: true});
    expect(collected.counts).to.deep.equal({inputTokens: 4, outputTokens: 3, totalTokens: 7, cachedTokens: 2});
    expect(collected.unknown).to.deep.equal([]);
  });

  it('does not end with the body', () => {
    expect(readCut(namedSse(created, text(0, 'Hel')), openaiResponses)).to.include({text: 'Hel', ended: false});
  });

  it('emits text that arrived only in final events, once', () => {
    const body = namedSse(
      created,
      added(0, say()),
      text(0, 'Hel'),
      done(0, say('Hello')),
      completed({output: [say('Hello'), say(' you')]}),
    );

    expect(readCut(body, openaiResponses).text).to.equal('Hello you');
    expect(
      readCut(namedSse(created, done(0, say('Whole')), completed({output: [say('Whole')]})), openaiResponses).text,
    ).to.equal('Whole');
  });

  it('decodes streams without event names, [DONE], and an answer that is not streamed', () => {
    expect(readCut(sse(created, text(0, 'Hi'), completed(), '[DONE]'), openaiResponses)).to.include({
      text: 'Hi',
      ended: true,
    });
    const whole = JSON.stringify({object: 'response', status: 'completed', output: [say('Hi')], usage});
    expect(readCut(whole, openaiResponses)).to.include({text: 'Hi', ended: true, finish: 'completed'});
  });

  it('decodes function calls, whatever their ids', () => {
    const item = {type: 'function_call', call_id: 'call_1', name: 'add', arguments: ''};
    const body = namedSse(
      created,
      added(0, {...item, id: 'fc_a'}),
      {type: 'response.function_call_arguments.delta', output_index: 0, item_id: 'fc_b', delta: '{"a"'} as never,
      {type: 'response.function_call_arguments.delta', output_index: 0, item_id: 'fc_c', delta: ':1}'} as never,
      {type: 'response.function_call_arguments.done', output_index: 0, arguments: '{"a":1}'} as never,
      done(0, {...item, arguments: '{"a":1}'}),
      done(1, {...item, call_id: 'call_2', arguments: '{}'}),
      completed(),
    );

    const {toolCalls, reason} = readCut(body, openaiResponses);

    expect(toolCalls.map(({id, arguments: input, complete, server}) => [id, input, complete, server])).to.deep.equal([
      ['call_1', '{"a":1}', true, false],
      ['call_2', '{}', true, false],
    ]);
    expect(reason).to.equal('tool-calls');
  });

  it('decodes the tools of the provider with their results', () => {
    const search = {type: 'web_search_call', id: 'ws_1', action: {type: 'search', query: 'x'}};
    const mcp = {
      type: 'mcp_call',
      id: 'mcp_1',
      name: 'ask',
      arguments: '{"q":1}',
      output: null,
      error: {message: 'Down'},
    };
    const annotation = {type: 'url_citation', url: 'https://a.test/', title: 'A'};
    const body = namedSse(
      created,
      added(0, search),
      done(0, search),
      added(1, mcp),
      done(1, mcp),
      {type: 'response.output_text.annotation.added', annotation} as never,
      completed(),
    );

    const {toolCalls, sources, reason} = readCut(body, openaiResponses);

    expect(toolCalls.map(({name, arguments: input, server, error}) => [name, input, server, error])).to.deep.equal([
      ['web_search', '{"type":"search","query":"x"}', true, undefined],
      ['ask', '{"q":1}', true, 'Down'],
    ]);
    expect(sources).to.deep.equal([{url: 'https://a.test/', title: 'A'}]);
    expect(reason).to.equal('stop');
  });

  it('decodes reasoning, and keeps encrypted content for the next request', () => {
    const item = {
      type: 'reasoning',
      id: 'rs_1',
      summary: [{type: 'summary_text', text: 'Hm.'}],
      encrypted_content: 'xyz',
    };
    const body = namedSse(
      created,
      added(0, item),
      {type: 'response.reasoning_summary_text.delta', output_index: 0, delta: 'Hm.'} as never,
      done(0, item),
      completed(),
    );

    const {reasoning, natives} = readCut(body, openaiResponses);

    expect(reasoning).to.equal('Hm.');
    const {input} = sent(openaiResponses, [
      message('assistant', [{type: 'native', value: natives[0]}, call('call_1')]),
    ]);
    expect((input as unknown[])[0]).to.deep.equal(item);
  });

  it('reports why an answer is incomplete, and a failure once', () => {
    const incomplete = namedSse(created, {
      type: 'response.incomplete',
      response: {status: 'incomplete', incomplete_details: {reason: 'max_output_tokens'}},
    } as never);
    expect(readCut(incomplete, openaiResponses)).to.include({
      reason: 'length',
      finish: 'max_output_tokens',
      ended: true,
    });

    const error = {code: 'rate_limit_exceeded', message: 'Slow down'};
    const failed = namedSse(
      created,
      {type: 'error', ...error} as never,
      {type: 'response.failed', response: {status: 'failed', error}} as never,
    );
    expect(readCut(failed, openaiResponses).error).to.include({code: 'rate-limit', message: 'Slow down'});
    const nested = sse({type: 'error', error: {type: 'insufficient_quota', message: 'Empty'}, sequence_number: 2});
    expect(readCut(nested, openaiResponses).error).to.include({code: 'provider', message: 'Empty', retryable: false});
  });

  it('counts unknown events', () => {
    expect(
      readCut(namedSse(created, {type: 'response.dance.delta'}, completed()), openaiResponses).unknown,
    ).to.deep.equal(['response.dance.delta']);
  });

  it('resumes after the last sequence number of a background response', () => {
    const body = sse({...created, response: {id: 'resp_1', background: true}});
    const {responseId} = readStream(body, openaiResponses);
    const context = {endpoint: 'https://x.test/v1/responses', chatId: 'c', answerId: 'answer', lastEventId: '', lastDataId: '7', headers: new Headers()};

    expect(openaiResponses.resume!({...context, responseId: responseId ?? undefined})).to.deep.equal({
      url: 'https://x.test/v1/responses/resp_1?stream=true&starting_after=7',
      method: 'GET',
      mode: 'cursor',
    });
    expect(openaiResponses.resume!({...context, responseId: undefined})).to.equal(undefined);
    expect(readStream(sse(created), openaiResponses).responseId).to.equal(null);
  });

  it('does not repeat text that a new decoder finds complete at the end of a resumed stream', () => {
    const body = sse(text(0, 'lo'), done(0, say('Hello')), completed({output: [say('Hello')]}));

    expect(readCut(body, openaiResponses).text).to.equal('lo');
  });

  it('encodes the conversation as items', () => {
    const {input} = sent(openaiResponses, toolConversation);

    expect(input).to.deep.equal([
      {role: 'user', content: 'What is 1 + 1?'},
      {role: 'assistant', content: 'Let me see.'},
      {type: 'function_call', call_id: 'call-1', name: 'add', arguments: '{"a":1}'},
      {type: 'function_call', call_id: 'call-2', name: 'add', arguments: '{"a":1}'},
      {type: 'function_call_output', call_id: 'call-1', output: '{"sum":2}'},
      {type: 'function_call_output', call_id: 'call-2', output: 'No such thing'},
      {role: 'assistant', content: 'It is 2.'},
      {role: 'user', content: 'Thanks'},
    ]);
  });

  it('encodes the settings', () => {
    const body = sent(openaiResponses, [message('user', 'Hi')], fullSettings);

    expect(body).to.include({model: 'model-1', instructions: 'Be brief.', max_output_tokens: 100, top_p: 0.9});
    expect(body['tools']).to.deep.equal([{type: 'function', ...fullSettings.tools![0], strict: false}]);
    expect(body['text']).to.deep.equal({
      format: {type: 'json_schema', name: 'answer', schema: fullSettings.responseFormat, strict: true},
    });
  });
});
