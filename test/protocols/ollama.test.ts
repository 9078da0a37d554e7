import {expect} from '@open-wc/testing';

import {ollama} from '../../src/protocols/ollama.js';
import {fullSettings, message, ndjson, readCut, sent, toolConversation} from '../helpers/streams.js';

const line = (message: object, more: object = {}) => ({
  model: 'm',
  created_at: '2026-01-01T00:00:00Z',
  message: {role: 'assistant', ...message},
  done: false,
  ...more,
});
const last = line({content: ''}, {done: true, done_reason: 'stop', prompt_eval_count: 4, eval_count: 2});

describe('protocols/ollama', () => {
  it('decodes text, thinking and the last line', () => {
    const collected = readCut(
      ndjson(line({content: '', thinking: 'Hm'}), line({content: 'Ja '}), line({content: '👍'}), last),
      ollama,
    );

    expect(collected).to.include({text: 'Ja 👍', reasoning: 'Hm', finish: 'stop', ended: true});
    expect(collected.counts).to.deep.equal({inputTokens: 4, outputTokens: 2});
    expect(readCut(ndjson(line({content: 'Ja'})), ollama).ended).to.equal(false);
  });

  it('decodes thinking in tags, and /api/generate', () => {
    const body = ndjson(
      {response: '<think>Hm</th', done: false},
      {response: 'ink>\nYes', done: false},
      {response: '', done: true, context: [1, 2]},
    );

    expect(readCut(body, ollama)).to.include({text: 'Yes', reasoning: 'Hm', ended: true, finish: null});
  });

  it('decodes whole tool calls', () => {
    const call = {function: {name: 'add', arguments: {a: 1}}};
    const {toolCalls, reason} = readCut(
      ndjson(line({content: '', tool_calls: [call]}), line({content: '', tool_calls: [call]}), last),
      ollama,
    );

    expect(toolCalls.map(({id, arguments: input, complete}) => [id, input, complete])).to.deep.equal([
      [null, '{"a":1}', true],
      [null, '{"a":1}', true],
    ]);
    expect(reason).to.equal('tool-calls');
  });

  it('reports an error line', () => {
    const collected = readCut(ndjson(line({content: 'Half'}), {error: 'model runner stopped'}), ollama);

    expect(collected).to.include({text: 'Half', ended: false});
    expect(collected.error).to.include({code: 'provider', message: 'model runner stopped'});
  });

  it('encodes the conversation, images and options', () => {
    expect(sent(ollama, toolConversation)['messages']).to.deep.equal([
      {role: 'user', content: 'What is 1 + 1?'},
      {
        role: 'assistant',
        content: 'Let me see.',
        tool_calls: [{function: {name: 'add', arguments: {a: 1}}}, {function: {name: 'add', arguments: {a: 1}}}],
      },
      {role: 'tool', tool_name: 'add', content: '{"sum":2}'},
      {role: 'tool', tool_name: 'add', content: 'No such thing'},
      {role: 'assistant', content: 'It is 2.'},
      {role: 'user', content: 'Thanks'},
    ]);
    const image = {type: 'file' as const, mediaType: 'image/png', url: 'data:image/png;base64,AA=='};
    const body = sent(ollama, [message('user', [{type: 'text', text: 'See'}, image])], fullSettings);
    expect(body['options']).to.deep.equal({temperature: 0.5, top_p: 0.9, num_predict: 100});
    expect(body['format']).to.deep.equal(fullSettings.responseFormat);
    expect((body['messages'] as unknown[])[1]).to.deep.equal({role: 'user', content: 'See', images: ['AA==']});
  });
});
