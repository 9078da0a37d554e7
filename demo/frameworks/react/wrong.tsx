import {StreamChat} from 'stream-chat-element/react';

import {getHeaders, strings, tools} from '../settings.ts';

/** Right: where the element is imported first, and no server wrote the tag, React sets objects as properties. */
export const direct = <stream-chat endpoint="/api/chat" headers={getHeaders} tools={tools} strings={strings} />;

// Each line below one that says so is wrong, and has to be refused.
export const refused = [
  // wrong: not a text
  <stream-chat endpoint={42} />,
  // wrong: no such place
  <stream-chat persist="always" />,
  // wrong: a list of tools
  <stream-chat tools={{name: 'add'}} />,
  // wrong: an attempt has no name
  <stream-chat headers={(attempt) => attempt.name} />,
  // wrong: the detail has no such member
  <stream-chat ondelta={(event) => event.detail.words} />,
  // wrong: not a listener
  <stream-chat ondone="done" />,
  // wrong: that would be a listener of an event named Done
  <stream-chat onDone={() => {}} />,
  // wrong: no such attribute
  <stream-chat endpiont="/api/chat" />,
  // wrong: no such property
  <StreamChat endpiont="/api/chat" />,
  // wrong: the detail has no such member
  <StreamChat onDelta={(event) => event.detail.words} />,
  // wrong: a list of tools
  <StreamChat tools={{name: 'add'}} />,
];
