import {expect} from '@open-wc/testing';
import fc from 'fast-check';

import {AnswerReader} from '../src/chat/answer-reader.js';
import {applyDelta, createAnswer} from '../src/model/conversation.js';
import type {Message} from '../src/model/conversation.js';
import {StreamChatError} from '../src/model/errors.js';
import '../src/chat/answering.js';
import '../src/index.js';
import {shared} from './helpers/shared.js';
import {parseJson, PartialJson} from '../src/chat/partial-json.js';

const sse = (...data: readonly (object | string)[]) =>
  data.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`).join('');
const named = (...data: readonly ({type: string} & object)[]) =>
  data.map((one) => `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`).join('');
const lines = (...data: readonly object[]) => data.map((one) => `${JSON.stringify(one)}\n`).join('');
const chunk = (delta: object, finish: string | null = null) => ({
  object: 'chat.completion.chunk',
  choices: [{index: 0, delta, finish_reason: finish}],
});

/** One stream of each kind, with tool calls if the format supports them, and with keys that could pollute prototypes. */
const streams: Readonly<Record<string, string>> = {
  'openai-chat': sse(
    chunk({role: 'assistant', content: 'Grüß <think>x</think>'}),
    chunk({tool_calls: [{index: 0, id: 'c', function: {name: 'f', arguments: '{"__proto__":'}}]}),
    chunk({tool_calls: [{index: 0, function: {arguments: '{"polluted":1}}'}}, {index: 1e9, id: '__proto__'}]}),
    chunk({annotations: [{url_citation: {url: 'https://a.example', title: 'A'}}]}, 'tool_calls'),
    {choices: [], usage: {prompt_tokens: 1, ['__proto__']: {polluted: 1}}},
    '[DONE]',
  ),
  'openai-responses': named(
    {type: 'response.created', response: {id: 'r'}, sequence_number: 0} as never,
    {type: 'response.output_text.delta', delta: 'Hi', output_index: 0, sequence_number: 1} as never,
    {type: 'response.output_item.added', output_index: 1, item: {type: 'function_call', call_id: 'c', name: 'f'}} as never,
    {type: 'response.function_call_arguments.delta', output_index: 1, delta: '{}'} as never,
    {type: 'response.completed', response: {status: 'completed', output: [], usage: {input_tokens: 1}}} as never,
  ),
  anthropic: named(
    {type: 'message_start', message: {id: 'm', usage: {input_tokens: 1}}} as never,
    {type: 'content_block_start', index: 0, content_block: {type: 'tool_use', id: 't', name: 'f', input: {}}} as never,
    {type: 'content_block_delta', index: 0, delta: {type: 'input_json_delta', partial_json: '{"a":1}'}} as never,
    {type: 'content_block_stop', index: 0} as never,
    {type: 'message_delta', delta: {stop_reason: 'tool_use'}, usage: {output_tokens: 2}} as never,
    {type: 'message_stop'},
  ),
  gemini: `[${JSON.stringify({candidates: [{content: {parts: [{text: 'Hi'}, {functionCall: {name: 'f', args: {constructor: {prototype: {polluted: 1}}}}}]}, finishReason: 'STOP'}], usageMetadata: {totalTokenCount: 3}})}\n]`,
  'gemini, arguments in parts': sse(
    {candidates: [{content: {parts: [{functionCall: {name: 'f', willContinue: true}}]}}]},
    {candidates: [{content: {parts: [{functionCall: {partialArgs: [{jsonPath: "$['__proto__'].polluted", stringValue: 'x'}]}}]}}]},
    {candidates: [{content: {parts: [{functionCall: {}}]}, finishReason: 'STOP'}]},
  ),
  ollama: lines(
    {model: 'm', created_at: '', message: {content: 'Hi', thinking: 'x'}, done: false},
    {model: 'm', created_at: '', message: {content: '', tool_calls: [{function: {name: 'f', arguments: {a: 1}}}]}, done: false},
    {model: 'm', created_at: '', done: true, done_reason: 'stop', eval_count: 3},
  ),
  'ai-sdk-ui': sse(
    {type: 'start', messageId: 'm'},
    {type: 'text-start', id: '0'},
    {type: 'text-delta', id: '0', delta: 'Hi'},
    {type: 'tool-input-start', toolCallId: '__proto__', toolName: 'f'},
    {type: 'tool-input-delta', toolCallId: '__proto__', inputTextDelta: '{'},
    {type: 'tool-output-available', toolCallId: '__proto__', output: {}},
    {type: 'finish', finishReason: 'stop'},
    '[DONE]',
  ),
  'ai-sdk-data': 'f:{"messageId":"m"}\n0:"Hi"\n9:{"toolCallId":"c","toolName":"f","args":{}}\ne:{"finishReason":"stop"}\nd:{"finishReason":"stop"}\n',
  'ag-ui': sse(
    {type: 'RUN_STARTED', threadId: 't', runId: 'r'},
    {type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'Hi'},
    {type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'f'},
    {type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: '{}'},
    {type: 'TOOL_CALL_END', toolCallId: 'c'},
    {type: 'RUN_FINISHED', usage: [{inputTokens: 1}]},
  ),
  'raw text': 'data: Hi\n\ndata:  there\n\ndata: [DONE]\n\n',
  'custom JSON': sse({content: 'Hi'}, {content: ' there'}, {done: true}),
  'plain text': 'Hello there.',
};

/** Changes to the bytes: replaces, inserts and removes some. */
const mutations = fc.array(
  fc.record({
    at: fc.double({min: 0, max: 1, noNaN: true}),
    remove: fc.nat({max: 12}),
    insert: fc.oneof(
      fc.uint8Array({maxLength: 6}),
      fc.constantFrom('\n\n', 'data: ', '{', '}', '[', ']', '"', '\\', ':', ',', 'null', '1e999', '__proto__', 'event: error\n', '[DONE]').map((text) =>
        new TextEncoder().encode(text),
      ),
    ),
  }),
  {minLength: 1, maxLength: 6},
);

function mutate(text: string, changes: readonly {at: number; remove: number; insert: Uint8Array}[]): Uint8Array {
  const bytes = [...new TextEncoder().encode(text)];
  for (const {at, remove, insert} of changes) bytes.splice(Math.floor(at * bytes.length), remove, ...insert);
  return Uint8Array.from(bytes);
}

async function read(bytes: Uint8Array, size: number): Promise<Message> {
  let message = createAnswer('a', 0);
  const reader = new AnswerReader({protocol: 'auto', expectsEndMarker: false, sink: (delta) => (message = applyDelta(message, delta))});
  const decoder = new TextDecoder();
  try {
    reader.open(new Headers({'content-type': 'text/event-stream'}), 'initial');
    for (let at = 0; at < bytes.length; at += size) await reader.push(decoder.decode(bytes.subarray(at, at + size), {stream: true}));
    await reader.end(true);
  } catch (error) {
    if (!(error instanceof StreamChatError) && (error as Error).name !== 'StreamChatError') throw error;
  }
  return message;
}

/** Returns the file names at any depth of a value. */
function filesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const {file} = value as {file?: unknown};
  return [...(typeof file === 'string' ? [file] : []), ...Object.values(value).flatMap(filesIn)];
}

describe('streams with corrupted bytes', () => {
  const before = Reflect.ownKeys(Object.prototype).length;

  afterEach(() => {
    expect(Reflect.ownKeys(Object.prototype)).to.have.length(before);
    expect(({} as {polluted?: unknown}).polluted).to.be.undefined;
    expect(([] as {polluted?: unknown}).polluted).to.be.undefined;
  });

  for (const [name, text] of Object.entries(streams)) {
    it(`throw only a StreamChatError and change no prototype: ${name}`, async () => {
      expect((await read(mutate(text, []), 7)).parts).not.to.be.empty;

      await fc.assert(
        fc.asyncProperty(mutations, fc.integer({min: 1, max: 400}), async (changes, size) => {
          const bytes = mutate(text, changes);
          const message = await read(bytes, size);
          // A message is not much longer than its stream, except for JSON that is escaped again.
          expect(JSON.stringify(message.parts).length).to.be.below(bytes.length * 20 + 2000);
        }),
        {numRuns: 150, interruptAfterTimeLimit: 800},
      );
    });
  }

  it('throw only a StreamChatError: recorded streams', async function () {
    this.timeout(20_000);
    const expected = (await (await shared(this, 'fixtures/expected.json')).json()) as Record<string, unknown>;
    const files = filesIn(expected);
    expect(files).not.to.be.empty;
    const sample = fc.sample(mutations, {numRuns: files.length, seed: 1});
    const deadline = performance.now() + 3000;

    for (const [index, file] of files.entries()) {
      if (performance.now() > deadline) break;
      const text = await (await fetch(`/__shared/fixtures/${file}`)).text();
      await read(mutate(text.slice(0, 20_000), sample[index]!), 64);
    }
  });

  it('throw only a SyntaxError and change no prototype: JSON parsed while it streams', () => {
    const json = '{"a":"\\u00e9\\\\","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"b":[1,-2e3,{"c":null}]}';

    fc.assert(
      fc.property(mutations, fc.nat({max: 120}), (changes, length) => {
        const text = new TextDecoder().decode(mutate(json, changes));
        const reader = new PartialJson();
        reader.read(text.slice(0, length));
        const value = reader.read(text);
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
          expect(Object.getPrototypeOf(value)).to.equal(Object.prototype);
        }
        try {
          parseJson(text);
        } catch (error) {
          expect(error).to.be.instanceOf(SyntaxError);
        }
      }),
      {numRuns: 1000, interruptAfterTimeLimit: 1500},
    );
  });
});
