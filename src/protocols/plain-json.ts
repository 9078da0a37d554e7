// What is known of custom formats before any format is loaded.

/** Keys of flags that mark the last event, in lower case. */
export const flagKeys = [
  'done', 'iscomplete', 'iscompleted', 'is_complete', 'complete', 'finished', 'is_finished', 'isfinished', 'is_final',
  'isfinal', 'final', 'end', 'is_end', 'isend', 'is_last',
];

const silentNames = /^(?:ping|heartbeat|keep-?alive|open|connected)$/i;

/** Returns whether an event of this name is a keep-alive, whatever its data. */
export function isKeepAlive(name: string): boolean {
  return silentNames.test(name);
}

const plainTypes = /^(?:|token|content|delta|chunk|text|message|answer|response|done|end)$/;
const plainKeys =
  /^(?:delta|content|text|token|response|answer|chunk|message|data|output|value|generated_text|completion|reply|result|type|id|role|index|finish_reason|reason|timestamp)$/;

/** Returns whether JSON has only keys of custom formats, so that no documented format can claim it. */
export function isPlainJson(json: Readonly<Record<string, unknown>>): boolean {
  const {type = ''} = json;
  if (typeof type !== 'string' || !plainTypes.test(type)) return false;
  return Object.keys(json).every((key) => plainKeys.test(key) || flagKeys.includes(key.toLowerCase()));
}
