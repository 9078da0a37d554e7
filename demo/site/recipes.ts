import {createWriter} from '../server/formats.js';
import {readTurns, tokenize, writeAnswer} from '../server/model.js';
import {facts, stream} from './stream.js';

/** Milliseconds between two pieces. */
const pace = 24;

type Recipe = (body: unknown) => Response;

const events = {'content-type': 'text/event-stream; charset=utf-8'};
const lines = {'content-type': 'application/x-ndjson; charset=utf-8'};
const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({object: 'chat.completion.chunk', choices: [{index: 0, delta, finish_reason}]})}\n\n`;

const question = (body: unknown) =>
  readTurns(body, new URLSearchParams())
    .filter(({role}) => role === 'user')
    .at(-1)
    ?.text.trim() ?? '';

/** Answers with this text, in the shape of OpenAI's chunks. */
function say(text: string): Response {
  const writer = createWriter('openai-chat', facts('recipe', []));
  return stream(events, async ({signal, write, wait}) => {
    write(writer.begin());
    for (const piece of tokenize(text)) {
      if (signal.aborted) return;
      write(writer.piece(piece));
      await wait(pace);
    }
    write(writer.end());
  });
}

type Language = 'French' | 'German' | 'Spanish';

/** All that the simulated translator knows. */
const phrases: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  'good morning': {French: 'Bonjour.', German: 'Guten Morgen.', Spanish: 'Buenos días.'},
  'where is the station': {
    French: 'Où est la gare ?',
    German: 'Wo ist der Bahnhof?',
    Spanish: '¿Dónde está la estación?',
  },
  'the answer appears while it is written': {
    French: 'La réponse apparaît pendant qu’elle est écrite.',
    German: 'Die Antwort erscheint, während sie geschrieben wird.',
    Spanish: 'La respuesta aparece mientras se escribe.',
  },
};

const translate: Recipe = (body) => {
  const [, language = '', text = ''] = /into (\w+):\s*([^]*)/.exec(question(body)) ?? [];
  const known = phrases[text.toLowerCase().replace(/[.?!\s]+$/, '')];
  if (known && language in known) return say(known[language as Language]);
  return say(
    `*This model is simulated. It knows three sentences: “${Object.keys(phrases).join('”, “')}”.* A real one would have put “${text}” into ${language}.`,
  );
};

const code: Recipe = (body) => {
  const isPython = /python/i.test(question(body));
  return say(
    isPython
      ? '```python\ndef median(numbers: list[float]) -> float:\n    """The middle one, or the mean of the two in the middle."""\n    ordered = sorted(numbers)\n    middle = len(ordered) // 2\n    if len(ordered) % 2:\n        return ordered[middle]\n    return (ordered[middle - 1] + ordered[middle]) / 2\n```\n'
      : '```js\n/** The middle one, or the mean of the two in the middle. */\nfunction median(numbers) {\n  const ordered = numbers.toSorted((a, b) => a - b);\n  const middle = Math.floor(ordered.length / 2);\n  if (ordered.length % 2) return ordered[middle];\n  return (ordered[middle - 1] + ordered[middle]) / 2;\n}\n```\n',
  );
};

const write: Recipe = (body) =>
  say(
    `# ${
      question(body)
        .replace(/^write (about|on)\s+/i, '')
        .replace(/[.?!]+$/, '') || 'A document'
    }\n\n` +
      'This document is written while you look at it. What you see is not redrawn with each word: a frame costs what is new in it.\n\n' +
      '## Why it is a document\n\n- It has **headings**, which a screen reader lists.\n- It can be copied as it was written, in Markdown.\n- It ends when the wire format says so, and not when it falls silent.\n\n' +
      '## What comes next\n\n| Step | Who |\n| --- | --- |\n| Outline | the model |\n| Judgement | you |\n\n> Half a document is no document. Where the connection is lost, the page is told.\n',
  );

/** Calls `get_weather`, and says what came of it. */
const tools: Recipe = (body) => {
  const {messages = []} = (body ?? {}) as {messages?: readonly {role?: string; content?: string}[]};
  const last = messages.at(-1);
  if (last?.role === 'tool') return say(`The tool answered \`${String(last.content)}\`. **Take a jacket.**`);
  const city = /in ([\p{L} ]+)/u.exec(question(body))?.[1]?.trim() ?? 'Lisbon';
  const [head, tail] = ['{"city": "', `${city}"}`];
  return stream(events, async ({write: send, wait}) => {
    const call = (fields: object) => chunk({tool_calls: [{index: 0, ...fields}]});
    send(call({id: 'call-1', type: 'function', function: {name: 'get_weather', arguments: head}}));
    await wait(400);
    send(call({function: {arguments: tail}}));
    send(`${chunk({}, 'tool_calls')}data: [DONE]\n\n`);
  });
};

/** JSON, piece by piece. */
const json: Recipe = (body) => {
  const title = question(body).slice(0, 80) || 'Bread';
  const recipe = {
    title,
    minutes: 45,
    ingredients: ['450 g flour', '350 g water', '9 g salt', '1 g dried yeast'],
    steps: [
      'Stir everything together.',
      'Leave it for a night.',
      'Fold it four times.',
      'Bake it in a pot with a lid.',
    ],
  };
  return say(JSON.stringify(recipe));
};

/** The format that the page on wire formats makes known: no library has heard of it. */
const mine: Recipe = (body) => {
  const {question: asked = ''} = (body ?? {}) as {question?: string};
  return stream(lines, async ({signal, write: send, wait}) => {
    for (const piece of tokenize(writeAnswer([{role: 'user', text: asked}]))) {
      if (signal.aborted) return;
      send(`${JSON.stringify({say: piece})}\n`);
      await wait(pace);
    }
    send(`${JSON.stringify({over: true})}\n`);
  });
};

/** The endpoints of the examples, by the last part of their address. */
export const recipes: Readonly<Record<string, Recipe>> = {translate, code, write, tools, json, mine};
