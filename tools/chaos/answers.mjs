// The answers of the bench: what a model says, and how each wire format writes it.
import {createRandom} from './random.mjs';

const words = ['the', 'a', 'stream', 'of', 'words', 'naïve', 'Größe', 'слово', '東京', '日本語', 'שלום', 'مرحبا', '한국어'];
const oddities = [
  '👩‍👩‍👧‍👦', '🇪🇺', 'é', '𝔘𝔫𝔦', '\n', '\n\n', '\t', '  ', 'data: no event\n\n', 'id: 7\n', '[DONE]', '"\\"', '{"a":[1]}', '</b>&amp;', '\u2028', '\ufeff',
]; // prettier-ignore
const repeated = ['ha', ' ', '- ', 'no'];

/** The pieces of one answer. `plain`: without line breaks and spaces at the ends, for formats that cannot carry them. */
function createPieces(random, count, plain) {
  const pieces = [];
  while (pieces.length < count) {
    const n = pieces.length;
    // The number makes most pieces unlike any other, so that lost and doubled ones are counted.
    if (plain) pieces.push(`#${n}:${random.pick(words)}${random.chance(0.2) ? random.pick(['👩‍👩‍👧‍👦', '𝔘', '東京']) : ''}`);
    else if (random.chance(0.04)) pieces.push('');
    else if (random.chance(0.14)) pieces.push(random.pick(repeated));
    else if (random.chance(0.03) && n + 1 < count) {
      // Some servers cut between the halves of a surrogate pair.
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

/** What each format makes of the pieces: its events, in order. `text`, `reasoning`: what an event says. */
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
 * Makes an answer of a play: `events` as blocks of bytes, and the text and the reasoning that they say. Another
 * `generation` of the same play says something else, as a model does that is asked twice.
 */
export function createAnswer(play, generation) {
  const random = createRandom(`${play.seed}/answer/${generation}`);
  const {format, shape, count} = play;
  const name = `answer-${play.index}-${generation}`;
  const options = {name, background: play.mode === 'responses'};
  const frame = formats[format]([], [], options).length;
  const thoughts = shape.thoughts ? createPieces(random, Math.ceil(count * shape.thoughts), false) : [];
  const spoken = createPieces(random, Math.max(1, count - frame - thoughts.length), format === 'raw');
  const events = formats[format](spoken, thoughts, options).map((event, index) => ({
    ...event,
    data: event.data ?? writeJson(event.json, shape),
    id: idOf(play, index, generation),
  }));
  const eol = {lf: '\n', crlf: '\r\n', cr: '\r'}[shape.eol];
  return {
    generation,
    name,
    events,
    blocks: events.map((event, index) => Buffer.from(writeBlock(event, shape, random, index).join(eol) + eol + eol)),
    text: events.map(({text = ''}) => text).join(''),
    reasoning: events.map(({reasoning = ''}) => reasoning).join(''),
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
  // Of an answer that ends cleanly within its first event, before its id, nobody knows that it will have ids.
  const block = shape.idLast && index > 0 ? [...names, ...lines, ...ids] : [...ids, ...names, ...lines];
  // A comment at the start of a block is a comment of its own, as servers write them to keep a connection.
  if (random.chance(shape.comments)) block.unshift(': ping', '');
  if (random.chance(shape.retries)) block.unshift('retry: 3');
  return block;
}

/** The id of the event, if it has one. */
export function idOf({style, shape}, index, generation) {
  const write = {
    number: (n) => String(n),
    redis: (n) => `1712345678${String(n).padStart(3, '0')}-0`,
    opaque: (n) => `g${generation}.${((n + 1) * 7919) % 100003}.x`,
  };
  if (style === 'every') return shape.ids ? write[shape.ids](index) : undefined;
  if (style === 'third') return index % 3 === shape.phase ? write[shape.ids](index) : undefined;
  return style === 'constant' ? `answer-${generation}` : undefined;
}
