import type {Message} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import {encodeSegment} from '../protocols/path-segment.js';
import type {Protocol, RequestSettings} from '../protocols/protocol.js';
import {resolveEndpoint, type EndpointSettings} from './resolve-url.js';

/** A request before the host page can change it. */
export interface RequestDraft {
  url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Headers;
  body: Record<string, unknown> | undefined;
}

/** Where an endpoint takes the question in its URL, with any method. */
const placeholder = '{prompt}';

/** Puts the question into an endpoint such as `/api/chat?prompt={prompt}`, encoded for its place. */
function fillEndpoint(endpoint: string, question: string): string {
  const [path = '', ...query] = endpoint.split('?');
  // In the query dots need no care, and a lone surrogate would throw.
  const value = encodeURIComponent(question.replace(/\p{Cs}/gu, '\ufffd'));
  const filled = query.map((part) => part.replaceAll(placeholder, () => value));
  return [path.replaceAll(placeholder, () => encodeSegment(question)), ...filled].join('?');
}

/** Builds the request for an answer to `messages`, the last of which is the question. */
export function buildRequest(
  messages: readonly Message[],
  protocol: Protocol,
  settings: RequestSettings,
  endpoint: EndpointSettings,
): RequestDraft {
  const question = messages.findLast(({role}) => role === 'user')?.text ?? '';
  const url = resolveEndpoint({...endpoint, endpoint: fillEndpoint(endpoint.endpoint, question)});
  const headers = new Headers({accept: 'text/event-stream, application/x-ndjson, application/json, text/plain', ...protocol.headers});
  const method = endpoint.method.trim().toUpperCase();
  if (method === 'GET') {
    if (!endpoint.endpoint.includes(placeholder)) url.searchParams.set(settings.promptParam, question);
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
