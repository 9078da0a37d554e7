import {expect} from '@open-wc/testing';

import {mastra} from '../../src/protocols/mastra.js';
import {fullSettings, message, readCut, sent, sse} from '../helpers/streams.js';

const event = (type: string, payload: object = {}) => ({type, runId: 'r', from: 'AGENT', payload});
const finish = event('finish', {
  stepResult: {reason: 'stop'},
  output: {usage: {inputTokens: 1, outputTokens: 2, totalTokens: 3}},
});

describe('protocols/mastra', () => {
  it('decodes text, reasoning, usage and the end', () => {
    const collected = readCut(
      sse(
        event('start'),
        event('reasoning-delta', {id: '1', text: 'Hm'}),
        event('text-delta', {id: '2', text: 'Hé'}),
        finish,
        '[DONE]',
      ),
      mastra,
    );

    expect(collected).to.include({text: 'Hé', reasoning: 'Hm', finish: 'stop', ended: true});
    expect(collected.counts).to.deep.equal({inputTokens: 1, outputTokens: 2, totalTokens: 3});
    expect(readCut(sse(finish), mastra).ended).to.equal(true);
    expect(readCut(sse(event('text-delta', {text: 'Hé'})), mastra).ended).to.equal(false);
  });

  it('decodes tool calls and their results', () => {
    const id = {toolCallId: 'a', toolName: 'add'};
    const body = sse(
      event('tool-call-input-streaming-start', id),
      event('tool-call-delta', {...id, argsTextDelta: '{"a":1}'}),
      event('tool-call', {...id, args: {a: 1}}),
      event('tool-result', {...id, result: 2}),
      event('tool-call', {toolCallId: 'b', toolName: 'bad', args: {}}),
      event('tool-error', {toolCallId: 'b', error: {message: 'No'}}),
      finish,
      '[DONE]',
    );

    expect(readCut(body, mastra).toolCalls).to.deep.equal([
      {id: 'a', name: 'add', arguments: '{"a":1}', complete: true, server: false, result: 2},
      {id: 'b', name: 'bad', arguments: '{}', complete: true, server: false, result: null, error: 'No'},
    ]);
  });

  it('reports errors', () => {
    expect(readCut(sse(event('error', {error: {message: 'Broken'}})), mastra).error).to.include({message: 'Broken'});
    expect(readCut(sse(event('tripwire', {reason: 'Blocked'})), mastra).error).to.include({message: 'Blocked'});
  });

  it('encodes messages and settings', () => {
    const body = sent(mastra, [message('user', 'Hi')], fullSettings);

    expect(body['messages']).to.deep.equal([{role: 'user', content: 'Hi'}]);
    expect(body['modelSettings']).to.deep.equal({temperature: 0.5, topP: 0.9, maxOutputTokens: 100});
    expect(body['clientTools']).to.have.property('add');
  });
});
