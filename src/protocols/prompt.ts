import type {Protocol} from './protocol.js';

/**
 * Sends only the question, `{"prompt": "…"}`, under the key that `prompt-param` names. The answer may be of any format.
 */
export const prompt: Protocol = {
  encode: (messages, {promptParam}) => ({[promptParam]: messages.findLast(({role}) => role === 'user')?.text ?? ''}),
};
