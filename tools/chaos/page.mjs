// Runs in the page: fetches scenarios from the server, sends their questions, and reports what it observed.

/** Factor on the element's jitter, small enough that a scenario with ten faults takes a second. */
const jitterFactor = 0.02;
/** Maximum time for one scenario, in milliseconds. */
const scenarioTimeout = 45_000;
/** Maximum number of requests, and of milliseconds, for plain fetch-event-source, which would retry forever. */
const maxLibraryPosts = 40;
const libraryTimeout = 15_000;

/** Shortens the delays before reconnecting. Returns a function that restores them. */
export function shortenDelays() {
  const {random} = Math;
  Math.random = () => random() * jitterFactor;
  return () => {
    Math.random = random;
  };
}

const partText = (element, part) =>
  [...(element?.querySelectorAll(`[part~="${part}"]`) ?? [])].map(({textContent}) => textContent).join('');

const resumeOf = ({mode, style, format}, base) => {
  if (mode === 'template') return `${base}/resume?after={lastEventId}&id={id}`;
  if (mode === 'replay' || mode === 'snapshot') return `${base}/resume`;
  // The AI SDK's wire format resumes by default.
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

/** Runs a scenario with the element. Returns what the host page and the user observe. */
export async function runElement({scenario, base, refused}) {
  const url = `${base}/element`;
  const chat = document.createElement('stream-chat');
  // Each request that times out may be billed, so a busy machine must not add some.
  const isPatient = ['another', 'ambiguous', 'unanswered'].includes(scenario.mode);
  const attributes = {
    endpoint: `${url}/chat`,
    renderer: 'plain',
    'idle-timeout': isPatient ? '2' : '0.8',
    'connect-timeout': isPatient ? '2.5' : '1',
    resume: resumeOf(scenario, url),
    // The AI SDK resumes by the chat ID, which only its own request format contains.
    ...((scenario.explicitProtocol || scenario.mode === 'ai-sdk') && {protocol: protocols[scenario.format]}),
  };
  for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
  const seen = {done: 0, errors: [], deltas: '', reasoningDeltas: '', resets: 0, reconnects: 0, requests: []};
  let answer = scenario.warmUp ? 0 : 1;
  const begin = () => Object.assign(seen, {done: 0, shown: undefined, deltas: '', reasoningDeltas: '', reconnects: 0, requests: []});

  chat.addEventListener('request', (event) => {
    const {detail} = event;
    detail.headers.set('x-attempt', String(detail.attempt));
    detail.headers.set('x-answer', String(answer));
    seen.requests.push({attempt: detail.attempt, hasText: seen.deltas !== '' || seen.reasoningDeltas !== ''});
    if (answer === 1 && scenario.faults[detail.attempt]?.kind === 'refuse') detail.url = refused;
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
    // `done` promises that the last character is in the DOM, so read it now.
    seen.shown = shown(chat);
  });
  document.body.append(chat);
  try {
    if (scenario.warmUp) {
      const first = await within(chat.send('First.'), scenarioTimeout);
      if (first.status !== 'done') throw new Error(`The first answer of ${scenario.combination}/${scenario.index} failed: ${first.error?.code ?? first}`);
    }
    answer = 1;
    begin();
    const message = await within(chat.send('Go.'), scenarioTimeout);
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
 * Runs the scenario with plain fetch-event-source, used as its README recommends: `openWhenHidden`, `onopen` throws
 * unless the response is ok, `onclose` throws if there was no end marker, `onerror` returns a delay. It has no idle
 * timeout, so a stalled connection is closed for it.
 */
export async function runLibrary({scenario, base, refused, fetchEventSource}) {
  const url = `${base}/library/chat`;
  const received = [];
  const controller = new AbortController();
  class FatalError extends Error {}
  let posts = 0;
  let done = false;
  const isEnd = ({event, data}) =>
    data === '[DONE]' || event === 'message_stop' || event === 'response.completed' || (scenario.format === 'json' && /"done":\s*true/.test(data));
  const timer = setTimeout(() => controller.abort(), libraryTimeout);
  const attempt = (input, init) => {
    const number = posts++;
    const fault = scenario.faults[number];
    const headers = {...init.headers, 'x-attempt': String(number)};
    const cut = new AbortController();
    init.signal.addEventListener('abort', () => cut.abort());
    // Not an AbortError of the library's own signal: it has to treat this as a lost connection.
    if (fault?.kind === 'hold' || fault?.how === 'stall') setTimeout(() => cut.abort(new TypeError('network error')), 800);
    return fetch(fault?.kind === 'refuse' ? refused : input, {...init, headers, cache: 'no-store', signal: cut.signal});
  };
  try {
    await fetchEventSource(url, {
      method: 'POST',
      headers: {'content-type': 'application/json', 'idempotency-key': `library-${scenario.index}`},
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
        if (error instanceof FatalError || posts >= maxLibraryPosts) throw error;
        return 10;
      },
    });
  } catch (error) {
    // The library gave up; `finished` reports that.
    received.error = error;
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
  return {received, posts, finished: done};
}

/** Runs the scenarios of a session until there are none left, `workers` in parallel. Resolves to their verdicts. */
export async function runSession({session, workers, refused, fetchEventSource, onVerdict = () => {}}) {
  const verdicts = [];
  const work = async () => {
    for (;;) {
      const task = await (await fetch(`${session}/next`, {cache: 'no-store'})).json();
      if (!task) return;
      const context = {...task, refused, fetchEventSource};
      const element = await runElement(context);
      const library = task.library ? await runLibrary(context) : undefined;
      const body = JSON.stringify({element, library});
      const verdict = await (await fetch(`${session}/result/${task.number}`, {method: 'POST', body})).json();
      verdicts.push(verdict);
      onVerdict(verdict);
    }
  };
  await Promise.all(Array.from({length: workers}, work));
  return verdicts;
}
