// What runs in the page of the bench: it takes plays from the server, asks, and tells what it saw.

/** Jitter of the backoff beside that of the element: so short that a play with ten faults takes a second. */
const patience = 0.02;
/** Longest time for one play, in milliseconds. */
const playTime = 45_000;
/** Limits that make plain fetch-event-source end. */
const libraryPosts = 40;
const libraryTime = 15_000;

/** Makes the waits of the element short. Returns a function that undoes it. */
export function hurry() {
  const {random} = Math;
  Math.random = () => random() * patience;
  return () => {
    Math.random = random;
  };
}

const partText = (element, part) =>
  [...(element?.querySelectorAll(`[part~="${part}"]`) ?? [])].map(({textContent}) => textContent).join('');

const resumeOf = ({mode, style, format}, base) => {
  if (mode === 'template') return `${base}/resume?after={lastEventId}&id={id}`;
  if (mode === 'replay' || mode === 'snapshot') return `${base}/resume`;
  // The AI SDK's format offers a way to resume by itself.
  return mode === 'none' && (style === 'every' || format === 'ai-sdk') ? 'none' : 'auto';
};
const protocols = {
  openai: 'openai-chat',
  json: 'json-text',
  raw: 'raw-text',
  anthropic: 'anthropic',
  responses: 'openai-responses',
  'ai-sdk': 'ai-sdk-ui',
};

/** Plays one answer with the element. Returns what a page, and a person, see. */
export async function playElement({play, base, refused}) {
  const url = `${base}/element`;
  const chat = document.createElement('stream-chat');
  const attributes = {
    endpoint: `${url}/chat`,
    renderer: 'plain',
    'idle-timeout': '0.8',
    'connect-timeout': '1',
    resume: resumeOf(play, url),
    // What the AI SDK resumes by is the id in its own kind of request.
    ...((play.explicitProtocol || play.mode === 'ai-sdk') && {protocol: protocols[play.format]}),
  };
  for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
  const seen = {done: 0, errors: [], deltas: '', reasoningDeltas: '', resets: 0, reconnects: 0, requests: []};
  let answer = play.warmUp ? 0 : 1;
  const begin = () => Object.assign(seen, {done: 0, shown: undefined, deltas: '', reasoningDeltas: '', reconnects: 0, requests: []});

  chat.addEventListener('request', (event) => {
    const {detail} = event;
    detail.headers.set('x-attempt', String(detail.attempt));
    detail.headers.set('x-answer', String(answer));
    seen.requests.push({attempt: detail.attempt, begun: seen.deltas !== '' || seen.reasoningDeltas !== ''});
    if (answer === 1 && play.faults[detail.attempt]?.kind === 'refuse') detail.url = refused;
  });
  chat.addEventListener('delta', ({detail}) => {
    if (detail.kind === 'text') seen.deltas += detail.text;
    if (detail.kind === 'reasoning') seen.reasoningDeltas += detail.text;
  });
  chat.addEventListener('reset', ({detail}) => {
    seen.resets++;
    seen.deltas = detail.text;
  });
  chat.addEventListener('reconnect', () => seen.reconnects++);
  chat.addEventListener('error', ({detail}) => seen.errors.push(detail.error.code));
  chat.addEventListener('done', () => {
    seen.done++;
    // `done` says that the last character is in the DOM: it is looked at now.
    seen.shown = shown(chat);
  });
  document.body.append(chat);
  try {
    if (play.warmUp) {
      const first = await within(chat.send('First.'), playTime);
      if (first.status !== 'done') throw new Error(`The first answer of ${play.combination}/${play.index} failed: ${first.error?.code ?? first}`);
    }
    answer = 1;
    begin();
    const message = await within(chat.send('Go.'), playTime);
    seen.timedOut = message === 'late';
    seen.state = chat.state;
    seen.shown ??= shown(chat);
    if (seen.done === 0) seen.shown = shown(chat);
    const last = chat.messages.at(-1);
    seen.text = last.text;
    seen.reasoning = last.parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');
  } finally {
    chat.stop();
    chat.remove();
  }
  return seen;
}

const shown = (chat) => partText([...chat.shadowRoot.querySelectorAll('[part~="assistant"]')].at(-1), 'text');

function within(promise, milliseconds) {
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds, 'late')));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * Plays the same with plain fetch-event-source, as its README says: `openWhenHidden`, `onopen` throws what is not ok,
 * `onclose` throws if the end was not seen, `onerror` returns a delay. It has no way to bear silence, so a connection
 * that falls silent is cut for it.
 */
export async function playLibrary({play, base, refused, fetchEventSource}) {
  const url = `${base}/library/chat`;
  const received = [];
  const controller = new AbortController();
  class FatalError extends Error {}
  let posts = 0;
  let done = false;
  const isEnd = ({event, data}) =>
    data === '[DONE]' || event === 'message_stop' || event === 'response.completed' || (play.format === 'json' && /"done":\s*true/.test(data));
  const timer = setTimeout(() => controller.abort(), libraryTime);
  const attempt = (input, init) => {
    const number = posts++;
    const fault = play.faults[number];
    const headers = {...init.headers, 'x-attempt': String(number)};
    const cut = new AbortController();
    init.signal.addEventListener('abort', () => cut.abort());
    // Not an AbortError of the library's own signal: to it this is a lost connection.
    if (fault?.kind === 'hold' || fault?.how === 'silence') setTimeout(() => cut.abort(new TypeError('network error')), 800);
    return fetch(fault?.kind === 'refuse' ? refused : input, {...init, headers, cache: 'no-store', signal: cut.signal});
  };
  try {
    await fetchEventSource(url, {
      method: 'POST',
      headers: {'content-type': 'application/json', 'idempotency-key': `library-${play.index}`},
      body: '{}',
      signal: controller.signal,
      openWhenHidden: true,
      fetch: attempt,
      async onopen(response) {
        if (response.ok) return;
        if (response.status >= 400 && response.status < 500 && ![408, 425, 429].includes(response.status)) throw new FatalError();
        throw new Error(String(response.status));
      },
      onmessage(message) {
        if (done || message.data === '') return;
        received.push(message.data);
        if (!isEnd(message)) return;
        done = true;
        controller.abort();
      },
      onclose() {
        if (!done) throw new Error('closed');
      },
      onerror(error) {
        if (error instanceof FatalError || posts >= libraryPosts) throw error;
        return 10;
      },
    });
  } catch (error) {
    // Given up: it says so by `finished`.
    received.error = error;
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
  return {received, posts, finished: done};
}

/** Takes plays from a session until there are none, so many at a time. Resolves to their verdicts. */
export async function playSession({session, workers, refused, fetchEventSource, onVerdict = () => {}}) {
  const verdicts = [];
  const work = async () => {
    for (;;) {
      const task = await (await fetch(`${session}/next`, {cache: 'no-store'})).json();
      if (!task) return;
      const context = {...task, refused, fetchEventSource};
      const element = await playElement(context);
      const library = task.library ? await playLibrary(context) : undefined;
      const body = JSON.stringify({element, library});
      const verdict = await (await fetch(`${session}/result/${task.number}`, {method: 'POST', body})).json();
      verdicts.push(verdict);
      onVerdict(verdict);
    }
  };
  await Promise.all(Array.from({length: workers}, work));
  return verdicts;
}
