import type {FinishReason} from '../model/conversation.js';

// Conventions of servers without a documented format, as found in tutorials and repositories.

const doneMarks = new Set(['[DONE]', '[END]', '[STOP]', '[FINISHED]', '<|DONE|>', '[EOS]']);
const doneNames = new Set(['done', 'end', 'complete', 'completed', 'close', 'stop', 'finish', 'finished', 'eos']);
const textNames =
  /^(?:|message|bare|(?:.*[._-])?(?:delta|content|token|chunk|text|output|answer|data|response|completion))$/i;

/** Returns whether the data of an event is an end marker. */
export function isDoneMark(data: string): boolean {
  return data.length < 16 && doneMarks.has(data.trim().toUpperCase());
}

/** Returns whether the name of an event, or its `type`, marks the end of the stream. */
export function isDoneName(name: string): boolean {
  return doneNames.has(name.toLowerCase());
}

/** Returns whether an event of this name or `type` may carry text of the answer. True for an empty name. */
export function isTextName(name: string): boolean {
  return name === '' || textNames.test(name);
}

/** Returns the finish reason for a server's own word. */
export function finishReason(word: string): FinishReason {
  if (/length|max_?tokens|limit/i.test(word)) return 'length';
  if (/filter|safety|moderat|blocked/i.test(word)) return 'content-filter';
  if (/tool|function/i.test(word)) return 'tool-calls';
  return 'stop';
}
