import type {ProtocolEntry} from './protocol.js';
import {more} from './more.js';
import {usual} from './usual.js';

/** All formats, for whoever has none loaded. */
export const every: Readonly<Record<string, ProtocolEntry>> = {...usual, ...more};
