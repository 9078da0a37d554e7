// The scenarios: for each style of event IDs and each way to resume, an answer and the faults to inject, derived from a seed.
import {createRandom} from './random.mjs';

/**
 * Style of the event IDs, and how the answer is resumed.
 *
 *   endpoint   POST to the same endpoint with Last-Event-ID
 *   template   GET of the URL in `resume`, with `{lastEventId}`
 *   replay     GET of the URL in `resume`, without `{lastEventId}`: the answer from its start
 *   responses  OpenAI Responses: GET …/{id}?stream=true&starting_after=N; the cursor is in the data
 *   ai-sdk     GET …/{chatId}/stream: the answer from its start
 *   snapshot   GET of the URL in `resume`: one JSON object with the answer generated so far
 *   none       the answer cannot be resumed
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

/** Combinations that cannot resume: the server sends no IDs, or the host page turned resumption off. */
export const unresumable = ['no-id/none', 'every/none'];

/**
 * Combinations in which a second request may cost another answer.
 *
 *   another     the server has event IDs and cannot resume: asked to, it makes another answer and numbers it anew
 *   ambiguous   event IDs repeat within the answer: one per agent, per kind of event, or a number per step
 *   unanswered  faults before anything of an answer came, several in a row
 */
export const secondRequests = [
  'every/another',
  'third/another',
  'constant/another',
  'agents/ambiguous',
  'kinds/ambiguous',
  'steps/ambiguous',
  'every/unanswered',
  'no-id/unanswered',
];

/** Whether a scenario is one of these. */
export const isSecondRequest = ({combination}) => secondRequests.includes(combination);

const formatsOf = {
  endpoint: {openai: 6, json: 2, anthropic: 1, raw: 1},
  template: {openai: 6, json: 2, anthropic: 1, raw: 1},
  replay: {openai: 6, json: 2, anthropic: 2, 'ai-sdk': 1},
  responses: {responses: 1},
  'ai-sdk': {'ai-sdk': 1},
  snapshot: {openai: 2, json: 1},
  none: {openai: 5, json: 2, anthropic: 2, 'ai-sdk': 1, responses: 1, raw: 1},
  another: {openai: 4, json: 3, anthropic: 2, raw: 2},
  ambiguous: {openai: 4, json: 3, anthropic: 2, raw: 2},
  unanswered: {openai: 4, json: 2, anthropic: 2, 'ai-sdk': 2, responses: 1, raw: 1},
};

/** Formats whose frames name their answer, so that another one is recognised although all of its event IDs are new. */
const namesAnswer = new Set(['openai', 'anthropic']);

/** What a server sends when it is asked to resume after an ID that several of its events have. */
const ambiguousReplies = {another: 3, first: 2, last: 2, start: 1};

/** How the second answer of a server that cannot resume relates to the first. */
const relations = {different: 3, shorter: 2, shared: 3};

/** Creates the n-th scenario of a combination. */
export function createScenario(combination, index, {seed, count}) {
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
    // If the server cannot resume without an ID, or would start over, its first event needs one.
    phase: mode === 'template' || mode === 'another' ? random.int(0, 2) : 0,
    thoughts: thinks && random.chance(0.3) ? 0.2 : 0,
  };
  const second = createSecond(random, mode, format);
  if (mode === 'another' && !namesAnswer.has(format) && shape.ids === 'opaque') shape.ids = 'number';
  if (mode === 'ambiguous') shape.step = random.int(2, 20);
  const create = faultsOf[mode] ?? createFaults;
  const faults = create(random, count, mode);
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
    ...second,
    // Number of events before the cursor that the server resends on each attempt.
    overlaps: faults.map(() => (random.chance(0.6) ? random.int(0, 40) : 0)),
    // What follows the last event: the end of the body, an open connection, or more data.
    tail: random.weigh({end: 6, hang: 3, more: 1}),
    // For `raw`, the end of the body completes an answer, unless the endpoint has sent an end marker before: so a
    // first answer precedes the measured one.
    warmUp: format === 'raw',
    explicitProtocol: random.chance(0.1),
  };
}

function createCutFault(random, advance) {
  return {
    kind: 'cut',
    how: random.weigh({destroy: 30, reset: 15, end: 25, close: 10, short: 5, stall: 15}),
    // Number of events beyond the furthest one sent so far, and where in that event to cut.
    advance,
    target: random.weigh({utf8: 3, id: 3, json: 3, edge: 2, any: 3}),
    place: random.next(),
    // If not 0, a replay is cut before it has caught up with the previous attempt, at this fraction of it.
    early: random.chance(0.25) ? random.next() : 0,
    // An immediate cut can discard data written just before it; one after this delay (ms) cannot.
    flushDelay: random.chance(0.55) ? random.int(25, 60) : 0,
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

/** Whether the model may have run for a request that meets this fault: the element repeats it once at most. */
export const isBilled = ({kind, status, retryAfter}) =>
  kind === 'hold' ||
  kind === 'empty' ||
  kind === 'preamble' || (kind === 'status' && status >= 500 && (status !== 503 || retryAfter === 'none'));

/** Modes that can only resume by a POST with an event ID: half a first event cannot be resumed there. */
const needsId = new Set(['endpoint', 'responses']);

/** Makes a cut surely deliver what precedes it: when a connection breaks otherwise, a browser may discard that. */
function deliver(random, fault) {
  return Object.assign(fault, {early: 0, flushDelay: fault.flushDelay || 40, how: random.pick(['end', 'close', 'stall'])});
}

/**
 * Creates the faults of a scenario, one per attempt. There are never enough of them for the element to give up: before
 * the first character one for which the model may have run, and 2 before the first response; later 4 in a row without
 * progress (its limit is 6).
 */
function createFaults(random, count, mode) {
  const length = random.int(1, 9);
  const faults = [];
  let withoutProgress = 0;
  let reached = false;
  let billed = 0;
  let hasText = false;
  // A POST that resumes may make the model run again, until the server has proved that it does not.
  let isProven = false;
  const isFree = () => (mode === 'endpoint' ? isProven : hasText);
  while (faults.length < length) {
    let forced = withoutProgress >= (reached ? 3 : 2);
    if (!forced && random.chance(0.34)) {
      const fault = createOtherFault(random);
      if (isFree() || !isBilled(fault) || billed++ === 0) {
        faults.push(fault);
        withoutProgress++;
        reached ||= fault.kind === 'empty';
        continue;
      }
    }
    forced ||= !isFree() && (billed > 0 || (!hasText && needsId.has(mode)));
    const far = forced || random.chance(0.75);
    const fault = createCutFault(random, far ? random.int(3, Math.ceil((2 * count) / (length + 1))) : random.int(0, 2));
    if (forced) deliver(random, fault);
    // It may deliver nothing at all, which is a request that may be billed.
    else if (!isFree()) billed++;
    isProven ||= forced && hasText;
    hasText ||= forced;
    if (mode === 'snapshot' && reached) withoutProgress++;
    else withoutProgress = forced ? 0 : withoutProgress + 1;
    if (withoutProgress > 4) break;
    faults.push(fault);
    reached = true;
  }
  return faults;
}

/** Decides what a second request to a server that cannot resume gets. */
function createSecond(random, mode, format) {
  if (mode !== 'another' && mode !== 'ambiguous') return {};
  return {
    reply: mode === 'another' ? 'another' : random.weigh(ambiguousReplies),
    relation: random.weigh(relations),
    // Fraction of the first answer that a shorter second one has, or that both begin with.
    fraction: random.next(),
    // Home-made servers give every answer the same name, or none.
    naming: format === 'openai' ? random.weigh({own: 2, same: 1, none: 1}) : 'own',
  };
}

const faultsOf = {none: createCut, another: createLoss, ambiguous: createRareLoss, unanswered: createUnanswered};

/** Creates a cut of the first answer, and sometimes faults of the request that follows it. */
function createLoss(random, count) {
  const faults = createCut(random, count);
  while (random.chance(0.3)) {
    const fault = random.chance(0.5) ? createOtherFault(random) : createCutFault(random, random.int(0, 5));
    if (fault.kind === 'refuse' || fault.kind === 'drop') continue;
    // Most of these cuts happen before the second answer is as long as the first.
    faults.push(fault.kind === 'cut' && random.chance(0.8) ? {...fault, early: random.next()} : fault);
  }
  return faults;
}

function createRareLoss(random, count) {
  return random.chance(0.35) ? [] : createLoss(random, count);
}

/** Creates one to five faults that precede the first byte of the answer. */
function createUnanswered(random) {
  const body = () => random.pick(['json', 'html', 'empty']);
  const create = {
    gateway: () => ({kind: 'status', status: random.pick([500, 502, 503, 504, 520, 522, 524]), retryAfter: 'none', body: body()}),
    refusal: () => ({kind: 'status', status: random.pick([429, 503]), retryAfter: random.pick(['ms', 'zero']), body: body()}),
    empty: () => ({kind: 'empty'}),
    hold: () => ({kind: 'hold'}),
    preamble: () => ({
      kind: 'preamble',
      text: random.pick(['', ': ping\n\n', ': ping\n\n: pi', 'retry: 20\n\n', ':\n\n:\n\n\n', ': connected\r\n\r\nret', '\ufeff: ping\r\r']),
      how: random.weigh({destroy: 2, reset: 2, end: 2, stall: 1}),
    }),
  };
  const faults = Array.from({length: random.int(1, 5)}, () =>
    create[random.weigh({gateway: 4, refusal: 4, empty: 1, hold: 1, preamble: 3})](),
  );
  return random.chance(0.2) ? [{kind: 'refuse'}, ...faults.slice(1)] : faults;
}

/** Creates one cut, sometimes after faults that precede the first character. */
function createCut(random, count) {
  const all = Array.from({length: random.weigh({0: 6, 1: 3, 2: 1})}, () => createOtherFault(random));
  const billed = all.find(isBilled);
  const before = all.filter((fault) => fault === billed || !isBilled(fault));
  const cut = createCutFault(random, random.chance(0.1) ? random.int(0, 2) : random.int(0, count - 1));
  return [...before, billed ? deliver(random, cut) : cut];
}

/** Describes the injected faults in one line. */
export function describeFaults(faults) {
  return faults
    .map(({kind, how, status, event, at, target, flushDelay}) =>
      kind === 'cut'
        ? `${how}@${event ?? '?'}${at === undefined ? '' : `+${at}B`}(${target}${flushDelay ? '' : ',at once'})`
        : (status ?? (how ? `${kind}:${how}` : kind)),
    )
    .join(' ');
}
