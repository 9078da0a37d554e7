import {expect} from '@open-wc/testing';

import {openaiRealtime, realtimeCancel, realtimeQuestion, realtimeResult} from '../../src/protocols/openai-realtime.js';
import {call, fullSettings, ndjson, readCut, toolConversation} from '../helpers/streams.js';

const created = {type: 'response.created', response: {id: 'resp_1'}};
const text = (delta: string, type = 'response.output_text.delta') => ({type, item_id: 'i', delta});
const done = (response: object = {}) => ({
  type: 'response.done',
  response: {status: 'completed', output: [], usage: {input_tokens: 1, output_tokens: 2}, ...response},
});

describe('protocols/openai-realtime', () => {
  it('decodes text, usage and the end of the response', () => {
    const body = ndjson(
      {type: 'session.created'},
      created,
      text('Hel'),
      text('lo'),
      {type: 'response.output_text.done', item_id: 'i', text: 'Hello!'},
      {type: 'rate_limits.updated'},
      done(),
    );

    const collected = readCut(body, openaiRealtime);

    expect(collected).to.include({
      text: 'Hello!',
      finish: 'completed',
      reason: 'stop',
      ended: true,
      responseId: 'resp_1',
    });
    expect(collected.counts).to.deep.equal({inputTokens: 1, outputTokens: 2});
    expect(collected.unknown).to.deep.equal([]);
  });

  it('decodes the older event names, and audio transcripts', () => {
    expect(readCut(ndjson(text('old', 'response.text.delta'), done()), openaiRealtime).text).to.equal('old');
    expect(
      readCut(ndjson(text('aloud', 'response.output_audio_transcript.delta'), done()), openaiRealtime).text,
    ).to.equal('aloud');
  });

  it('decodes calls, with or without their beginning', () => {
    const item = {type: 'function_call', id: 'item_1', call_id: 'a', name: 'add', arguments: ''};
    const body = ndjson(
      created,
      {type: 'response.output_item.added', item},
      {type: 'response.function_call_arguments.delta', call_id: 'a', delta: '{"a":1}'},
      {type: 'response.function_call_arguments.done', call_id: 'a', name: 'add', arguments: '{"a":1}'},
      {type: 'response.function_call_arguments.done', call_id: 'b', name: 'sub', arguments: '{}'},
      done({output: [{...item, arguments: '{"a":1}'}]}),
    );

    const {toolCalls, reason} = readCut(body, openaiRealtime);

    expect(toolCalls.map(({id, name, arguments: input, complete}) => [id, name, input, complete])).to.deep.equal([
      ['a', 'add', '{"a":1}', true],
      ['b', 'sub', '{}', true],
    ]);
    expect(reason).to.equal('tool-calls');
  });

  it('reports errors, which do not end the response, and failed responses', () => {
    const {error, ended} = readCut(
      ndjson({type: 'error', error: {type: 'invalid_request_error', message: 'Bad'}}),
      openaiRealtime,
    );

    expect(error).to.include({message: 'Bad', retryable: false});
    expect(ended).to.equal(false);
    expect(
      readCut(
        ndjson(done({status: 'failed', status_details: {error: {code: 'rate_limit_exceeded', message: 'Slow'}}})),
        openaiRealtime,
      ).error,
    ).to.include({code: 'rate-limit'});
    expect(readCut(ndjson(done({status: 'cancelled'})), openaiRealtime).reason).to.equal('aborted');
  });

  it('encodes the session, the conversation and the request for an answer', () => {
    const events = JSON.parse(JSON.stringify(realtimeQuestion(toolConversation, fullSettings))) as {
      type: string;
      item: {type: string};
    }[];

    expect(events.map(({type, item}) => (item ? item.type : type))).to.deep.equal([
      'session.update',
      'message',
      'message',
      'function_call',
      'function_call',
      'function_call_output',
      'function_call_output',
      'message',
      'message',
      'response.create',
    ]);
    expect(realtimeResult(call('a'))).to.deep.equal({
      type: 'conversation.item.create',
      item: {type: 'function_call_output', call_id: 'a', output: '{"sum":2}'},
    });
    expect(realtimeCancel()).to.deep.equal({type: 'response.cancel'});
  });
});
