import type {Message} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import type {Protocol, RequestSettings} from '../protocols/protocol.js';
import {resolveEndpoint, type EndpointSettings} from './resolve-url.js';

/** A request before the host page can change it. */
export interface RequestDraft {
  url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Headers;
  body: Record<string, unknown> | undefined;
}

/** Builds the request for an answer to `messages`, the last of which is the question. */
export function buildRequest(
  messages: readonly Message[],
  protocol: Protocol,
  settings: RequestSettings,
  endpoint: EndpointSettings,
): RequestDraft {
  const url = resolveEndpoint(endpoint);
  const headers = new Headers({accept: 'text/event-stream, application/x-ndjson, application/json, text/plain', ...protocol.headers});
  const method = endpoint.method.trim().toUpperCase();
  if (method === 'GET') {
    url.searchParams.set(settings.promptParam, messages.findLast(({role}) => role === 'user')?.text ?? '');
    return {url: url.href, method, headers, body: undefined};
  }
  if (method !== 'POST') {
    throw new StreamChatError('config', `The method "${endpoint.method}" is not known. Write "POST" or "GET".`);
  }
  headers.set('content-type', 'application/json');
  return {url: url.href, method, headers, body: protocol.encode?.(messages, settings) ?? {}};
}

/**
 * Returns the messages with files that the wire format does not support inlined into the text, by a lazy module. Rejects
 * with a `StreamChatError` with code `config` where that is not possible.
 */
export async function prepareFiles(messages: readonly Message[], protocol: Protocol, method: string): Promise<readonly Message[]> {
  if (!messages.some(({parts}) => parts.some(({type}) => type === 'file'))) return messages;
  const {inlineFiles} = await import('./inline-files.js');
  return inlineFiles(messages, method.trim().toUpperCase() === 'GET' ? {} : protocol);
}
