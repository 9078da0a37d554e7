import {StreamChatError} from '../model/errors.js';
import {isAnswerInHtml} from './sniff.js';
import {Watchdog} from './watchdog.js';

/**
 * Reads the beginning of a response of the type `text/html`. Resolves to a response with the whole body if it is an
 * answer, and to `undefined` if it is a web page, whose connection is released through `controller`. `idleTimeout`:
 * maximum time without a byte, in seconds.
 */
export async function peekHtml(
  response: Response,
  idleTimeout: number,
  controller: AbortController,
): Promise<Response | undefined> {
  const reader = response.body?.getReader();
  let idleTimedOut = false;
  const watchdog = new Watchdog(idleTimeout * 1000, () => {
    idleTimedOut = true;
    controller.abort();
  });
  try {
    const answer = reader && (await peek(response, reader, () => watchdog.reset()));
    if (!answer) controller.abort();
    return answer;
  } catch (cause) {
    if (idleTimedOut) throw new StreamChatError('timeout', `Nothing came from the server for ${idleTimeout} s.`);
    throw new StreamChatError('network', 'The connection was lost.', {cause});
  } finally {
    watchdog.stop();
  }
}

async function peek(
  response: Response,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  onChunk: () => void,
): Promise<Response | undefined> {
  const decoder = new TextDecoder('utf-8', {ignoreBOM: true});
  const chunks: Uint8Array[] = [];
  let start = '';
  let ended = false;
  let isAnswer: boolean | undefined;
  while ((isAnswer = isAnswerInHtml(start, ended)) === undefined) {
    const {done, value} = await reader.read();
    onChunk();
    ended = done;
    if (value) chunks.push(value);
    start += decoder.decode(value, {stream: !done});
  }
  if (!isAnswer) return undefined;

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = chunks.shift() ?? (ended ? undefined : (await reader.read()).value);
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    {highWaterMark: 0},
  );
  return new Response(body, {status: response.status, headers: response.headers});
}
