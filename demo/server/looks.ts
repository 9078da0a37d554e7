import type {IncomingMessage, ServerResponse} from 'node:http';

const chunk = (delta: object) => `data: ${JSON.stringify({object: 'chat.completion.chunk', choices: [{index: 0, delta}]})}\n\n`;

const call = {
  index: 0,
  id: 'call-1',
  type: 'function',
  function: {name: 'send_mail', arguments: JSON.stringify({to: 'ada@example.org', subject: 'The report', attachments: ['report.pdf']})},
};

/** The beginning of an answer, by the state that it leaves the chat in. */
const beginnings: Readonly<Record<string, string>> = {
  waiting: ': nothing yet\n\n',
  streaming: chunk({content: 'Streams arrive in **pieces**, and the page draws each of them with the next frame:\n\n1. The server '}),
  reasoning: chunk({reasoning_content: 'They want to know why the sky is blue. Rayleigh scattering: shorter wavelengths scatter '}),
  tool: `${chunk({tool_calls: [call]})}data: ${JSON.stringify({choices: [{index: 0, delta: {}, finish_reason: 'tool_calls'}]})}\n\ndata: [DONE]\n\n`,
};

/** Begins an answer, and says nothing more until the client leaves: for the page that shows every state. */
export function serveLooks(req: IncomingMessage, res: ServerResponse): void {
  const state = new URL(req.url ?? '', 'http://localhost').searchParams.get('state') ?? '';
  if (state === 'gone') return void res.destroy();
  if (state === 'failed') {
    res.writeHead(429, {'content-type': 'application/json', 'retry-after': '40'});
    res.end(JSON.stringify({error: {message: 'You have asked often enough for now.'}}));
    return;
  }
  res.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform'});
  res.write(beginnings[state] ?? beginnings['waiting']);
  if (state === 'tool') res.end();
}
