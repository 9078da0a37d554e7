import {expect} from '@open-wc/testing';

import {aiSdkData} from '../../src/protocols/ai-sdk-data.js';
import {readCut, readStream, sent, toolConversation} from '../helpers/streams.js';

const finish = 'd:{"finishReason":"stop","usage":{"promptTokens":1,"completionTokens":2}}\n';

describe('protocols/ai-sdk-data', () => {
  it('decodes text, reasoning, sources and the end', () => {
    const body = `f:{"messageId":"m1"}\ng:"Hm\\n"\n0:"Line\\n"\n0:"☀️"\nh:{"url":"https://a.test/","title":"A"}\n2:[{"x":1}]\n8:[1]\n${finish}`;

    const collected = readCut(body, aiSdkData);

    expect(collected).to.include({text: 'Line\n☀️', reasoning: 'Hm\n', finish: 'stop', ended: true, responseId: 'm1'});
    expect(collected.counts).to.deep.equal({inputTokens: 1, outputTokens: 2});
    expect(collected.sources).to.deep.equal([{url: 'https://a.test/', title: 'A'}]);
  });

  it('does not end with the body alone, unless the last step arrived', () => {
    expect(readCut('0:"Hi"\n', aiSdkData)).to.include({text: 'Hi', ended: false});
    expect(readCut('0:"Hi"\ne:{"finishReason":"stop","isContinued":false}\n', aiSdkData).ended).to.equal(true);
    expect(readCut('0:"Hi"\ne:{"finishReason":"tool-calls","isContinued":true}\n', aiSdkData).ended).to.equal(false);
  });

  it('decodes tool calls with their results', () => {
    const body = `b:{"toolCallId":"a","toolName":"add"}\nc:{"toolCallId":"a","argsTextDelta":"{\\"a\\""}\nc:{"toolCallId":"a","argsTextDelta":":1}"}\n9:{"toolCallId":"a","toolName":"add","args":{"a":1}}\na:{"toolCallId":"a","result":2}\n${finish}`;

    expect(readCut(body, aiSdkData).toolCalls).to.deep.equal([
      {id: 'a', name: 'add', arguments: '{"a":1}', complete: true, server: false, result: 2},
    ]);
  });

  it('reports errors, and rejects lines of another format', () => {
    expect(readCut('3:"boom"\n', aiSdkData).error).to.include({code: 'provider', message: 'boom'});
    for (const body of ['0:"cut\n', 'hello\n']) {
      expect(() => readStream(body, aiSdkData))
        .to.throw()
        .with.property('code', 'protocol');
    }
  });

  it('encodes messages with attachments', () => {
    const {messages} = sent(aiSdkData, toolConversation);

    expect((messages as unknown[])[0]).to.deep.equal({
      id: 'user-1',
      role: 'user',
      content: 'What is 1 + 1?',
      parts: [{type: 'text', text: 'What is 1 + 1?'}],
    });
    expect((messages as {parts: unknown[]}[])[1]!.parts[1]).to.deep.equal({
      type: 'tool-invocation',
      toolInvocation: {state: 'result', toolCallId: 'call-1', toolName: 'add', args: {a: 1}, result: {sum: 2}},
    });
  });
});
