import {StrictMode, useEffect, useRef} from 'react';
import {createRoot} from 'react-dom/client';
import {StreamChat} from 'stream-chat-element/react';

import {getHeaders, strings, tools} from '../settings.ts';

/** Asks by itself when it appears. StrictMode mounts it twice: the cleanup takes the first question back. */
function Greeting() {
  const chat = useRef<StreamChat>(null);

  useEffect(() => {
    const element = chat.current!;
    void element.send('count');
    return () => element.clear();
  }, []);

  return <StreamChat ref={chat} endpoint="/api/chat" headers={getHeaders} tools={tools} strings={strings} />;
}

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <Greeting />
  </StrictMode>,
);
