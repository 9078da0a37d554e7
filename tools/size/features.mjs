// What the second table measures: what each attribute or content adds to the plain page.

const event = (value) => `data: ${JSON.stringify(value)}\n\n`;
const done = 'data: [DONE]\n\n';
const delta = (content, index = 0) => event({choices: [{index, delta: content, finish_reason: null}]});
const finish = (reason) => event({choices: [{index: 0, delta: {}, finish_reason: reason}]});

/** An answer in the format of OpenAI's chat completions, a piece an event. */
const openai = (...pieces) => [...pieces.map((piece) => delta({content: piece})), finish('stop'), done];

const code = '```js\nconst answer = 6 * 7; // the *answer*\nconsole.log(`${answer}`);\n```\n\n';

/** The answer of the plain page: markdown with one block of code. */
export const plainAnswer = openai(
  '## Streaming\n\nAn answer comes in **pieces**, ',
  'with a [link](https://example.org/) and `code`:\n\n- one\n- two\n\n',
  code,
  '| a | b |\n| - | - |\n| 1 | 2 |\n\nThat is all.\n',
);

const toolCall = [
  delta({
    tool_calls: [{index: 0, id: 'call-1', type: 'function', function: {name: 'add', arguments: '{"a": 1, "b": 2}'}}],
  }),
  finish('tool_calls'),
  done,
];

const anthropic = [
  {
    type: 'message_start',
    message: {id: 'm', role: 'assistant', content: [], usage: {input_tokens: 1, output_tokens: 1}},
  },
  {type: 'content_block_start', index: 0, content_block: {type: 'text', text: ''}},
  {type: 'content_block_delta', index: 0, delta: {type: 'text_delta', text: `Hello.\n\n${code}`}},
  {type: 'content_block_stop', index: 0},
  {type: 'message_delta', delta: {stop_reason: 'end_turn'}, usage: {output_tokens: 5}},
  {type: 'message_stop'},
].map((data) => `event: ${data.type}\n${event(data)}`);

const withoutCode = 'an answer without code';

/**
 * Each row: `attributes` of the tag, `head` of the page, `prepare` run in the page with the element before the question,
 * `answers` of the endpoint. `until: 'load'` compares the pages before a question is asked, `until: 'answer'` those with
 * a complete answer. `without` is removed from the page, and `base` names the row to compare with in place of the plain page.
 */
export const features = [
  {name: '`persist="local"`', attributes: 'persist="local"', until: 'answer'},
  {name: '`attach="image/*"`', attributes: 'attach="image/*"', until: 'load'},
  {name: '`voice="dictate"`', attributes: 'voice="dictate"', until: 'load'},
  {name: '`mode="launcher"`', attributes: 'mode="launcher"', until: 'load'},
  {name: '`pace="smooth"`', attributes: 'pace="smooth"', until: 'load'},
  {name: '`scroll-to="answer-start"`', attributes: 'scroll-to="answer-start"', until: 'answer'},
  {name: '`lang="de"`; other languages are about as large', attributes: 'lang="de"', until: 'load'},
  {
    name: '`themes/paper.css`',
    head: '<link rel="stylesheet" href="/stream-chat/themes/paper.css" />',
    until: 'load',
  },
  {
    name: '`renderer="plain"`, without the `<link>` of markdown',
    attributes: 'renderer="plain"',
    without: /<link rel="modulepreload" href="[^"]*markdown.js" \/>\s*/,
    until: 'answer',
  },
  {name: withoutCode, answers: [openai('Hello, *world*.')], until: 'answer'},
  {name: 'the first formula', answers: [openai(`$$\\int_0^1 x\\,dx = \\frac12$$\n\n${code}`)], until: 'answer'},
  {
    name: 'the first call of a tool that runs in the page',
    prepare: (chat) => {
      chat.tools = [{name: 'add', description: 'Adds.', parameters: {type: 'object'}, execute: ({a, b}) => a + b}];
    },
    answers: [toolCall, plainAnswer],
    until: 'answer',
  },
  {
    name: '`responseFormat`',
    prepare: (chat) => {
      chat.responseFormat = {type: 'object'};
    },
    answers: [openai('{"answer": ', '42}')],
    base: withoutCode,
    until: 'answer',
  },
  {name: "an answer in Anthropic's format; other formats are about as large", answers: [anthropic], until: 'answer'},
];
