import {expect} from '@open-wc/testing';

import {flowise} from '../../src/protocols/flowise.js';
import {message, readCut, sent} from '../helpers/streams.js';

const stream = (...list: [string, unknown][]) =>
  list.map(([event, data]) => `message:\ndata:${JSON.stringify({event, data})}\n\n:heartbeat\n\n`).join('');
const end: [string, unknown] = ['end', '[DONE]'];

describe('protocols/flowise', () => {
  it('decodes tokens and thoughts up to the end', () => {
    const body = stream(
      ['start', ''],
      ['thinking', 'Hm'],
      ['token', ' Grüß\n'],
      ['token', '42'],
      ['metadata', {chatId: 'c'}],
      ['usageMetadata', {input_tokens: 1, output_tokens: 2}],
      end,
    );

    const collected = readCut(body, flowise, {framing: 'sse'});

    expect(collected).to.include({text: ' Grüß\n42', reasoning: 'Hm', ended: true});
    expect(collected.counts).to.deep.equal({inputTokens: 1, outputTokens: 2});
    expect(collected.unknown).to.deep.equal([]);
    expect(readCut(stream(['token', 'Hi']), flowise, {framing: 'sse'}).ended).to.equal(false);
  });

  it('decodes tools and sources', () => {
    const body = stream(
      ['usedTools', [{tool: 'search', toolInput: {q: 1}, toolOutput: 'found'}]],
      ['sourceDocuments', [{metadata: {source: 'https://a.test/', title: 'A'}}, {metadata: {source: 'blob'}}]],
      end,
    );

    const {toolCalls, sources} = readCut(body, flowise, {framing: 'sse'});

    expect(toolCalls).to.deep.equal([
      {id: 'tool-0', name: 'search', arguments: '{"q":1}', complete: true, server: true, result: 'found'},
    ]);
    expect(sources).to.deep.equal([{url: 'https://a.test/', title: 'A'}]);
  });

  it('reports errors and aborts', () => {
    expect(readCut(stream(['error', '401 Unauthorized'], end), flowise, {framing: 'sse'}).error).to.include({
      message: '401 Unauthorized',
    });
    expect(readCut(stream(['abort', ''], end), flowise, {framing: 'sse'}).reason).to.equal('aborted');
  });

  it('encodes the question under the session of the chat', () => {
    expect(sent(flowise, [message('user', 'Hi')])).to.deep.equal({
      question: 'Hi',
      streaming: true,
      overrideConfig: {sessionId: 'chat-1'},
    });
  });
});
