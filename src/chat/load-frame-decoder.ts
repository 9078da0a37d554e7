import {loadModule} from '../lib/load-module.js';
import type {FrameDecoder} from './frame-decoder.js';

let constructor: typeof FrameDecoder | undefined;

/** Registers the class of frame decoders where it is bundled. Otherwise it is lazy-loaded together with a format. */
export function registerFrameDecoder(bundled: typeof FrameDecoder): void {
  constructor = bundled;
}

/** Returns the class of frame decoders. */
export async function getFrameDecoder(): Promise<typeof FrameDecoder> {
  return (constructor ??= (await loadModule(import('./frame-decoder.js'), 'the decoder of frames')).FrameDecoder);
}
