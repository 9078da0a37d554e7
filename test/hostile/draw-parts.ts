import {applyDelta, createAnswer, createMessage, failAnswer, updateToolCall, type Message, type ToolState} from '../../src/model/conversation.js';
import {createFramer} from '../../src/wire/create-framer.js';
import {openaiChat} from '../../src/protocols/openai-chat.js';
import {readProviderError} from '../../src/protocols/provider-error.js';
import {createColouring} from '../../src/renderers/highlight.js';
import {createMarkdown} from '../../src/renderers/markdown.js';
import {drawFormula} from '../../src/renderers/math.js';
import {plain} from '../../src/renderers/plain.js';
import {Transcript, type TranscriptOptions} from '../../src/transcript/transcript.js';
import {context} from '../renderers/draw.js';

const look: TranscriptOptions = {
  strings: context.strings,
  createRenderer: createMarkdown({highlight: createColouring, math: drawFormula}),
  plain,
  context,
  details: true,
  onRetry: () => {},
  onContinue: () => {},
  onDecide: () => {},
  loadActions: () => Promise.resolve({}),
  onFault: (cause) => {
    throw cause;
  },
  onLoad: () => {},
};

/** A transcript without a server: decoded frames are drawn at once. */
export class Board {
  readonly box = document.createElement('div');
  readonly #transcript = new Transcript(this.box);
  readonly #look: (box: HTMLElement) => void;

  /** Calls `look` after each draw. */
  constructor(look: (box: HTMLElement) => void) {
    this.#look = look;
    document.body.append(this.box);
  }

  /** Loads the lazy module that draws tool cards. */
  async load(): Promise<void> {
    this.draw([createMessage({role: 'assistant', parts: [{type: 'tool-call', key: '', id: '', name: '', arguments: '', state: 'done'}]}, 'load', 0)]);
    await this.#transcript.loading;
  }

  draw(messages: readonly Message[]): void {
    while (this.#transcript.draw(messages, messages, look, false));
    this.#look(this.box);
  }

  /**
   * Draws an answer in OpenAI's chat format, `cut` into pieces, with the payload in each field that a model or a server
   * can set.
   */
  drawAnswer(payload: string, cut: (text: string) => readonly string[]): void {
    let answer = createAnswer(`answer-${Math.random()}`, 0);
    const read = (delta: object, finish: string | null = null) => {
      const chunk = {object: 'chat.completion.chunk', choices: [{index: 0, delta, finish_reason: finish}]};
      framer.push(`data: ${JSON.stringify(chunk)}\n\n`);
    };
    const decoder = openaiChat.createDecoder!();
    const framer = createFramer('sse', (frame) => {
      for (const delta of decoder.decode(frame)) {
        answer = applyDelta(answer, delta);
        this.draw([answer]);
      }
    });

    for (const piece of cut(payload)) read({reasoning_content: piece});
    read({content: payload});
    for (const piece of cut(payload)) read({refusal: piece});
    read({tool_calls: [{index: 0, id: payload, function: {name: payload, arguments: ''}}]});
    for (const piece of cut(JSON.stringify({[payload]: payload}))) read({tool_calls: [{index: 0, function: {arguments: piece}}]});
    read({tool_calls: [{index: 1, id: 'second', function: {name: 'f', arguments: payload}}]});
    const cite = (url: string, title: string) => ({type: 'url_citation', url_citation: {url, title}});
    read({annotations: [cite(payload, payload), cite('https://example.org/', payload), cite(payload, 'title')]});
    read({content: ` [x](${payload}) `}, 'tool_calls');

    const settle = (state: ToolState, result: unknown, error?: string) => {
      const change = {state, result, ...(error !== undefined && {error})};
      this.draw([(answer = updateToolCall(answer, () => true, change))]);
    };
    settle('asking', undefined);
    settle('done', payload);
    settle('done', {[payload]: [payload]});
    settle('failed', undefined, payload);
    const error = readProviderError({error: {message: payload, type: payload, code: payload}});
    this.draw([failAnswer(answer, error)]);
  }

  /** Draws messages of the user, of the host page, and from storage. */
  drawOthers(payload: string): void {
    const file = {type: 'file', url: payload, name: payload, mediaType: payload.startsWith('data:') ? 'image/svg+xml' : payload} as const;
    const parts = [{type: 'text', text: payload}, file, {type: 'native', value: payload}, {type: 'source', url: payload, title: payload}] as const;
    for (const role of ['user', 'assistant', 'system', 'tool'] as const) {
      this.draw([createMessage({role, parts, usage: {inputTokens: 1, native: payload}}, `${role}-${Math.random()}`, 0)]);
    }
    const status = {status: 'failed', error: {code: 'provider', message: payload, retryable: true}} as const;
    this.draw([createMessage({role: 'assistant', id: payload, text: payload, ...status}, payload, 0)]);
  }
}
