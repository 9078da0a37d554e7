import {StreamChatError} from '../model/errors.js';

/** Loads a part of the element that few pages need. Rejects with an error that says what cannot be had without it. */
export async function loadModule<T>(module: Promise<T>, what: string): Promise<T> {
  try {
    return await module;
  } catch (cause) {
    throw new StreamChatError('config', `The file of ${what} could not be loaded. It has to lie beside the element's.`, {cause});
  }
}
