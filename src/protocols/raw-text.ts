import type {Delta} from '../model/conversation.js';
import {asRecord, type Protocol, type Sample} from './protocol.js';
import {finishReason, isDoneMark, isDoneName, isTextName} from './conventions.js';
import {readProviderError} from './provider-error.js';

/** Tokens after which the meaning of the space after `data:` is final. */
const undecided = 64;
const errorMark = /^\[ERROR\]:?\s*/i;

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
      /** A server that names its events also names the last one. */
      let promised = false;

      return {
        *decode(frame): Generator<Delta, void, void> {
          const {data, event, note} = frame;
          if (isDoneMark(data)) return yield {type: 'end'};
          if (isDoneName(event)) {
            const {reason} = asRecord(frame.maybeJson);
            if (typeof reason === 'string') yield {type: 'finish', reason: finishReason(reason), native: reason};
            return yield {type: 'end'};
          }
          if (event === 'error') return yield {type: 'error', error: readProviderError(frame.maybeJson ?? data)};
          if (errorMark.test(data)) return yield {type: 'error', error: readProviderError(data.replace(errorMark, ''))};
          if (data.startsWith('{"error"') && 'error' in asRecord(frame.maybeJson)) {
            return yield {type: 'error', error: readProviderError(frame.maybeJson)};
          }
          if (!isTextName(event)) return yield {type: 'unknown', event};

          promised ||= event !== '' && event !== 'message';
          const text = decodeToken(data);
          if (note === 'tight' && tokens && tokens.length > 0) {
            yield {type: 'replace', text: tokens.join('') + text};
            tokens = undefined;
            return;
          }
          if (note === 'tight' || (tokens?.length ?? 0) >= undecided) tokens = undefined;
          tokens?.push(note === 'spaced' ? ` ${text}` : text);
          if (text !== '') yield {type: 'text', text};
        },
        end: () => (promised ? [] : [{type: 'end'}]),
      };
    },
  };
}

/** `data: token`, as in many tutorials; ends with `[DONE]`, an event of that name, or the end of the body. */
export const rawText: Protocol = createRawText();

/** An event whose data is not a JSON object, array or string. Numbers and booleans are text. */
export function detectRawText({framing, frame}: Sample): boolean {
  if (framing !== 'sse' || frame.event === 'error') return false;
  if (frame.data === '') return isDoneName(frame.event);
  return !/^\s*[[{"]/.test(frame.data) || frame.maybeJson === undefined;
}
