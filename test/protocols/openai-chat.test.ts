import {expect} from '@open-wc/testing';

import {StreamChatError} from '../../src/model/errors.js';
import {openaiChat} from '../../src/protocols/openai-chat.js';
import {
  bareSettings,
  fullSettings,
  message,
  ndjson,
  readCut,
  readStream,
  sent,
  sse,
  toolConversation,
} from '../helpers/streams.js';

const chunk = (delta: object, more: object = {}) => ({
  object: 'chat.completion.chunk',
  choices: [{index: 0, delta, finish_reason: null, ...more}],
});
const finish = (reason: string) => chunk({}, {finish_reason: reason});
const usage = {
  prompt_tokens: 3,
  completion_tokens: 2,
  total_tokens: 5,
  completion_tokens_details: {reasoning_tokens: 1},
};
const tool = (piece: object) => chunk({tool_calls: [piece]});

describe('protocols/openai-chat', () => {
  it('decodes text, the finish reason, and usage after it', () => {
    const body = sse(
      chunk({role: 'assistant', content: ''}),
      chunk({content: 'Grüß '}),
      chunk({content: 'Gott 👋'}),
      finish('stop'),
      {choices: [], usage},
      '[DONE]',
    );

    const {text, finish: native, counts, usage: raw, ended} = readCut(body, openaiChat);

    expect({text, native, ended}).to.deep.equal({text: 'Grüß Gott 👋', native: 'stop', ended: true});
    expect(counts).to.deep.equal({inputTokens: 3, outputTokens: 2, totalTokens: 5, reasoningTokens: 1});
    expect(raw).to.deep.equal(usage);
  });

  it('ends with the body after a finish reason', () => {
    const body = sse(chunk({content: 'Hi'}), finish('length'));

    expect(readCut(body, openaiChat)).to.include({ended: true, reason: 'length'});
    expect(readStream(body, openaiChat, {lost: true}).ended).to.equal(false);
    expect(readCut(sse(chunk({content: 'Hi'})), openaiChat)).to.include({ended: false, text: 'Hi'});
  });

  it('decodes NDJSON chunks of toReadableStream()', () => {
    const body = ndjson(chunk({content: 'One\n'}), chunk({content: 'two'}), finish('stop'));

    expect(readCut(body, openaiChat)).to.include({text: 'One\ntwo', ended: true});
  });

  it('decodes an answer that is not streamed', () => {
    const body = JSON.stringify(
      {object: 'chat.completion', choices: [{index: 0, message: {content: 'Whole'}, finish_reason: 'stop'}], usage},
      undefined,
      2,
    );

    expect(readCut(body, openaiChat)).to.include({text: 'Whole', ended: true});
  });

  it('decodes the older Completions', () => {
    const body = sse({object: 'text_completion', choices: [{index: 0, text: 'Once'}]}, '[DONE]');

    expect(readCut(body, openaiChat).text).to.equal('Once');
  });

  it('decodes only the first of several choices', () => {
    const other = {choices: [{index: 1, delta: {content: 'no'}, finish_reason: 'stop'}]};

    expect(readCut(sse(chunk({content: 'a'}), other, chunk({content: 'b'}), '[DONE]'), openaiChat).text).to.equal('ab');
  });

  for (const [name, delta] of Object.entries({
    reasoning_content: {reasoning_content: 'Hm.', content: null},
    reasoning: {reasoning: 'Hm.', reasoning_details: [{type: 'reasoning.text', text: 'Hm.'}]},
    reasoning_details: {reasoning_details: [{type: 'reasoning.summary', summary: 'Hm.'}]},
    'a part': {content: [{type: 'thinking', thinking: [{type: 'text', text: 'Hm.'}]}]},
  })) {
    it(`decodes reasoning from ${name}, once`, () => {
      const {reasoning, text} = readCut(sse(chunk(delta), chunk({content: 'Yes'}), '[DONE]'), openaiChat);

      expect({reasoning, text}).to.deep.equal({reasoning: 'Hm.', text: 'Yes'});
    });
  }

  it('decodes a refusal and citations', () => {
    const annotations = [{type: 'url_citation', url_citation: {url: 'https://a.test/', title: 'A'}}];
    const body = sse(
      chunk({refusal: 'I '}),
      chunk({refusal: 'cannot'}),
      chunk({annotations}),
      {choices: [], citations: ['https://a.test/', 'https://b.test/']},
      '[DONE]',
    );

    const {refusal, sources} = readCut(body, openaiChat);

    expect(refusal).to.equal('I cannot');
    expect(sources).to.deep.equal([{url: 'https://a.test/', title: 'A'}, {url: 'https://b.test/'}]);
  });

  it('assembles tool calls by index and ID', () => {
    const body = sse(
      tool({index: 0, id: 'a', function: {name: 'add', arguments: ''}}),
      tool({index: 0, id: '', function: {name: 'add', arguments: '{"x"'}}),
      tool({index: 1, id: 'b', function: {name: 'sub', arguments: null}}),
      tool({index: 0, function: {arguments: ':1}'}}),
      tool({index: 1, id: 'c', function: {name: 'mul', arguments: {y: 2}}}),
      finish('stop'),
      '[DONE]',
    );

    const {toolCalls, reason} = readCut(body, openaiChat);

    expect(toolCalls.map(({id, name, arguments: input, complete}) => [id, name, input, complete])).to.deep.equal([
      ['a', 'add', '{"x":1}', true],
      ['b', 'sub', '', true],
      ['c', 'mul', '{"y":2}', true],
    ]);
    expect(reason).to.equal('tool-calls');
  });

  it('assembles tool calls without index by ID, and counts calls with invalid indexes as unknown', () => {
    const body = sse(
      tool({id: 'a', function: {name: 'add', arguments: '{'}}),
      tool({function: {arguments: '}'}}),
      tool({index: 1e9, id: 'x', function: {name: 'bad'}}),
      tool({index: -1, id: 'y', function: {name: 'now'}}),
      tool({index: '__proto__', id: 'z', function: {name: 'bad'}}),
      '[DONE]',
    );

    expect(readCut(body, openaiChat).unknown).to.deep.equal(['tool call x', 'tool call z']);
    expect(readCut(body, openaiChat).toolCalls.map(({name}) => name)).to.deep.equal(['add', 'now']);
    expect(readCut(body, openaiChat).toolCalls[0]).to.include({id: 'a', arguments: '{}', complete: true});
  });

  it('decodes the older function_call', () => {
    const body = sse(
      chunk({function_call: {name: 'add', arguments: '{"a"'}}),
      chunk({function_call: {arguments: ':1}'}}),
      finish('function_call'),
      '[DONE]',
    );

    expect(readCut(body, openaiChat)).to.include({reason: 'tool-calls', finish: 'function_call'});
    expect(readCut(body, openaiChat).toolCalls[0]).to.include({name: 'add', arguments: '{"a":1}'});
  });

  it('reports errors next to choices, alone, and by event name', () => {
    const beside = sse({...chunk({content: ''}), error: {code: 429, message: 'Slow down'}}, '[DONE]');
    const alone = sse({error: {message: 'Broken', type: 'server_error', code: null}});
    const named = 'event: error\ndata: {"error":{"message":"Bad tool","type":"invalid_request_error"}}\n\n';

    expect(readCut(beside, openaiChat).error).to.include({code: 'rate-limit', message: 'Slow down', status: 429});
    expect(readCut(alone, openaiChat).error).to.include({code: 'provider', message: 'Broken', retryable: true});
    expect(readCut(named, openaiChat).error).to.include({message: 'Bad tool', retryable: false});
    expect(readCut(sse({object: 'error', message: 'Old vLLM'}), openaiChat).error).to.include({message: 'Old vLLM'});
  });

  it('throws a protocol error for malformed JSON, and ignores other shapes', () => {
    expect(() => readStream(sse('{"choices": ['), openaiChat))
      .to.throw(StreamChatError)
      .with.property('code', 'protocol');
    expect(
      readCut(sse({choices: 'no'}, {choices: [null, 3]}, [], 'null', chunk({content: {}}), '[DONE]'), openaiChat),
    ).to.include({text: '', ended: true});
  });

  it('encodes the conversation with its tool rounds', () => {
    const {messages} = sent(openaiChat, toolConversation);

    expect(messages).to.deep.equal([
      {role: 'user', content: 'What is 1 + 1?'},
      {
        role: 'assistant',
        content: 'Let me see.',
        tool_calls: [
          {id: 'call-1', type: 'function', function: {name: 'add', arguments: '{"a":1}'}},
          {id: 'call-2', type: 'function', function: {name: 'add', arguments: '{"a":1}'}},
        ],
      },
      {role: 'tool', tool_call_id: 'call-1', content: '{"sum":2}'},
      {role: 'tool', tool_call_id: 'call-2', content: 'No such thing'},
      {role: 'assistant', content: 'It is 2.'},
      {role: 'user', content: 'Thanks'},
    ]);
  });

  it('encodes the settings, and omits what is not set', () => {
    const full = sent(openaiChat, [message('user', 'Hi')], fullSettings);

    expect(full).to.deep.equal({
      model: 'model-1',
      messages: [
        {role: 'system', content: 'Be brief.'},
        {role: 'user', content: 'Hi'},
      ],
      stream: true,
      stream_options: {include_usage: true},
      temperature: 0.5,
      top_p: 0.9,
      max_tokens: 100,
      tools: [{type: 'function', function: {...fullSettings.tools![0]}}],
      response_format: {
        type: 'json_schema',
        json_schema: {name: 'answer', schema: fullSettings.responseFormat, strict: true},
      },
    });
    expect(Object.keys(sent(openaiChat, [message('user', 'Hi')]))).to.deep.equal([
      'messages',
      'stream',
      'stream_options',
    ]);
    expect(sent(openaiChat, [], {...bareSettings, model: 'gpt-5-mini', maxTokens: 9})).to.include({
      max_completion_tokens: 9,
    });
  });

  it('encodes the text of failed answers, omits empty ones, and encodes files as parts', () => {
    const {messages} = sent(openaiChat, [
      message('user', [
        {type: 'text', text: 'See'},
        {type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,AA=='},
      ]),
      message('assistant', 'half', {status: 'failed'}),
      message('assistant', []),
    ]);

    expect(messages).to.deep.equal([
      {
        role: 'user',
        content: [
          {type: 'text', text: 'See'},
          {type: 'image_url', image_url: {url: 'data:image/png;base64,AA=='}},
        ],
      },
      {role: 'assistant', content: 'half'},
    ]);
  });

  it('sends the reasoning of a call back to servers that sent it as reasoning_content', () => {
    const body = sse(
      chunk({reasoning_content: 'Hm.'}),
      tool({index: 0, id: 'a', function: {name: 'add', arguments: '{}'}}),
      '[DONE]',
    );
    const {natives} = readCut(body, openaiChat);

    const {messages} = sent(openaiChat, [
      message('assistant', [
        {type: 'native', value: natives[0]},
        {type: 'tool-call', key: 'a', id: 'a', name: 'add', arguments: '{}', state: 'done', result: 1},
      ]),
    ]);

    expect((messages as object[])[0]).to.include({reasoning_content: 'Hm.'});
  });
});
