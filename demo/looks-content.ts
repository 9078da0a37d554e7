import type {MessageInit} from '../src/index.js';

const markdown = `Here is **every kind of block** that an answer may hold, with *emphasis*, ~~deletions~~, \`inline code\` and a [link](https://example.org/guide).

## A heading

A paragraph that is long enough to run over several lines, so that one sees how wide the measure is and how the lines sit on top of each other.

### A smaller one

- Tea, green
- Coffee
  - with milk
  - without
- [x] A task that is done
- [ ] One that is open

1. First, measure
2. Then cut

> Simplicity is a great virtue but it requires hard work to achieve it.

\`\`\`ts
// Reads a stream of lines.
export async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split(/\\r?\\n/);
    rest = parts.pop() ?? '';
    yield* parts; // 42 of them
  }
}
\`\`\`

| City | Country | Inhabitants | Since |
| :-- | :-- | --: | --: |
| Lisbon | Portugal | 545,796 | 1147 |
| Kyoto | Japan | 1,463,723 | 794 |
| Quito | Ecuador | 2,011,388 | 1534 |

---

![A picture of the harbour](https://example.org/harbour.jpg)

The end of it is a note.[^1]

[^1]: Which says where it is from.
`;

/** A conversation whose answer has every kind of block. */
export const blocks: readonly MessageInit[] = [
  {role: 'user', text: 'Show me everything that you can write.'},
  {role: 'assistant', parts: [{type: 'text', text: markdown}], usage: {inputTokens: 1284, outputTokens: 412}, seconds: 6.3},
];

/** Reasoning, a tool that ran, one that failed, and sources. */
export const steps: readonly MessageInit[] = [
  {role: 'user', text: 'How warm is the sea at Nazaré today?'},
  {
    role: 'assistant',
    parts: [
      {type: 'reasoning', text: 'They ask for the temperature of the water. I look it up.', seconds: 4},
      {
        type: 'tool-call',
        key: 'a',
        id: 'a',
        name: 'sea_temperature',
        arguments: '{"place":"Nazaré","unit":"celsius"}',
        state: 'done',
        result: {celsius: 17.2, measuredAt: '09:40'},
      },
      {
        type: 'tool-call',
        key: 'b',
        id: 'b',
        name: 'wave_height',
        arguments: '{"place":"Nazaré"}',
        state: 'failed',
        error: 'The buoy does not answer.',
      },
      {type: 'text', text: 'The sea at Nazaré has **17.2 °C** this morning. How high the waves are I could not find out.'},
      {type: 'source', url: 'https://example.org/sea/nazare', title: 'Sea temperatures, Nazaré'},
      {type: 'source', url: 'https://example.com/buoys', title: 'Network of buoys'},
    ],
    usage: {inputTokens: 512, outputTokens: 96},
    seconds: 3,
  },
];

/** Answers that did not end as they should. */
export const ends: readonly MessageInit[] = [
  {role: 'user', text: 'Tell me a long story.'},
  {role: 'assistant', text: 'Once upon a time, in a village by the', status: 'stopped', reason: 'aborted'},
  {role: 'user', text: 'Go on.'},
  {role: 'assistant', text: 'sea, there lived a fisherman who', reason: 'length'},
  {role: 'user', text: 'And then?'},
  {
    role: 'assistant',
    text: 'He went out one night and',
    status: 'failed',
    error: {code: 'interrupted', message: 'The answer was interrupted, and the server cannot resume it.', retryable: true},
  },
];

/** Two directions in one conversation. */
export const directions: readonly MessageInit[] = [
  {role: 'user', text: 'ما هو البث المباشر للنصوص؟'},
  {
    role: 'assistant',
    text: 'البث هو إرسال النص **قطعة بعد قطعة** عبر `EventSource` أو `fetch`:\n\n1. يرسل الخادم أول كلمة فورًا.\n2. ترسمها الصفحة في الإطار التالي.\n\n> لا حاجة إلى الانتظار.\n\n```js\nconst answer = await chat.send("مرحبا");\n```\n\n| المدينة | السكان |\n| :-- | --: |\n| القاهرة | 10,100,166 |\n| عمّان | 4,007,526 |',
  },
  {role: 'user', text: 'And in English, in one line?'},
  {role: 'assistant', text: 'Streaming sends a text piece by piece, as it is written.'},
];

/** Chinese: no spaces, full-width signs. */
export const chinese: readonly MessageInit[] = [
  {role: 'user', text: '什么是流式输出？'},
  {
    role: 'assistant',
    text: '**流式输出**是指模型一边生成、服务器一边发送文本，页面立即把新到的内容画出来：\n\n- 首字延迟低，读者不必等待整段回答；\n- 连接中断时，可以从断点继续。\n\n例如 `text/event-stream` 就是一种常用的格式。',
  },
];
