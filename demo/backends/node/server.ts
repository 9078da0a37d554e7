// A chat back end for Node that streams its answers. See README.md.
import {readFile} from 'node:fs/promises';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {setTimeout as sleep} from 'node:timers/promises';

interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

const model = process.env.OPENAI_MODEL ?? 'gpt-4.1-mini';

// --- The model: OpenAI's where there is a key, else a simulated one ---------------------------------------------

async function* generate(messages: Message[], signal: AbortSignal): AsyncGenerator<object> {
  if (!process.env.OPENAI_API_KEY) return yield* simulate(messages, signal);

  const {default: OpenAI} = await import('openai'); // npm install openai
  yield* await new OpenAI().chat.completions.create(
    {model, messages, stream: true, stream_options: {include_usage: true}},
    {signal},
  );
}

/** Chunks of the shape that OpenAI sends, so that the page cannot tell the difference. */
async function* simulate(messages: Message[], signal: AbortSignal): AsyncGenerator<object> {
  const answer = `You asked: ${messages.at(-1)?.content}

This answer is simulated, so it costs nothing:

1. It comes **token by token**.
2. Spaces and line breaks survive:

    function answer() {
        return 42;
    }

Set \`OPENAI_API_KEY\` to talk to a real model.
`;
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    id: 'chatcmpl-simulated',
    object: 'chat.completion.chunk',
    created: Math.floor(Date.now() / 1000),
    model: 'simulated',
    choices: [{index: 0, delta, finish_reason}],
  });
  yield chunk({role: 'assistant', content: ''});
  for (const content of answer.match(/\s?\S+|\s/g) ?? []) {
    yield chunk({content});
    await sleep(20, undefined, {signal});
  }
  yield chunk({}, 'stop');
}

// --- The endpoint -----------------------------------------------------------------------------------------------

async function chat(request: IncomingMessage, response: ServerResponse) {
  let body = '';
  for await (const text of request.setEncoding('utf8')) body += text;
  const {messages} = JSON.parse(body) as {messages: Message[]};

  // When the page closes the connection, the model is asked no further.
  const stop = new AbortController();
  response.on('close', () => stop.abort());

  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no', // nginx would collect the answer otherwise
  });
  try {
    for await (const chunk of generate(messages, stop.signal)) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    response.end('data: [DONE]\n\n');
  } catch (error) {
    if (stop.signal.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    response.end(`data: ${JSON.stringify({error: {message}})}\n\n`);
  }
}

// --- The server and the page ------------------------------------------------------------------------------------

const files: Record<string, [file: string, type: string]> = {
  'GET /': ['index.html', 'text/html; charset=utf-8'],
  'GET /stream-chat.js': ['stream-chat.js', 'text/javascript; charset=utf-8'],
};

const server = createServer(async (request, response) => {
  const route = `${request.method} ${request.url}`;
  try {
    if (route === 'POST /api/chat') return await chat(request, response);
    const file = files[route];
    if (!file) return response.writeHead(404).end('Not found');
    response.writeHead(200, {'Content-Type': file[1]}).end(await readFile(new URL(file[0], import.meta.url)));
  } catch (error) {
    console.error(error);
    if (!response.headersSent) response.writeHead(error instanceof SyntaxError ? 400 : 500);
    response.end();
  }
});

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}`);
});
