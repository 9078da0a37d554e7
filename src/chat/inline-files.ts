import type {Message, Part} from '../model/conversation.js';
import {StreamChatError} from '../model/errors.js';
import type {Protocol} from '../protocols/protocol.js';
import {isTextual, readText} from '../lib/text-file.js';

/** Writes the files of questions that the format has no place for into their text. */
export function tellFiles(messages: readonly Message[], protocol: Protocol): readonly Message[] {
  const question = messages.findLast(({role}) => role === 'user');
  return messages.map((message) => {
    if (message.role !== 'user') return message;
    let {text} = message;
    const parts = message.parts.map((part): Part => {
      if (part.type !== 'file' || (part.url && protocol.takesFile?.(part))) return part;
      const told = `${text && '\n\n'}${tellFile(part, message === question)}`;
      text += told;
      return {type: 'text', text: told};
    });
    return text === message.text ? message : {...message, text, parts};
  });
}

/** What cannot be sent is refused where it is asked about. Later questions are told its name. */
function tellFile({name, mediaType, url}: Extract<Part, {type: 'file'}>, isAsked: boolean): string {
  const title = name ?? mediaType;
  if (url.startsWith('data:') && isTextual(mediaType)) return `<file name="${title}">\n${readText(url)}\n</file>`;
  if (!isAsked) return `<file name="${title}"/>`;
  throw new StreamChatError(
    'config',
    url
      ? `"${title}" cannot be sent: the format of this chat takes no files of type "${mediaType}". Ask without it.`
      : `"${title}" was not kept when the page was left. Attach it again.`,
  );
}
