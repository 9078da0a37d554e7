import type {Message, Part} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import type {Protocol} from '../protocols/protocol.js';
import {isTextual, readText} from '../lib/text-file.js';

/** Inlines files that the wire format does not support into the text of their messages. */
export function inlineFiles(messages: readonly Message[], protocol: Protocol): readonly Message[] {
  const question = messages.findLast(({role}) => role === 'user');
  return messages.map((message) => {
    if (message.role !== 'user') return message;
    let {text} = message;
    const parts = message.parts.map((part): Part => {
      if (part.type !== 'file' || (part.url && protocol.takesFile?.(part))) return part;
      const inlined = `${text && '\n\n'}${inlineFile(part, message === question)}`;
      text += inlined;
      return {type: 'text', text: inlined};
    });
    return text === message.text ? message : {...message, text, parts};
  });
}

/** Returns a file as text. One that has none is an error in the question; in earlier messages, only its name is sent. */
function inlineFile({name, mediaType, url}: Extract<Part, {type: 'file'}>, isInQuestion: boolean): string {
  const title = name ?? mediaType;
  if (url.startsWith('data:') && isTextual(mediaType)) return `<file name="${title}">\n${readText(url)}\n</file>`;
  if (!isInQuestion) return `<file name="${title}"/>`;
  throw new StreamChatError(
    'config',
    url
      ? `"${title}" cannot be sent: this wire format does not support files of type "${mediaType}". Send the message without it.`
      : `"${title}" was not stored when the page was closed. Attach it again.`,
    {kind: 'file'},
  );
}
