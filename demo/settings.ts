import type {FormatName} from './server/formats.js';
import type {FaultName, SpeedName} from './server/options.js';

/** What the page's controls say. */
export interface Settings {
  readonly format: FormatName;
  readonly speed: SpeedName;
  readonly fault: FaultName;
  readonly ids: boolean;
  readonly renderer: string;
}

export const formatLabels: Readonly<Record<FormatName, string>> = {
  'openai-chat': 'OpenAI Chat',
  'openai-responses': 'OpenAI Responses',
  anthropic: 'Anthropic',
  gemini: 'Gemini',
  ollama: 'Ollama',
  'ai-sdk-ui': 'AI SDK',
  raw: 'data: and raw text',
  json: 'data: and JSON',
  'named-events': 'Named events',
  ndjson: 'NDJSON',
  text: 'Plain text',
  'json-once': 'JSON, all at once',
};

/**
 * Those that do not go on behind an `id:`. The first four are no events at all; the others have ways of their own to
 * be taken up again, which this server does not offer.
 */
const unnumbered: ReadonlySet<FormatName> = new Set([
  'ollama',
  'ndjson',
  'text',
  'json-once',
  'openai-responses',
  'ai-sdk-ui',
]);

/** Those in which a clean end of the response has to be taken for the end of the answer. */
const unmarked: ReadonlySet<FormatName> = new Set(['raw', 'json', 'named-events', 'text']);

/** Those that take everything for text, and so know no malformed event. */
const shapeless: ReadonlySet<FormatName> = new Set(['raw', 'text']);

export const speedLabels: Readonly<Record<SpeedName, string>> = {
  slow: 'Slow, 9 tokens a second',
  normal: 'Normal, 40 a second',
  fast: 'Fast, 250 a second',
  burst: 'All at once',
};

export const faultLabels: Readonly<Record<FaultName, string>> = {
  none: 'None',
  cut: 'Cut the connection',
  'end-early': 'End without the end mark',
  silence: 'Fall silent',
  'slow-start': 'Twelve seconds of thought',
  'rate-limit': '429 with Retry-After',
  'server-error': '500, once',
  unauthorized: '401',
  malformed: 'Malformed event',
  'stream-error': 'Error inside the stream',
  redirect: 'Redirect',
};

/** Whether an answer in this format can go on where it was cut. */
export const canNumber = (format: FormatName) => !unnumbered.has(format);

/** What a fault does, and what to look for; empty for none. */
export function describeFault({fault, format, ids}: Settings): string {
  switch (fault) {
    case 'none':
      return '';
    case 'cut':
      return ids && canNumber(format)
        ? 'The socket is destroyed twice. The events are numbered, so the answer goes on where it stopped.'
        : 'The socket is destroyed in the middle. The text stays; asking again is left to you, by Retry.';
    case 'end-early':
      return unmarked.has(format)
        ? 'The response ends cleanly in the middle. This format is often used without an end mark, so it counts as the end.'
        : 'The response ends cleanly in the middle. What is missing is the mark that says that it is complete.';
    case 'silence':
      return 'Nothing comes any more, and the connection stays open. After 15 seconds it counts as lost.';
    case 'slow-start':
      return 'The headers come at once and the first word after 12 seconds. After 10, you are told that it still waits.';
    case 'rate-limit':
      return 'The first attempt is answered with 429 and “Retry-After: 3”. The next one comes three seconds later.';
    case 'server-error':
      return 'The first attempt is answered with 500. Nothing was written yet, so it is safe to try again.';
    case 'unauthorized':
      return 'Every attempt is answered with 401. Trying again would not help, so it does not.';
    case 'malformed':
      return shapeless.has(format)
        ? 'This format takes everything for text, so it has no malformed event. Choose another one.'
        : 'In the middle comes an event whose JSON is broken off. The text so far stays.';
    case 'stream-error':
      return 'In the middle the server says, in the words of its format, that it cannot go on.';
    case 'redirect':
      return 'The answer is a redirect. It is refused: it would carry your conversation to another address.';
  }
}

/** The endpoint that does what the settings say. */
export function endpointOf({format, speed, fault, ids}: Settings): string {
  const query = new URLSearchParams();
  if (format !== 'openai-chat') query.set('format', format);
  if (speed !== 'normal') query.set('speed', speed);
  if (fault !== 'none') query.set('fault', fault);
  if (ids && canNumber(format)) query.set('ids', '1');
  return query.size > 0 ? `/api/chat?${query}` : '/api/chat';
}

/** The attributes of the element that differ from what it has anyway. */
export function attributesOf(settings: Settings, theme: string): Record<string, string> {
  return {
    endpoint: endpointOf(settings),
    heading: 'Ask Quill',
    ...(settings.renderer === 'markdown' ? {} : {renderer: settings.renderer}),
    ...(settings.fault === 'silence' ? {'idle-timeout': '15'} : {}),
    ...(theme === 'auto' ? {} : {theme}),
  };
}
