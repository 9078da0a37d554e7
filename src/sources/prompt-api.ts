import {StreamChatError} from '../model/errors.js';
import type {Message} from '../model/conversation.js';
import type {Source} from './source.js';

/** The part of the Prompt API in use. TypeScript does not declare it. */
interface LanguageModelFactory {
  availability(): Promise<'unavailable' | 'downloadable' | 'downloading' | 'available'>;
  create(options: {
    readonly signal: AbortSignal;
    readonly initialPrompts: readonly Prompt[];
    monitor(monitor: EventTarget): void;
  }): Promise<LanguageModelSession>;
}

interface LanguageModelSession {
  promptStreaming(prompt: string, options: {readonly signal: AbortSignal; readonly responseConstraint?: object}): ReadableStream<string>;
  destroy(): void;
}

interface Prompt {
  readonly role: Message['role'];
  readonly content: string;
}

/**
 * The language model of the browser, such as Gemini Nano in Chrome. Nothing leaves the device. The model is downloaded with
 * the first question; a browser without one ends the answer with an error of the kind `no-model`.
 * @see https://developer.chrome.com/docs/ai/prompt-api
 */
export const promptApi: Source = async function* ({messages, prompt, settings, signal}, {reportDownload}) {
  const {LanguageModel: factory} = globalThis as {LanguageModel?: LanguageModelFactory};
  const availability = await factory?.availability();
  if (!factory || availability === 'unavailable') {
    const reason = factory ? 'This device cannot run the language model of the browser.' : 'This browser has no Prompt API.';
    throw new StreamChatError('config', reason, {kind: 'no-model', retryable: false});
  }
  const {system, responseFormat} = settings;
  const earlier = messages.slice(0, messages.findLastIndex(({role}) => role === 'user'));
  const session = await factory.create({
    signal,
    initialPrompts: [...(system ? [{role: 'system', content: system} as const] : []), ...earlier.flatMap(toPrompt)],
    monitor: (monitor) =>
      monitor.addEventListener('downloadprogress', (event) => reportDownload((event as ProgressEvent).loaded)),
  });
  try {
    const reader = session.promptStreaming(prompt, {signal, ...(responseFormat && {responseConstraint: responseFormat})}).getReader();
    for (let read; !(read = await reader.read()).done; ) yield read.value;
  } finally {
    session.destroy();
  }
};

function toPrompt({role, text}: Message): readonly Prompt[] {
  return text.trim() === '' ? [] : [{role, content: text}];
}
