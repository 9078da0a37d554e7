import {setTimeout as sleep} from 'node:timers/promises';

/** One turn of a conversation. */
export interface Message {
  readonly role: string;
  readonly content: unknown;
}

/** Chunks as OpenAI sends them, without the fields that name the answer. */
export interface Chunk {
  readonly choices: readonly object[];
  readonly usage?: unknown;
}

/** What writes answers. */
export interface Model {
  readonly name: string;
  /** Whether a question always gives the same chunks: then anyone can go on where another one stopped. */
  readonly deterministic: boolean;
  /** Writes the answer. `skip`: chunks that exist already, for a model that is deterministic. */
  generate(messages: readonly Message[], skip: number, signal: AbortSignal): AsyncIterable<Chunk>;
}

const pace = Number(process.env.SIMULATED_PACE ?? 30);

/** Writes the same answer to the same question, a word every 30 ms. */
const simulated: Model = {
  name: 'simulated',
  deterministic: true,
  async *generate(messages, skip, signal) {
    const words = writeAnswer(messages).match(/\s?\S+|\s/g) ?? [];
    const said = words.map((content) => ({index: 0, delta: {content}, finish_reason: null}));
    for (const choice of [...said, {index: 0, delta: {}, finish_reason: 'stop'}].slice(skip)) {
      await sleep(pace, undefined, {signal});
      yield {choices: [choice]};
    }
  },
};

function writeAnswer(messages: readonly Message[]): string {
  const {content} = messages.at(-1) ?? {};
  const steps = Array.from(
    {length: 50},
    (_, i) => `${i + 1}. Step **${i + 1}**, 第${i + 1}步 🚶, is ${(i + 1) ** 2} long.`,
  );
  return `You asked: ${typeof content === 'string' ? content : JSON.stringify(content)}

This answer is simulated, and long enough to be interrupted:

${steps.join('\n')}

Set \`OPENAI_API_KEY\` to talk to a real model.
`;
}

/** OpenAI's models. What they said cannot be said again: an answer whose writer died has failed. */
function createOpenai(name: string): Model {
  return {
    name,
    deterministic: false,
    async *generate(messages, _skip, signal) {
      const {default: OpenAI} = await import('openai'); // npm install
      const request = {model: name, messages: messages as never, stream_options: {include_usage: true}};
      yield* await new OpenAI().chat.completions.create({...request, stream: true}, {signal});
    },
  };
}

/** OpenAI's where there is a key, else the simulated one. */
export const model = process.env.OPENAI_API_KEY ? createOpenai(process.env.OPENAI_MODEL ?? 'gpt-4.1-mini') : simulated;
