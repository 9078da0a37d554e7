import type {Message, ToolCallPart} from '../model/conversation.js';

// What the bodies of several formats are made of, beside the turns.

/** Returns the arguments of a call as an object; those that are no JSON object as an empty one. */
export function callInput(call: ToolCallPart): unknown {
  try {
    return JSON.parse(call.arguments || '{}');
  } catch {
    // Cut off by the token limit: the formats that want an object take no half one.
    return {};
  }
}

/** Returns what the model is told as its instructions: the page's setting and all system messages. */
export function systemText(messages: readonly Message[], system: string | undefined): string {
  const texts = messages.filter(({role}) => role === 'system').map(({text}) => text);
  return [system, ...texts].filter(Boolean).join('\n\n');
}

/** Returns the parts of a `data:` URL in base64, or `undefined` for another URL. */
export function base64Of(url: string): {readonly mediaType: string; readonly data: string} | undefined {
  const match = /^data:([^;,]*)(?:;[^;,]*)*;base64,/.exec(url);
  return match ? {mediaType: match[1] ?? '', data: url.slice(match[0].length)} : undefined;
}
