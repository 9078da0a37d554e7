// The shapes of `npm run bench -- --shapes`: answers that consist of one big block, or of very many small parts.

const words = 'text arrives in small pieces and each of them is drawn before the next one comes while the page stays quick'.split(' ');

/** Returns words of about `length` characters. The same for a given `seed`. */
function run(length, seed = 1) {
  let state = seed;
  const parts = [];
  for (let size = 0; size < length; size += parts.at(-1).length + 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    parts.push(words[(state >>> 8) % words.length]);
  }
  return parts.join(' ');
}

/** Joins what `make` returns for 0, 1, 2 … up to about `length` characters. */
function fill(length, make) {
  const parts = [];
  for (let size = 0, index = 0; size < length; index++) {
    const part = make(index);
    parts.push(part);
    size += part.length;
  }
  return parts.join('');
}

/** Each returns the text of an answer of about `length` characters. A mark at its start and at its end shows whether all is drawn. */
const texts = {
  paragraphs: (length) => fill(length, (i) => `${run(300, i)}.\n\n`),
  paragraph: (length) => run(length),
  'styled paragraph': (length) => fill(length, (i) => `${run(60, i)} **${run(12, i)}** and \`${run(8, i)}\` `),
  word: (length) => 'x'.repeat(length),
  code: (length) => `\`\`\`js\n${fill(length, (i) => `const value${i} = read("${i}", [1, 2, 3]); // ${run(20, i)}\n`)}`,
  'line of code': (length) => `\`\`\`\n${fill(length, (i) => `f(${i});`)}`,
  table: (length) => `| Number | Name | Words |\n| ---: | --- | --- |\n${fill(length, (i) => `| ${i} | ${run(8, i)} | ${run(20, i)} |\n`)}`,
  list: (length) => fill(length, (i) => `- ${run(45, i)}\n`),
  'numbered list': (length) => fill(length, (i) => `${i + 1}. ${run(45, i)}\n`),
  quotes: (length) => fill(length, (i) => `> > > ${run(200, i)}\n> > >\n`),
  stars: (length) => '*'.repeat(length),
  brackets: (length) => '['.repeat(length),
  'unclosed emphasis': (length) => `*${run(length)}`,
  formulas: (length) => fill(length, (i) => `$x_{${i}}^2 + y$ `),
};

/** Events of about `length` characters in all, instead of one text. */
const events = {
  'reasoning and text': (length) =>
    Array.from({length: Math.ceil(length / 25)}, (_, i) => (i % 2 ? {content: `${run(22, i)}. `} : {reasoning_content: `${run(22, i)}. `})),
  'tool calls': (length) =>
    Array.from({length: Math.ceil(length / 100)}, (_, i) => ({
      tool_calls: [{index: i, id: `call_${i}`, function: {name: 'find', arguments: `{"id":${i},"query":"${run(60, i)}"}`}}],
    })),
};

export const shapeNames = [...Object.keys(texts), ...Object.keys(events)];

/** Shapes that a renderer of text alone can draw. */
export const isText = (name) => name in texts;

const endOf = (text) => (text.startsWith('```') ? '\n```\n\n' : '\n\n');

/** Returns the answer of a shape: its text, or its events. */
export function createShape(name, length) {
  const make = texts[name];
  if (!make) return {events: [{content: 'w1e\n\n'}, ...events[name](length), {content: '\n\nw2e'}], marks: 2};
  const text = make(length);
  return {text: `w1e\n\n${text}${endOf(text)}w2e\n`, marks: 2};
}
