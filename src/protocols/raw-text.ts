import type {Delta} from '../model/conversation.js';
import {asRecord, type Protocol, type Sample} from './protocol.js';
import {finishReason, isDoneMark, isDoneName, isTextName} from './home-made.js';
import {readProviderError} from './provider-error.js';

/** Tokens after which the space behind `data:` is settled. */
const undecided = 64;
const errorMark = /^\[ERROR\]:?\s*/i;

/** How a server encodes its tokens, where it does. */
export interface RawTextOptions {
  /** Turns one token into its text: for line breaks sent as `\n`, `<br>` or a word, and for tokens in base64. */
  readonly decodeToken?: (token: string) => string;
}

/** Makes the format of a server that writes tokens into `data:` in an encoding of its own. */
export function createRawText({decodeToken = (token) => token}: RawTextOptions = {}): Protocol {
  return {
    framing: 'sse-raw',
    createDecoder() {
      // Tokens so far, with the space that was taken off them: put back if the writer turns out to leave none.
      let tokens: string[] | undefined = [];
      /** A writer that names its events names the last one too. */
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

/** `data: token`, as the tutorials write it; ends with `[DONE]`, an event named so, or the body. */
export const rawText: Protocol = createRawText();

/** An event whose data is neither a JSON object, nor a list, nor a JSON string. Numbers and booleans are words. */
export function detectRawText({framing, frame}: Sample): boolean {
  if (framing !== 'sse' || frame.event === 'error') return false;
  if (frame.data === '') return isDoneName(frame.event);
  return !/^\s*[[{"]/.test(frame.data) || frame.maybeJson === undefined;
}
