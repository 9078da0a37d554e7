/** One turn of a conversation, as far as the simulated model looks at it. */
export interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly text: string;
}

/** Something the model can write about. The first whose words occur in the question is taken. */
interface Topic {
  readonly name: string;
  readonly words: RegExp;
  /** The answer in Markdown. */
  readonly answer: string;
  /** The same in two sentences. */
  readonly short: string;
}

const topics: readonly Topic[] = [
  {
    name: 'adding the chat to a page',
    words:
      /\b(add|embed|install|integrate|put|use|include|set ?up|get started)\b.*\b(page|site|website|it|this|app|element|chat)\b|one tag/i,
    answer: `Two lines, and you are done:

\`\`\`html
<script type="module" src="/stream-chat.js"></script>
<stream-chat endpoint="/api/chat"></stream-chat>
\`\`\`

1. **Copy** \`dist/stream-chat.js\` to your site, or install the package and import it.
2. **Point** \`endpoint\` at anything that streams. The wire format is recognised from the bytes.
3. **Listen**, if you want to know what happens:

\`\`\`js
const chat = document.querySelector('stream-chat');

chat.addEventListener('delta', ({detail}) => console.log(detail.text));
chat.addEventListener('done', ({detail}) => console.log(detail.reason, detail.usage));
chat.addEventListener('error', ({detail}) => console.warn(detail.error.code));
\`\`\`

Keep the API key on your server. The page talks to *your* endpoint, and your endpoint talks to the model.
`,
    short: `One script tag and \`<stream-chat endpoint="/api/chat">\`. Everything else is optional.
`,
  },
  {
    name: 'lost connections',
    words: /\b(connection|network|offline|reconnect|resume|cut|lost|interrupt|drops?|dies|fail(s|ure)?|retry)\b/i,
    answer: `## When the connection is lost

An answer counts as *done* only when its wire format said so. Half a sentence followed by silence is not an ending.

| What happens | What you see |
| --- | --- |
| Cut before the first word | It tries again, a little later each time |
| Cut, and the server numbers its events | It goes on where it stopped, with nothing lost and nothing twice |
| Cut, and the server has no numbers | The text stays, marked as interrupted, with **Retry** |
| Silence | After ten seconds a note, after a minute an end |
| \`429\` with \`Retry-After\` | It waits as long as it was asked to |

> A second request would ask the model again, and the second answer would be a different one. So that step is yours to take.

Choose a fault in the panel and ask me again: I will misbehave on purpose.
`,
    short: `With numbered events it goes on where it stopped. Without them it keeps the text and offers **Retry**.
`,
  },
  {
    name: 'wire formats',
    words: /\b(formats?|protocols?|openai|anthropic|gemini|ollama|vendors?|providers?|compatible)\b/i,
    answer: `## One element, many dialects

Every vendor streams in its own way. These are the ends of the same answer in four of them:

| Format | A piece of text | Proof of the end |
| --- | --- | --- |
| OpenAI Chat | \`choices[0].delta.content\` | \`[DONE]\` |
| OpenAI Responses | \`response.output_text.delta\` | \`response.completed\` |
| Anthropic | \`content_block_delta\` | \`message_stop\` |
| Ollama | \`message.content\`, a line each | \`"done": true\` |

The element looks at the first bytes and decides. Choose another format in the panel and ask this again: the bytes change completely, what you read does not.
`,
    short: `The format is recognised from the first bytes of the answer, whichever vendor it comes from.
`,
  },
  {
    name: 'reading a stream by hand',
    words: /\b(code|function|javascript|typescript|python|snippet|program|fetch|example)\b/i,
    answer: `Here is a reader for plain text, small enough to understand at a glance:

\`\`\`js
async function* read(url, question) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({prompt: question}),
  });
  if (!response.ok) throw new Error(\`The server answered \${response.status}\`);

  const decoder = new TextDecoder();
  for await (const bytes of response.body) {
    // "stream" keeps the half of a character that the next chunk completes.
    yield decoder.decode(bytes, {stream: true});
  }
}
\`\`\`

And the server side, in Python:

\`\`\`python
@app.post("/api/chat")
def chat(body: Question):
    return StreamingResponse(answer(body.prompt), media_type="text/plain")
\`\`\`

What this leaves out is what \`<stream-chat>\` is for:

- timeouts, retries, and resuming after a cut
- the *other* eleven formats
- drawing Markdown that is not finished yet
- telling a screen reader, without reading every token aloud
`,
    short: `\`for await (const bytes of response.body)\` and a \`TextDecoder\` with \`{stream: true}\` read a stream of text.
`,
  },
  {
    name: 'streaming',
    words: /\b(stream(s|ing|ed)?|sse|server-sent|token by token|events?)\b/i,
    answer: `## How streaming works

A language model writes one token after the other. Waiting for the last one means looking at nothing for half a minute, so the server sends each piece **as soon as it exists**.

### On the wire

The usual carrier is a response that simply does not end yet:

\`\`\`http
HTTP/1.1 200 OK
Content-Type: text/event-stream

data: {"choices":[{"delta":{"content":"Hel"}}]}

data: {"choices":[{"delta":{"content":"lo"}}]}

data: [DONE]
\`\`\`

Each event ends with an empty line, and the [standard](https://html.spec.whatwg.org/multipage/server-sent-events.html) fits on a few pages.

### In the page

1. The bytes are decoded; one character may be spread over two packets.
2. Events become pieces of text, and each fires \`delta\`.
3. Pieces are gathered, and drawn **once per frame**, however fast they come.
4. When the format says that it is over, and the last character is visible, \`done\` fires.

> The trick is not to show text quickly. It is to know whether it was all of it.
`,
    short: `The server sends each token as soon as it exists; the page gathers them and draws once per frame.
`,
  },
  {
    name: 'a haiku',
    words: /\b(haiku|poem|poetry|verse|rhyme|limerick)\b/i,
    answer: `*Token by token*
*the river finds its own bed.*
*Nobody pressed "send".*

That one is free verse in a haiku's coat. A stricter one, five, seven, five:

> Small words cross the wire,
> each one drawn before the next.
> Then the cursor rests.
`,
    short: `*Small words cross the wire,* and then the cursor rests.
`,
  },
  {
    name: 'a day in Lisbon',
    words: /\b(lisbon|travel|trip|holiday|vacation|visit|weekend|city)\b/i,
    answer: `## A slow day in Lisbon

| Time | Where | Why |
| --- | --- | --- |
| 8:30 | A café in **Graça** | Coffee standing up, pastry still warm |
| 10:00 | Miradouro da Senhora do Monte | The whole city, before the heat |
| 11:30 | **Alfama**, on foot and downhill | Get lost; it is the point |
| 14:00 | Grilled sardines near the Sé | Ask for whatever came in today |
| 16:30 | Ferry to **Cacilhas** | Ten minutes, and the best view is behind you |
| 20:30 | Dinner on the quay | The bridge lights up at dusk |

A few things that help:

- Wear shoes with grip. The pavement is polished limestone.
- Tram 28 is lovely and full. *Walk up, ride down.*
- Most kitchens close between three and seven.

I am a simulated model and have never been there, so look up opening hours before you go.
`,
    short: `Coffee in Graça, down through Alfama on foot, then the ferry to Cacilhas for the evening light.
`,
  },
  {
    name: 'bread',
    words: /\b(bread|recipe|cook|bake|dinner|food|pasta|soup|eat)\b/i,
    answer: `## Overnight bread, no kneading

**You need**

- 450 g flour, strong if you have it
- 9 g salt
- 1 g dried yeast, a good pinch
- 350 g water, cool

**What to do**

1. Stir everything together until no dry flour is left. It will look wrong.
2. Cover it, and leave it for **12 to 18 hours**. Time does the kneading.
3. Fold it over itself four times. Let it rest while the oven heats.
4. Bake in a lidded pot at 240 °C:
   - 30 minutes with the lid
   - 15 minutes without, until it is darker than you dare
5. Wait an hour before cutting.

> The sound of the crust crackling as it cools is the bread telling you that it worked.
`,
    short: `Flour, water, salt and a pinch of yeast; a night of patience; 45 minutes in a very hot pot.
`,
  },
  {
    name: 'what I am',
    words:
      /\b(who|what) are you\b|\b(your name|real model|are you (an? )?(ai|real|human|llm|bot)|simulated|gpt|claude)\b/i,
    answer: `I am **Quill**, and I am not a language model at all. I am a few hundred lines of TypeScript that ship with this demo, so that it works without a key, without a network and without a bill.

What is real is everything between us:

- the request that your question travelled in,
- the stream that this answer arrives in, in the wire format you chose,
- and the faults, if you ask for them.

To talk to a real model, point \`endpoint\` at one of the back ends in \`demo/backends\`.
`,
    short: `I am Quill, a simulated model. The stream is real; the thoughts are not.
`,
  },
  {
    name: 'thanks',
    words: /\b(thanks?|thank you|thx|great|cool|nice|awesome|bye|goodbye)\b/i,
    answer: `You are welcome. If you have a minute: open the panel, choose **cut** as the fault, and watch what happens to an answer that loses its connection.
`,
    short: `You are welcome.
`,
  },
  {
    name: 'what I can do',
    words: /\b(hello|hi|hey|good (morning|evening)|help|what can (you|i|we)|show me|demo|markdown)\b/i,
    answer: `Hello! I am the model behind this demo. Ask me for example:

- **How does streaming work?** for headings, code and a quote
- **Which formats do you speak?** for a table
- **Write a function that reads a stream** for code in two languages
- **Plan a day in Lisbon**, or **How do I bake bread?** for something else entirely
- **What happens when the connection is lost?** for the part that matters

Or change the wire format, the speed or the fault in the panel, and ask the same thing again.
`,
    short: `Ask me about streaming, formats, code, bread or Lisbon.
`,
  },
];

/** Quotes what a person wrote so that Markdown takes none of it for its own. */
const quote = (text: string) => text.replace(/[\\`*_{}[\]<>()#+\-.!|~]/g, '\\$&');

/** What a question is about, in the words of the one who asked. */
function subject(question: string): string {
  const line = question.trim().split(/\s*\n/)[0] ?? '';
  const words = line.replace(
    /^(please\s+|can you\s+|could you\s+|tell me\s+(about\s+)?|explain\s+|what (is|are)\s+|how (do|does|can)\s+)/i,
    '',
  );
  const clean = words.replace(/[?!.\s]+$/, '');
  return clean.length > 80 ? `${clean.slice(0, 79).trimEnd()}…` : clean;
}

function unknown(question: string): string {
  const what = quote(subject(question)) || 'that';
  return `You asked about **${what}**. I only play a model here, so I have no opinion on it, but this is how a good answer would be built:

1. **Start with the answer.** One sentence, before any background.
2. **Then the reason.** What makes it so, and how sure one can be.
3. **Then the exception.** Where it stops being true.

| Part | Length | Purpose |
| --- | --- | --- |
| Answer | a sentence | what you came for |
| Reason | a paragraph | why to believe it |
| Exception | a line | when not to |

Things I do know something about: *streaming*, *wire formats*, *lost connections*, *code*, *bread* and *Lisbon*.
`;
}

const findTopic = (question: string) => topics.find(({words}) => words.test(question));

/** Writes the answer to the last question. The same conversation always gets the same answer. */
export function writeAnswer(turns: readonly Turn[]): string {
  const questions = turns.filter(({role}) => role === 'user').map(({text}) => text);
  const question = questions.at(-1)?.trim() ?? '';
  if (question === '') return 'You sent an empty question. Ask me *how streaming works*, for example.\n';

  // A word or two that make sense only with what was said before.
  const earlier = questions
    .slice(0, -1)
    .reverse()
    .map((text) => ({text, topic: findTopic(text)}))
    .find(({topic}) => topic && topic.name !== 'thanks');
  if (earlier?.topic && /^(and |ok,? )?(shorter|short|in short|briefly|tl;?dr|summari[sz]e|sum up)\b/i.test(question)) {
    return `In short, on ${earlier.topic.name}:\n\n${earlier.topic.short}`;
  }
  if (earlier?.topic && /^(again|repeat|once more|say that again)\b/i.test(question)) return earlier.topic.answer;
  if (/\b(everything|long answer|all you know|at length)\b/i.test(question)) {
    return topics
      .filter(({name}) => name !== 'thanks')
      .map(({answer}) => answer)
      .join('\n---\n\n');
  }
  if (/\b(what|which) (did|was|were|have) (i|my)\b.*\b(ask|say|said|question|first|before)/i.test(question)) {
    const before = questions.slice(0, -1);
    if (before.length === 0) return 'Nothing before this: it is your first question.\n';
    return `So far you asked me:\n\n${before.map((text, i) => `${i + 1}. ${quote(text.trim().split('\n')[0] ?? '')}`).join('\n')}\n`;
  }

  const topic = findTopic(question);
  if (!topic) return unknown(question);
  const asked = earlier?.topic === topic ? `Once more, as you ask about ${topic.name} again.\n\n` : '';
  return asked + topic.answer;
}

/** Cuts a text into pieces as a tokeniser would: short ones, with the space in front. Joined, they are the text. */
export function tokenize(text: string): string[] {
  return text.match(/\n+[ \t]*|[ \t]?[\p{L}\p{M}\p{N}]{1,6}|[ \t]?[^\s\p{L}\p{M}\p{N}]{1,3}|\s/gu) ?? [];
}

/** The conversation in a request's body, whichever format it is in, or in the parameters of its URL. */
export function readTurns(body: unknown, parameters: URLSearchParams): Turn[] {
  const record = isRecord(body) ? body : {};
  const list = [record['messages'], record['input'], record['contents']].find(Array.isArray);
  const system = [record['system'], record['instructions']].find((value) => typeof value === 'string');
  const turns: Turn[] = system === undefined ? [] : [{role: 'system', text: system}];
  if (list) {
    for (const entry of list) {
      if (!isRecord(entry)) continue;
      const {role} = entry;
      turns.push({
        role: role === 'user' || role === 'system' ? role : role === 'developer' ? 'system' : 'assistant',
        text: readText(entry['content'] ?? entry['parts']),
      });
    }
    return turns;
  }
  const single = [record['prompt'], record['input'], record['question'], record['message'], record['text']].find(
    (value) => typeof value === 'string',
  );
  const text = single ?? parameters.get('prompt') ?? parameters.get('q') ?? '';
  return [...turns, {role: 'user', text}];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (isRecord(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('');
}
