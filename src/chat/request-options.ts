import type {BodySource, ChatHost} from './chat-host.js';
import {StreamChatError} from '../model/errors.js';
import {loadModule} from '../lib/load-module.js';
import type {Attempt} from '../wire/transport.js';

/** What reads like a key of OpenAI, Anthropic, Google, Groq, Hugging Face or xAI, and not like one that is short-lived. */
const keyLike = /\b(?:sk-|AIza|gsk_|hf_|xai-)[\w-]{30}/;

/** Returns the body with what the page adds to it, or makes of it. */
export async function addPageBody(
  body: Record<string, unknown>,
  source: BodySource | undefined,
): Promise<Record<string, unknown>> {
  const own = {...body};
  try {
    const whole = typeof source === 'function' ? await source(body) : {...body, ...source};
    lookForKeys(Object.entries(whole).filter(([name, value]) => value !== own[name]));
    return whole;
  } catch (cause) {
    throw new StreamChatError('config', 'The function "body" of the page failed.', {cause});
  }
}

/** Sets the headers of the page among those of a request, and looks for keys there and in the attributes. */
export async function addPageHeaders(
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
  lookForKeys([...headers, ...Array.from(attributes, ({value}) => value)]);
}

/** Looks through what the page gave for what no page should have. */
function lookForKeys(given: unknown) {
  if (!keyLike.test(JSON.stringify(given))) return;
  // The answer does not wait for a warning, nor fail with it.
  void loadModule(import('./secrets.js'), 'warnings').then(({warnOfKeys}) => warnOfKeys(), console.warn);
}
