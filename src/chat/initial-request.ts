import type {Message} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import {messageOf} from '../model/thrown.js';
import type {Protocol} from '../protocols/protocol.js';
import type {Attempt} from '../wire/transport.js';
import type {AnswerSource} from './answer-source.js';
import type {ChatHost} from './chat-host.js';
import {RequestEvent} from './events.js';
import {applyBodyOption, applyHeadersOption} from './request-options.js';
import {buildRequest, prepareFiles, type RequestDraft} from './request.js';

/** What the request of a round is built from. */
export interface InitialRequestOptions {
  /** The conversation to send, with the rounds before this one. */
  readonly messages: readonly Message[];
  readonly encoder: Protocol;
  readonly chatId: string;
  readonly idempotencyKey: string;
  /** What sends it. */
  readonly source: Pick<AnswerSource, 'socket'>;
}

/** Builds the request that starts a round: the conversation in the wire format, and the fields of the host page. */
export async function buildInitialRequest(
  {requestSettings, endpointSettings, body, source: name}: Pick<ChatHost, 'requestSettings' | 'endpointSettings' | 'body' | 'source'>,
  {messages, encoder, chatId, idempotencyKey, source: {socket}}: InitialRequestOptions,
): Promise<RequestDraft> {
  const method = socket ? 'POST' : endpointSettings.method;
  const prepared = await prepareFiles(messages, encoder, method);
  // A source may need no endpoint.
  const isBare = name !== 'fetch' && !socket && endpointSettings.endpoint.trim() === '';
  const endpoint = isBare ? location.href : endpointSettings.endpoint;
  const request = buildRequest(prepared, encoder, {...requestSettings, chatId}, {...endpointSettings, endpoint, method});
  if (socket) request.url = socket.withModel(request.url, requestSettings.model);
  if (request.body) request.body = await applyBodyOption(request.body, body);
  // Cross-origin, a custom header would need the consent of CORS.
  if (isBare) request.url = '';
  else if (new URL(request.url).origin === location.origin) request.headers.set('idempotency-key', idempotencyKey);
  return request;
}

/**
 * Adds the headers of the host page to a request and dispatches `request`, whose listeners can change or delay it.
 * Resolves to the result, and whether no listener cancelled it.
 */
export async function completeRequest(
  draft: RequestDraft,
  attempt: Attempt,
  host: ChatHost,
): Promise<{readonly request: RequestDraft; readonly proceeds: boolean}> {
  await applyHeadersOption(draft.headers, attempt, host);
  const event = new RequestEvent({...draft, attempt: attempt.number});
  const proceeds = host.dispatchEvent(event);
  await event.ready().catch((cause: unknown) => {
    throw new StreamChatError('config', 'The page could not prepare the request.', {cause});
  });
  const {url, headers, body} = event.detail;
  return {request: {url, method: draft.method, headers, body}, proceeds};
}

/** Returns the body as JSON. Throws a `StreamChatError` with code `config` if it cannot be encoded: it may hold anything of the page. */
export function encodeBody(body: Record<string, unknown>): string {
  try {
    return JSON.stringify(body);
  } catch (cause) {
    throw new StreamChatError('config', `The body of the request cannot be written as JSON: ${messageOf(cause)}`, {cause});
  }
}

/** Whether a message holds the result of a tool that ran in the page. */
export function hasToolResult({parts}: Message): boolean {
  return parts.some((part) => part.type === 'tool-call' && !part.server && (part.state === 'done' || part.state === 'failed'));
}
