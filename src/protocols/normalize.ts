import type {Delta} from '../model/conversation.js';
import {createTextStream} from './cumulative.js';
import {createThinkTags} from './think-tags.js';

/** Types of deltas behind which no text continues a tag that has begun. */
const lastTypes: ReadonlySet<Delta['type']> = new Set(['end', 'finish', 'error', 'tool-call', 'refusal']);

/**
 * Creates the function that turns the deltas of any decoder into increments that can be applied: text that is sent
 * cumulatively or repeated (`createTextStream`), reasoning that stands in the text between tags (`createThinkTags`), and
 * tool arguments that are `null` or encoded as JSON twice. `isIncremental`: the format defines text as increments.
 */
export function createNormalizer(isIncremental = false): (delta: Delta) => readonly Delta[] {
  const streams = {text: createTextStream('text', isIncremental), reasoning: createTextStream('reasoning', isIncremental)};
  const inputs = new Map<string, string>();
  let think = createThinkTags();
  /** Reasoning from tags: it is replaced together with the text. */
  let tagged = '';

  const separate = (deltas: readonly Delta[]): readonly Delta[] =>
    deltas.flatMap((delta) => {
      if (delta.type === 'text') return keep(think.push(delta.text));
      if (delta.type !== 'replace' || delta.kind === 'reasoning') return [delta];
      think = createThinkTags();
      const before = tagged;
      tagged = '';
      const parts = keep([...think.push(delta.text)]);
      const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
      const reasoning: Delta[] = before === tagged ? [] : [{type: 'replace', text: tagged, kind: 'reasoning'}];
      return [...reasoning, {type: 'replace', text}];
    });
  const keep = (deltas: readonly Delta[]) => {
    for (const delta of deltas) if (delta.type === 'reasoning') tagged += delta.text;
    return deltas;
  };

  return (delta) => {
    switch (delta.type) {
      case 'text':
        return separate(streams.text.push(delta.text));
      case 'reasoning':
        return streams.reasoning.push(delta.text);
      case 'replace': {
        const deltas = streams[delta.kind ?? 'text'].replace(delta.text);
        return delta.kind === 'reasoning' ? deltas : separate(deltas);
      }
      case 'restart':
        streams.text.reset();
        streams.reasoning.reset();
        think = createThinkTags();
        tagged = '';
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
        return lastTypes.has(delta.type) ? [...think.flush(), delta] : [delta];
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
