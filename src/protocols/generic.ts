import type {ProtocolEntry} from './protocol.js';
import {detectRawText} from './detect-raw-text.js';
import {detectJsonText, jsonText} from './json-text.js';
import {rawText} from './raw-text.js';

/** Formats of no standard, for any text or JSON in events. Tried after the documented ones. */
export const generic: Readonly<Record<string, ProtocolEntry>> = {
  'raw-text': {load: rawText, detect: detectRawText},
  'json-text': {load: jsonText, detect: detectJsonText},
};
