import type {Delta} from '../model/conversation.js';
import {asRecord, type Protocol} from './protocol.js';
import {hasDoneWord, isDoneMark, isDoneName, isFailedName, isReasoningName, isTextName, readErrorMark} from './conventions.js';
import {readFinish} from './finish-reason.js';
import {findFailure, readProviderError} from './provider-error.js';

/** Tokens after which the meaning of the space after `data:` is final. */
const undecided = 64;

/** Options of `createRawText`. */
export interface RawTextOptions {
  /** Decodes one token to text, for line breaks sent as `\n`, `<br>` or a placeholder, and for base64 tokens. */
  readonly decodeToken?: (token: string) => string;
}

/** Creates the format of a server that writes tokens into `data:`, optionally in its own encoding. */
export function createRawText({decodeToken = (token) => token}: RawTextOptions = {}): Protocol {
  return {
    framing: 'sse-raw',
    createDecoder() {
      // Tokens so far, including the stripped space, which is restored if the server turns out to write none.
      let tokens: string[] | undefined = [];
      /** The lines of a body without blank lines so far, which may be tokens. */
      let lines: string[] | undefined = [];
      /** A server that names its events also names the last one. */
      let promised = false;
      /** The name of an event marked an end, and no text followed. */
      let finished = false;
      let hasText = false;

      return {
        *decode(frame): Generator<Delta, void, void> {
          const {data, event, note} = frame;
          if (note === 'unseparated') {
            if (lines) yield {type: 'replace', text: lines.join('')};
            return;
          }
          if (isDoneMark(data)) return yield {type: 'end'};
          if (isDoneName(event)) {
            yield* readFinish(asRecord(frame.maybeJson)['reason']);
            return yield {type: 'end'};
          }
          if (event === 'error' || isFailedName(event)) {
            return yield {type: 'error', error: readProviderError(frame.maybeJson ?? data)};
          }
          const failure = readErrorMark(data);
          if (failure !== undefined) return yield {type: 'error', error: readProviderError(failure)};
          const error = data.startsWith('{"') ? findFailure(frame.maybeJson) : undefined;
          if (error) return yield {type: 'error', error};
          finished ||= hasDoneWord(event);
          // An object before the first token is about the answer: the ID of a conversation, a status.
          if (!hasText && data.startsWith('{"') && Object.keys(asRecord(frame.maybeJson)).length > 0) return yield {type: 'unknown', event: event || data.slice(0, 80)};
          if (isReasoningName(event)) return yield {type: 'reasoning', text: decodeToken(data)};
          if (!isTextName(event)) return yield {type: 'unknown', event};
          finished = false;
          hasText = true;

          promised ||= event !== '' && event !== 'message';
          const text = decodeToken(data);
          const isLine = data.startsWith('\n') && (note === 'line' || note === 'tight');
          if (isLine && note === 'tight') lines = lines?.map((line) => ` ${line}`);
          if (isLine) lines?.push(decodeToken(data.slice(1)));
          else lines = lines?.length === 0 ? [text] : undefined;
          if (note === 'tight' && tokens && tokens.length > 0) {
            yield {type: 'replace', text: tokens.join('') + text};
            tokens = undefined;
            return;
          }
          if (note === 'tight' || (tokens?.length ?? 0) >= undecided) tokens = undefined;
          tokens?.push(note === 'spaced' ? ` ${text}` : text);
          if (text !== '') yield {type: 'text', text};
        },
        end: () => (finished || !promised ? [{type: 'end'}] : []),
        isWhole: () => finished,
      };
    },
  };
}

/** `data: token`, as in many tutorials; ends with `[DONE]`, an event of that name, or the end of the body. */
export const rawText: Protocol = createRawText();
