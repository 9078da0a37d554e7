import {loadModule} from '../lib/load-module.js';
import type {FinishReason, Message} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';

/** Parses the JSON of a structured answer. */
export interface StructuredOutput {
  /** Returns the value of the JSON so far; see `PartialJson`. */
  readPartial(text: string): unknown;
  /**
   * Returns the last round of an answer with the value of its JSON; unchanged if the model refused or the answer has no
   * end. Throws a `StreamChatError` with code `protocol` if the JSON is invalid.
   */
  complete(round: Message, reason: FinishReason): Message;
}

/** Loads the parser. */
export async function createStructuredOutput(): Promise<StructuredOutput> {
  const {parseJson, PartialJson} = await loadModule(import('./partial-json.js'), 'responseFormat');
  const json = new PartialJson();
  return {
    readPartial: (text) => json.read(text),
    complete(round, reason) {
      const isRefused = round.parts.some(({type}) => type === 'refusal');
      if ((reason !== 'stop' && reason !== 'length') || isRefused) return round;
      try {
        return {...round, parsed: parseJson(round.text)};
      } catch (cause) {
        const message =
          reason === 'length' ? 'The answer reached its length limit before its JSON was whole.' : 'The answer is no valid JSON.';
        throw new StreamChatError('protocol', message, {cause});
      }
    },
  };
}
