import {expect} from '@open-wc/testing';

import {agUi} from '../../src/protocols/ag-ui.js';
import {fullSettings, readCut, sent, sse, toolConversation} from '../helpers/streams.js';

const started = {type: 'RUN_STARTED', threadId: 't', runId: 'r'};
const finished = {type: 'RUN_FINISHED', threadId: 't', runId: 'r'};
const text = (delta: string) => ({type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta});

describe('protocols/ag-ui', () => {
  it('decodes text, reasoning, usage and the end', () => {
    const body = sse(
      started,
      {type: 'REASONING_MESSAGE_CONTENT', messageId: 'r', delta: 'Hm'},
      {type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'assistant'},
      text('Hé'),
      text(''),
      {type: 'TEXT_MESSAGE_CHUNK', delta: '!'},
      {type: 'RAW', event: {}},
      {...finished, usage: [{inputTokens: 1}, {inputTokens: 2, outputTokens: 3}]},
    );

    const collected = readCut(body, agUi);

    expect(collected).to.include({text: 'Hé!', reasoning: 'Hm', finish: 'success', reason: 'stop', ended: true});
    expect(collected.counts).to.deep.equal({inputTokens: 3, outputTokens: 3});
    expect(readCut(sse(started, text('Hé')), agUi).ended).to.equal(false);
  });

  it('ignores messages of other roles', () => {
    const body = sse(
      started,
      {type: 'TEXT_MESSAGE_START', messageId: 'u', role: 'user'},
      {type: 'TEXT_MESSAGE_CONTENT', messageId: 'u', delta: 'Question'},
      text('Answer'),
      finished,
    );

    expect(readCut(body, agUi).text).to.equal('Answer');
  });

  it('decodes the tool calls of agent and page', () => {
    const call = (toolCallId: string, toolCallName: string) => [
      {type: 'TOOL_CALL_START', toolCallId, toolCallName, parentMessageId: ''},
      {type: 'TOOL_CALL_ARGS', toolCallId, delta: '{"a"'},
      {type: 'TOOL_CALL_ARGS', toolCallId, delta: ':1}'},
      {type: 'TOOL_CALL_END', toolCallId},
    ];
    const result = {type: 'TOOL_CALL_RESULT', messageId: 'm2', toolCallId: 'a', content: '2'};

    const {toolCalls, reason} = readCut(
      sse(
        started,
        ...call('a', 'add'),
        result,
        ...call('b', 'page'),
        {type: 'TOOL_CALL_CHUNK', toolCallId: 'c', toolCallName: 'loose', delta: '{}'},
        finished,
      ),
      agUi,
    );

    expect(
      toolCalls.map(({id, name, arguments: input, complete, result}) => [id, name, input, complete, result]),
    ).to.deep.equal([
      ['a', 'add', '{"a":1}', true, '2'],
      ['b', 'page', '{"a":1}', true, undefined],
      ['c', 'loose', '{}', true, undefined],
    ]);
    expect(reason).to.equal('tool-calls');
  });

  it('reports interrupts and errors', () => {
    expect(readCut(sse(started, {...finished, outcome: {type: 'interrupt', interrupts: []}}), agUi).finish).to.equal(
      'interrupt',
    );
    expect(readCut(sse(started, {type: 'RUN_ERROR', message: 'Broken'}), agUi).error).to.include({
      code: 'provider',
      message: 'Broken',
    });
  });

  it('decodes the answer of an agent that only sends a snapshot of all messages', () => {
    const messages = [
      {role: 'user', content: 'Q'},
      {role: 'assistant', content: 'A'},
    ];

    expect(readCut(sse(started, {type: 'MESSAGES_SNAPSHOT', messages}, finished), agUi).text).to.equal('A');
    expect(readCut(sse(started, text('B'), {type: 'MESSAGES_SNAPSHOT', messages}, finished), agUi).text).to.equal('B');
  });

  it('encodes a run', () => {
    const body = sent(agUi, toolConversation, fullSettings);

    expect(body).to.include({threadId: 'chat-1', runId: 'user-2-1'});
    expect(body['tools']).to.deep.equal(fullSettings.tools);
    expect((body['messages'] as unknown[]).slice(2, 4)).to.deep.equal([
      {
        id: 'assistant-1',
        role: 'assistant',
        content: 'Let me see.',
        toolCalls: ['call-1', 'call-2'].map((id) => ({
          id,
          type: 'function',
          function: {name: 'add', arguments: '{"a":1}'},
        })),
      },
      {id: 'assistant-1-call-1', role: 'tool', toolCallId: 'call-1', content: '{"sum":2}'},
    ]);
  });
});
