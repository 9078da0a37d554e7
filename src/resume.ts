import type {Protocol, ResumeContext, ResumeRequest} from './protocol.js';

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
  const {endpoint, chatId, responseId, lastEventId} = context;
  if (resume === 'none') return undefined;
  if (resume !== 'auto' && resume !== '') {
    const url = resume
      .replaceAll('{id}', encodeURIComponent(responseId ?? chatId))
      .replaceAll('{lastEventId}', encodeURIComponent(lastEventId));
    return {url: new URL(url, endpoint).href, method: 'GET', mode: lastEventId === '' ? 'replay' : 'cursor'};
  }
  const offered = protocol?.resume?.(context);
  if (offered) return offered;
  // Ids inside the data are positions, not a promise that the endpoint goes on behind them.
  return lastEventId !== '' && !protocol?.idOf ? {url: '', method: 'POST', mode: 'cursor'} : undefined;
}
