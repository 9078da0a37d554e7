import type {Protocol, Sample} from './protocol.js';

/** `text/plain`, as it comes. The end of the body is the only end there is. */
export const plainText: Protocol = {
  framing: 'text',
  createDecoder: () => ({
    decode: ({data}) => [{type: 'text', text: data}],
    end: () => [{type: 'end'}],
  }),
};

/** A body that is no stream of anything; or a model's JSON, written over several lines, as `text/plain`. */
export function detectPlainText({framing, frame, headers}: Sample): boolean {
  if (framing === 'text') return true;
  return framing === 'json' && /^text\/plain/i.test(headers.get('content-type') ?? '') && frame.data.includes('\n');
}
