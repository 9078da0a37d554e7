import type {ProtocolEntry} from './protocol.js';
import {detectOpenaiChat} from './detect.js';
import {detectJsonText, jsonText} from './json-text.js';
import {openaiChat} from './openai-chat.js';
import {detectPlainText, plainText} from './plain-text.js';
import {prompt} from './prompt.js';
import {detectRawText, rawText} from './raw-text.js';

/** Formats in the main file. The last one is tried first, so catch-all formats are at the top. */
export const bundled: Readonly<Record<string, ProtocolEntry>> = {
  'plain-text': {load: plainText, detect: detectPlainText},
  'raw-text': {load: rawText, detect: detectRawText},
  'json-text': {load: jsonText, detect: detectJsonText},
  prompt: {load: prompt},
  'openai-chat': {load: openaiChat, detect: detectOpenaiChat},
};
