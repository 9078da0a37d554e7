import {isPlainJson} from './plain-json.js';
import type {Protocol, Sample} from './protocol.js';
import {findFailure} from './provider-error.js';

/** `text/plain`, unframed. Only the end of the body ends the answer. */
export const plainText: Protocol = {
  framing: 'text',
  createDecoder: () => ({
    decode: ({data}) => [{type: 'text', text: data}],
    end: () => [{type: 'end'}],
  }),
};

/** An unframed body; or JSON as `text/plain` that a model wrote: of several lines, or with keys of no format. */
export function detectPlainText({framing, frame, headers, json, allAsked}: Sample): boolean {
  if (framing === 'text') return true;
  if (framing !== 'json' || !/^text\/plain/i.test(headers.get('content-type') ?? '')) return false;
  return frame.data.includes('\n') || (allAsked === true && !isPlainJson(json) && !findFailure(json));
}
