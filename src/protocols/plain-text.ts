import type {Protocol, Sample} from './protocol.js';

/** `text/plain`, unframed. Only the end of the body ends the answer. */
export const plainText: Protocol = {
  framing: 'text',
  createDecoder: () => ({
    decode: ({data}) => [{type: 'text', text: data}],
    end: () => [{type: 'end'}],
  }),
};

/** An unframed body; or a model's pretty-printed JSON as `text/plain`. */
export function detectPlainText({framing, frame, headers}: Sample): boolean {
  if (framing === 'text') return true;
  return framing === 'json' && /^text\/plain/i.test(headers.get('content-type') ?? '') && frame.data.includes('\n');
}
