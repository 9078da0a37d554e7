import type {Delta, FinishReason} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';

const none = /^(?:|null|none|undefined|unspecified|not_finished|finish_reason_unspecified)$/;

/** Words of known reasons, the first match counts. A word that matches none is unknown and treated as `stop`. */
const words: readonly (readonly [RegExp, FinishReason | 'failed'])[] = [
  [/filter|safety|unsafe|sensitive|moderat|block|refus|recitation|prohibit|spii|toxic|guardrail|violat|jailbreak|model_armor|^language$/, 'content-filter'],
  [/error|fail|abort|cancel|insufficient|malformed|time_?d?_?out|expire|network|unexpected|too_many|missing|invalid|overload|unavailable|interrupt|disconnect|exception|quota|rate_limit/, 'failed'],
  [/length|max_?(?:\w+_)?tokens?|limit|context_window|truncat/, 'length'],
  [/^(?:tool_?(?:calls?|uses?)|function_?calls?)$/, 'tool-calls'],
];

function classify(native: string): FinishReason | 'failed' | undefined {
  const word = native.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase().replace(/[\s.-]+/g, '_');
  if (none.test(word)) return undefined;
  return words.find(([pattern]) => pattern.test(word))?.[1] ?? 'stop';
}

/**
 * Returns the deltas of a server's word for why its answer ended: none if the word is empty or `"null"`, otherwise
 * `finish`, with an `error` if the word reports a failure. `hasCalls`: the answer has tool calls, which some servers end with `stop`.
 */
export function readFinish(native: unknown, hasCalls = false): readonly Delta[] {
  if (typeof native !== 'string') return [];
  const reason = classify(native);
  if (reason === undefined) return [];
  if (reason === 'failed') {
    const error = new StreamChatError('provider', `The provider ended the answer with "${native}".`);
    return [{type: 'finish', reason: 'stop', native}, {type: 'error', error}];
  }
  return [{type: 'finish', reason: reason === 'stop' && hasCalls ? 'tool-calls' : reason, native}];
}
