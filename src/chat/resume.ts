// Decides how an interrupted answer is resumed. Whether the server then continues it, or sends another answer, is decided
// by answer-reader.ts, with wire/position.ts (event IDs and content), answer-identity.ts (IDs of the answer) and, for a
// server that resends the answer from its start, replay.ts (visible text).
import {StreamChatError} from '../model/errors.js';
import type {Protocol, ResumeContext, ResumeRequest} from '../protocols/protocol.js';
import {encodeSegment} from '../protocols/path-segment.js';
import type {ChatHost} from './chat-host.js';
import type {RequestDraft} from './request.js';
import {resolveEndpoint, resolveUrl} from './resolve-url.js';

/**
 * Returns how an interrupted answer can be resumed, or `undefined` if it cannot. `resume` is the attribute: `none`, `auto`
 * (what the wire format supports, else the endpoint itself, after its last event ID), or a URL template with `{id}` and
 * `{lastEventId}`. An empty URL means that the initial request is sent again, with `Last-Event-ID`. Throws a
 * `StreamChatError` with code `config` if the template is no URL.
 */
export function resumeRequest(
  resume: string,
  protocol: Protocol | undefined,
  context: ResumeContext,
): ResumeRequest | undefined {
  const {endpoint, chatId, responseId, answerId, lastEventId, lastDataId} = context;
  if (resume === 'none') return undefined;
  if (resume !== 'auto' && resume !== '') {
    const last = lastEventId || lastDataId;
    // Functions, because `$&` in an ID is no pattern.
    const url = resume
      .replaceAll('{id}', () => encodeSegment(responseId || chatId || answerId))
      .replaceAll('{lastEventId}', () => encodeSegment(last));
    return {url: resolveUrl('resume', url, endpoint).href, method: 'GET', mode: last === '' ? 'replay' : 'cursor'};
  }
  const supported = protocol?.resume?.(context);
  if (supported) return supported;
  return lastEventId === '' ? undefined : {url: '', method: 'POST', mode: 'cursor'};
}

/** Returns what `resumeRequest` does. Reports a mistake in the attributes of the element: then nothing can be resumed. */
export function findResume(
  host: Pick<ChatHost, 'resume' | 'endpointSettings' | 'reportConfigError'>,
  protocol: Protocol | undefined,
  context: Omit<ResumeContext, 'endpoint'>,
): ResumeRequest | undefined {
  try {
    return resumeRequest(host.resume, protocol, {...context, endpoint: resolveEndpoint(host.endpointSettings).href});
  } catch (cause) {
    // Called whenever a connection is lost or an answer ends, where an exception would end the wrong thing.
    host.reportConfigError(StreamChatError.from(cause, 'config'));
    return undefined;
  }
}

/** Builds the request to a resume endpoint. */
export function buildResumeRequest({url, method}: ResumeRequest): RequestDraft {
  return {url, method, headers: new Headers({accept: 'text/event-stream'}), body: undefined};
}

/** Encodes an event ID for the `Last-Event-ID` header: as UTF-8, one character per byte. */
export function encodeHeaderValue(id: string): string {
  return Array.from(new TextEncoder().encode(id), (byte) => String.fromCharCode(byte)).join('');
}

/**
 * Whether the server may still resume an answer that ended with `error`. It cannot if it answered the resume request with
 * 204 or a 4xx.
 */
export function mayStillResume({code, cause}: StreamChatError): boolean {
  const {status} = StreamChatError.from(cause, 'network');
  return code === 'interrupted' && (status === undefined || status >= 500);
}

/** Returns the error of an interrupted answer whose server cannot resume it. */
export function unresumableError(): StreamChatError {
  return new StreamChatError('interrupted', 'The answer was interrupted, and the server cannot resume it.');
}

/** Returns the error of an answer whose server sent another one when asked to resume it. */
export function foreignAnswerError(): StreamChatError {
  return new StreamChatError(
    'interrupted',
    'The answer was interrupted: asked to resume, the server sent another answer. It does not support resuming.',
    {retryable: true},
  );
}
