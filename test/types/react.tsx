/** @jsxImportSource react */
import {createRef} from 'react';
import {StreamChat} from 'stream-chat-element/react';
import type {Message} from 'stream-chat-element';

const first: Message[] = [];
const chat = createRef<StreamChat>();

export const component = (
  <>
    <StreamChat
      ref={chat}
      endpoint="/api/chat"
      className="chat"
      id="chat"
      maxLength={200}
      max-files="3"
      disabled
      messages={first}
      headers={async () => ({a: 'b'})}
      onDone={(event) => event.detail.reason}
      onDelta={({detail}) => detail.text.trim()}
      onError={({detail}) => detail.error.code}
      onToolCall={(event) => event.respondWith('4')}
      onCopyText={({detail}) => detail.text}
      onClick={(event) => event.currentTarget.send('Hello')}
    >
      <p slot="footer">Models err.</p>
    </StreamChat>
    {/* @ts-expect-error: there is no such property */}
    <StreamChat endpiont="/api/chat" />
    {/* @ts-expect-error: not one of the words */}
    <StreamChat persist="forever" />
    {/* @ts-expect-error: the detail has no such field */}
    <StreamChat onDelta={({detail}) => detail.words} />
    {/* @ts-expect-error: the element has no such method */}
    <StreamChat ref={(element) => element?.ask('Hello')} />
  </>
);

export function Page() {
  return (
    <main>
      <stream-chat
        endpoint="/api/chat"
        connect-timeout="5"
        idleTimeout={30}
        disabled
        details={false}
        persist="session"
        messages={first}
        headers={async () => ({a: 'b'})}
        ondone={(event) => event.detail.reason}
        ondelta={({detail}) => detail.text.trim()}
        oncopy-text={({detail}) => detail.text}
        class="chat"
        id="chat"
      >
        <stream-chat-message role="assistant">Hello!</stream-chat-message>
        <p slot="footer">Models err.</p>
      </stream-chat>
      {/* @ts-expect-error: there is no such attribute */}
      <stream-chat endpiont="/api/chat" />
      {/* @ts-expect-error: not one of the words */}
      <stream-chat persist="forever" />
      {/* @ts-expect-error: messages are no text */}
      <stream-chat messages="Hello" />
      {/* @ts-expect-error: the detail has no such field */}
      <stream-chat ondelta={({detail}) => detail.words} />
      {/* @ts-expect-error: a listener is a function */}
      <stream-chat ondone="alert(1)" />
      {/* @ts-expect-error: no such role */}
      <stream-chat-message role="dog">Wuff.</stream-chat-message>
    </main>
  );
}
