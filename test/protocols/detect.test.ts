import {expect} from '@open-wc/testing';

import {formats} from '../helpers/formats.js';
import {samplesOf, sse} from '../helpers/streams.js';

/** Names of the formats that claim a body, at the first event that any of them claims. */
function claims(body: string, headers: Record<string, string> = {}): string[] {
  for (const sample of samplesOf(body, headers, {contentType: headers['content-type'] ?? ''})) {
    const names = Object.entries(formats)
      .filter(([, {detect}]) => detect?.(sample))
      .map(([name]) => name);
    if (names.length > 0) return names;
  }
  return [];
}

describe('protocols/detect', () => {
  const cases: Record<string, [expected: string | undefined, body: string]> = {
    'a chunk of choices': ['openai-chat', sse({choices: []})],
    'a chat chunk in NDJSON': ['openai-chat', '{"object":"chat.completion.chunk","choices":[]}\n'],
    'a response event': ['openai-responses', sse({type: 'response.queued'})],
    'an error with a number': [
      'openai-responses',
      sse({type: 'error', sequence_number: 1, error: {type: 'x'}}).replace('"error":{"type":"x"}', '"message":"x"'),
    ],
    'a message start': ['anthropic', sse({type: 'message_start', message: {}})],
    'an error of Anthropic': ['anthropic', sse({type: 'error', error: {type: 'overloaded_error', message: 'x'}})],
    candidates: ['gemini', sse({candidates: []})],
    'a line of Ollama': ['ollama', '{"model":"m","created_at":"2026","response":"","done":false}\n'],
    'a UI message': ['ai-sdk-ui', sse({type: 'start', messageId: 'm'})],
    'a UI message with metadata': ['ai-sdk-ui', sse({type: 'text-delta', id: '0', delta: 'x'})],
    'a data stream': ['ai-sdk-data', '0:"Hi"\n'],
    'a run': ['ag-ui', sse({type: 'RUN_STARTED', threadId: 't', runId: 'r'})],
    'a Mastra event': ['mastra', sse({type: 'text-delta', runId: 'r', from: 'AGENT', payload: {}})],
    'a LangGraph run': ['langgraph', 'event: metadata\ndata: {"run_id":"r","attempt":1}\n\n'],
    'a LangGraph mode': ['langgraph', 'event: metadata\ndata: {"run_id":"r"}\n\nevent: messages\ndata: [{},{}]\n\n'],
    'a LangServe chunk': ['langserve', 'event: metadata\ndata: {"run_id":"r"}\n\nevent: data\ndata: "Hi"\n\n'],
    'a Dify event': ['dify', sse({event: 'message', task_id: 't', answer: ''})],
    'a Flowise event': ['flowise', 'message:\ndata:{"event":"token","data":"x"}\n\n'],
    'a line of n8n': ['n8n', '{"type":"begin","metadata":{"nodeId":"a"}}\n'],
    'a result of watsonx': ['watsonx', sse({results: [{generated_text: ''}]})],
    'a start of Cohere': ['cohere', sse({type: 'message-start', delta: {message: {}}})],
    'raw text': [undefined, 'data: Hello\n\ndata: 42\n\ndata: true\n\ndata: [1]\n\n'],
    'home-made tokens': [
      undefined,
      sse({type: 'token', content: 'x'}, {token: 'x', done: false}, {type: 'done'}, {message: 'x'}, {content: 'x'}),
    ],
    'home-made types': [
      undefined,
      sse(
        {type: 'start', data: 'x'},
        {type: 'error', message: 'x'},
        {type: 'message', content: 'x'},
        {event: 'token', data: 'x', id: 1},
      ),
    ],
    'odd values': [undefined, sse('null', '[]', {type: 3, event: {}, results: null, error: 'x'})],
  };
  for (const [name, [expected, body]] of Object.entries(cases)) {
    it(`detects ${name}`, () => {
      expect(claims(body)).to.deep.equal(expected === undefined ? [] : [expected]);
    });
  }

  it('trusts the headers of the AI SDK', () => {
    expect(claims(sse({type: 'custom', kind: 'x'}), {'x-vercel-ai-ui-message-stream': 'v1'})).to.deep.equal([
      'ai-sdk-ui',
    ]);
  });

  it('detects nothing from a metadata event alone', () => {
    expect(claims('event: metadata\ndata: {"run_id":"r"}\n\n')).to.deep.equal([]);
  });
});
