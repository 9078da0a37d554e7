import {asString} from './protocol.js';
import type {Deltas} from './deltas.js';

/** Maximum number of sources of one answer. */
const maxSources = 1000;

/** Creates a function that emits each source of an answer once. */
export function createSources(): (url: unknown, title?: unknown) => Deltas {
  const known = new Set<string>();
  return function* (url, title) {
    const address = asString(url);
    if (address === '' || known.has(address) || known.size >= maxSources) return;
    known.add(address);
    const name = asString(title);
    yield {type: 'source', url: address, ...(name && {title: name})};
  };
}
