import {aTimeout, expect} from '@open-wc/testing';
import {resetMouse, sendMouse} from '@web/test-runner-commands';

import type {StreamChat} from '../../src/stream-chat.js';
import type {ToolContext} from '../../src/chat/run-tools.js';
import {collect, createChat, ended, next, part, parts, shownAnswer, until} from '../helpers/chat.js';
import {json, openai, script, sse, type ScriptedResponse} from '../helpers/server.js';

type Json = Record<string, any>;

function chunk(delta: object, finish: string | null = null): string {
  return JSON.stringify({object: 'chat.completion.chunk', choices: [{index: 0, delta, finish_reason: finish}]});
}

/** An answer in OpenAI's chat format that calls these tools. */
function calling(...calls: readonly {id?: string; name: string; args: string}[]): ScriptedResponse {
  return sse(
    chunk({content: 'Let me look. '}),
    ...calls.flatMap(({id = `call_${calls.length}_${Math.random()}`, name, args}, index) => [
      chunk({tool_calls: [{index, id, type: 'function', function: {name, arguments: args.slice(0, 4)}}]}),
      chunk({tool_calls: [{index, function: {arguments: args.slice(4)}}]}),
    ]),
    chunk({}, 'tool_calls'),
    '[DONE]',
  );
}

async function bodies(server: {log(): Promise<{requests: readonly {body: string}[]}>}): Promise<Json[]> {
  return (await server.log()).requests.map(({body}) => JSON.parse(body) as Json);
}

const weather = {
  name: 'weather',
  description: 'Tells the weather.',
  parameters: {type: 'object', properties: {city: {type: 'string'}}},
};

describe('tools', () => {
  it('runs a tool of the page and sends its result to the model', async () => {
    const server = await script([calling({id: 'c1', name: 'weather', args: '{"city":"Oslo"}'}), openai('It is ', 'cold.')], {strict: true});
    const chat = await createChat({endpoint: server.url, renderer: 'plain'});
    chat.tools = [{...weather, execute: ({city}) => ({city, degrees: -3})}];
    const events = collect(chat, 'toolcall', 'done', 'error');

    const message = await chat.send('Weather?');

    expect(events.map(({type}) => type)).to.deep.equal(['toolcall', 'done']);
    expect(message!.text).to.equal('Let me look. It is cold.');
    expect(message!.parts.map(({type}) => type)).to.deep.equal(['text', 'tool-call', 'text']);
    expect(message!.parts[1]).to.include({id: 'c1', name: 'weather', state: 'done'});
    expect(message!.reason).to.equal('stop');
    const [first, second] = await bodies(server);
    expect(first!['tools'][0].function).to.include({name: 'weather', description: 'Tells the weather.'});
    expect(second!['messages'].slice(1)).to.deep.equal([
      {
        role: 'assistant',
        content: 'Let me look. ',
        tool_calls: [{id: 'c1', type: 'function', function: {name: 'weather', arguments: '{"city":"Oslo"}'}}],
      },
      {role: 'tool', tool_call_id: 'c1', content: '{"city":"Oslo","degrees":-3}'},
    ]);
    expect(shownAnswer(chat)).to.equal('Let me look. It is cold.');
    const card = part(chat, 'tool');
    expect(card.querySelector('[part="tool-name"]')!.textContent).to.equal('weather');
    expect(card.querySelector('[part="tool-state"]')!.textContent).to.equal('Done');
    expect(card.querySelector('[part="tool-arguments"]')!.textContent).to.equal('{\n  "city": "Oslo"\n}');
    expect(card.querySelector('details')!.open).to.be.false;
    expect(card.querySelector('details pre')!.textContent).to.contain('"degrees": -3');
  });

  it('lets a listener answer several calls in parallel', async () => {
    const server = await script([
      calling({id: 'a', name: 'one', args: '{"n":1}'}, {id: 'b', name: 'two', args: ''}),
      openai('Both.'),
    ]);
    const chat = await createChat({endpoint: server.url});
    const seen: Json[] = [];
    let running = 0;
    let most = 0;
    chat.addEventListener('toolcall', (event) => {
      seen.push(event.detail);
      most = Math.max(most, ++running);
      event.respondWith(aTimeout(20).then(() => (running--, `result of ${event.detail.name}`)));
      expect(() => event.respondWith(1)).to.throw('respondWith');
    });

    const message = await chat.send('Go.');

    expect(seen).to.deep.equal([
      {id: 'a', name: 'one', arguments: {n: 1}},
      {id: 'b', name: 'two', arguments: {}},
    ]);
    expect(most).to.equal(2);
    expect(message!.text).to.equal('Let me look. Both.');
    const [, second] = await bodies(server);
    expect(second!['messages'].slice(2)).to.deep.equal([
      {role: 'tool', tool_call_id: 'a', content: 'result of one'},
      {role: 'tool', tool_call_id: 'b', content: 'result of two'},
    ]);
  });

  it('runs several rounds, each in the format of its calls', async () => {
    const server = await script([
      calling({id: 'call_0', name: 'step', args: '{"n":1}'}),
      sse(
        chunk({tool_calls: [{index: 0, id: 'call_0', function: {name: 'step', arguments: '{"n":2}'}}]}, 'tool_calls'),
        '[DONE]',
      ),
      openai('End.'),
      openai('Again.'),
    ]);
    const chat = await createChat({endpoint: server.url});
    chat.tools = [{name: 'step', execute: ({n}) => n}];

    const message = await chat.send('Go.');
    await chat.send('More?');

    const results = message!.parts.flatMap((part) => (part.type === 'tool-call' ? [part.result] : []));
    expect(results).to.deep.equal([1, 2]);
    const [, , third, fourth] = await bodies(server);
    expect(third!['messages'].map(({role}: Json) => role)).to.deep.equal(['user', 'assistant', 'tool', 'assistant', 'tool']);
    expect(fourth!['messages'].map(({role}: Json) => role)).to.deep.equal([
      'user', 'assistant', 'tool', 'assistant', 'tool', 'assistant', 'user',
    ]);
  });

  it('sends the results in the detected format', async () => {
    const anthropic = (...events: Json[]): ScriptedResponse => ({
      steps: [{write: events.map((event) => `event: ${event['type']}\ndata: ${JSON.stringify(event)}\n\n`).join('')}],
    });
    const server = await script([
      anthropic(
        {type: 'message_start', message: {id: 'm', role: 'assistant', content: [], usage: {input_tokens: 5, output_tokens: 1}}},
        {type: 'content_block_start', index: 0, content_block: {type: 'thinking', thinking: ''}},
        {type: 'content_block_delta', index: 0, delta: {type: 'thinking_delta', thinking: 'Hm.'}},
        {type: 'content_block_delta', index: 0, delta: {type: 'signature_delta', signature: 'sig'}},
        {type: 'content_block_stop', index: 0},
        {type: 'content_block_start', index: 1, content_block: {type: 'tool_use', id: 'tu', name: 'weather', input: {}}},
        {type: 'content_block_delta', index: 1, delta: {type: 'input_json_delta', partial_json: '{"city":"Oslo"}'}},
        {type: 'content_block_stop', index: 1},
        {type: 'message_delta', delta: {stop_reason: 'tool_use'}, usage: {output_tokens: 10}},
        {type: 'message_stop'},
      ),
      anthropic(
        {type: 'message_start', message: {id: 'n', role: 'assistant', content: [], usage: {input_tokens: 20, output_tokens: 1}}},
        {type: 'content_block_start', index: 0, content_block: {type: 'text', text: ''}},
        {type: 'content_block_delta', index: 0, delta: {type: 'text_delta', text: 'Cold.'}},
        {type: 'content_block_stop', index: 0},
        {type: 'message_delta', delta: {stop_reason: 'end_turn'}, usage: {output_tokens: 4}},
        {type: 'message_stop'},
      ),
    ]);
    const chat = await createChat({endpoint: server.url});
    chat.tools = [{...weather, execute: () => 'snow'}];

    const message = await chat.send('Weather?');

    expect(message!.text).to.equal('Cold.');
    expect(message!.usage).to.include({inputTokens: 25, outputTokens: 14});
    const [, second] = await bodies(server);
    expect(second!['messages'].slice(1)).to.deep.equal([
      {
        role: 'assistant',
        content: [
          {type: 'thinking', thinking: 'Hm.', signature: 'sig'},
          {type: 'tool_use', id: 'tu', name: 'weather', input: {city: 'Oslo'}},
        ],
      },
      {role: 'user', content: [{type: 'tool_result', tool_use_id: 'tu', content: 'snow'}]},
    ]);
    expect(second!['tools'][0]).to.have.property('input_schema');
  });

  for (const [what, execute, words] of [
    ['throws', () => { throw new Error('No such city.'); }, /No such city\./],
    ['rejects', () => Promise.reject(new Error('Down.')), /Down\./],
    ['takes too long', () => new Promise(() => undefined), /did not answer within 0\.05 s/],
    ['returns what cannot be written', () => { const ring: Json = {}; ring['ring'] = ring; return ring; }, /circular|cyclic/],
  ] as const) {
    it(`reports a tool that ${what} to the model and the page`, async () => {
      const server = await script([calling({id: 'c', name: 'weather', args: '{}'}), openai('Sorry.')]);
      const chat = await createChat({endpoint: server.url});
      chat.tools = [{...weather, execute, timeout: 0.05}];
      const events = collect(chat, 'done', 'error');

      const message = await chat.send('Weather?');

      expect(events.map(({type}) => type)).to.deep.equal(['error', 'done']);
      expect((events[0]!.detail as Json)['error']).to.include({code: 'tool'});
      expect(message!.text).to.equal('Let me look. Sorry.');
      const [, second] = await bodies(server);
      expect(second!['messages'].at(-1).content).to.match(words);
      expect(part(chat, 'tool').className).to.contain('failed');
    });
  }

  it('ends with reason "tool-calls" if nothing answers the call', async () => {
    const server = await script([calling({id: 'c', name: 'unknown', args: '{}'})], {strict: true});
    const chat = await createChat({endpoint: server.url});
    const done = next(chat, 'done');

    const message = await chat.send('Go.');

    expect((await done).detail.reason).to.equal('tool-calls');
    expect(message).to.include({status: 'done', reason: 'tool-calls'});
    expect(part(chat, 'tool-state').textContent).to.equal('Not run');
    expect((await server.log()).requests).to.have.length(1);
  });

  it('stops after `max-rounds` rounds', async () => {
    const server = await script([calling({name: 'loop', args: '{}'})]);
    const chat = await createChat({endpoint: server.url, 'max-rounds': '3'});
    let runs = 0;
    chat.tools = [{name: 'loop', execute: () => ++runs}];
    const failed = next(chat, 'error');

    const message = await chat.send('Go.');

    expect((await failed).detail.error).to.include({code: 'tool'});
    expect(message!.status).to.equal('failed');
    expect(runs).to.equal(3);
    expect((await server.log()).requests).to.have.length(4);
  });

  it('does not run a call that the token limit truncated', async () => {
    const server = await script([
      sse(chunk({tool_calls: [{index: 0, id: 'c', function: {name: 'weather', arguments: '{"city":"Os'}}]}), chunk({}, 'length'), '[DONE]'),
    ]);
    const chat = await createChat({endpoint: server.url});
    let runs = 0;
    chat.tools = [{...weather, execute: () => ++runs}];

    const message = await chat.send('Go.');

    expect(runs).to.equal(0);
    expect(message).to.include({status: 'done', reason: 'length'});
  });

  it('creates an ID if the server sends none', async () => {
    const server = await script([
      sse(chunk({tool_calls: [{index: 0, id: '', function: {name: 'weather', arguments: '{}'}}]}, 'tool_calls'), '[DONE]'),
      openai('ok'),
    ]);
    const chat = await createChat({endpoint: server.url});
    chat.tools = [{...weather, execute: () => 1}];

    await chat.send('Go.');

    const [, second] = await bodies(server);
    const [, assistant, result] = second!['messages'];
    expect(assistant.tool_calls[0].id).to.match(/^call_/);
    expect(result.tool_call_id).to.equal(assistant.tool_calls[0].id);
  });

  it('renders calls that the provider ran, and does not run them', async () => {
    const server = await script({
      headers: {'x-vercel-ai-ui-message-stream': 'v1'},
      steps: sse(
        ...[
          {type: 'start'},
          {type: 'tool-input-start', toolCallId: 't', toolName: 'search', providerExecuted: true},
          {type: 'tool-input-available', toolCallId: 't', toolName: 'search', input: {q: 'x'}, providerExecuted: true},
          {type: 'tool-output-available', toolCallId: 't', output: 'found'},
          {type: 'text-start', id: '0'},
          {type: 'text-delta', id: '0', delta: 'Here.'},
          {type: 'finish', finishReason: 'stop'},
        ].map((event) => JSON.stringify(event)),
        '[DONE]',
      ).steps!,
    });
    const chat = await createChat({endpoint: server.url});
    const calls = collect(chat, 'toolcall');

    const message = await chat.send('Go.');

    expect(calls).to.have.length(0);
    expect(message).to.include({text: 'Here.', reason: 'stop'});
    expect(part(chat, 'tool-state').textContent).to.equal('Done');
  });

  it('renders the arguments as they arrive', async () => {
    const server = await script({
      steps: [
        {write: `data: ${chunk({tool_calls: [{index: 0, id: 'c', function: {name: 'weather', arguments: '{"city":"Os'}}]})}\n\n`},
        {until: 'go'},
        {write: `data: ${chunk({tool_calls: [{index: 0, function: {arguments: 'lo"}'}}]}, 'tool_calls')}\n\ndata: [DONE]\n\n`},
      ],
    });
    const chat = await createChat({endpoint: server.url});
    const end = ended(chat);

    void chat.send('Go.');
    await until(() => parts(chat, 'tool-arguments')[0]?.textContent === '{\n  "city": "Os"\n}');
    expect(part(chat, 'tool-state').textContent).to.equal('Preparing…');
    await server.release('go');
    await end;

    expect(part(chat, 'tool-arguments').textContent).to.equal('{\n  "city": "Oslo"\n}');
  });

  it('aborts running tools when it is stopped', async () => {
    const server = await script([calling({id: 'c', name: 'slow', args: '{}'})], {strict: true});
    const chat = await createChat({endpoint: server.url});
    const context = new Promise<ToolContext>((resolve) => {
      chat.tools = [{name: 'slow', execute: (_, context) => (resolve(context), new Promise(() => undefined))}];
    });
    const events = collect(chat, 'done', 'error');

    const answer = chat.send('Go.');
    const {signal} = await context;
    chat.stop();
    const message = await answer;

    expect(signal.aborted).to.be.true;
    expect(message).to.include({status: 'stopped', reason: 'aborted'});
    expect(events.map(({type}) => type)).to.deep.equal(['done']);
    expect((await server.log()).requests).to.have.length(1);
  });

  it('passes arguments without keys that lead to a prototype', async () => {
    const server = await script([
      calling({id: 'c', name: 'merge', args: '{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}},"a":1}'}),
      openai('ok'),
    ]);
    const chat = await createChat({endpoint: server.url});
    let given: unknown;
    chat.tools = [{name: 'merge', execute: (args) => (given = args)}];

    await chat.send('Go.');

    expect(Object.keys(given as object)).to.deep.equal(['a']);
    expect(({} as Json)['x']).to.be.undefined;
  });

  it('lets the page change the conversation between rounds', async () => {
    const server = await script([calling({id: 'c', name: 'weather', args: '{}'}), openai('never')], {strict: true});
    const chat = await createChat({endpoint: server.url});
    chat.addEventListener('toolcall', (event) => {
      event.respondWith(aTimeout(10));
      chat.clear();
    });

    await chat.send('Go.');
    await aTimeout(50);

    expect(chat.messages).to.have.length(0);
    expect((await server.log()).requests).to.have.length(1);
  });

  describe('that need confirmation', () => {
    afterEach(() => resetMouse());

    async function click(element: HTMLElement) {
      const {x, y, width, height} = element.getBoundingClientRect();
      await sendMouse({type: 'click', position: [Math.round(x + width / 2), Math.round(y + height / 2)]});
    }

    async function asking(args: string): Promise<{chat: StreamChat; runs: unknown[]; answer: Promise<unknown>; server: any}> {
      const server = await script([calling({id: 'c', name: 'pay', args}), openai('Well.')]);
      const chat = await createChat({endpoint: server.url});
      const runs: unknown[] = [];
      chat.tools = [{name: 'pay', confirm: true, execute: (given) => (runs.push(given), 'paid')}];
      const answer = chat.send('Pay.');
      await until(() => parts(chat, 'tool-allow').length === 1);
      return {chat, runs, answer, server};
    }

    it('waits for a click, with nothing focused', async () => {
      const {chat, runs, answer} = await asking('{"amount":5}');
      const allow = part(chat, 'tool-allow');

      expect(chat.shadowRoot!.activeElement).to.be.null;
      expect(part(chat, 'tool-state').textContent).to.equal('Waiting for you');
      await click(allow);
      expect(runs).to.have.length(0);
      await aTimeout(600);
      allow.click();
      expect(runs).to.have.length(0);
      await click(allow);
      await answer;

      expect(runs).to.deep.equal([{amount: 5}]);
      await expect(chat).to.be.accessible();
      expect(parts(chat, 'tool-allow')).to.have.length(0);
    });

    it('reports a denied call to the model', async () => {
      const {chat, runs, answer, server} = await asking('{"amount":5}');

      await aTimeout(600);
      await click(part(chat, 'tool-deny'));
      await answer;

      expect(runs).to.have.length(0);
      const [, second] = await bodies(server);
      expect(second!['messages'].at(-1).content).to.contain('did not allow');
    });

    it('renders all of the arguments, including invisible characters', async () => {
      const {chat} = await asking(`{"to":"a\u202eb\u200b","note":"${'x'.repeat(70_000)}"}`);

      const shown = part(chat, 'tool-arguments').textContent;
      expect(shown).to.contain('a⟨U+202E⟩b⟨U+200B⟩').and.to.contain('x'.repeat(70_000));
      chat.stop();
    });
  });

  it('reports an error event before the end of the body', async () => {
    const server = await script([
      sse(chunk({tool_calls: [{index: 0, id: 'c', function: {name: 'weather', arguments: '{}'}}]}), '{"error":{"message":"Broken.","code":400}}', '[DONE]'),
      json({}),
    ], {strict: true});
    const chat = await createChat({endpoint: server.url});
    let runs = 0;
    chat.tools = [{...weather, execute: () => ++runs}];

    const message = await chat.send('Go.');

    expect(message!.error).to.include({code: 'provider', message: 'Broken.'});
    expect(runs).to.equal(0);
  });
});
