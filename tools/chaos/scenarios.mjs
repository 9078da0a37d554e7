// What is played: for each style of ids and each way to resume, an answer and the faults on its way, all from a seed.
import {createRandom} from './random.mjs';

/**
 * Style of the ids, and how the answer is taken up again.
 *
 *   endpoint   POST to the same endpoint with Last-Event-ID
 *   template   GET of the URL in `resume`, with `{lastEventId}`
 *   replay     GET of the URL in `resume`, without: the answer from its start
 *   responses  OpenAI Responses: GET …/{id}?stream=true&starting_after=N; the position is in the data
 *   ai-sdk     GET …/{chatId}/stream: the answer from its start
 *   snapshot   GET of the URL in `resume`: one JSON object, as far as the answer has come
 *   none       nothing to go on with
 */
export const combinations = [
  'every/endpoint',
  'third/endpoint',
  'constant/endpoint',
  'every/template',
  'third/template',
  'constant/template',
  'every/responses',
  'every/replay',
  'third/replay',
  'constant/replay',
  'no-id/replay',
  'no-id/ai-sdk',
  'every/snapshot',
  'no-id/snapshot',
];

/** Where nothing can be resumed: the server has no ids, or the page does not want it. */
export const unresumable = ['no-id/none', 'every/none'];

const formatsOf = {
  endpoint: {openai: 6, json: 2, anthropic: 1, raw: 1},
  template: {openai: 6, json: 2, anthropic: 1, raw: 1},
  replay: {openai: 6, json: 2, anthropic: 2, 'ai-sdk': 1},
  responses: {responses: 1},
  'ai-sdk': {'ai-sdk': 1},
  snapshot: {openai: 2, json: 1},
  none: {openai: 5, json: 2, anthropic: 2, 'ai-sdk': 1, responses: 1, raw: 1},
};

/** Makes the n-th play of a combination. */
export function createPlay(combination, index, {seed, count}) {
  const [style, mode] = combination.split('/');
  const random = createRandom(`${seed}/${combination}/${index}`);
  const format = random.weigh(formatsOf[mode]);
  const hasIds = style !== 'no-id' && format !== 'responses';
  const thinks = ['openai', 'anthropic', 'ai-sdk'].includes(format);
  const shape = {
    eol: random.weigh({lf: 6, crlf: 3, cr: 1}),
    bom: random.chance(0.1),
    ascii: random.chance(0.15),
    pretty: random.chance(0.08) && format !== 'raw',
    comments: random.chance(0.3) ? 0.1 : 0,
    retries: random.chance(0.1) ? 0.05 : 0,
    idLast: hasIds && random.chance(0.25),
    ids: hasIds ? random.weigh({number: 2, redis: 1, opaque: 1}) : undefined,
    // Where the server cannot be asked without an id, or begins again, its first event has to have one.
    phase: mode === 'template' ? random.int(0, 2) : 0,
    thoughts: thinks && random.chance(0.3) ? 0.2 : 0,
  };
  const faults = mode === 'none' ? createCut(random, count) : createFaults(random, count, mode);
  return {
    seed: `${seed}/${combination}/${index}`,
    combination,
    style,
    mode,
    index,
    format,
    count,
    shape,
    faults,
    // So many events before the right place are sent again.
    overlaps: faults.map(() => (random.chance(0.6) ? random.int(0, 40) : 0)),
    // What comes behind the last event.
    tail: random.weigh({end: 6, hang: 3, more: 1}),
    // The end of a body of `raw` is an end, unless the endpoint was seen to mark its ends: it is asked once before.
    warmUp: format === 'raw',
    explicitProtocol: random.chance(0.1),
  };
}

function createCutFault(random, advance) {
  return {
    kind: 'cut',
    how: random.weigh({destroy: 30, reset: 15, end: 25, close: 10, short: 5, silence: 15}),
    // How many events further than ever before, and where in that event.
    advance,
    target: random.weigh({utf8: 3, id: 3, json: 3, edge: 2, any: 3}),
    place: random.next(),
    // Whether a replay is lost before it has come as far as the one before.
    early: random.chance(0.25) ? random.next() : 0,
    // A cut at once may take with it what was written before; a late one does not.
    settle: random.chance(0.55) ? random.int(25, 60) : 0,
  };
}

const otherFaults = {status: 16, refuse: 8, drop: 4, hold: 4, empty: 4};

function createOtherFault(random) {
  const kind = random.weigh(otherFaults);
  if (kind !== 'status') return {kind};
  return {
    kind,
    status: random.pick([503, 503, 429, 429, 408, 425, 500, 502, 504]),
    retryAfter: random.weigh({ms: 2, zero: 2, none: 1}),
    body: random.pick(['json', 'html', 'empty']),
  };
}

/**
 * The faults of a play, one an attempt. Never so many without progress that the element may give up: 2 before the
 * server was first reached (its limit there for a POST that may not be repeated), 4 in a row later (its limit is 6).
 */
function createFaults(random, count, mode) {
  const length = random.int(1, 9);
  const faults = [];
  let barren = 0;
  let reached = false;
  while (faults.length < length) {
    const forced = barren >= (reached ? 3 : 2);
    if (!forced && random.chance(0.34)) {
      faults.push(createOtherFault(random));
      barren++;
      reached ||= faults.at(-1).kind === 'empty';
      continue;
    }
    const far = forced || random.chance(0.75);
    const fault = createCutFault(random, far ? random.int(3, Math.ceil((2 * count) / (length + 1))) : random.int(0, 2));
    // A browser drops what it has not handed out when a connection breaks; at these ends it never does.
    if (forced) Object.assign(fault, {early: 0, settle: fault.settle || 40, how: random.pick(['end', 'close', 'silence'])});
    if (mode === 'snapshot' && reached) barren++;
    else barren = forced ? 0 : barren + 1;
    if (barren > 4) break;
    faults.push(fault);
    reached = true;
  }
  return faults;
}

/** One cut, sometimes behind faults that came before any character. */
function createCut(random, count) {
  const before = Array.from({length: random.weigh({0: 6, 1: 3, 2: 1})}, () => createOtherFault(random));
  return [...before, createCutFault(random, random.chance(0.1) ? random.int(0, 2) : random.int(0, count - 1))];
}

/** Says in one line what was done to a play. */
export function describeFaults(faults) {
  return faults
    .map(({kind, how, status, event, at, target, settle}) =>
      kind === 'cut'
        ? `${how}@${event ?? '?'}${at === undefined ? '' : `+${at}B`}(${target}${settle ? '' : ',at once'})`
        : (status ?? kind),
    )
    .join(' ');
}
