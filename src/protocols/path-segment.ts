/**
 * Encodes an ID of the server as one segment of a path. URL parsers treat `.` and `..` as steps between folders however they
 * are encoded, so their dots are encoded twice: the request stays where it belongs, and no server knows such an ID.
 */
export function encodeSegment(id: string): string {
  // A lone surrogate would throw.
  const segment = encodeURIComponent(id.replace(/\p{Cs}/gu, '\ufffd'));
  return /^\.{1,2}$/.test(segment) ? segment.replaceAll('.', '%252E') : segment;
}
