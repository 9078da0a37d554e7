import 'stream-chat-element';

const chat = document.querySelector('stream-chat')!;

// Each line below one that says so is wrong, and has to be refused.
// wrong: not a text
chat.endpoint = 42;
// wrong: a list of tools
chat.tools = {name: 'add'};
// wrong: the detail has no such member
chat.addEventListener('delta', (event) => event.detail.words);
// wrong: no such member
chat.addEventListener('done', ({detail}) => detail.text);
