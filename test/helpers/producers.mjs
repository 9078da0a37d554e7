// Servers built with popular server packages, each with a simulated model.
//
//   /__producers/<name>  ai, openai, ag-ui, langgraph, hono
//   /__producers         {name: true, or the reason why it does not run}
//
// Those with tools call `weather` until they receive its result.
import {Readable} from 'node:stream';

const answer = ['It is ', 'cold\nin ', 'Oslo: ', '**', '-3°', '**.'];

/** Vercel's AI SDK: a tool that runs in the page (without `execute`), one that runs on the server, and reasoning. */
async function createAi() {
  const {convertToModelMessages, simulateReadableStream, stepCountIs, streamText, tool} = await import('ai');
  const {MockLanguageModelV3} = await import('ai/test');
  const {z} = await import('zod');
  const usage = {
    inputTokens: {total: 3, noCache: 3, cacheRead: undefined, cacheWrite: undefined},
    outputTokens: {total: 6, text: 6, reasoning: undefined},
  };
  const finish = (unified) => ({type: 'finish', finishReason: {unified, raw: undefined}, usage});
  const call = (toolCallId, toolName, input) => [
    {type: 'tool-input-start', id: toolCallId, toolName},
    {type: 'tool-input-delta', id: toolCallId, delta: input.slice(0, 5)},
    {type: 'tool-input-delta', id: toolCallId, delta: input.slice(5)},
    {type: 'tool-input-end', id: toolCallId},
    {type: 'tool-call', toolCallId, toolName, input},
  ];
  const model = new MockLanguageModelV3({
    doStream: async ({prompt}) => {
      const results = prompt.filter(({role}) => role === 'tool').flatMap(({content}) => content);
      const knows = (name) => results.some(({toolName}) => toolName === name);
      const chunks = !knows('clock')
        ? [
            {type: 'reasoning-start', id: 'r'},
            {type: 'reasoning-delta', id: 'r', delta: 'Which time is it?'},
            {type: 'reasoning-end', id: 'r'},
            ...call('c1', 'clock', '{}'),
            finish('tool-calls'),
          ]
        : !knows('weather')
          ? [...call('c2', 'weather', '{"city":"Oslo"}'), finish('tool-calls')]
          : [
              {type: 'text-start', id: 't'},
              ...answer.map((delta) => ({type: 'text-delta', id: 't', delta})),
              {type: 'text-end', id: 't'},
              finish('stop'),
            ];
      const start = {type: 'stream-start', warnings: []};
      return {stream: simulateReadableStream({chunks: [start, ...chunks], chunkDelayInMs: 1, initialDelayInMs: 0})};
    },
  });
  const tools = {
    clock: tool({description: 'Tells the time.', inputSchema: z.object({}), execute: async () => 'noon'}),
    weather: tool({description: 'Tells the weather.', inputSchema: z.object({city: z.string()})}),
  };
  return async (request) => {
    const {messages} = await request.json();
    const result = streamText({
      model,
      messages: await convertToModelMessages(messages),
      tools,
      stopWhen: stepCountIs(5),
    });
    return result.toUIMessageStreamResponse({
      sendReasoning: true,
      messageMetadata: ({part}) => (part.type === 'finish' ? {totalUsage: part.totalUsage} : undefined),
    });
  };
}

/** OpenAI's package with its `toReadableStream()`, and a simulated API. */
async function createOpenai() {
  const {default: OpenAI} = await import('openai');
  const upstream = async (_url, {body}) => {
    const {messages} = JSON.parse(body);
    const chunk = (delta, finish_reason = null) => ({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'made-up',
      choices: [{index: 0, delta, finish_reason}],
    });
    const hasResult = messages.some(({role}) => role === 'tool');
    const chunks = hasResult
      ? [chunk({role: 'assistant', content: ''}), ...answer.map((content) => chunk({content})), chunk({}, 'stop')]
      : [
          chunk({role: 'assistant', tool_calls: [{index: 0, id: 'call_1', type: 'function', function: {name: 'weather', arguments: ''}}]}),
          chunk({tool_calls: [{index: 0, function: {arguments: '{"city":'}}]}),
          chunk({tool_calls: [{index: 0, function: {arguments: '"Oslo"}'}}]}),
          chunk({}, 'tool_calls'),
        ];
    const text = [...chunks.map((one) => JSON.stringify(one)), '[DONE]'].map((data) => `data: ${data}\n\n`).join('');
    return new Response(text, {headers: {'content-type': 'text/event-stream'}});
  };
  const client = new OpenAI({apiKey: 'made-up', baseURL: 'http://upstream/v1', fetch: upstream});
  return async (request) => {
    const {messages, tools} = await request.json();
    const stream = client.chat.completions.stream({model: 'made-up', messages, tools});
    return new Response(stream.toReadableStream());
  };
}

/** AG-UI's encoder. */
async function createAgUi() {
  const {EventType} = await import('@ag-ui/core');
  const {EventEncoder} = await import('@ag-ui/encoder');
  return async (request) => {
    const {threadId = 't', runId = 'r', messages} = await request.json();
    const encoder = new EventEncoder({accept: request.headers.get('accept') ?? ''});
    const hasResult = messages.some(({role}) => role === 'tool');
    const events = [
      {type: EventType.RUN_STARTED, threadId, runId},
      ...(hasResult
        ? [
            {type: EventType.TEXT_MESSAGE_START, messageId: 'm', role: 'assistant'},
            ...answer.map((delta) => ({type: EventType.TEXT_MESSAGE_CONTENT, messageId: 'm', delta})),
            {type: EventType.TEXT_MESSAGE_END, messageId: 'm'},
          ]
        : [
            {type: EventType.TOOL_CALL_START, toolCallId: 'c', toolCallName: 'weather'},
            {type: EventType.TOOL_CALL_ARGS, toolCallId: 'c', delta: '{"city":"Oslo"}'},
            {type: EventType.TOOL_CALL_END, toolCallId: 'c'},
          ]),
      {type: EventType.RUN_FINISHED, threadId, runId},
    ];
    return new Response(events.map((event) => encoder.encodeSSE(event)).join(''), {
      headers: {'content-type': encoder.getContentType()},
    });
  };
}

/** A LangGraph graph with a model that returns a fixed text, streamed as events. */
async function createLanggraph() {
  const {MessagesAnnotation, START, StateGraph} = await import('@langchain/langgraph');
  const {FakeListChatModel} = await import('@langchain/core/utils/testing');
  const model = new FakeListChatModel({responses: [answer.join('')]});
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('model', async ({messages}, config) => ({messages: [await model.invoke(messages, config)]}))
    .addEdge(START, 'model')
    .compile();
  return async (request) => {
    const {input} = await request.json();
    const stream = await graph.stream(input, {streamMode: 'messages', encoding: 'text/event-stream'});
    return new Response(stream, {headers: {'content-type': 'text/event-stream'}});
  };
}

/** Hono's `streamSSE`, with one token per event. */
async function createHono() {
  const {Hono} = await import('hono');
  const {streamSSE} = await import('hono/streaming');
  const app = new Hono();
  app.post('*', (context) =>
    streamSSE(context, async (stream) => {
      for (const [id, data] of answer.entries()) await stream.writeSSE({data, id: String(id)});
      await stream.writeSSE({event: 'done', data: ''});
    }),
  );
  return (request) => app.fetch(request);
}

const creators = {ai: createAi, openai: createOpenai, 'ag-ui': createAgUi, langgraph: createLanggraph, hono: createHono};
const created = {};
/** Creates a server once. */
const ensure = (name) => (created[name] ??= creators[name]().then((handle) => ({handle}), (error) => ({missing: error.message})));

async function serve(ctx, handle) {
  const {req, res} = ctx;
  const request = new Request(`http://producers${req.url}`, {
    method: req.method,
    headers: Object.entries(req.headers).filter(([name]) => name !== 'connection'),
    ...(req.method === 'GET' ? {} : {body: Readable.toWeb(req), duplex: 'half'}),
  });
  const response = await handle(request);
  res.writeHead(response.status, Object.fromEntries(response.headers));
  res.flushHeaders();
  for await (const piece of response.body) {
    if (res.destroyed) return;
    res.write(piece);
  }
  res.end();
}

/** Middleware for the test runner. */
export const middleware = [
  async (ctx, next) => {
    if (ctx.path === '/__producers') {
      const entries = Object.keys(creators).map(async (name) => [name, (await ensure(name)).missing ?? true]);
      ctx.body = Object.fromEntries(await Promise.all(entries));
      return;
    }
    const [, name] = /^\/__producers\/([\w-]+)$/.exec(ctx.path) ?? [];
    if (!name || !(name in creators)) return next();
    const {handle, missing} = await ensure(name);
    if (missing) {
      ctx.status = 503;
      ctx.body = missing;
      return;
    }
    // Otherwise Koa would send the response when this function returns.
    ctx.respond = false;
    ctx.status = 200;
    serve(ctx, handle).catch((error) => {
      console.error(`The producer "${name}" failed:`, error);
      ctx.res.destroy();
    });
  },
];
