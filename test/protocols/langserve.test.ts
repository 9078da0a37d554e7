import {expect} from '@open-wc/testing';

import {langserve} from '../../src/protocols/langserve.js';
import {message, readCut, sent} from '../helpers/streams.js';

const events = (...list: [string, unknown][]) =>
  list
    .map(([event, data]) => `event: ${event}\r\n${data === undefined ? '' : `data: ${JSON.stringify(data)}\r\n`}\r\n`)
    .join('');
const end: [string, unknown] = ['end', undefined];

describe('protocols/langserve', () => {
  it('decodes strings up to an end that has no data', () => {
    const body = events(['metadata', {run_id: 'r'}], ['data', 'Grüß\n'], ['data', ''], ['data', '42'], end);

    expect(readCut(body, langserve)).to.include({text: 'Grüß\n42', ended: true, responseId: 'r'});
    expect(readCut(events(['data', 'Hi']), langserve)).to.include({text: 'Hi', ended: false});
  });

  it('decodes message chunks, parts of a dictionary and model events', () => {
    const chunk = {
      type: 'AIMessageChunk',
      content: 'a',
      tool_call_chunks: [{index: 0, id: 'c', name: 'add', args: '{}'}],
    };
    const body = events(
      ['data', chunk],
      ['data', {docs: []}],
      ['data', {answer: 'b'}],
      ['data', {event: 'on_chat_model_stream', data: {chunk: {...chunk, content: 'c', tool_call_chunks: []}}}],
      ['data', {event: 'on_chain_end', data: {output: 'abc'}}],
      end,
    );

    const {text, toolCalls} = readCut(body, langserve);

    expect(text).to.equal('abc');
    expect(toolCalls[0]).to.include({id: 'c', name: 'add', arguments: '{}', complete: true});
  });

  it('reports errors', () => {
    const {error, text} = readCut(
      events(['data', 'The'], ['error', {status_code: 500, message: 'Internal Server Error'}]),
      langserve,
    );

    expect(text).to.equal('The');
    expect(error).to.include({code: 'provider', message: 'Internal Server Error', status: 500, retryable: true});
  });

  it('encodes a list of messages', () => {
    expect(sent(langserve, [message('user', 'Hi')])).to.deep.equal({
      input: {messages: [{type: 'human', id: 'user-1', content: 'Hi'}]},
      config: {},
      kwargs: {},
    });
  });
});
