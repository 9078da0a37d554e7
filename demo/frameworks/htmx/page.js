const output = (id) => document.getElementById(id);

// Objects and functions, for each chat that htmx puts into the page.
htmx.onLoad((added) => {
  for (const chat of [added, ...added.querySelectorAll('stream-chat')].filter(
    ({localName}) => localName === 'stream-chat',
  )) {
    chat.headers = async () => ({'x-token': await Promise.resolve('short-lived')});
    chat.tools = [
      {
        name: 'add',
        description: 'Adds two numbers.',
        parameters: {type: 'object', properties: {a: {type: 'number'}, b: {type: 'number'}}, required: ['a', 'b']},
        execute: ({a, b}) => a + b,
      },
    ];
    chat.strings = {send: 'Ask'};
  }
});

// What the attributes hx-on:… call.
function count({detail}) {
  output('letters').textContent = Number(output('letters').textContent) + detail.text.length;
  // The server renders all anew, many times while the answer streams.
  htmx.trigger('main', 'render');
}

function end({detail}) {
  output('ended').textContent = `${detail.reason}, ${detail.message.text.length}`;
}

function fail({detail}) {
  output('failed').textContent = detail.error.code;
}
