import type {Message} from '../model/conversation.js';

/** All answers to the last question. They are kept until the page is reloaded. */
export interface Versions {
  readonly answers: readonly (readonly Message[])[];
  /** Index of the answer shown. `answers.length` means an answer without content, which is not kept. */
  readonly at: number;
}

/** A question and its answers. */
interface KnownAnswers {
  readonly question: string;
  answers: readonly (readonly Message[])[];
}

const knownAnswers = new WeakMap<object, KnownAnswers>();

/**
 * Records the answer that is shown, and returns it with the earlier answers to the same question; `undefined` if there is
 * no question. The next question makes the choice final.
 */
export function readVersions(host: {readonly messages: readonly Message[]}): Versions | undefined {
  const {messages} = host;
  const at = messages.findLastIndex(({role}) => role === 'user');
  const question = messages[at]?.id;
  if (question === undefined) return undefined;
  let known = knownAnswers.get(host);
  if (known?.question !== question) knownAnswers.set(host, (known = {question, answers: []}));
  const answer = messages.slice(at + 1);
  const knownIndex = known.answers.findIndex(([first]) => first?.id === answer[0]?.id);
  const shown = knownIndex === -1 ? known.answers.length : knownIndex;
  if (answer.some(({parts}) => parts.length > 0)) known.answers = known.answers.toSpliced(shown, 1, answer);
  return {answers: known.answers, at: shown};
}
