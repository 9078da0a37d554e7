import type {BodySource, ChatHost} from './chat-host.js';
import {StreamChatError} from '../model/errors.js';
import {loadModule} from '../lib/load-module.js';
import type {Attempt} from '../wire/transport.js';

/** Matches secret keys of OpenAI, Anthropic, Google, Groq, Hugging Face and xAI, but not short-lived tokens. */
const secretKeyPattern = /\b(?:sk-|AIza|gsk_|hf_|xai-)[\w-]{30}/;

/** Returns the request body after the `body` option of the host page: with its fields, or what its function returns. */
export async function applyBodyOption(
  body: Record<string, unknown>,
  source: BodySource | undefined,
): Promise<Record<string, unknown>> {
  const own = {...body};
  try {
    const whole = typeof source === 'function' ? await source(body) : {...body, ...source};
    warnIfSecret(Object.entries(whole).filter(([name, value]) => value !== own[name]));
    return whole;
  } catch (cause) {
    throw new StreamChatError('config', 'The function "body" of the page failed.', {cause});
  }
}

/** Sets the headers of the host page on a request. Warns of secret keys in all headers and in the attributes. */
export async function applyHeadersOption(
  headers: Headers,
  attempt: Attempt,
  {headers: source, attributes}: Pick<ChatHost, 'headers' | 'attributes'>,
): Promise<void> {
  let given: HeadersInit | undefined;
  try {
    given = typeof source === 'function' ? await source(attempt) : source;
  } catch (cause) {
    throw new StreamChatError('config', 'The "headers" of the page could not be read.', {cause});
  }
  try {
    new Headers(given).forEach((value, name) => headers.set(name, value));
  } catch {
    // Without the cause: browsers quote the value in it, which is a secret.
    throw new StreamChatError('config', 'The "headers" of the page hold a name or a value that cannot be sent.');
  }
  warnIfSecret([...headers, ...Array.from(attributes, ({value}) => value)]);
}

/** Warns if `given` contains a secret key, which no page should have. */
function warnIfSecret(given: unknown) {
  if (!secretKeyPattern.test(JSON.stringify(given))) return;
  // Not awaited: the answer neither waits for the warning nor fails with it.
  void loadModule(import('./secrets.js'), 'warnings').then(({warnOfSecrets}) => warnOfSecrets(), console.warn);
}
