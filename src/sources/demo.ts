import {pause} from '../lib/pause.js';
import type {Source} from './source.js';

/** Pause before the first word, and between two words, in milliseconds. */
const firstPause = 400;
const wordPause = 24;

/**
 * A simulated model: answers each question with a text that says so, word by word, without a server. For a first look at
 * the element, and for tests of a page. English, or Chinese in a Chinese conversation.
 */
export const demo: Source = async function* ({messages, prompt, signal}) {
  const answers = /\p{Script=Han}/u.test(prompt) ? chinese : english;
  const number = messages.filter(({role}) => role === 'user').length - 1;
  await pause(firstPause, signal);
  for (const word of answers[number % answers.length]!(quote(prompt)).split(/(?<=[ \n，。：])/)) {
    if (signal.aborted) return;
    yield word;
    await pause(wordPause, signal);
  }
};

/** The question in one line, without what Markdown would read. */
function quote(question: string): string {
  const line = question.replace(/[\s`*_~#<>[\]|$\\]+/g, ' ').trim();
  const characters = [...line];
  return characters.length > 80 ? `${characters.slice(0, 80).join('')}…` : line;
}

const english: readonly ((question: string) => string)[] = [
  (question) => `You asked: “${question}”

This answer is **simulated**: it comes from the page itself, without a server. It is here so that you can see how an answer looks while it is written.

- Text appears as it arrives, and the end stays in view.
- **Stop** ends the answer and keeps its text.
- Scroll up to read: the text stays where it is.

For real answers, name your endpoint:

\`\`\`html
<stream-chat endpoint="/api/chat"></stream-chat>
\`\`\`
`,
  (question) => `“${question}” is your next question, and the conversation goes on. A simulated answer can hold what real ones do:

| Block | Example |
| --- | --- |
| List | steps of a recipe |
| Table | this one |
| Code | a line to copy |

> Nothing here is true or false: no model was asked.
`,
  (question) => `Still simulated: “${question}”. Ask as often as you like, edit a question, or ask for another answer with the buttons below a message.`,
];

const chinese: readonly ((question: string) => string)[] = [
  (question) => `你的问题是：“${question}”

这是**模拟回答**：由页面自己生成，没有服务器。它让你看到回答逐字出现的样子。

- 文字边生成边显示，末尾始终可见。
- 点击**停止**，已有的文字会保留。

要得到真正的回答，请填写你的接口：

\`\`\`html
<stream-chat endpoint="/api/chat"></stream-chat>
\`\`\`
`,
  (question) => `“${question}”是下一个问题，对话继续。这仍然是模拟回答，没有调用任何模型。`,
];
