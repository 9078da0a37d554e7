import type {ProtocolEntry} from './protocol.js';
import {bundled} from './bundled.js';
import {generic} from './generic.js';
import {lazy} from './lazy.js';

/** All formats, for the core, which bundles none. */
export const all: Readonly<Record<string, ProtocolEntry>> = {
  'plain-text': bundled['plain-text']!,
  ...generic,
  ...bundled,
  ...lazy,
};
