import type {Delta} from '../model/conversation.js';
import {createTextStream} from './cumulative.js';

/**
 * Creates the function that turns the deltas of any decoder into increments that can be applied: text that is sent
 * cumulatively or repeated (`createTextStream`), and tool arguments that are `null` or encoded as JSON twice.
 */
export function createNormalizer(): (delta: Delta) => readonly Delta[] {
  const streams = {text: createTextStream('text'), reasoning: createTextStream('reasoning')};
  const inputs = new Map<string, string>();

  return (delta) => {
    switch (delta.type) {
      case 'text':
      case 'reasoning':
        return streams[delta.type].push(delta.text);
      case 'replace':
        return streams[delta.kind ?? 'text'].replace(delta.text);
      case 'restart':
        streams.text.reset();
        streams.reasoning.reset();
        inputs.clear();
        return [delta];
      case 'tool-call': {
        const {key, input, arguments: piece = '', complete} = delta;
        const text = input ?? (inputs.get(key) ?? '') + piece;
        inputs.set(key, text);
        const fixed = complete ? unwrapInput(text) : text;
        return [fixed === text ? delta : {...delta, input: fixed}];
      }
      default:
        return [delta];
    }
  };
}

/** Returns the arguments as the JSON of an object: `null` as an empty one, JSON in a JSON string as its content. */
function unwrapInput(text: string): string {
  const trimmed = text.trim();
  if (trimmed === 'null' || trimmed === '""') return '{}';
  if (!trimmed.startsWith('"')) return text;
  try {
    const inner: unknown = JSON.parse(trimmed);
    return typeof inner === 'string' && /^\s*\{/.test(inner) ? inner : text;
  } catch {
    // Truncated: reported where the call is run.
    return text;
  }
}
