import {isSpecific, type Protocol, type Sample} from '../../src/protocols/protocol.js';
import {detectOpenaiChat} from '../../src/protocols/detect.js';
import {lazy} from '../../src/protocols/lazy.js';
import {openaiChat} from '../../src/protocols/openai-chat.js';

/** A wire format: how it is loaded and detected. */
export interface Format {
  readonly load: () => Promise<Protocol>;
  readonly detect?: ((sample: Sample) => boolean) | undefined;
}

/** All wire formats that real servers use. */
export const formats: Readonly<Record<string, Format>> = {
  ...Object.fromEntries(
    Object.entries(lazy)
      .filter(([name]) => isSpecific(name))
      .map(([name, {load, detect}]) => [name, {load: async () => (typeof load === 'function' ? load() : load), detect}]),
  ),
  'openai-chat': {load: () => Promise.resolve(openaiChat), detect: detectOpenaiChat},
};
