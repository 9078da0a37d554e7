import {useState} from 'react';
import type {StreamChat} from 'stream-chat-element';
import type {} from 'stream-chat-element/react';

import {getHeaders, strings, tools} from '../settings.ts';

/** Objects and functions. As attributes React would lose them where a server wrote the tag, or where it is defined late. */
const setUp = (chat: StreamChat | null) => {
  if (chat) Object.assign(chat, {headers: getHeaders, tools, strings} satisfies Partial<StreamChat>);
};

export function App() {
  const [letters, setLetters] = useState(0);
  const [ended, setEnded] = useState('');
  const [failed, setFailed] = useState('');
  const [isLocked, setLocked] = useState(false);
  const [isOpen, setOpen] = useState(true);

  return (
    <main>
      <p>
        <output id="letters">{letters}</output> letters, <output id="ended">{ended}</output>
        <output id="failed">{failed}</output>
      </p>
      <button id="toggle" onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Close' : 'Open'}
      </button>
      <button id="lock" onClick={() => setLocked(!isLocked)}>
        {isLocked ? 'Unlock' : 'Lock'}
      </button>
      {isOpen && (
        <stream-chat
          ref={setUp}
          endpoint="/api/chat"
          heading="React"
          max-length={200}
          disabled={isLocked}
          ondelta={(event) => setLetters((count) => count + event.detail.text.length)}
          ondone={(event) => setEnded(`${event.detail.reason}, ${event.detail.message.text.length}`)}
          onerror={(event) => setFailed(event.detail.error.code)}
        />
      )}
    </main>
  );
}
