// The answers: random text as a model would send it, encoded in each wire format.
import {createRandom} from './random.mjs';

const words = ['the', 'a', 'stream', 'of', 'words', 'naïve', 'Größe', 'слово', '東京', '日本語', 'שלום', 'مرحبا', '한국어'];
const oddities = [
  '👩‍👩‍👧‍👦', '🇪🇺', 'é', '𝔘𝔫𝔦', '\n', '\n\n', '\t', '  ', 'data: no event\n\n', 'id: 7\n', '[DONE]', '"\\"', '{"a":[1]}', '</b>&amp;', '\u2028', '\ufeff',
]; // prettier-ignore
const repeated = ['ha', ' ', '- ', 'no'];

/** Creates the deltas of one answer. `plain`: no line breaks and no spaces at the ends, for formats that cannot carry them. */
function createDeltas(random, count, plain) {
  // Answers of one prompt often begin, and some of their sentences end, with the same word.
  const pieces = plain || random.chance(0.6) ? [] : ['ha'];
  while (pieces.length < count) {
    const n = pieces.length;
    // The number makes most deltas unique, so that lost and duplicated ones can be counted.
    if (plain) pieces.push(`#${n}:${random.pick(words)}${random.chance(0.2) ? random.pick(['👩‍👩‍👧‍👦', '𝔘', '東京']) : ''}`);
    else if (random.chance(0.04)) pieces.push('');
    else if (random.chance(0.14)) pieces.push(random.pick(repeated));
    else if (random.chance(0.03) && n + 1 < count) {
      // Some servers split between the halves of a surrogate pair.
      pieces.push(`#${n}:\ud83d`, '\ude42');
    } else {
      const odd = random.chance(0.25) ? random.pick(oddities) : '';
      pieces.push(`#${n}:${random.pick(words)}${odd}${random.chance(0.7) ? ' ' : ''}`);
    }
  }
  return pieces;
}

const escapeAscii = (json) =>
  json.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Encodes the deltas as the events of each format, in order. `text`, `reasoning`: the text that an event carries. */
const formats = {
  openai(pieces, thoughts, {name}) {
    const chunk = (delta, reason = null) => ({
      id: name,
      object: 'chat.completion.chunk',
      choices: [{index: 0, delta, finish_reason: reason}],
    });
    return [
      {json: chunk({role: 'assistant', content: ''})},
      ...thoughts.map((reasoning) => ({json: chunk({reasoning_content: reasoning}), reasoning})),
      ...pieces.map((text) => ({json: chunk({content: text}), text})),
      {json: chunk({}, 'stop')},
      {data: '[DONE]'},
    ];
  },
  json: (pieces) => [
    ...pieces.map((text) => ({json: {content: text, done: false}, text})),
    {json: {content: '', done: true}},
  ],
  raw: (pieces) => [...pieces.map((text) => ({data: text, text})), {data: '[DONE]'}],
  anthropic(pieces, thoughts, {name}) {
    const event = (json) => ({event: json.type, json});
    const block = (index, start, type, key, list, field) =>
      list.length === 0
        ? []
        : [
            event({type: 'content_block_start', index, content_block: start}),
            ...list.map((text) => ({
              ...event({type: 'content_block_delta', index, delta: {type, [key]: text}}),
              [field]: text,
            })),
            event({type: 'content_block_stop', index}),
          ];
    return [
      event({type: 'message_start', message: {id: name, type: 'message', role: 'assistant', content: [], usage: {}}}),
      ...block(0, {type: 'thinking', thinking: ''}, 'thinking_delta', 'thinking', thoughts, 'reasoning'),
      ...block(thoughts.length > 0 ? 1 : 0, {type: 'text', text: ''}, 'text_delta', 'text', pieces, 'text'),
      event({type: 'message_delta', delta: {stop_reason: 'end_turn'}, usage: {output_tokens: 400}}),
      event({type: 'message_stop'}),
    ];
  },
  responses(pieces, _thoughts, {name, background}) {
    let number = 0;
    const event = (type, rest, text) => {
      const json = {type, sequence_number: number++, ...rest};
      return {event: type, json, position: String(json.sequence_number), ...(text !== undefined && {text})};
    };
    const at = {output_index: 0, content_index: 0, item_id: 'msg_1'};
    const whole = pieces.join('');
    const item = (status, content) => ({id: 'msg_1', type: 'message', role: 'assistant', status, content});
    const response = (status, output) => ({id: name, object: 'response', status, background, output});
    return [
      event('response.created', {response: response('in_progress', [])}),
      event('response.output_item.added', {output_index: 0, item: item('in_progress', [])}),
      event('response.content_part.added', {...at, part: {type: 'output_text', text: ''}}),
      ...pieces.map((text) => event('response.output_text.delta', {...at, delta: text}, text)),
      event('response.output_text.done', {...at, text: whole}),
      event('response.output_item.done', {output_index: 0, item: item('completed', [{type: 'output_text', text: whole}])}),
      event('response.completed', {response: response('completed', [item('completed', [{type: 'output_text', text: whole}])])}),
    ];
  },
  'ai-sdk': (pieces, thoughts, {name}) => [
    {json: {type: 'start', messageId: name}},
    {json: {type: 'start-step'}},
    ...(thoughts.length > 0 ? [{json: {type: 'reasoning-start', id: 'r'}}] : []),
    ...thoughts.map((reasoning) => ({json: {type: 'reasoning-delta', id: 'r', delta: reasoning}, reasoning})),
    ...(thoughts.length > 0 ? [{json: {type: 'reasoning-end', id: 'r'}}] : []),
    {json: {type: 'text-start', id: 't'}},
    ...pieces.map((text) => ({json: {type: 'text-delta', id: 't', delta: text}, text})),
    {json: {type: 'text-end', id: 't'}},
    {json: {type: 'finish-step'}},
    {json: {type: 'finish'}},
    {data: '[DONE]'},
  ],
};

/**
 * Creates the answer of each request to a server that cannot resume: by `relation`, another one is shorter than the
 * first, or begins with the same events byte by byte.
 */
export function createAnotherAnswer(scenario, generation, first) {
  const {relation, fraction, count} = scenario;
  if (generation === 0) return createAnswer(scenario, 0);
  if (relation === 'shorter') return createAnswer({...scenario, count: Math.max(8, Math.floor(count * fraction * 0.9))}, generation);
  const other = createAnswer(scenario, generation);
  if (relation !== 'shared') return other;
  const length = Math.min(Math.floor(fraction * first.events.length), first.events.length - 3, other.events.length);
  const join = (key) => [...first[key].slice(0, length), ...other[key].slice(length)];
  const events = join('events');
  return {...other, events, blocks: join('blocks'), ...textsOf(events)};
}

const textsOf = (events) => ({
  text: events.map(({text = ''}) => text).join(''),
  reasoning: events.map(({reasoning = ''}) => reasoning).join(''),
});

/**
 * Creates an answer of a scenario: `events` as blocks of bytes, and the text and reasoning that they carry. Each
 * `generation` of a scenario has a different text, like a model that runs twice.
 */
export function createAnswer(scenario, generation) {
  const random = createRandom(`${scenario.seed}/answer/${generation}`);
  const {format, shape, count} = scenario;
  const names = {own: `answer-${scenario.index}-${generation}`, same: 'chatcmpl-123', none: undefined};
  const name = names[scenario.naming ?? 'own'];
  const options = {name, background: scenario.mode === 'responses'};
  const frame = formats[format]([], [], options).length;
  const thoughts = shape.thoughts ? createDeltas(random, Math.ceil(count * shape.thoughts), false) : [];
  const spoken = createDeltas(random, Math.max(1, count - frame - thoughts.length), format === 'raw');
  const events = formats[format](spoken, thoughts, options).map((event, index) => ({
    ...event,
    data: event.data ?? writeJson(event.json, shape),
    id: idOf(scenario, index, generation),
  }));
  const eol = {lf: '\n', crlf: '\r\n', cr: '\r'}[shape.eol];
  return {
    generation,
    name,
    events,
    blocks: events.map((event, index) => Buffer.from(writeBlock(event, shape, random, index).join(eol) + eol + eol)),
    ...textsOf(events),
  };
}

function writeJson(value, shape) {
  const json = shape.pretty ? JSON.stringify(value, undefined, 1) : JSON.stringify(value);
  return shape.ascii ? json.split('\n').map(escapeAscii).join('\n') : json;
}

function writeBlock({event, data, id}, shape, random, index) {
  const lines = data.split('\n').map((line) => `data: ${line}`);
  const names = event === undefined ? [] : [`event: ${event}`];
  const ids = id === undefined ? [] : [`id: ${id}`];
  // The first event has its ID first: an answer cut cleanly before it would not show that the server sends IDs.
  const block = shape.idLast && index > 0 ? [...names, ...lines, ...ids] : [...ids, ...names, ...lines];
  // A comment and a blank line before the event, as servers send them for keep-alive.
  if (random.chance(shape.comments)) block.unshift(': ping', '');
  if (random.chance(shape.retries)) block.unshift('retry: 3');
  return block;
}

/** Returns the ID of the event, if it has one. */
export function idOf({style, shape, mode}, index, generation) {
  const write = {
    number: (n) => String(n),
    redis: (n) => `1712345678${String(n).padStart(3, '0')}-0`,
    opaque: (n) => `g${generation}.${((n + 1) * 7919) % 100003}.x`,
  };
  if (style === 'every') return shape.ids ? write[shape.ids](index) : undefined;
  if (style === 'third') return index % 3 === shape.phase ? write[shape.ids](index) : undefined;
  if (style === 'agents') return 'ab'[index % 2];
  if (style === 'kinds') return index % 4 === 2 ? 'tool' : 'token';
  if (style === 'steps') return String(1 + (index % shape.step));
  if (style !== 'constant') return undefined;
  return mode === 'another' && shape.ids !== 'opaque' ? 'message' : `answer-${generation}`;
}
