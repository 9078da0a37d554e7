import {expect} from '@open-wc/testing';

import {aiSdkUi} from '../../src/protocols/ai-sdk-ui.js';
import {fullSettings, message, readCut, sent, sse, toolConversation} from '../helpers/streams.js';

const start = {type: 'start', messageId: 'm1'};
const finish = {type: 'finish', finishReason: 'stop'};
const text = (delta: string) => ({type: 'text-delta', id: '0', delta});

describe('protocols/ai-sdk-ui', () => {
  it('decodes text and reasoning over several steps', () => {
    const body = sse(
      start,
      {type: 'start-step'},
      {type: 'reasoning-delta', id: 'r', delta: 'Hm'},
      {type: 'text-start', id: '0'},
      text('Grüß '),
      {type: 'text-end', id: '0'},
      {type: 'finish-step'},
      {type: 'start-step'},
      text('Gott'),
      finish,
      '[DONE]',
    );

    const collected = readCut(body, aiSdkUi);

    expect(collected).to.include({text: 'Grüß Gott', reasoning: 'Hm', finish: 'stop', ended: true, responseId: 'm1'});
    expect(collected.unknown).to.deep.equal([]);
  });

  it('ends with [DONE], or with the body after `finish`', () => {
    expect(readCut(sse(start, text('Hi'), finish), aiSdkUi).ended).to.equal(true);
    expect(readCut(sse(start, text('Hi'), finish), aiSdkUi, {lost: true}).ended).to.equal(false);
    expect(readCut(sse(start, text('Hi')), aiSdkUi)).to.include({text: 'Hi', ended: false});
  });

  it('decodes tool calls of the page, of the host and of the provider', () => {
    const body = sse(
      {type: 'tool-input-start', toolCallId: 'a', toolName: 'add'},
      {type: 'tool-input-start', toolCallId: 'b', toolName: 'search', providerExecuted: true},
      {type: 'tool-input-delta', toolCallId: 'a', inputTextDelta: '{"a"'},
      {type: 'tool-input-delta', toolCallId: 'b', inputTextDelta: '{}'},
      {type: 'tool-input-delta', toolCallId: 'a', inputTextDelta: ':1}'},
      {type: 'tool-input-available', toolCallId: 'b', toolName: 'search', input: {}},
      {type: 'tool-input-available', toolCallId: 'a', toolName: 'add', input: {a: 1}},
      {type: 'tool-output-available', toolCallId: 'b', output: [1]},
      {type: 'tool-input-error', toolCallId: 'c', toolName: 'bad', input: 'x', errorText: 'Invalid'},
      {type: 'tool-output-denied', toolCallId: 'a'},
      finish,
      '[DONE]',
    );

    const {toolCalls} = readCut(body, aiSdkUi);

    expect(
      toolCalls.map(({id, name, arguments: input, server, error}) => [id, name, input, server, error]),
    ).to.deep.equal([
      ['a', 'add', '{"a":1}', false, 'The call was denied.'],
      ['b', 'search', '{}', true, undefined],
      ['c', 'bad', '"x"', false, 'Invalid'],
    ]);
    expect(toolCalls[1]!.result).to.deep.equal([1]);
  });

  it('discards a step that is reset', () => {
    const body = sse(
      {type: 'start-step'},
      text('One. '),
      {type: 'finish-step'},
      {type: 'start-step'},
      text('Bad'),
      {type: 'reset-step'},
      text('Two.'),
      finish,
      '[DONE]',
    );

    expect(readCut(body, aiSdkUi).text).to.equal('One. Two.');
  });

  it('decodes sources, files, usage in the metadata, and counts the rest', () => {
    const body = sse(
      {type: 'source-url', sourceId: '1', url: 'https://a.test/', title: 'A'},
      {type: 'file', url: 'https://a.test/x.png', mediaType: 'image/png'},
      {type: 'data-weather', data: {}},
      {...finish, messageMetadata: {usage: {inputTokens: 1, outputTokens: 2}}},
      '[DONE]',
    );

    const {sources, files, counts, unknown} = readCut(body, aiSdkUi);

    expect(sources).to.deep.equal([{url: 'https://a.test/', title: 'A'}]);
    expect(files).to.deep.equal([{url: 'https://a.test/x.png', mediaType: 'image/png'}]);
    expect(counts).to.deep.equal({inputTokens: 1, outputTokens: 2});
    expect(unknown).to.deep.equal(['data-weather']);
  });

  it('reports errors and aborts', () => {
    const collected = readCut(
      sse(start, text('Half'), {type: 'error', errorText: 'Oh no'}, {type: 'finish', finishReason: 'error'}, '[DONE]'),
      aiSdkUi,
    );

    expect(collected).to.include({text: 'Half', finish: 'error'});
    expect(collected.error).to.include({code: 'provider', message: 'Oh no'});
    expect(readCut(sse(start, {type: 'abort'}, '[DONE]'), aiSdkUi).reason).to.equal('aborted');
  });

  it('resumes by replay', () => {
    const context = {
      endpoint: 'https://x.test/api/chat?a=1',
      chatId: 'c 1',
      responseId: undefined,
      lastDataId: '', answerId: 'answer', lastEventId: '',
      headers: new Headers(),
    };

    expect(aiSdkUi.resume!(context)).to.deep.equal({
      url: 'https://x.test/api/chat/c%201/stream?a=1',
      method: 'GET',
      mode: 'replay',
    });
  });

  it('encodes messages as parts, with the results of tools', () => {
    const body = sent(aiSdkUi, toolConversation, fullSettings);

    expect(body).to.include({id: 'chat-1', trigger: 'submit-message', model: 'model-1', system: 'Be brief.'});
    expect((body['messages'] as unknown[])[1]).to.deep.equal({
      id: 'assistant-1',
      role: 'assistant',
      parts: [
        {type: 'text', text: 'Let me see.'},
        {type: 'tool-add', toolCallId: 'call-1', input: {a: 1}, state: 'output-available', output: {sum: 2}},
        {type: 'tool-add', toolCallId: 'call-2', input: {a: 1}, state: 'output-error', errorText: 'No such thing'},
        {type: 'step-start'},
        {type: 'text', text: 'It is 2.'},
      ],
    });
    expect(sent(aiSdkUi, [message('user', 'Hi')])['messages']).to.deep.equal([
      {id: 'user-1', role: 'user', parts: [{type: 'text', text: 'Hi'}]},
    ]);
  });
});
