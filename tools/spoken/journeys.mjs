// What a person does in each journey, and every sentence that has to be heard after it: once, in order, with nothing beside.
const complete = 'The answer is complete.';
const chunk = (delta, reason = null) => `data: ${JSON.stringify({choices: [{index: 0, delta, finish_reason: reason}]})}\n\n`;
const end = `${chunk({}, 'stop')}data: [DONE]\n\n`;
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Writes a text in tokens; `isEnded`: with the end of the answer. */
async function write(res, text, isEnded = true, field = 'content') {
  if (!res.headersSent) res.writeHead(200, {'content-type': 'text/event-stream'});
  for (const token of text.match(/\s*\S{1,6}/gu)) {
    if (res.destroyed) return;
    res.write(chunk({[field]: token}));
    await sleep(33);
  }
  if (isEnded) res.end(end);
}

const answer =
  'Photosynthesis turns light into sugar. Three things are needed:\n\n- light from the sun\n- water from the soil\n\n' +
  '| stage | place |\n| --- | --- |\n| light | thylakoid |\n| dark | stroma |\n\n```js\nconst sugar = light + water;\nreturn sugar;\n```\n\nThat is all.';
const spokenAnswer = [
  'Photosynthesis turns light into sugar.',
  'Three things are needed:',
  'light from the sun.',
  'water from the soil.',
  'Table, 2 columns, 2 rows.',
  'Code, js, 2 lines.',
  'That is all.',
];

export const journeys = {
  ask: {
    answers: [(res) => write(res, answer)],
    steps: [{type: 'How do plants eat?'}, {key: 'Return', heard: [...spokenAnswer, complete]}],
  },
  stop: {
    answers: [(res) => write(res, `${'Plants eat light, and water, and air. '.repeat(8)}`)],
    steps: [{type: 'Go'}, {key: 'Return', until: 'Plants eat light, and water, and air.'}, {key: 'Escape', heard: ['Stopped']}],
  },
  'error-and-retry': {
    attributes: 'resume="none" retries="0"',
    answers: [
      async (res) => {
        await write(res, 'Tea is hot. It is made of leaves', false);
        res.destroy();
      },
      (res) => write(res, 'Tea is hot.'),
    ],
    steps: [
      {type: 'Tea?'},
      {key: 'Return', heard: ['Tea is hot.', 'It is made of leaves.', 'The answer was interrupted before its end. There is a button to try again.']},
      {script: 'document.querySelector("stream-chat").retry()', heard: ['Tea is hot.', complete]},
    ],
  },
};
