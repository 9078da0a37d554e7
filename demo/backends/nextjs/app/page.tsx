'use client';

import {useEffect, useRef, useState} from 'react';
import type {StreamChat} from 'stream-chat-element';

export default function Page() {
  const chat = useRef<StreamChat>(null);
  const [ready, setReady] = useState(false);

  // A custom element exists only in the browser.
  useEffect(() => {
    void import('stream-chat-element').then(() => setReady(true));
  }, []);

  useEffect(() => {
    const element = chat.current;
    const log = (event: Event) => console.log(event.type, (event as CustomEvent).detail);
    element?.addEventListener('done', log);
    return () => element?.removeEventListener('done', log);
  }, [ready]);

  return ready ? <stream-chat ref={chat} endpoint="/api/chat" heading="Next.js" /> : null;
}
