import {StreamChatError} from '../model/errors.js';

/** Where and how to send requests. */
export interface EndpointSettings {
  readonly endpoint: string;
  readonly method: string;
  readonly baseUrl: string | undefined;
}

/** Returns the endpoint as an absolute URL. Throws a `StreamChatError` with code `config` if it is empty or invalid. */
export function resolveEndpoint({endpoint, baseUrl}: Pick<EndpointSettings, 'endpoint' | 'baseUrl'>): URL {
  if (endpoint.trim() === '') {
    throw new StreamChatError('config', 'There is no endpoint. Write one: <stream-chat endpoint="/api/chat">.');
  }
  return resolveUrl('endpoint', endpoint, baseUrl);
}

/**
 * Returns the URL of an attribute as an absolute one. Throws a `StreamChatError` with code `config` if it is no URL, or of
 * another scheme than http and WebSockets. `attribute`: its name, for the message.
 */
export function resolveUrl(attribute: string, value: string, base: string | undefined): URL {
  let url: URL;
  try {
    url = new URL(value, base);
  } catch (cause) {
    throw new StreamChatError('config', `The ${attribute} "${value}" is no URL. Write one such as "/api/chat".`, {cause});
  }
  if (/^(?:http|ws)s?:$/.test(url.protocol)) return url;
  throw new StreamChatError(
    'config',
    `The ${attribute} "${value}" is of scheme "${url.protocol}". It has to begin with https:, http:, wss: or a path.`,
  );
}
