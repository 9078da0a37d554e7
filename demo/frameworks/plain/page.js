const output = (id) => document.getElementById(id);

const setup = {
  /** Asked before every request: a token may be fetched here. */
  headers: async () => ({'x-token': await Promise.resolve('short-lived')}),
  /** What the model may call. It runs in the page. */
  tools: [
    {
      name: 'add',
      description: 'Adds two numbers.',
      parameters: {type: 'object', properties: {a: {type: 'number'}, b: {type: 'number'}}, required: ['a', 'b']},
      execute: ({a, b}) => a + b,
    },
  ],
  strings: {send: 'Ask'},
};

/** Properties may be set before the element is defined: it takes them over. */
function setUp(chat) {
  Object.assign(chat, setup);
  chat.addEventListener('delta', ({detail}) => {
    output('letters').textContent = Number(output('letters').textContent) + detail.text.length;
  });
  chat.addEventListener('done', ({detail}) => {
    output('ended').textContent = `${detail.reason}, ${detail.message.text.length}`;
  });
  chat.addEventListener('error', ({detail}) => {
    output('failed').textContent = detail.error.code;
  });
}

let chat = document.querySelector('stream-chat');
const blank = chat.cloneNode();
setUp(chat);

output('toggle').addEventListener('click', ({target}) => {
  if (chat.isConnected) {
    chat.remove();
  } else {
    chat = blank.cloneNode();
    setUp(chat);
    document.querySelector('main').append(chat);
  }
  target.textContent = chat.isConnected ? 'Close' : 'Open';
});

output('lock').addEventListener('click', ({target}) => {
  chat.disabled = !chat.disabled;
  target.textContent = chat.disabled ? 'Unlock' : 'Lock';
});
