/** Matches texts that end with a sign at which voices pause, before closing quotes and brackets. */
const pauseSign = /[.,:;!?…‥–—。！？；：，、।॥؟؛،۔։።][*_~`"'”’)\]»」』）]*$/u;

/** Appends the full stop of its script to a text at whose end a voice would not pause: a heading, a list item. */
export function endWithPause(text: string): string {
  if (text === '' || pauseSign.test(text)) return text;
  const stop = /[\u3040-\u9fff][”’）」』]*$/.test(text) ? '。' : /[\u0900-\u097f]$/.test(text) ? '।' : '.';
  return text + stop;
}
