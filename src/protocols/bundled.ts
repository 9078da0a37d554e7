import type {ProtocolEntry} from './protocol.js';
import {detectOpenaiChat} from './detect.js';
import {detectJsonText, jsonText} from './json-text.js';
import {openaiChat} from './openai-chat.js';
import {detectPlainText, plainText} from './plain-text.js';
import {prompt} from './prompt.js';
import {detectRawText, rawText} from './raw-text.js';

/** The formats that most pages need. The last one is asked first: what would claim anything stands on top. */
export const usual: Readonly<Record<string, ProtocolEntry>> = {
  'plain-text': {load: plainText, detect: detectPlainText},
  'raw-text': {load: rawText, detect: detectRawText},
  'json-text': {load: jsonText, detect: detectJsonText},
  prompt: {load: prompt},
  'openai-chat': {load: openaiChat, detect: detectOpenaiChat},
};
