import type {} from 'stream-chat-element/solid';

// Each line below one that says so is wrong, and has to be refused.
export const refused = () => [
  // wrong: not a text
  <stream-chat endpoint={42} />,
  // wrong: no such place
  <stream-chat persist="always" />,
  // wrong: a list of tools
  <stream-chat prop:tools={{name: 'add'}} />,
  // wrong: the detail has no such member
  <stream-chat on:delta={(event) => event.detail.words} />,
  // wrong: not a listener
  <stream-chat on:done="done" />,
  // wrong: `on:done` is the way
  <stream-chat onDone={() => {}} />,
  // wrong: no such attribute
  <stream-chat endpiont="/api/chat" />,
];
