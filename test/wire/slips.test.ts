import {expect} from '@open-wc/testing';

import {AnswerReader} from '../../src/chat/answer-reader.js';
import {applyDelta, createAnswer, type Message} from '../../src/model/conversation.js';
import {StreamChatError} from '../../src/model/errors.js';
import {createFramer} from '../../src/wire/create-framer.js';
import '../../src/chat/answering.js';
import '../../src/index.js';

const sizes = [1, 2, 3, 7, Infinity];
const breaks = {LF: '\n', CRLF: '\r\n', CR: '\r'};

interface Read {
  readonly text: string;
  readonly end: 'done' | 'error' | 'open';
  /** Lengths of the text after each piece of the body. */
  readonly shown: readonly number[];
}

/** Reads a body as an element does. */
async function read(body: string, size = Infinity, {type = 'text/event-stream', protocol = 'auto'} = {}): Promise<Read> {
  let message: Message = createAnswer('a', 0);
  let failed = false;
  const shown: number[] = [];
  const reader = new AnswerReader({
    protocol,
    expectsEndMarker: false,
    sink(delta) {
      failed ||= delta.type === 'error';
      message = applyDelta(message, delta);
    },
  });
  try {
    reader.open(new Headers({'content-type': type}), 'initial');
    for (let at = 0; at < body.length; at += size) {
      await reader.push(body.slice(at, at + size));
      shown.push(message.text.length);
    }
    await reader.end(true);
  } catch (error) {
    if (!(error instanceof StreamChatError)) throw error;
    failed = true;
  }
  return {text: message.text, end: failed ? 'error' : reader.ended ? 'done' : 'open', shown};
}

/** Expects the same answer for all sizes of pieces and all line breaks. */
async function expectAnswer(body: string, text: string, options?: {type?: string; protocol?: string}) {
  for (const [name, lineBreak] of Object.entries(breaks)) {
    for (const size of sizes) {
      const {shown: _, ...got} = await read(body.replaceAll('\n', lineBreak), size, options);
      expect(got, `${name}, pieces of ${size}`).to.deep.equal({text, end: 'done'});
    }
  }
}

/** Expects that the text grows while the body arrives: each piece but the last two is shown before the end. */
async function expectProgress(body: string, options?: {type?: string; protocol?: string}) {
  const {shown, text} = await read(body, 1, options);
  const lengths = new Set(shown.filter((length) => length > 0));
  expect([...lengths].length, `lengths of the text of "${text}"`).to.be.at.least(3);
}

const chunk = (content: string, finish?: string) =>
  JSON.stringify({object: 'chat.completion.chunk', choices: [{index: 0, delta: {content}, ...(finish && {finish_reason: finish})}]});
const words = ['Tea ', 'is ', 'a "hot"\n', 'drink, ', 'isn’t it? 🍵'];
const whole = words.join('');
const openai = [...words.map((word) => chunk(word)), chunk('', 'stop')];
const own = words.map((content) => JSON.stringify({content}));
const anthropic: readonly {type: string; [key: string]: unknown}[] = [
  {type: 'message_start', message: {id: 'm', role: 'assistant', usage: {input_tokens: 1}}},
  {type: 'content_block_start', index: 0, content_block: {type: 'text', text: ''}},
  ...words.map((text) => ({type: 'content_block_delta', index: 0, delta: {type: 'text_delta', text}})),
  {type: 'content_block_stop', index: 0},
  {type: 'message_delta', delta: {stop_reason: 'end_turn'}},
  {type: 'message_stop'},
];
const lined = (events: readonly string[], end = '\n') => events.map((data) => `data: ${data}${end}`).join('');

describe('events without a blank line between them', () => {
  const bodies: Readonly<Record<string, string>> = {
    'OpenAI chunks': lined([...openai, '[DONE]']),
    'OpenAI chunks without an end marker': lined(openai),
    'OpenAI chunks whose last line is cut': lined([...openai, '[DONE]']).trimEnd(),
    'JSON of the server’s own making': lined([...own, '[DONE]']),
    'names between': anthropic.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n`).join(''),
    'names after the data': anthropic.map((event) => `data: ${JSON.stringify(event)}\nevent: ${event.type}\n`).join(''),
    'ids between': openai.map((data, i) => `id: ${i}\ndata: ${data}\n`).join('') + 'data: [DONE]\n',
    'comments between': openai.map((data) => `: ping\ndata: ${data}\n`).join('') + 'data: [DONE]\n',
    'a blank line after some': `data: ${openai[0]}\ndata: ${openai[1]}\n\n${lined(openai.slice(2))}\n`,
    'one blank line, after all': `${lined([...openai, '[DONE]'])}\n`,
    'text before the JSON': `data: connected\n${lined([...openai, '[DONE]'])}`,
  };

  for (const [name, body] of Object.entries(bodies)) {
    it(`are read one by one: ${name}`, () => expectAnswer(body, whole));
    it(`are shown as they arrive: ${name}`, () => expectProgress(body));
  }
  it('are read one by one in a format that is named', async () => {
    await expectAnswer(bodies['OpenAI chunks']!, whole, {protocol: 'openai-chat'});
    await expectAnswer(bodies['names between']!, whole, {protocol: 'anthropic'});
    await expectProgress(bodies['OpenAI chunks']!, {protocol: 'openai-chat'});
  });
  it('are read one by one if they are JSON strings', () =>
    expectAnswer(lined([...words.map((word) => JSON.stringify(word)), '[DONE]']), whole));

  it('are tokens if an end marker, or the end of the body, shows it', async () => {
    const tokens = ['Tea', ' is', ' a', ' drink', '.'];
    await expectAnswer(lined([...tokens, '[DONE]']), 'Tea is a drink.');
    await expectAnswer(lined(tokens), 'Tea is a drink.');
    await expectAnswer(tokens.map((token) => `data:${token}\n`).join('') + 'data:[DONE]\n', 'Tea is a drink.');
    await expectProgress(lined([...tokens, '[DONE]']));
    await expectAnswer(tokens.map((token) => `event: token\ndata: ${token}\n`).join('') + 'event: end\ndata: \n', 'Tea is a drink.');
  });

  it('are one event if that is JSON, or text with a blank line behind it', async () => {
    const pretty = (json: string) => `${lined(JSON.stringify(JSON.parse(json), null, 2).split('\n'))}\n`;
    await expectAnswer(openai.map(pretty).join('') + 'data: [DONE]\n\n', whole);
    await expectAnswer(`${lined(['[', openai[0]!, ',', openai[1]!, ']'])}\n`.replace(/\[\n/, '[\n'), 'Tea is ');
    await expectAnswer('data: one\ndata: two\n\ndata: three\n\ndata: [DONE]\n\n', 'one\ntwothree');
    await expectAnswer('data: As JSON:\ndata: {"a": 1}\ndata: Done.\n\ndata:  Bye.\n\n', 'As JSON:\n{"a": 1}\nDone. Bye.');
  });

  it('keep their own ids and names', () => {
    const found: (string | undefined)[][] = [];
    const framer = createFramer('sse', ({data, event, id}) => found.push([data, event, id]));

    framer.push('id: 1\nevent: a\ndata: {"x":1}\nid: 2\nevent: b\ndata: {"x":2}\nid: 3\nevent: c\ndata: {"x":3}\n');

    expect(found).to.deep.equal([
      ['{"x":1}', 'a', '1'],
      ['{"x":2}', 'b', '2'],
      ['{"x":3}', 'c', '3'],
    ]);
  });
});

describe('line breaks as two characters', () => {
  const literal = (body: string) => body.replaceAll('\n', '\\n');
  const twice = (events: readonly string[]) => lined(events, '\n\n');
  const bodies: Readonly<Record<string, string>> = {
    'OpenAI chunks': literal(twice([...openai.map((one) => one), '[DONE]']).replaceAll('\\n', '\\n')),
    'JSON of the server’s own making': literal(twice([...own, '[DONE]'])),
    'with carriage returns': twice([...own, '[DONE]']).replaceAll('\n', '\\r\\n'),
    'one break only': literal(lined([...own, '[DONE]'])),
    'named events': literal(anthropic.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')),
    'with real breaks too': [...own, '[DONE]'].map((data) => `data: ${data}\\n\\n\n`).join(''),
    'after a comment with real breaks': `: open\n\n${literal(twice([...own, '[DONE]']))}`,
  };

  for (const [name, body] of Object.entries(bodies)) {
    it(`end events: ${name}`, () => expectAnswer(body, whole));
    it(`end events as they arrive: ${name}`, () => expectProgress(body));
  }
  it('end events of raw tokens', async () => {
    const body = literal(twice(['Tea', ' is', ' a', ' drink.', '[DONE]']));
    await expectAnswer(body, 'Tea is a drink.');
    await expectProgress(body);
  });
  it('are text inside of JSON and of tokens', async () => {
    const code = 'if (a) {\\n}\\n\\ndata: x';
    await expectAnswer(twice([JSON.stringify({content: code}), JSON.stringify({content: '}\n\ndata: y'}), '[DONE]']), `${code}}\n\ndata: y`);
    await expectAnswer(twice(['Use \\n\\n for', ' breaks.', '[DONE]']), 'Use \\n\\n for breaks.');
  });
});

describe('events inside of events', () => {
  const wrap = (body: string) => body.trimEnd().split('\n\n').map((event) => lined([...event.split('\n'), '', '']) + '\n').join('');
  const bare = (events: readonly string[]) => events.map((data) => `data: data: ${data}\n\n`).join('');
  const bodies: Readonly<Record<string, string>> = {
    'OpenAI chunks': wrap(lined([...openai, '[DONE]'], '\n\n')),
    'OpenAI chunks, the end marker as it is': wrap(lined(openai, '\n\n')) + 'data: [DONE]\n\n',
    'without the inner blank lines': bare([...openai, '[DONE]']),
    'named events': wrap(anthropic.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')),
    'without a space': wrap(lined([...own, '[DONE]'], '\n\n')).replaceAll('data: data: ', 'data:data:'),
    'as JSON strings': [...own, '[DONE]'].map((data) => `data: ${JSON.stringify(`data: ${data}\n\n`)}\n\n`).join(''),
    'with single line feeds': lined([...own, '[DONE]'].map((data) => `data: ${data}`)),
  };

  for (const [name, body] of Object.entries(bodies)) {
    it(`are unwrapped: ${name}`, () => expectAnswer(body, whole));
    it(`are unwrapped as they arrive: ${name}`, () => expectProgress(body));
  }
  it('are unwrapped if they are tokens', async () => {
    const tokens = ['Tea', ' is', ' a', ' drink.', '[DONE]'];
    await expectAnswer(wrap(lined(tokens, '\n\n')), 'Tea is a drink.');
    await expectAnswer(bare(tokens), 'Tea is a drink.');
    await expectProgress(wrap(lined(tokens, '\n\n')));
  });
  it('are text where not every event has them', async () => {
    await expectAnswer(lined(['data: x', ' is a line of an event stream.', '[DONE]'], '\n\n'), 'data: x is a line of an event stream.');
    await expectAnswer(lined(['data:', ' x', '[DONE]'], '\n\n'), 'data: x');
    await expectAnswer(lined([JSON.stringify({content: 'data: x'}), '[DONE]'], '\n\n'), 'data: x');
  });
  it('hold the lines of the data stream of the AI SDK', () =>
    expectAnswer(lined([...words.map((word) => `0:${JSON.stringify(word)}`), 'd:{"finishReason":"stop"}'], '\n\n'), whole));
});

describe('JSON of Python', () => {
  it('may have numbers that JSON has not', async () => {
    const odd = (content: string) => `{"content":${JSON.stringify(content)},"score":-Infinity,"p":[NaN,Infinity,"NaN"]}`;
    await expectAnswer(lined([odd('Not '), odd('a NaN, '), odd('"-Infinity"'), '[DONE]'], '\n\n'), 'Not a NaN, "-Infinity"');
    await expectAnswer([odd('Not '), odd('a NaN.')].join('\n'), 'Not a NaN.', {type: 'application/x-ndjson'});
  });
});

describe('bodies under another type', () => {
  const sse = lined([...openai, '[DONE]'], '\n\n');

  for (const type of ['application/jsonl', 'application/x-ndjson', 'application/json, text/event-stream', 'text/html', 'text/stream', 'text/plain']) {
    it(`are an event stream if they begin with a field: ${type}`, async () => {
      await expectAnswer(sse, whole, {type});
      await expectAnswer(`: open\n\n${sse}`, whole, {type});
      await expectAnswer(lined([...openai, '[DONE]']), whole, {type});
    });
  }
  for (const type of ['text/event-stream', 'text/html', 'text/stream', 'application/stream+json']) {
    it(`are JSON if they begin so: ${type}`, async () => {
      await expectAnswer(`${openai.join('\n')}\n`, whole, {type});
      await expectAnswer(`${own.join('\n')}\n`, whole, {type});
    });
  }
});

describe('plain text under the type of an event stream', () => {
  const texts = [
    'Good day, this is one long paragraph without any line break in it.',
    'One\nline\n\nafter\nthe\nother,\nmore\nthan\nten\nof\nthem.\ndata: x',
    'dataset: no field\nid est: none either',
    'Error: it says\n\nevents: none',
  ];
  for (const type of ['text/event-stream', 'text/html']) {
    it(`is shown as it arrives: ${type}`, async () => {
      for (const text of texts) {
        const {shown, ...got} = await read(text, 1, {type});
        expect(got).to.deep.equal({text, end: 'done'});
        expect(shown[Math.floor(text.length / 2)], text).to.be.above(text.length / 4);
        expect(await read(text, Infinity, {type})).to.include({text, end: 'done'});
      }
    });
    it(`is noise if events follow: ${type}`, async () => {
      for (const noise of ['Warning: Undefined variable $x\n', 'Starting.\n\nReady.\n', '<br />\n<b>Warning</b>: x\n', 'PHP Notice\n: comment\n']) {
        await expectAnswer(noise + lined([...openai, '[DONE]'], '\n\n'), whole, {type});
        await expectAnswer(noise + lined([...own, '[DONE]']), whole, {type});
      }
    });
  }
  it('is an error if it is a web page', async () => {
    for (const page of ['<!DOCTYPE html>\n<html><title>502</title></html>', '\n<html>\n', `data: ${chunk('Half')}\n\n<html><title>504</title></html>\n`]) {
      for (const size of sizes) {
        const {text, end} = await read(page, size);
        expect([text, end === 'done'], `pieces of ${size}`).to.deep.equal([page.startsWith('data') ? 'Half' : '', false]);
      }
    }
  });
});

describe('errors in a field of their own', () => {
  const error = 'error: {"code":500,"message":"out of memory","type":"server_error"}\n\n';

  it('end the answer', async () => {
    for (const body of [error, `${error}data: [DONE]\n\n`, `data: ${chunk('Half')}\n\n${error}`, `data: ${chunk('Half')}\n${error}`]) {
      for (const lineBreak of Object.values(breaks)) {
        for (const size of sizes) {
          const {text, end} = await read(body.replaceAll('\n', lineBreak), size);
          expect([text, end]).to.deep.equal([body.includes('Half') ? 'Half' : '', 'error']);
        }
      }
    }
  });
});
