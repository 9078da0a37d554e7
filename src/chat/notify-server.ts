import {StreamChatError} from '../model/errors.js';
import {notifyStopped} from '../wire/transport.js';
import type {ChatHost, HeadersSource} from './chat-host.js';
import {resolveUrl} from './resolve-url.js';

/** What the request to `stop-endpoint` needs from the element. */
type StopHost = Pick<ChatHost, 'stopEndpoint' | 'endpointSettings' | 'credentials' | 'headers' | 'reportConfigError'>;

/** Notifies `stop-endpoint`, if there is one, that an answer was stopped. Reports a mistake in the attribute; never throws. */
export function notifyServer(host: StopHost, notice: object): void {
  if (!host.stopEndpoint) return;
  try {
    const {href} = resolveUrl('stop-endpoint', host.stopEndpoint, host.endpointSettings.baseUrl);
    void notifyStopped(href, notice, host.credentials, () => readHeaders(host.headers));
  } catch (cause) {
    host.reportConfigError(StreamChatError.from(cause, 'config'));
  }
}

/** Resolves the `headers` option outside an attempt. */
async function readHeaders(source: HeadersSource | undefined): Promise<Headers> {
  return new Headers(typeof source === 'function' ? await source({number: 0, unauthorised: false}) : source);
}
