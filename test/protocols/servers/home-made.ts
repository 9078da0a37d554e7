import {events, lines, named, type ServerStream} from './server-stream.js';

const text = 'Hello, world.\n\n- two words';
const pieces = ['Hello', ', world', '.\n\n', '- two', ' words'];
const tagged = ['<thi', 'nk>Let me', ' see.</th', 'ink>\n\n', ...pieces];
const reasoning = 'Let me see.';
const source = 'https://fastapi.tiangolo.com/advanced/custom-response/#streamingresponse';
const all = {source, text, reasoning};
const answers = (key: string) => pieces.map((one) => ({[key]: one}));

/** Streams that servers write by hand: reasoning beside the answer in all its forms, and what is never text. */
export const homeMade: readonly ServerStream[] = [
  ...['reasoning', 'thinking', 'thought', 'think', 'reasoning_content', 'reasoning-delta', 'reasoning_delta', 'thinking_delta', 'thinking-delta', 'reasoning.delta', 'thinking_chunk', 'thoughts', 'thinking_content', 'reasoningDelta', 'agent_thought'].map(
    (type): ServerStream => ({
      ...all,
      name: `reasoning by type "${type}"`,
      protocol: 'json-text',
      body: events({type, content: 'Let me '}, {type, content: 'see.'}, ...pieces.map((content) => ({type: 'content', content})), {type: 'done'}),
    }),
  ),
  ...['reasoning_content', 'reasoning', 'thinking', 'thought', 'reasoningContent', 'think', 'thoughts', 'reasoning_text', 'thinking_content'].map(
    (key): ServerStream => ({
      ...all,
      name: `reasoning at the key "${key}" beside the text`,
      protocol: 'json-text',
      body: events({[key]: 'Let me ', content: ''}, {[key]: 'see.', content: ''}, ...pieces.map((content) => ({[key]: '', content})), '[DONE]'),
    }),
  ),
  {
    ...all,
    name: 'reasoning at a key of its own',
    protocol: 'json-text',
    contentType: 'application/x-ndjson',
    body: lines({thinking: 'Let me '}, {thinking: 'see.'}, ...answers('text'), {done: true}),
  },
  {
    ...all,
    name: 'reasoning in `delta`',
    protocol: 'json-text',
    body: events({type: 'delta', delta: {reasoning_content: 'Let me see.'}}, ...pieces.map((content) => ({type: 'delta', delta: {content}})), {type: 'done'}),
  },
  {
    ...all,
    name: 'reasoning in `data`, by type',
    protocol: 'json-text',
    body: events({type: 'thinking', data: {content: 'Let me see.'}}, ...pieces.map((content) => ({type: 'token', data: {content}})), {type: 'end'}),
  },
  {
    ...all,
    name: 'reasoning by `event` in the data',
    protocol: 'json-text',
    body: events({event: 'reasoning', data: 'Let me see.'}, ...pieces.map((data) => ({event: 'message', data})), {event: 'end', data: ''}),
  },
  {
    ...all,
    name: 'event: reasoning, with JSON',
    protocol: 'json-text',
    body: named(['reasoning', {content: 'Let me see.'}], ...pieces.map((content) => ['message', {content}] as const), ['done', {}]),
  },
  {
    ...all,
    name: 'event: thinking, with text',
    protocol: 'raw-text',
    text: 'Hello, world.',
    body: named(['thinking', 'Let me'], ['thinking', ' see.'], ['message', 'Hello'], ['message', ', world.'], ['done', '']),
  },
  {...all, name: '<think> in JSON', protocol: 'json-text', body: events(...tagged.map((content) => ({content})), '[DONE]')},
  {...all, name: '<think> in raw events', protocol: 'raw-text', text: 'Hello, world.', body: events('<think>', 'Let me', ' see.', '</think>', 'Hello', ', world.', '[DONE]')},
  {...all, name: '<think> in text/plain', protocol: 'plain-text', contentType: 'text/plain; charset=utf-8', body: tagged.join('')},
  {...all, name: '<think> in NDJSON', protocol: 'json-text', contentType: 'application/x-ndjson', body: lines(...tagged.map((token) => ({token})))},
  {...all, name: '<think> in all text so far', protocol: 'json-text', body: events(...tagged.map((_, index) => ({response: tagged.slice(0, index + 1).join('')})), '[DONE]')},
  ...['tool_output', 'function_call_output', 'tool_result', 'tool_response', 'tool_call_delta', 'tool-output-delta', 'function_call', 'search_results', 'retrieval_output'].map(
    (type): ServerStream => ({
      source,
      text,
      name: `type "${type}" is no text`,
      protocol: 'json-text',
      body: events({type, content: 'not this'}, ...pieces.map((content) => ({type: 'text', content})), {type, output: 'nor this'}, {type: 'done'}),
    }),
  ),
  {source, text, name: 'a status at the end', protocol: 'json-text', body: events(...answers('content'), {message: 'Completed successfully', status: 'ok'})},
  {source, text, name: 'a status first', protocol: 'json-text', body: events({status: 'success', message: 'Connected'}, ...answers('content'), '[DONE]')},
  {source, text, name: 'an answer in `message`, with a status', protocol: 'json-text', contentType: 'application/json', body: JSON.stringify({status: 'success', message: text})},
  {source, text, name: 'tokens in `message`, with a status', protocol: 'json-text', body: events(...pieces.map((message) => ({status: 'ok', message})), '[DONE]')},
  {source, text, name: '[DONE] in an envelope', protocol: 'json-text', body: events(...pieces.map((data) => ({code: 200, msg: 'ok', data})), {code: 200, msg: 'ok', data: '[DONE]'})},
  {source, text, name: '[DONE] at the key of the text', protocol: 'json-text', body: events(...answers('content'), {content: '[DONE]'})},
  {source, text: 'Error: this word begins a line that a model may write.', name: '“Error:” in raw events is text', protocol: 'raw-text', body: events('Error:', ' this word begins', ' a line that a model may write.', '[DONE]')},
  {source, text: 'Half', error: 'It burns', name: '[ERROR] in raw events', protocol: 'raw-text', body: events('Half', '[ERROR] It burns')},
  {source, text: 'hahaha', name: 'short increments of Chat Completions that look like all text so far', protocol: 'openai-chat', body: events(...['ha', 'haha'].map((content) => ({object: 'chat.completion.chunk', choices: [{index: 0, delta: {content}, finish_reason: null}]})), {choices: [{index: 0, delta: {}, finish_reason: 'stop'}]}, '[DONE]')},
  {
    source,
    text,
    name: 'sources at the end',
    protocol: 'json-text',
    body: events(...answers('content'), {type: 'sources', sources: [{title: 'A', url: 'https://a.example'}, 'https://b.example']}, {done: true, usage: {prompt_tokens: 4, completion_tokens: 9}}),
    sources: ['https://a.example A', 'https://b.example'],
    usage: '4/9',
  },
  {source, text: "It's “quoted”\nTrue", name: 'a Python dictionary', protocol: 'python-dict', body: events(`{'content': "It's ", 'done': False}`, `{'content': '“quoted”\\n', 'done': None}`, `{'content': 'True', 'done': False}`, '[DONE]')},
  {source, text: "{'a': 1} is a dictionary", name: 'text that begins like a Python dictionary', protocol: 'raw-text', body: events("{'a", "': 1}", ' is a dictionary', '[DONE]')},
];
