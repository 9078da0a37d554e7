import type {ProtocolEntry} from './protocol.js';
import {detectOpenaiChat} from './detect.js';
import {openaiChat} from './openai-chat.js';
import {detectPlainText, plainText} from './plain-text.js';
import {prompt} from './prompt.js';

/** Formats that need no further file. The last one is tried first, so catch-all formats are at the top. */
export const bundled: Readonly<Record<string, ProtocolEntry>> = {
  'plain-text': {load: plainText, detect: detectPlainText},
  prompt: {load: prompt},
  'openai-chat': {load: openaiChat, detect: detectOpenaiChat},
};
