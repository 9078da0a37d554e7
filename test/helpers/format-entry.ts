// How each wire format answers the same questions: what the two halves of the table are written with.
import {namedSse, ndjson, sse} from './streams.js';

/** What every format is given, and what a user has to see of it. */
export const questions = [
  'a second candidate',
  'an error',
  'an empty block',
  'an echo of the question',
  'a file of the question',
  'usage',
] as const;
export type Question = (typeof questions)[number];

/** Words for why an answer ended; `failed` is an error. */
export type Reason = 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'aborted' | 'failed';

/** How a format writes what the questions need. What it has no way to write is in `without`, with the reason. */
export interface FormatEntry {
  readonly begin?: string;
  readonly text: (text: string) => string;
  /** The end with its reason: the native word for each reason that the format has. */
  readonly end: (word: string) => string;
  readonly reasons: Readonly<Partial<Record<Reason, string>>>;
  /** Whatever ends the stream after that. */
  readonly mark?: string;
  /** An error with these words. */
  readonly error?: (words: string) => string;
  readonly empty?: string;
  /** Another candidate with the text `OTHER`, or the question with that text. */
  readonly second?: string;
  readonly echo?: string;
  /** The question with the file `https://files.example/own.png`. */
  readonly upload?: string;
  /** 7 tokens of input, 5 of output; in place of the end where it stands there. */
  readonly usage?: string;
  readonly usageEnds?: boolean;
  readonly without?: Readonly<Partial<Record<Question, string>>>;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const own = 'https://files.example/own.png';
export const one = 'A stream holds one answer.';
export const noEcho = 'The server sends nothing of the question.';
export const noUsage = 'No event counts tokens.';
export const noError = 'Errors are statuses of HTTP; text cannot be told from one.';
export const single = {'a second candidate': one};
export const silent = {'an echo of the question': noEcho, 'a file of the question': noEcho};

type Fields = Readonly<Record<string, unknown>>;
export const event = (type: string, fields: Fields = {}) => sse({type, ...fields});
export const namedEvent = (name: string, data: unknown) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
export const typed = (type: string, fields: Fields = {}) => namedSse({type, ...fields});

export const chunk = (delta: Fields, reason: string | null = null, index = 0) => ({
  id: 'x',
  object: 'chat.completion.chunk',
  choices: [{index, delta, finish_reason: reason}],
});
export const chatReasons = {stop: 'stop', length: 'length', 'content-filter': 'content_filter', 'tool-calls': 'tool_calls', failed: 'error'} as const;
export const chatUsage = {id: 'x', object: 'chat.completion.chunk', choices: [], usage: {prompt_tokens: 7, completion_tokens: 5, total_tokens: 12}};
export const langMessage = (content: unknown, more: Fields = {}) => ({type: 'AIMessageChunk', id: 'm', content, ...more});
export const human = {type: 'human', id: 'h', content: [{type: 'text', text: 'OTHER'}, {type: 'image_url', image_url: {url: own}}]};
export const humanText = {type: 'human', id: 'h', content: 'OTHER'};
export const tuple = (message: Fields) => namedEvent('messages', [message, {langgraph_node: 'agent'}]);
export const adkEvent = (fields: Fields) => sse({invocationId: 'i', author: 'agent', ...fields});
export const a2aEvent = (result: Fields) => sse({jsonrpc: '2.0', id: 1, result});
export const update = (contents: readonly Fields[], more: Fields = {}) => sse({role: 'assistant', responseId: 'r', contents, ...more});
export const converse = (fields: Fields) => sse({event: fields});
export const dashscope = (output: Fields, more: Fields = {}) => sse({request_id: 'q', output, ...more});
export const hunyuan = (delta: Fields, reason = '', index = 0, more: Fields = {}) =>
  sse({Id: 'x', Choices: [{Index: index, Delta: delta, FinishReason: reason}], ...more});
export const interaction = (type: string, fields: Fields) => namedEvent(type, {event_type: type, ...fields});
export const mastra = (type: string, payload: Fields) => sse({type, runId: 'r', from: 'AGENT', payload});
export const dify = (name: string, fields: Fields = {}) => sse({event: name, task_id: 't', message_id: 'm', ...fields});
export const ollama = (fields: Fields) => ndjson({model: 'm', created_at: 'now', message: {role: 'assistant', content: ''}, done: false, ...fields});
export const activity = (fields: Fields) => namedEvent('activity', fields);
export const streaminfo = {entities: [{type: 'streaminfo', streamType: 'streaming'}]};
export const raw = (data: Fields) => sse({type: 'raw_response_event', data});
