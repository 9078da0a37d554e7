import type {FinishReason} from '../model/conversation.js';

// What servers without a format of their own have in common, as seen in tutorials and repositories.

const doneMarks = new Set(['[DONE]', '[END]', '[STOP]', '[FINISHED]', '<|DONE|>', '[EOS]']);
const doneNames = new Set(['done', 'end', 'complete', 'completed', 'close', 'stop', 'finish', 'finished', 'eos']);
const textNames =
  /^(?:|message|bare|(?:.*[._-])?(?:delta|content|token|chunk|text|output|answer|data|response|completion))$/i;

/** Whether the data of an event is one of the words that end a stream. */
export function isDoneMark(data: string): boolean {
  return data.length < 16 && doneMarks.has(data.trim().toUpperCase());
}

/** Whether the name of an event, or its `type`, says that the stream is complete. */
export function isDoneName(name: string): boolean {
  return doneNames.has(name.toLowerCase());
}

/** Whether an event of this name, or `type`, may carry text of the answer; one without a name does. */
export function isTextName(name: string): boolean {
  return name === '' || textNames.test(name);
}

/** Returns the reason that a server's own word stands for. */
export function finishReason(word: string): FinishReason {
  if (/length|max_?tokens|limit/i.test(word)) return 'length';
  if (/filter|safety|moderat|blocked/i.test(word)) return 'content-filter';
  if (/tool|function/i.test(word)) return 'tool-calls';
  return 'stop';
}
