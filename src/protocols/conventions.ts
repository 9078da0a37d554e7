// Conventions of servers without a documented format, as found in tutorials and repositories.

const doneMark = /^\s*("?)(?:\[(?:done|end|stop|finished|eos)\]|<\|done\|>|<\/stream>)\1\s*$/i;
const doneNames = /^(?:done|end|complete|completed|close|stop|finish|finished|eos)$/i;
const lastDone = /[._-](?:done|end|complete|completed|finish|finished|stop)$/i;
const failedWord = '(?:fail|failed|failure|errors?|exception|expired|time_?out|timed_?out|abort|aborted|cancelled|canceled|interrupted)';
const lastFailed = new RegExp(`(?:^|[._-])${failedWord}$`, 'i');
const failedStatus = new RegExp(`^${failedWord}$`, 'i');
const errorMark = /^\s*\[ERROR\]:?\s*/i;
const reasoningNames = /(?:^|[._-])(?:reasoning|thinking|thoughts?|think)(?:[._-](?:content|delta|chunk|text|token|message|block))*$/i;
const textNames =
  /^(?:|message|bare|update|result|reply|append|stream|(?:.*[._-])?(?:delta|content|token|chunk|text|output|answer|data|response|completion))$/i;

/** Words of events about a tool or a step of the server, whose content is none of the answer. */
const asideNames = /(?:^|[._-])(?:tools?|functions?|search|retriev\w*|nodes?|steps?)(?:[._-]|$)/i;

/** Returns whether the data of an event is an end marker. */
export function isDoneMark(data: string): boolean {
  return data.length < 24 && doneMark.test(data);
}

/** Returns whether the name of an event, or its `type`, marks the end of the stream. */
export function isDoneName(name: string): boolean {
  return doneNames.test(name);
}

/**
 * Returns whether the last word of an event name marks an end, such as `message_end`: that of the stream, if nothing
 * follows.
 */
export function hasDoneWord(name: string): boolean {
  return lastDone.test(splitWords(name));
}

/** Returns whether the last word of an event name, or `type`, reports a failure, such as `thread.run.failed`. */
export function isFailedName(name: string): boolean {
  return lastFailed.test(splitWords(name));
}

/** Returns whether the value of `status` reports a failure. */
export function isFailedStatus(status: unknown): boolean {
  return typeof status === 'string' && failedStatus.test(status);
}

/** Returns the words after the mark of an error in plain text, `[ERROR] …`, or `undefined` if there is none. */
export function readErrorMark(data: string): string | undefined {
  return errorMark.test(data) ? data.replace(errorMark, '') : undefined;
}

/** Returns whether an event of this name, or `type`, carries reasoning. */
export function isReasoningName(name: string): boolean {
  return reasoningNames.test(splitWords(name));
}

/** Separates the words of a name in camel case, without a final `Event`. */
function splitWords(name: string): string {
  return name.replace(/_?event$/i, '').replace(/([a-z])([A-Z])/g, '$1_$2');
}

/** Returns whether an event of this name or `type` may carry text of the answer. True for an empty name. */
export function isTextName(name: string): boolean {
  const words = splitWords(name);
  return textNames.test(words) && !asideNames.test(words) && !reasoningNames.test(words);
}
