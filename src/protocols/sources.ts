import {asArray, asRecord, asString} from './protocol.js';
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

const urlKeys = ['url', 'link', 'uri', 'href', 'Url', 'source_url', 'document_url'];
const titleKeys = ['title', 'name', 'Title', 'document_name', 'doc_name', 'site_name'];

/** Keys of lists of sources. */
export const sourceKeys = ['search_results', 'citations', 'web_search', 'references', 'sources'];

/** Emits a list of sources: web addresses, or objects with one at a usual key. */
export function* listSources(source: ReturnType<typeof createSources>, list: unknown): Deltas {
  for (const item of asArray(list)) {
    const record = asRecord(item);
    const find = (keys: readonly string[]) => keys.map((key) => asString(record[key])).find((text) => text !== '');
    const url = typeof item === 'string' ? item : find(urlKeys);
    if (url && /^https?:/i.test(url)) yield* source(url, find(titleKeys));
  }
}
