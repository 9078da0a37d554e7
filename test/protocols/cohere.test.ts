import {expect} from '@open-wc/testing';

import {cohere} from '../../src/protocols/cohere.js';
import {fullSettings, message, namedSse, readCut, sent} from '../helpers/streams.js';

const start = {type: 'message-start', id: 'm', delta: {message: {role: 'assistant', content: []}}};
const text = (piece: string) => ({type: 'content-delta', index: 0, delta: {message: {content: {text: piece}}}});
const end = (finish_reason: string) => ({
  type: 'message-end',
  delta: {finish_reason, usage: {tokens: {input_tokens: 1, output_tokens: 2}}},
});

describe('protocols/cohere', () => {
  it('decodes text, usage and the end', () => {
    const collected = readCut(
      namedSse(start, text('Arr'), text(' ☠️'), {type: 'content-end'}, end('COMPLETE')),
      cohere,
    );

    expect(collected).to.include({text: 'Arr ☠️', finish: 'COMPLETE', reason: 'stop', ended: true});
    expect(collected.counts).to.deep.equal({inputTokens: 1, outputTokens: 2});
    expect(readCut(namedSse(start, text('Arr')), cohere).ended).to.equal(false);
  });

  it('decodes plans, tool calls and citations', () => {
    const call = (type: string, tool_calls: object) => ({type, index: 0, delta: {message: {tool_calls}}});
    const body = namedSse(
      start,
      {type: 'tool-plan-delta', delta: {message: {tool_plan: 'I will add.'}}} as never,
      call('tool-call-start', {id: 'a', type: 'function', function: {name: 'add', arguments: ''}}),
      call('tool-call-delta', {function: {arguments: '{"a":1}'}}),
      {
        type: 'citation-start',
        delta: {message: {citations: {sources: [{document: {url: 'https://a.test/', title: 'A'}}]}}},
      } as never,
      end('TOOL_CALL'),
    );

    const {reasoning, toolCalls, sources, reason} = readCut(body, cohere);

    expect({reasoning, reason}).to.deep.equal({reasoning: 'I will add.', reason: 'tool-calls'});
    expect(toolCalls[0]).to.include({id: 'a', name: 'add', arguments: '{"a":1}', complete: true});
    expect(sources).to.deep.equal([{url: 'https://a.test/', title: 'A'}]);
  });

  it('encodes the settings under its own names', () => {
    const body = sent(cohere, [message('user', 'Hi')], fullSettings);

    expect(body).to.include({model: 'model-1', p: 0.9, max_tokens: 100, stream: true});
    expect(body).not.to.have.any.keys('top_p', 'stream_options');
  });
});
