// What the simple pages share: the server-sent events of a response, and one call a frame.

/** Makes the box that the messages stand in. */
export function createLog() {
  const log = document.createElement('div');
  log.id = 'log';
  document.body.append(log);
  return log;
}

/** Asks for the answer, and calls `draw` once a frame with the new text; then once more. */
export async function streamText(url, draw, log) {
  const response = await fetch(url, {method: 'POST', body: '{}'});
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let pending = '';
  let frame = 0;
  const flush = () => {
    frame = 0;
    if (pending) draw(pending);
    pending = '';
    log.scrollTop = log.scrollHeight;
  };
  for (;;) {
    const {done, value} = await reader.read();
    if (done) break;
    const events = (rest + value).split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const data = event.slice(6);
      if (data !== '[DONE]') pending += JSON.parse(data).choices[0].delta.content ?? '';
    }
    frame ||= requestAnimationFrame(flush);
  }
  cancelAnimationFrame(frame);
  flush();
}

/** Adds a message to the log. */
export function addMessage(log) {
  const message = document.createElement('div');
  log.append(message);
  return message;
}
