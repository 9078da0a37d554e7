interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

const model = process.env.OPENAI_MODEL ?? 'gpt-4.1-mini';

/** Answers a conversation as plain text, piece by piece. */
export async function POST(request: Request): Promise<Response> {
  const {messages} = (await request.json()) as {messages: Message[]};
  const stop = new AbortController();
  const tokens = generate(messages, stop.signal);
  const encoder = new TextEncoder();

  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const {value, done} = await tokens.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    // The person pressed Stop, or left the page.
    cancel() {
      stop.abort();
    },
  });
  return new Response(body, {
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    },
  });
}

/** The answer token by token: OpenAI's where there is a key, else a simulated one. */
async function* generate(messages: Message[], signal: AbortSignal): AsyncGenerator<string, void> {
  if (!process.env.OPENAI_API_KEY) return yield* simulate(messages, signal);

  const {default: OpenAI} = await import('openai');
  const stream = await new OpenAI().chat.completions.create({model, messages, stream: true}, {signal});
  for await (const chunk of stream) yield chunk.choices[0]?.delta.content ?? '';
}

async function* simulate(messages: Message[], signal: AbortSignal): AsyncGenerator<string, void> {
  const answer = `You asked: ${messages.at(-1)?.content}

This answer is simulated, so it costs nothing:

1. It comes **token by token**.
2. Spaces and line breaks survive:

    function answer() {
        return 42;
    }

Set \`OPENAI_API_KEY\` to talk to a real model.
`;
  for (const token of answer.match(/\s?\S+|\s/g) ?? []) {
    if (signal.aborted) return;
    yield token;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
