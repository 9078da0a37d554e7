import {StreamChatError} from '../model/errors.js';

/** Awaits a lazy module. If it fails to load, rejects with an error that names what it is for. */
export async function loadModule<T>(module: Promise<T>, purpose: string): Promise<T> {
  try {
    return await module;
  } catch (cause) {
    throw new StreamChatError('config', `The module for ${purpose} could not be loaded. It must be in the same folder as the element's file.`, {cause});
  }
}
