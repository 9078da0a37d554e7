// Generates the answers of the benchmark: Markdown as models write it, deterministic for a given size.

const words =
  'the a stream of text arrives in small pieces and each piece must be drawn before next one comes while page stays quick so that people can read select copy or scroll without waiting because work per frame depends on what is new never how long answer has become when connection breaks server may send again from where it was lost then nothing appears twice'.split(
    ' ',
  );
const code = {
  ts: 'export async function read{n}(stream: ReadableStream<Uint8Array>): Promise<string> {\n  const reader = stream.getReader();\n  let text = "";\n  for (;;) {\n    const {done, value} = await reader.read();\n    if (done) return text; // whole\n    text += decoder.decode(value, {stream: true});\n  }\n}\n',
  python:
    'def total_{n}(prices: list[float], rate: float = 0.19) -> float:\n    """Sum with tax."""\n    net = sum(p for p in prices if p > 0)\n    return round(net * (1 + rate), 2)\n\nprint(total_{n}([1.5, 2.5]))\n',
  bash: 'for file in *.log; do\n  grep -c "error {n}" "$file" || true\ndone | sort -n | tail -3\n',
  json: '{\n  "id": {n},\n  "roles": ["reader", "writer"],\n  "limits": {"requests": 600, "window": "1m"}\n}\n',
};

/** Returns markdown of about `length` characters, and the number of marks in it: `w1e`, `w2e`, …, which have to be shown in order. */
export function createText(length, seed = 7) {
  let state = seed;
  const random = (max) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % max;
  let marks = 0;
  const mark = () => `w${++marks}e`;
  const word = () => words[random(words.length)];
  const run = (count) => Array.from({length: count}, word).join(' ');
  const sentence = () => {
    const extra = random(7);
    const middle =
      extra === 0
        ? `**${run(2)}**`
        : extra === 1
          ? `\`${word()}.${word()}()\``
          : extra === 2
            ? `[${run(2)}](https://example.com/${word()})`
            : extra === 3
              ? `*${run(3)}*`
              : run(3);
    return `${mark()} ${run(4 + random(5))} ${middle} ${run(3 + random(5))}.`;
  };
  const paragraph = () => Array.from({length: 2 + random(3)}, sentence).join(' ');
  const blocks = [
    () => `${'#'.repeat(2 + random(2))} ${mark()} ${run(4)}`,
    paragraph,
    paragraph,
    paragraph,
    () => Array.from({length: 3 + random(4)}, () => `- ${sentence()}`).join('\n'),
    () => Array.from({length: 3 + random(3)}, (_, i) => `${i + 1}. **${word()}**: ${sentence()}`).join('\n'),
    () => {
      const language = Object.keys(code)[random(4)];
      return `\`\`\`${language}\n${code[language].replaceAll('{n}', String(random(1000)))}\`\`\``;
    },
    () => `| ${word()} | ${word()} | ${word()} |\n| --- | --- | --- |\n${Array.from({length: 4}, () => `| ${mark()} | ${run(2)} | ${run(3)} |`).join('\n')}`,
    () => `> ${sentence()}`,
  ];
  const parts = [];
  for (let size = 0; size < length; size += parts.at(-1).length + 2) parts.push(blocks[random(blocks.length)]());
  parts.push(sentence());
  return {text: `${parts.join('\n\n')}\n`, marks};
}

/** Splits a text at random into token-like pieces of about `size` characters. */
export function cut(text, size, seed = 3) {
  let state = seed;
  const pieces = [];
  for (let at = 0; at < text.length; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const end = at + Math.max(1, Math.round(size * (0.5 + (state >>> 16) / 65536)));
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}
