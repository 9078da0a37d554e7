import {useChat} from '@ai-sdk/react';
import {DefaultChatTransport} from 'ai';
import {createElement as h, useEffect, useRef} from 'react';
import {createRoot} from 'react-dom/client';
import {Streamdown} from 'streamdown';

let start;
let ended;
const transport = new DefaultChatTransport({api: '/stream', fetch: (_, init) => fetch(globalThis.benchUrl, init)});
const initial = JSON.parse(sessionStorage.getItem('history') ?? '[]').map(({role, text}, id) => ({
  id: `m${id}`,
  role,
  parts: [{type: 'text', text}],
}));

function Chat() {
  const log = useRef(null);
  const {messages, sendMessage, status} = useChat({transport, messages: initial, onFinish: () => setTimeout(() => ended?.(), 0)});
  start = sendMessage;
  useEffect(() => {
    log.current.scrollTop = log.current.scrollHeight;
  });
  return h(
    'div',
    {id: 'log', ref: log},
    messages.map(({id, parts}, index) =>
      h(
        'div',
        {key: id},
        parts.map((part, i) =>
          part.type === 'text'
            ? h(Streamdown, {key: i, isAnimating: status === 'streaming' && index === messages.length - 1}, part.text)
            : null,
        ),
      ),
    ),
  );
}

createRoot(document.body.appendChild(document.createElement('div'))).render(h(Chat));
await new Promise((resolve) => setTimeout(resolve, 200));

globalThis.bench = {
  format: 'ai-sdk',
  root: () => document.querySelector('#log'),
  run: (url) =>
    new Promise((resolve) => {
      globalThis.benchUrl = url;
      ended = resolve;
      start({text: 'Go on'});
    }),
};
