import {createSignal, Show} from 'solid-js';
import type {} from 'stream-chat-element/solid';

import {getHeaders, strings, tools} from '../settings.ts';

export function App() {
  const [letters, setLetters] = createSignal(0);
  const [ended, setEnded] = createSignal('');
  const [failed, setFailed] = createSignal('');
  const [isLocked, setLocked] = createSignal(false);
  const [isOpen, setOpen] = createSignal(true);

  return (
    <main>
      <p>
        <output id="letters">{letters()}</output> letters, <output id="ended">{ended()}</output>
        <output id="failed">{failed()}</output>
      </p>
      <button id="toggle" onClick={() => setOpen(!isOpen())}>
        {isOpen() ? 'Close' : 'Open'}
      </button>
      <button id="lock" onClick={() => setLocked(!isLocked())}>
        {isLocked() ? 'Unlock' : 'Lock'}
      </button>
      <Show when={isOpen()}>
        <stream-chat
          endpoint="/api/chat"
          heading="Solid"
          attr:max-length={200}
          prop:disabled={isLocked()}
          prop:headers={getHeaders}
          prop:tools={tools}
          prop:strings={strings}
          on:delta={(event) => setLetters(letters() + event.detail.text.length)}
          on:done={(event) => setEnded(`${event.detail.reason}, ${event.detail.message.text.length}`)}
          on:error={(event) => setFailed(event.detail.error.code)}
        />
      </Show>
    </main>
  );
}
