import {asRecord} from './protocol.js';

/** Returns text from the wire: a string, or the digits of a finite number (some servers emit unquoted numbers). */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
}

/** Returns the text of content in any shape: a string, a number, a part such as `{"text": "…"}`, or a list of parts. */
export function textOf(content: unknown): string {
  if (Array.isArray(content)) return content.map(textOf).join('');
  if (typeof content !== 'object') return asText(content);
  const {text, value, content: inner, summary} = asRecord(content);
  const found = text ?? value ?? inner ?? summary;
  return found === undefined ? '' : textOf(found);
}
