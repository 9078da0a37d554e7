import type {Part} from '../model/conversation.js';
import {isTextual} from '../lib/text-file.js';

/** A file part of a message. */
export type FilePart = Extract<Part, {type: 'file'}>;

/** Returns the patterns listed by the attribute `attach`. */
export function patternsOf(attach: string | undefined): readonly string[] {
  return (attach ?? '').toLowerCase().split(/[\s,]+/).filter(Boolean);
}

/** Whether a file matches one of the patterns: a media type, `image/*`, or an extension such as `.md`. */
export function accepts(patterns: readonly string[], {name, mediaType}: FilePart): boolean {
  if (patterns.length === 0) return true;
  return patterns.some((pattern) => {
    if (pattern.startsWith('.')) return name!.toLowerCase().endsWith(pattern);
    if (pattern === '*' || pattern === '*/*' || pattern === mediaType) return true;
    if (pattern === 'text/*' && isTextual(mediaType)) return true;
    return pattern.endsWith('/*') && mediaType.startsWith(pattern.slice(0, -1));
  });
}

/** Returns the media type of a file. Browsers report none for many text formats. */
export async function typeOf(file: File): Promise<string> {
  const type = file.type.split(';')[0]!.trim().toLowerCase();
  if (type && type !== 'application/octet-stream') return type;
  try {
    const text = new TextDecoder('utf-8', {fatal: true}).decode(await file.arrayBuffer());
    return text.includes('\0') ? 'application/octet-stream' : 'text/plain';
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Not UTF-8, so not text.
    return 'application/octet-stream';
  }
}

/** Returns the file as a `data:` URL. */
export function readUrl(file: File, mediaType: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const [, data = ''] = (reader.result as string).split(',');
      resolve(`data:${mediaType};base64,${data}`);
    };
    reader.onerror = () => reject(reader.error ?? new Error('The file could not be read.'));
    reader.readAsDataURL(file);
  });
}
