'use client';

import {useState} from 'react';
import {StreamChat} from 'stream-chat-element/react';

import {getHeaders, strings, tools} from '../settings.ts';

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
        <StreamChat
          endpoint="/api/chat"
          heading="React"
          maxLength={200}
          disabled={isLocked}
          headers={getHeaders}
          tools={tools}
          strings={strings}
          onDelta={(event) => setLetters((count) => count + event.detail.text.length)}
          onDone={(event) => setEnded(`${event.detail.reason}, ${event.detail.message.text.length}`)}
          onError={(event) => setFailed(event.detail.error.code)}
        />
      )}
    </main>
  );
}
