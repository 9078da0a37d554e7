import type {ProtocolEntry} from './protocol.js';
import {lazy} from './lazy.js';
import {bundled} from './bundled.js';

/** All formats, for the core, which bundles none. */
export const all: Readonly<Record<string, ProtocolEntry>> = {...bundled, ...lazy};
