import type {Message} from '../model/conversation.js';

/** The answers that were given to the last question. They live as long as the page. */
export interface Versions {
  readonly answers: readonly (readonly Message[])[];
  /** Which of them is shown. One behind the last: an answer that said nothing, which is not kept. */
  readonly at: number;
}

interface Asked {
  readonly question: string;
  answers: readonly (readonly Message[])[];
}

const asked = new WeakMap<object, Asked>();

/**
 * Notes the answer that is shown, and returns it with those that were shown before in its place; `undefined` where
 * nothing was asked. The next question fixes the choice.
 */
export function readVersions(host: {readonly messages: readonly Message[]}): Versions | undefined {
  const {messages} = host;
  const at = messages.findLastIndex(({role}) => role === 'user');
  const question = messages[at]?.id;
  if (question === undefined) return undefined;
  let known = asked.get(host);
  if (known?.question !== question) asked.set(host, (known = {question, answers: []}));
  const answer = messages.slice(at + 1);
  const before = known.answers.findIndex(([first]) => first?.id === answer[0]?.id);
  const shown = before === -1 ? known.answers.length : before;
  if (answer.some(({parts}) => parts.length > 0)) known.answers = known.answers.toSpliced(shown, 1, answer);
  return {answers: known.answers, at: shown};
}
