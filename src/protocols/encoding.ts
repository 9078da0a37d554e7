import type {Message, ToolCallPart} from '../model/conversation.js';

// Helpers to encode requests that several formats share.

/** Returns the parsed arguments of a call, or an empty object if they are not JSON. */
export function callInput(call: ToolCallPart): unknown {
  try {
    return JSON.parse(call.arguments || '{}');
  } catch {
    // Truncated by the token limit: formats that require an object reject a partial one.
    return {};
  }
}

/** Returns the system prompt: the setting followed by all system messages. */
export function systemText(messages: readonly Message[], system: string | undefined): string {
  const texts = messages.filter(({role}) => role === 'system').map(({text}) => text);
  return [system, ...texts].filter(Boolean).join('\n\n');
}

/** Returns the parts of a `data:` URL in base64, or `undefined` for another URL. */
export function base64Of(url: string): {readonly mediaType: string; readonly data: string} | undefined {
  const match = /^data:([^;,]*)(?:;[^;,]*)*;base64,/.exec(url);
  return match ? {mediaType: match[1] ?? '', data: url.slice(match[0].length)} : undefined;
}
