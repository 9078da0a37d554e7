import {expect} from '@open-wc/testing';

import '../../src/index.js';
import {StreamChatError} from '../../src/model/errors.js';
import {readAnswer, type ReadAnswerOptions} from '../helpers/read-answer.js';
import {namedSse, ndjson, pieceSizes, sse} from '../helpers/streams.js';

// Rules that hold for every wire format, each crossed with every format that it concerns. What is said of a stream is
// what a user sees: the message, and whether it is complete.

interface Seen {
  readonly text: string;
  readonly reasoning: string;
  readonly reason: string | undefined;
  readonly calls: readonly string[];
  /** `lost`: the answer is not complete, and no error was reported. */
  readonly end: 'done' | 'lost' | StreamChatError;
}

async function readAt(body: string, size: number, settings: ReadAnswerOptions): Promise<Seen> {
  const {text, reasoning, reason, calls, error, end} = await readAnswer(body, size, settings);
  return {text, reasoning, reason, calls, end: error ?? (end === 'done' ? 'done' : 'lost')};
}

/** Reads a body whole, and in pieces of every size: what it says must not depend on that. */
async function read(body: string, settings: ReadAnswerOptions = {}): Promise<Seen> {
  const whole = await readAt(body, Infinity, settings);
  for (const size of pieceSizes) {
    const cut = await readAt(body, size, settings);
    expect({...cut, end: String(cut.end)}, `in pieces of ${size}`).to.deep.equal({...whole, end: String(whole.end)});
  }
  return whole;
}

function expectError({end}: Seen, code: string, words: string | RegExp = '') {
  expect(end).to.be.instanceOf(StreamChatError);
  expect((end as StreamChatError).code).to.equal(code);
  expect((end as StreamChatError).message).to.match(words instanceof RegExp ? words : new RegExp(words));
}

/** A format: how it writes one piece of text, a piece of reasoning, and its end with a reason. */
interface Format {
  readonly begin?: string;
  readonly text: (value: unknown) => string;
  readonly reasoning?: (value: string) => string;
  /** The end, with a finish reason in the words of OpenAI. */
  readonly end: (reason: string) => string;
  /** Whether `end` holds the reason. */
  readonly hasReason?: boolean;
  /** The word for an answer that reached its limit, where it is not `length`. */
  readonly length?: string;
  /** What ends the answer after its reason, and may be missing. */
  readonly mark?: string;
  readonly settings?: ReadAnswerOptions;
}

const openai = (delta: unknown, reason: unknown = null) => ({
  id: 'x',
  object: 'chat.completion.chunk',
  choices: [{index: 0, delta, finish_reason: reason}],
});
const ui = {'x-vercel-ai-ui-message-stream': 'v1'};
const mastra = (type: string, payload: unknown) => sse({type, runId: 'r', from: 'AGENT', payload});
const dify = (event: string, fields: object) => sse({event, task_id: 't', message_id: 'm', ...fields});
const message = (value: unknown) => [{type: 'AIMessageChunk', id: 'm', content: value}, {langgraph_node: 'agent'}];

const formats: Readonly<Record<string, Format>> = {
  'openai-chat': {
    text: (value) => sse(openai({content: value})),
    reasoning: (value) => sse(openai({reasoning_content: value})),
    end: (reason) => sse(openai({}, reason)),
    hasReason: true,
    mark: sse('[DONE]'),
  },
  'openai-chat as NDJSON': {
    text: (value) => ndjson(openai({content: value})),
    end: (reason) => ndjson(openai({}, reason)),
    hasReason: true,
  },
  'openai-responses': {
    begin: namedSse({type: 'response.created', response: {id: 'r'}} as {type: string}),
    text: (value) => namedSse({type: 'response.output_text.delta', output_index: 0, delta: value} as {type: string}),
    reasoning: (value) =>
      namedSse({type: 'response.reasoning_text.delta', output_index: 1, delta: value} as {type: string}),
    end: () => namedSse({type: 'response.completed', response: {status: 'completed', output: []}} as {type: string}),
  },
  anthropic: {
    begin:
      namedSse({type: 'message_start', message: {id: 'm', role: 'assistant', content: []}} as {type: string}) +
      namedSse({type: 'content_block_start', index: 0, content_block: {type: 'text', text: ''}} as {type: string}),
    text: (value) =>
      namedSse({type: 'content_block_delta', index: 0, delta: {type: 'text_delta', text: value}} as {type: string}),
    reasoning: (value) =>
      namedSse({type: 'content_block_delta', index: 1, delta: {type: 'thinking_delta', thinking: value}} as {
        type: string;
      }),
    end: (reason) => namedSse({type: 'message_delta', delta: {stop_reason: reason}} as {type: string}),
    hasReason: true,
    length: 'max_tokens',
    mark: namedSse({type: 'message_stop'}),
  },
  gemini: {
    text: (value) => sse({candidates: [{content: {parts: [{text: value}]}}]}),
    reasoning: (value) => sse({candidates: [{content: {parts: [{text: value, thought: true}]}}]}),
    end: (reason) => sse({candidates: [{finishReason: reason.toUpperCase()}]}),
    hasReason: true,
    length: 'max_tokens',
  },
  ollama: {
    text: (value) => ndjson({model: 'm', created_at: 'now', message: {role: 'assistant', content: value}, done: false}),
    reasoning: (value) => ndjson({model: 'm', created_at: 'now', message: {thinking: value}, done: false}),
    end: (reason) => ndjson({model: 'm', created_at: 'now', message: {content: ''}, done: true, done_reason: reason}),
    hasReason: true,
  },
  'ai-sdk-ui': {
    text: (value) => sse({type: 'text-delta', id: '0', delta: value}),
    reasoning: (value) => sse({type: 'reasoning-delta', id: '1', delta: value}),
    end: (reason) => sse({type: 'finish', finishReason: reason}),
    hasReason: true,
    mark: sse('[DONE]'),
    settings: {headers: ui},
  },
  'ai-sdk-data': {
    text: (value) => `0:${JSON.stringify(value)}\n`,
    reasoning: (value) => `g:${JSON.stringify(value)}\n`,
    end: (reason) => `d:${JSON.stringify({finishReason: reason})}\n`,
    hasReason: true,
    settings: {contentType: 'text/plain', headers: {'x-vercel-ai-data-stream': 'v1'}},
  },
  'ag-ui': {
    begin: sse({type: 'RUN_STARTED', threadId: 't', runId: 'r'}),
    text: (value) => sse({type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: value}),
    reasoning: (value) => sse({type: 'REASONING_MESSAGE_CONTENT', messageId: 'r', delta: value}),
    end: () => sse({type: 'RUN_FINISHED', threadId: 't', runId: 'r'}),
  },
  langgraph: {
    begin: 'event: metadata\ndata: {"run_id":"r","attempt":1}\n\n',
    text: (value) => `event: messages\ndata: ${JSON.stringify(message(value))}\n\n`,
    end: () => 'event: end\n\n',
  },
  langserve: {
    text: (value) => `event: data\ndata: ${JSON.stringify(value)}\n\n`,
    end: () => 'event: end\n\n',
  },
  dify: {
    text: (value) => dify('message', {answer: value}),
    end: () => dify('message_end', {metadata: {}}),
  },
  flowise: {
    text: (value) => sse({event: 'token', data: value}),
    end: () => sse({event: 'end', data: '[DONE]'}),
  },
  n8n: {
    begin: ndjson({type: 'begin', metadata: {nodeId: 'n'}}),
    text: (value) => ndjson({type: 'item', content: value, metadata: {nodeId: 'n'}}),
    end: () => ndjson({type: 'end', metadata: {nodeId: 'n'}}),
  },
  mastra: {
    begin: mastra('start', {}),
    text: (value) => mastra('text-delta', {text: value}),
    reasoning: (value) => mastra('reasoning-delta', {text: value}),
    end: (reason) => mastra('finish', {stepResult: {reason}}),
    hasReason: true,
    mark: sse('[DONE]'),
  },
  cohere: {
    begin: sse({type: 'message-start', delta: {message: {role: 'assistant'}}}),
    text: (value) => sse({type: 'content-delta', index: 0, delta: {message: {content: {text: value}}}}),
    end: (reason) => sse({type: 'message-end', delta: {finish_reason: reason.toUpperCase()}}),
    hasReason: true,
    length: 'max_tokens',
  },
  watsonx: {
    text: (value) => sse({results: [{generated_text: value, stop_reason: 'not_finished'}]}),
    end: (reason) => sse({results: [{generated_text: '', stop_reason: reason}]}),
    hasReason: true,
    length: 'max_tokens',
  },
  'json-text': {
    text: (value) => sse({content: value}),
    reasoning: (value) => sse({type: 'reasoning', content: value}),
    end: (reason) => sse({done: true, finish_reason: reason}),
    hasReason: true,
  },
  'json-text as NDJSON': {
    text: (value) => ndjson({token: value}),
    end: (reason) => ndjson({done: true, reason}),
    hasReason: true,
  },
  'json-text in named events': {
    text: (value) => `event: update\ndata: ${JSON.stringify({output: {text: value, finish_reason: 'null'}})}\n\n`,
    end: (reason) => `event: update\ndata: ${JSON.stringify({output: {text: '', finish_reason: reason}})}\n\n`,
    hasReason: true,
  },
  'json-text in an envelope': {
    text: (value) => sse({code: 200, message: 'success', data: {answer: value}}),
    end: () => sse('[DONE]'),
  },
  'raw-text': {
    text: (value) => sse(String(value)),
    end: () => sse('[DONE]'),
  },
};

const write = ({begin = '', text, end, mark = ''}: Format, values: readonly unknown[], reason = 'stop') =>
  begin + values.map(text).join('') + end(reason) + mark;

const failures = ['error', 'upstream_failed', 'aborted', 'cancelled', 'insufficient_system_resource', 'malformed_function_call', 'time_out', 'expired', 'network_error'];
const filters = ['content_filter', 'sensitive', 'safety', 'blocklist'];
const errors: Readonly<Record<string, object>> = {
  'an error': {error: {message: 'It burns', type: 'server_error'}},
  'an envelope with a code': {code: 50013, message: 'It burns'},
  'an envelope without success': {success: false, msg: 'It burns'},
  'a status': {status: 'error', message: 'It burns'},
  'an HTTP status': {statusCode: 503, message: 'It burns'},
  'an error code': {error_code: 17, error_msg: 'It burns'},
  'a base response': {base_resp: {status_code: 1004, status_msg: 'It burns'}},
  'a crash of AWS Lambda': {errorType: 'Runtime.ExitError', errorMessage: 'It burns'},
  'a detail': {detail: 'It burns'},
  'a last error': {status: 'failed', last_error: {code: 5000, msg: 'It burns'}},
};

describe('rules of all formats', () => {
  for (const [name, format] of Object.entries(formats)) {
    const {begin = '', settings = {}, text, end, mark = ''} = format;
    // The error is written as the format frames its events.
    const asEvent = (json: object) => (text('x').startsWith('{') ? ndjson(json) : text('x').startsWith('0:') ? `${JSON.stringify(json)}\n` : sse(json));

    describe(name, () => {
      it('reads finite numbers as their digits', async () => {
        const seen = await read(write(format, ['It costs $', 5.25, ' see [', 10, ']']), settings);

        expect(seen).to.include({text: 'It costs $5.25 see [10]', end: 'done'});
      });

      if (format.hasReason) {
        it('reports a finish reason that means failure', async () => {
          for (const reason of failures) {
            const seen = await read(write(format, ['Half of ', 'it'], reason), settings);

            expect(seen.text, reason).to.equal('Half of it');
            expectError(seen, 'provider', new RegExp(reason, 'i'));
          }
        });

        it('tells filters, limits and unknown words from failures', async () => {
          for (const reason of filters) {
            expect(await read(write(format, ['Half'], reason), settings)).to.include({reason: 'content-filter', end: 'done'});
          }
          const limit = format.length ?? 'length';
          expect(await read(write(format, ['Half'], limit), settings)).to.include({reason: 'length', end: 'done'});
          expect(await read(write(format, ['All'], 'eos'), settings)).to.include({reason: 'stop', end: 'done'});
          expect(await read(write(format, ['All'], 'because'), settings)).to.include({reason: 'stop', end: 'done'});
        });
      }

      if (mark !== '') {
        it('is complete with its finish reason, whatever follows', async () => {
          const body = begin + text('All ') + text('of it') + end('stop');

          for (const isReset of [false, true]) {
            expect(await read(body, {...settings, isReset}), String(isReset)).to.include({text: 'All of it', end: 'done'});
          }
          expect((await read(begin + text('Half') + text(' of it'), {...settings, isReset: true})).end).to.equal('lost');
        });
      }

      it('discards a repetition of the whole answer at its end', async () => {
        const values = ['Water boils ', 'at 100 ', 'degrees.', 'Water boils at 100 degrees.'];

        expect(await read(write(format, values), settings)).to.include({text: 'Water boils at 100 degrees.', end: 'done'});
      });

      it('reads cumulative text, and restores text that only looked so', async () => {
        const texts = ['Tea', 'Tea is a', 'Tea is a hot drink', 'Tea is a hot drink made of', 'Tea is a hot drink made of leaves.'];
        const grown = await read(write(format, texts), settings);
        const rulers = await read(write(format, ['Table: ', '-', '--', '----', ' end']), settings);
        const first = await read(write(format, ['-', '--', '----', ' end']), settings);
        const twice = await read(write(format, ['again and ', 'again ', 'again and again ', 'it rains']), settings);

        expect(grown).to.include({text: 'Tea is a hot drink made of leaves.', end: 'done'});
        expect(rulers).to.include({text: 'Table: ------- end', end: 'done'});
        expect(first).to.include({text: '------- end', end: 'done'});
        expect(twice).to.include({text: 'again and again again and again it rains', end: 'done'});
      });

      if (name.startsWith('json-text')) {
        it('takes the second piece for all text so far', async () => {
          expect(await read(write(format, ['T', 'Tea is hot.']), settings)).to.include({text: 'Tea is hot.', end: 'done'});
        });
      } else {
        it('is not guessed to be cumulative by a few pieces', async () => {
          for (const values of [['ha', 'haha'], ['no', 'no', 'no'], ['-', '--', '----', '------'], ['Tea', 'Tea is', 'Tea is hot']]) {
            expect(await read(write(format, values), settings), values.join()).to.include({text: values.join(''), end: 'done'});
          }
        });
      }

      it('reports errors that no format has, first and in the middle', async () => {
        for (const [kind, error] of Object.entries(errors)) {
          const first = await read(asEvent(error), settings);
          const middle = await read(begin + text('Half of ') + text('it') + asEvent(error) + mark, settings);

          expect(first.text, kind).to.equal('');
          expectError(first, 'provider', 'It burns');
          expect(middle.text, kind).to.equal('Half of it');
          expectError(middle, 'provider', 'It burns');
        }
      });

      it('is never complete without output', async () => {
        expectError(await read(write(format, []), settings), 'provider', 'No answer came');
        expectError(await read(write(format, ['', '']), settings), 'provider', 'No answer came');
      });

      if (!text('x').startsWith('{') && !text('x').startsWith('0:')) {
        it('ignores keep-alives with data', async () => {
          const alive = 'event: ping\ndata: 2026-01-02 03:04:05\n\nevent: heartbeat\ndata: ok\n\n';
          const body = alive + begin + text('One, ') + alive + text('two.') + alive + end('stop') + mark;

          expect(await read(body, settings)).to.include({text: 'One, two.', end: 'done'});
        });
      }

      if (format.reasoning) {
        it('reads reasoning apart from text', async () => {
          const {reasoning = text} = format;
          const body = begin + reasoning('Let me ') + reasoning('think.') + text('Yes') + text('.') + end('stop') + mark;

          expect(await read(body, settings)).to.include({text: 'Yes.', reasoning: 'Let me think.', end: 'done'});
        });
      }
    });
  }

  describe('events before the format is known', () => {
    const status = sse({type: 'status', status: 'Searching', step: 1});
    const starts: Readonly<Record<string, string>> = {
      'a status': status,
      'a greeting': sse({session_id: 's', conversation: 'c'}),
      'a word': sse('connected'),
      'a text of the server': sse({message: 'Connected to the server'}),
      'a bare start': sse({type: 'start'}),
      'a named start': `event: start\ndata: {"id":"1"}\n\n`,
      'a broken event': sse('{"id": "x", "choices": [{"del'),
      'many statuses': `event: flowNodeStatus\ndata: {"status":"running","name":"AI"}\n\n`.repeat(40),
    };

    for (const format of ['openai-chat', 'anthropic', 'gemini', 'ag-ui', 'openai-responses', 'dify', 'langgraph']) {
      for (const [kind, start] of Object.entries(starts)) {
        it(`do not decide: ${kind} before ${format}`, async () => {
          const seen = await read(start + write(formats[format]!, ['One, ', 'two.']));

          expect(seen).to.include({text: 'One, two.', reasoning: '', end: 'done'});
        });
      }
    }

    it('are not printed if no format knows them, but named', async () => {
      for (const body of [sse({foo: {bar: 1}}), sse({foo: {bar: 1}}, '[DONE]'), ndjson({foo: {bar: 1}})]) {
        const seen = await read(body);

        expect(seen.text).to.equal('');
        expectError(seen, 'protocol', 'foo');
      }
    });
  });

  describe('tool calls', () => {
    const call = (...calls: object[]) => openai({tool_calls: calls});
    const tool = (name: string, input: unknown, more: object = {}) => ({function: {name, arguments: input}, ...more});
    const calls = async (...chunks: unknown[]) => (await read(sse(...chunks, openai({}, 'tool_calls'), '[DONE]'))).calls;

    it('are apart in one array, without IDs or with the same index', async () => {
      for (const more of [{}, {id: ''}, {index: 0}, {index: 0, id: ''}, {index: -1}, {index: '0'}]) {
        const both = await calls(call(tool('weather', '{"city":"Rome"}', more), tool('clock', '{"zone":"CET"}', more)));
        const same = await calls(call(tool('weather', '{"city":"Rome"}', more), tool('weather', '{"city":"Oslo"}', more)));

        expect(both, JSON.stringify(more)).to.deep.equal(['weather({"city":"Rome"})', 'clock({"zone":"CET"})']);
        expect(same, JSON.stringify(more)).to.deep.equal(['weather({"city":"Rome"})', 'weather({"city":"Oslo"})']);
      }
    });

    it('begin with a name after complete arguments', async () => {
      for (const more of [{}, {index: 0}, {index: 0, id: ''}]) {
        const chunks = [call(tool('weather', '{"city":"Rome"}', more)), call(tool('weather', '{"city":"Oslo"}', more))];

        expect(await calls(...chunks)).to.deep.equal(['weather({"city":"Rome"})', 'weather({"city":"Oslo"})']);
      }
    });

    it('are not doubled by repeated arguments and names', async () => {
      const id = {index: 0, id: 'a'};
      const pieces = [call(tool('weather', '{"city":', id)), call(tool('weather', '"Rome"}', id))];

      expect(await calls(...pieces, call(tool('weather', '{"city":"Rome"}', id)))).to.deep.equal(['weather({"city":"Rome"})']);
      expect(await calls(...pieces, call(tool('', '{"city":"Rome"}', {index: 0})))).to.deep.equal(['weather({"city":"Rome"})']);
    });

    it('with null arguments have none, and JSON in a JSON string is unwrapped', async () => {
      expect(await calls(call(tool('now', 'null', {index: 0})))).to.deep.equal(['now({})']);
      expect(await calls(call(tool('weather', JSON.stringify('{"city":"Rome"}'), {index: 0})))).to.deep.equal([
        'weather({"city":"Rome"})',
      ]);
    });
  });
});

describe('servers without a documented format', () => {
  const json = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
  const half = json({content: 'Half '});
  const done = 'data: [DONE]\n\n';

  const failures: Readonly<Record<string, string>> = {
    'a line of plain text': 'data: [ERROR] It burns\n\n',
    'an event named exception': 'event: exception\ndata: {"message":"It burns"}\n\n',
    'an event named failure': 'event: failure\ndata: {"message":"It burns"}\n\n',
    'an event named timeout': 'event: timeout\ndata: {"message":"It burns"}\n\n',
    'a type that reports a timeout': json({type: 'timeout', message: 'It burns'}),
    'a status that reports an abort': json({status: 'aborted', message: 'It burns'}),
    'a status that reports a timeout': json({status: 'timed_out', detail: 'It burns'}),
  };
  for (const [name, failure] of Object.entries(failures)) {
    for (const end of ['', done]) {
      it(`report an error by ${name}, ${end ? 'with' : 'without'} an end marker`, async () => {
        const seen = await read(half + failure + end);

        expect(seen.text).to.equal('Half ');
        expectError(seen, 'provider', 'It burns');
      });
    }
  }

  it('may begin with an event of JSON before raw tokens', async () => {
    const tokens = 'data: Hello\n\ndata:  world\n\n';
    for (const first of [json({conversation_id: 'abc'}), `event: metadata\n${json({run_id: 'x'})}`, json({type: 'start', session: 'abc'})]) {
      expect(await read(first + tokens + done), first).to.include({text: 'Hello world', end: 'done'});
    }
  });

  const jsonType = {contentType: 'application/json'};
  for (const [whole, cut] of [
    ['["Half of ","the text"]', '["Half of ","the text"'],
    ['["Half of ",\n"the text"]\n', '["Half of ",\n"the text",'],
    ['[{"content":"Half of "},{"content":"the text"}]', '[{"content":"Half of "},{"content":"the text"}'],
  ] as const) {
    it(`do not complete an array without its closing bracket: ${cut}`, async () => {
      expect(await read(whole, jsonType)).to.include({text: 'Half of the text', end: 'done'});
      expect(await read(cut, jsonType)).to.include({end: 'lost'});
    });
  }
});
