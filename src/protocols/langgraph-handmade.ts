import {asArray, asRecord, asString} from './protocol.js';

// What servers write that pass the chunks of LangGraph on by hand, without the names of events of its own server.

const modes = /^(?:messages|values|updates|custom|events|debug|tasks|checkpoints)$/;
const messageTypes = /^(?:(?:AI|Tool|Human|System)Message(?:Chunk)?|ai|tool|human|system)$/;

function isMessage(value: unknown): boolean {
  const record = asRecord(value);
  if (record['lc'] === 1 || record['type'] === 'constructor') return 'kwargs' in record;
  return messageTypes.test(asString(record['type'])) && 'content' in record;
}

/**
 * Returns the stream mode of a chunk and its data: a pair of message and metadata, a mode with its data (behind the
 * namespace of a subgraph, if there is one), the parts of version 2, a message alone, or the state of the graph.
 */
export function readHandmade(event: string, json: unknown): {kind: string; json: unknown} | undefined {
  if (event !== '' && event !== 'message') return undefined;
  if (Array.isArray(json)) {
    const list = typeof json[0] === 'string' ? asArray(json) : asArray(json).slice(Array.isArray(json[0]) ? 1 : 0);
    const [mode, data] = list;
    if (typeof mode === 'string' && modes.test(mode) && list.length === 2) return {kind: mode, json: data};
    return isMessage(list[0]) ? {kind: 'messages', json: list} : undefined;
  }
  const record = asRecord(json);
  const type = asString(record['type']);
  if (modes.test(type) && 'data' in record && ('ns' in record || Object.keys(record).length === 2)) return {kind: type, json: record['data']};
  // LangChain's serialisation alone is decoded where LangServe's is.
  if (isMessage(record) && type !== 'constructor' && ('additional_kwargs' in record || 'tool_call_chunks' in record)) return {kind: 'messages', json: [record]};
  if (asArray(record['messages']).some(isMessage)) return {kind: 'values', json: record};
  const updates = Object.values(record).map((update) => asArray(asRecord(update)['messages']));
  return updates.some((messages) => messages.some(isMessage)) ? {kind: 'updates', json: record} : undefined;
}
