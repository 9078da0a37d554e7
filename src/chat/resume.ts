import type {Protocol, ResumeContext, ResumeRequest} from '../protocols/protocol.js';

/**
 * Returns how a lost answer can be taken up again, or `undefined` if it cannot. `resume` is the attribute: `none`,
 * `auto` (what the wire format offers, else the endpoint itself behind the last id that it gave), or a URL template with
 * `{id}` and `{lastEventId}`. An empty URL stands for the first request once more, with `Last-Event-ID`.
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
    const url = resume
      .replaceAll('{id}', encodeURIComponent(responseId ?? chatId ?? answerId))
      .replaceAll('{lastEventId}', encodeURIComponent(last));
    return {url: new URL(url, endpoint).href, method: 'GET', mode: last === '' ? 'replay' : 'cursor'};
  }
  const offered = protocol?.resume?.(context);
  if (offered) return offered;
  return lastEventId === '' ? undefined : {url: '', method: 'POST', mode: 'cursor'};
}
