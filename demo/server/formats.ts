/** The wire formats in which the demo's server answers. */
export const formatNames = [
  'openai-chat',
  'openai-responses',
  'anthropic',
  'gemini',
  'ollama',
  'ai-sdk-ui',
  'raw',
  'json',
  'named-events',
  'ndjson',
  'text',
  'json-once',
] as const;

export type FormatName = (typeof formatNames)[number];

/** What an answer carries beside its text. */
export interface AnswerFacts {
  /** Name of the answer. */
  readonly id: string;
  readonly model: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly promptTokens: number;
}

/**
 * Turns the pieces of one answer into what is sent, in one wire format. Every method returns a whole number of
 * events; an empty string sends nothing. The text pieces go in order, between `begin` and `end`.
 */
export interface FormatWriter {
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether each event of a piece may carry an `id:`, by which the answer can be taken up again. */
  readonly hasIds: boolean;
  begin(): string;
  piece(text: string): string;
  end(): string;
  /** Says inside the stream that the answer failed. */
  error(message: string): string;
  /** An event as a broken server sends it; empty where a format takes everything for text. */
  malformed(): string;
  /** Something that shows life and says nothing. */
  heartbeat(): string;
}

type Body = Pick<FormatWriter, 'begin' | 'piece' | 'end' | 'error' | 'malformed'>;

const json = (value: unknown) => JSON.stringify(value);
const data = (value: unknown) => `data: ${json(value)}\n\n`;
const named = (event: string, value: unknown) => `event: ${event}\ndata: ${json(value)}\n\n`;
const line = (value: unknown) => `${json(value)}\n`;

function openaiChat({id, model, created, promptTokens}: AnswerFacts): Body {
  let tokens = 0;
  const chunk = (choices: unknown[], more: object = {}) =>
    data({id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created, model, choices, ...more});
  const choice = (delta: object, finish_reason: string | null = null) => [{index: 0, delta, finish_reason}];
  return {
    begin: () => chunk(choice({role: 'assistant', content: ''})),
    piece(content) {
      tokens++;
      return chunk(choice({content}));
    },
    end: () =>
      chunk(choice({}, 'stop')) +
      chunk([], {
        usage: {prompt_tokens: promptTokens, completion_tokens: tokens, total_tokens: promptTokens + tokens},
      }) +
      'data: [DONE]\n\n',
    error: (message) => data({error: {message, type: 'server_error', param: null, code: null}}),
    malformed: () => 'data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":\n\n',
  };
}

function openaiResponses({id, model, created, promptTokens}: AnswerFacts): Body {
  let text = '';
  let tokens = 0;
  let sequence = 0;
  const item = `msg_${id}`;
  const event = (type: string, more: object) => named(type, {type, sequence_number: sequence++, ...more});
  const response = (status: string, more: object = {}) => ({
    response: {id: `resp_${id}`, object: 'response', created_at: created, model, status, output: [], ...more},
  });
  const message = (status: string) => ({
    id: item,
    type: 'message',
    role: 'assistant',
    status,
    content: status === 'completed' ? [{type: 'output_text', text, annotations: []}] : [],
  });
  const place = {item_id: item, output_index: 0, content_index: 0};
  return {
    begin: () =>
      event('response.created', response('in_progress')) +
      event('response.in_progress', response('in_progress')) +
      event('response.output_item.added', {output_index: 0, item: message('in_progress')}) +
      event('response.content_part.added', {...place, part: {type: 'output_text', text: '', annotations: []}}),
    piece(delta) {
      tokens++;
      text += delta;
      return event('response.output_text.delta', {...place, delta, logprobs: []});
    },
    end: () =>
      event('response.output_text.done', {...place, text, logprobs: []}) +
      event('response.content_part.done', {...place, part: {type: 'output_text', text, annotations: []}}) +
      event('response.output_item.done', {output_index: 0, item: message('completed')}) +
      event(
        'response.completed',
        response('completed', {
          output: [message('completed')],
          usage: {input_tokens: promptTokens, output_tokens: tokens, total_tokens: promptTokens + tokens},
        }),
      ),
    error: (message) =>
      event('error', {code: 'server_error', message, param: null}) +
      event('response.failed', response('failed', {error: {code: 'server_error', message}})),
    malformed: () => 'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":\n\n',
  };
}

function anthropic({id, model, promptTokens}: AnswerFacts): Body {
  let tokens = 0;
  const event = (type: string, more: object = {}) => named(type, {type, ...more});
  return {
    begin: () =>
      event('message_start', {
        message: {
          id: `msg_${id}`,
          type: 'message',
          role: 'assistant',
          model,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: {input_tokens: promptTokens, output_tokens: 1},
        },
      }) +
      event('content_block_start', {index: 0, content_block: {type: 'text', text: ''}}) +
      event('ping'),
    piece(text) {
      tokens++;
      return event('content_block_delta', {index: 0, delta: {type: 'text_delta', text}});
    },
    end: () =>
      event('content_block_stop', {index: 0}) +
      event('message_delta', {
        delta: {stop_reason: 'end_turn', stop_sequence: null},
        usage: {output_tokens: tokens},
      }) +
      event('message_stop'),
    error: (message) => event('error', {error: {type: 'overloaded_error', message}}),
    malformed: () => 'event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"text":\n\n',
  };
}

function gemini({id, model, promptTokens}: AnswerFacts): Body {
  let tokens = 0;
  const event = (parts: object[], more: object = {}) =>
    `data: ${json({
      candidates: [{content: {role: 'model', parts}, index: 0, ...more}],
      usageMetadata: {
        promptTokenCount: promptTokens,
        candidatesTokenCount: tokens,
        totalTokenCount: promptTokens + tokens,
      },
      modelVersion: model,
      responseId: id,
    })}\r\n\r\n`;
  return {
    begin: () => '',
    piece(text) {
      tokens++;
      return event([{text}]);
    },
    end: () => event([{text: ''}], {finishReason: 'STOP'}),
    error: (message) => `${JSON.stringify({error: {code: 503, message, status: 'UNAVAILABLE'}}, undefined, 2)}\r\n`,
    malformed: () => 'data: {"candidates":[{"content":{"parts":[{"text":\r\n\r\n',
  };
}

function ollama({model, created, promptTokens}: AnswerFacts): Body {
  let tokens = 0;
  const created_at = new Date(created * 1000).toISOString();
  const chunk = (content: string, more: object) =>
    line({model, created_at, message: {role: 'assistant', content}, ...more});
  return {
    begin: () => '',
    piece(text) {
      tokens++;
      return chunk(text, {done: false});
    },
    end: () => chunk('', {done: true, done_reason: 'stop', prompt_eval_count: promptTokens, eval_count: tokens}),
    error: (error) => line({error}),
    malformed: () => '{"model":"quill","message":{"role":"assistant","content":\n',
  };
}

function aiSdkUi({id}: AnswerFacts): Body {
  return {
    begin: () =>
      data({type: 'start', messageId: id}) + data({type: 'start-step'}) + data({type: 'text-start', id: '0'}),
    piece: (delta) => data({type: 'text-delta', id: '0', delta}),
    end: () =>
      data({type: 'text-end', id: '0'}) +
      data({type: 'finish-step'}) +
      data({type: 'finish', finishReason: 'stop'}) +
      'data: [DONE]\n\n',
    error: (errorText) =>
      data({type: 'error', errorText}) + data({type: 'finish', finishReason: 'error'}) + 'data: [DONE]\n\n',
    malformed: () => 'data: {"type":"text-delta","id":"0","delta":\n\n',
  };
}

/** As most tutorials write it: a token with a line break in it breaks the event apart. */
function raw(): Body {
  return {
    begin: () => '',
    piece: (text) => `data: ${text}\n\n`,
    end: () => 'data: [DONE]\n\n',
    error: (message) => `event: error\ndata: ${message}\n\n`,
    malformed: () => '',
  };
}

function jsonContent(): Body {
  return {
    begin: () => '',
    piece: (content) => data({content}),
    end: () => 'data: [DONE]\n\n',
    error: (error) => data({error}),
    malformed: () => 'data: {"content":\n\n',
  };
}

function namedEvents(): Body {
  return {
    begin: () => '',
    piece: (text) => named('content', {text}),
    end: () => named('done', {reason: 'stop'}),
    error: (message) => named('error', {message}),
    malformed: () => 'event: content\ndata: {"text":\n\n',
  };
}

function ndjson(): Body {
  return {
    begin: () => '',
    piece: (content) => line({content, done: false}),
    end: () => line({content: '', done: true}),
    error: (error) => line({error}),
    malformed: () => '{"content":\n',
  };
}

function plainText(): Body {
  return {
    begin: () => '',
    piece: (text) => text,
    end: () => '',
    // The format has no place for an error: what a server can do is to write it into the text.
    error: (message) => `\n\n${message}`,
    malformed: () => '',
  };
}

/** One JSON object at the end, as a server answers that does not stream. */
function jsonOnce({id, model, created, promptTokens}: AnswerFacts): Body {
  let content = '';
  let tokens = 0;
  return {
    begin: () => '',
    piece(text) {
      content += text;
      tokens++;
      return '';
    },
    end: () =>
      json({
        id: `chatcmpl-${id}`,
        object: 'chat.completion',
        created,
        model,
        choices: [{index: 0, message: {role: 'assistant', content}, finish_reason: 'stop'}],
        usage: {prompt_tokens: promptTokens, completion_tokens: tokens, total_tokens: promptTokens + tokens},
      }),
    error: (message) => json({error: {message}}),
    malformed: () => '{"choices":[{"message":{"content":',
  };
}

const EVENTS = 'text/event-stream; charset=utf-8';
const LINES = 'application/x-ndjson; charset=utf-8';

const formats: Record<
  FormatName,
  {type: string; headers?: Record<string, string>; ids?: boolean; body: (facts: AnswerFacts) => Body}
> = {
  'openai-chat': {type: EVENTS, ids: true, body: openaiChat},
  'openai-responses': {type: EVENTS, ids: true, body: openaiResponses},
  anthropic: {type: EVENTS, ids: true, body: anthropic},
  gemini: {type: EVENTS, ids: true, body: gemini},
  ollama: {type: LINES, body: ollama},
  'ai-sdk-ui': {type: EVENTS, headers: {'x-vercel-ai-ui-message-stream': 'v1'}, body: aiSdkUi},
  raw: {type: EVENTS, ids: true, body: raw},
  json: {type: EVENTS, ids: true, body: jsonContent},
  'named-events': {type: EVENTS, ids: true, body: namedEvents},
  ndjson: {type: LINES, body: ndjson},
  text: {type: 'text/plain; charset=utf-8', body: plainText},
  'json-once': {type: 'application/json; charset=utf-8', body: jsonOnce},
};

/** Whether `name` is one of `formatNames`. */
export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}

/** Makes the writer of one answer. */
export function createWriter(name: FormatName, facts: AnswerFacts): FormatWriter {
  const {type, headers = {}, ids = false, body} = formats[name];
  return {
    contentType: type,
    headers,
    hasIds: ids,
    heartbeat: () => (type === EVENTS ? ': still here\n\n' : type === LINES ? '\n' : ''),
    ...body(facts),
  };
}

/** Puts an `id:` in front of every event of a piece of server-sent events. `next` names each. */
export function withIds(events: string, next: () => string): string {
  return events.replace(/(^|\n\n|\r\n\r\n)(?=(event|data):)/g, (_, gap: string) => `${gap}id: ${next()}\n`);
}

/** The whole body of an answer in pieces, as it would be sent. */
export function writeAnswer(name: FormatName, pieces: readonly string[], facts: AnswerFacts): string[] {
  const writer = createWriter(name, facts);
  return [writer.begin(), ...pieces.map((text) => writer.piece(text)), writer.end()].filter((text) => text !== '');
}
