import {StreamChatError} from '../model/errors.js';
import type {Source} from './source.js';

/** What servers send as the last message. */
const endMarks = /^\s*(?:\[(?:DONE|END|EOS)\]|<\|?(?:END|EOS|DONE)\|?>|__(?:END|DONE)__)\s*$/i;
/** Close codes of a server that has sent everything. */
const regularCloses: ReadonlySet<number> = new Set([1000, 1001, 1005]);

/**
 * A WebSocket that sends text, such as `websocket.send_text(token)` of FastAPI, or JSON in any known wire format. Sends the
 * question as text; with a `protocol` other than `auto`, the body of that format as JSON. The answer ends with the
 * end marker of its format, with `[DONE]`, or when the server closes the socket.
 */
export const webSocket: Source = async ({url, body, prompt, protocol, signal}) => {
  const messages = receive(toSocketUrl(url), protocol === 'auto' || body === undefined ? prompt : body, signal);
  const first = await messages.next();
  if (first.done || !/^\s*[{[]/.test(first.value) || endMarks.test(first.value)) return yieldText(first, messages);
  return new Response(toEvents(first.value, messages), {headers: {'content-type': 'text/event-stream'}});
};

function toSocketUrl(url: string): string {
  if (url === '') throw new StreamChatError('config', 'The source "websocket" needs an endpoint: <stream-chat source="websocket" endpoint="/ws">.');
  return url.replace(/^http/i, 'ws');
}

/** Sends a question, and yields the messages that come. */
async function* receive(url: string, question: string, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  const received: string[] = [];
  const decoder = new TextDecoder();
  let closed: CloseEvent | undefined;
  let wake = () => {};
  socket.onopen = () => socket.send(question);
  socket.onmessage = ({data}: MessageEvent<string | ArrayBuffer>) => {
    received.push(typeof data === 'string' ? data : decoder.decode(data, {stream: true}));
    wake();
  };
  socket.onclose = (event) => {
    closed = event;
    wake();
  };
  const close = () => socket.close();
  signal.addEventListener('abort', close);
  try {
    while (received.length > 0 || !closed) {
      if (received.length > 0) yield received.shift()!;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (!regularCloses.has(closed.code)) throw closedError(url, closed);
  } finally {
    signal.removeEventListener('abort', close);
    socket.close();
  }
}

async function* yieldText(first: IteratorResult<string, void>, messages: AsyncGenerator<string, void, undefined>): AsyncGenerator<string, void, undefined> {
  try {
    for (let next = first; !next.done; next = await messages.next()) {
      if (endMarks.test(next.value)) return;
      yield next.value;
    }
  } finally {
    await messages.return();
  }
}

/** Returns the body of an event stream: each message is an event. */
function toEvents(first: string, messages: AsyncGenerator<string, void, undefined>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  let next: string | undefined = first;
  return new ReadableStream({
    async pull(controller) {
      try {
        const message = next ?? (await messages.next()).value;
        next = undefined;
        if (message === undefined) controller.close();
        else controller.enqueue(encoder.encode(`data: ${message.replace(/\r\n?|\n/g, '\ndata: ')}\n\n`));
      } catch (cause) {
        controller.error(cause);
      }
    },
    cancel: async () => void (await messages.return()),
  });
}

function closedError(url: string, {code, reason}: CloseEvent): StreamChatError {
  const said = reason ? ` It said: ${reason}` : '';
  if (code === 1006) return new StreamChatError('network', `The WebSocket ${url} cannot be reached, or its connection was lost.`);
  return new StreamChatError('provider', `The server closed the WebSocket (${code}).${said}`, {retryable: false});
}
