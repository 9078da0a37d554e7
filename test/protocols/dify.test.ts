import {expect} from '@open-wc/testing';

import {dify} from '../../src/protocols/dify.js';
import {message, readCut, sent, sse} from '../helpers/streams.js';

const event = (name: string, more: object = {}) => ({event: name, task_id: 't', conversation_id: 'c', ...more});

describe('protocols/dify', () => {
  it('decodes text between pings, usage and the end', () => {
    const usage = {prompt_tokens: 1, completion_tokens: 2, total_tokens: 3};
    const body = `event: ping\n\n${sse(event('workflow_started'), event('message', {answer: 'Hé'}), event('agent_message', {answer: '!'}), event('message_end', {metadata: {usage}}))}`;

    const collected = readCut(body, dify);

    expect(collected).to.include({text: 'Hé!', ended: true, responseId: 't'});
    expect(collected.counts).to.deep.equal({inputTokens: 1, outputTokens: 2, totalTokens: 3});
    expect(readCut(sse(event('message', {answer: 'Hé'})), dify).ended).to.equal(false);
  });

  it('applies replacements by moderation, and decodes the steps of an agent', () => {
    const thought = {id: 's', tool: 'search', tool_input: '{"q":1}'};
    const body = sse(
      event('message', {answer: 'Bad'}),
      event('message_replace', {answer: 'Good'}),
      event('agent_thought', thought),
      event('agent_thought', {...thought, observation: 'found'}),
      event('message_end'),
    );

    const {text, toolCalls} = readCut(body, dify);

    expect(text).to.equal('Good');
    expect(toolCalls).to.deep.equal([
      {id: 's', name: 'search', arguments: '{"q":1}', complete: true, server: true, result: 'found'},
    ]);
  });

  it('decodes a workflow without messages', () => {
    const body = sse(
      event('text_chunk', {data: {text: 'Hi'}}),
      event('workflow_finished', {data: {status: 'succeeded'}}),
    );

    expect(readCut(body, dify)).to.include({text: 'Hi', ended: true});
    expect(
      readCut(sse(event('workflow_finished', {data: {status: 'failed', error: 'Node broke'}})), dify).error,
    ).to.include({message: 'Node broke'});
  });

  it('reports errors', () => {
    const {error} = readCut(
      sse(event('error', {status: 400, code: 'provider_quota_exceeded', message: 'quota'})),
      dify,
    );

    expect(error).to.include({code: 'provider', message: 'quota', status: 400, retryable: false});
  });

  it('sends the conversation ID of the answer with the next question', () => {
    const {natives} = readCut(sse(event('message', {answer: 'A'}), event('message_end')), dify);
    const answer = message('assistant', [
      {type: 'text', text: 'A'},
      {type: 'native', value: natives[0]},
    ]);

    expect(sent(dify, [message('user', 'Q'), answer, message('user', 'Next')])).to.deep.equal({
      inputs: {},
      query: 'Next',
      response_mode: 'streaming',
      conversation_id: 'c',
      user: 'chat-1',
      files: [],
    });
  });
});
