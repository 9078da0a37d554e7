import type {StreamChatError} from '../model/errors.js';

/** Logs why an answer failed, for the developer: the user reads one sentence without these details. */
export function logError(error: StreamChatError): void {
  console.warn(`<stream-chat> The answer failed (${error.code}). docs/errors.md#${error.code} of stream-chat-element has causes and remedies.`, error);
}
