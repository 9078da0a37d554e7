/** One part of the `content` of OpenAI's messages: `text`, `image_url`, `input_audio`, `file`, `refusal`, and `input_…`. */
export interface ContentPart {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A part of a message as it is read from these. */
export type ReadPart =
  | {readonly type: 'text' | 'refusal'; readonly text: string}
  | {readonly type: 'file'; readonly mediaType: string; readonly url: string; readonly name?: string};

/** Matches the media type of a `data:` URL. */
const dataType = /^data:([^;,]+)/;

/**
 * Returns the parts of a `text` or `content` of the host page: a string, a number, or an array of OpenAI's parts. What is
 * nothing of these, and parts of other types, have no place in a message and are left out.
 */
export function readContent(content: unknown): readonly ReadPart[] {
  if (Array.isArray(content)) return content.flatMap(readPart);
  const text = asText(content);
  return text === '' ? [] : [{type: 'text', text}];
}

/** Returns the parts of a message of the host page, with texts that are no strings as text, and without what is no part. */
export function readParts(parts: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(parts)) return [];
  return parts.filter(isRecord).map((part) => {
    const {type, text} = part;
    const isText = type === 'text' || type === 'reasoning' || type === 'refusal';
    return isText && typeof text !== 'string' ? {...part, text: asText(text)} : part;
  });
}

function readPart(part: unknown): readonly ReadPart[] {
  if (!isRecord(part)) return readContent(Array.isArray(part) ? undefined : part);
  const {type, text, refusal, image_url: image, input_audio: audio} = part;
  switch (type) {
    case 'text':
    case 'input_text':
    case 'output_text':
      return readContent(asText(text));
    case 'refusal':
      return [{type: 'refusal', text: asText(refusal)}];
    case 'image_url':
    case 'input_image':
      return readFile(isRecord(image) ? image['url'] : image, 'image/*');
    case 'input_audio': {
      const {data, format} = isRecord(audio) ? audio : {};
      return typeof data === 'string' ? readFile(`data:audio/${asText(format)};base64,${data}`, '') : [];
    }
    case 'file':
    case 'input_file': {
      const {file_data: url = part['file_url'], filename} = isRecord(part['file']) ? part['file'] : part;
      return readFile(url, 'application/octet-stream', asText(filename));
    }
    default:
      return [];
  }
}

function readFile(url: unknown, mediaType: string, name = ''): readonly ReadPart[] {
  if (typeof url !== 'string' || url === '') return [];
  return [{type: 'file', mediaType: dataType.exec(url)?.[1] ?? mediaType, url, ...(name && {name})}];
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : '';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
