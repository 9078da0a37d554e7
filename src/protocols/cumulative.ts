import type {Delta} from '../model/conversation.js';

type Kind = 'text' | 'reasoning';

/** Turns the text of a stream, which may be cumulative or repeated at its end, into increments. */
export interface TextStream {
  /** Returns the deltas of the next piece. */
  push(piece: string): readonly Delta[];
  /** Returns the deltas that make the whole text this one: none, its new end, or a replacement. */
  replace(text: string): readonly Delta[];
  /** Discards all text, for an answer that starts over. */
  reset(): void;
}

/** Shortest text whose repetition as a piece of its own is buffered: a shorter one is a word said twice. */
const minRepeat = 8;
/** Number of extensions after which a piece that differs at its end is a corrected snapshot. */
const minCorrected = 2;
/** Number of extensions, and different characters in the text, that prove snapshots in a format of increments. */
const minProof = 3;
const minVariety = 6;
/** Characters that are restored where a stream that looked cumulative is not. */
const maxRestored = 1_000_000;

/**
 * Creates the text stream of one answer.
 *
 * A stream is cumulative if each piece so far extends the piece before it, which is all the text: the new part of a
 * piece is emitted. The first piece that contradicts shows that the pieces are increments: the text is restored from
 * them. A piece that repeats all the text is buffered: at the end of an answer it is a repetition and discarded, but if
 * more text follows, it was text.
 *
 * `isIncremental`: the format defines its pieces as increments, so that `ha`, `haha` are two of them. Servers that send
 * snapshots in such a format are recognised only when several pieces have extended a text that does not repeat itself.
 */
export function createTextStream(type: Kind, isIncremental = false): TextStream {
  /** Length and hash of the text emitted. A second copy of the text would double the memory of a long answer. */
  let length = 0;
  let hash = 0;
  let pieces = 0;
  /** The text while it may be cumulative. */
  let whole: string | undefined = '';
  /** Length of each piece of it, to restore the pieces. */
  let lengths: number[] = [];
  /** How many pieces extended the text, and how many only repeated it. */
  let extensions = 0;
  let repeats = 0;
  let buffered = '';
  /** The pieces count as increments, although each extends the one before it. */
  let isUnproven = isIncremental;

  const add = (text: string): Delta => {
    length += text.length;
    hash = hashOf(text, hash);
    return {type, text};
  };
  const set = (text: string): Delta => {
    length = text.length;
    hash = hashOf(text);
    return {type: 'replace', text, kind: type};
  };

  /** The first piece that does not extend the text. */
  const contradict = (before: string, piece: string): Delta => {
    // A snapshot whose end was corrected, such as with citations inserted.
    const isCorrection = !isUnproven && extensions >= minCorrected && piece !== before && commonPrefix(before, piece) * 2 > before.length;
    if (isCorrection) return set((whole = piece));
    const total = lengths.reduce((sum, one) => sum + one, 0);
    whole = undefined;
    if (isUnproven || lengths.length < 2 || total > maxRestored) return add(piece);
    return set(lengths.map((one) => before.slice(0, one)).join('') + piece);
  };

  /** A piece that extends the one before it, in a format of increments. */
  const prove = (piece: string): Delta => {
    if (extensions < minProof || new Set(piece).size < minVariety) return add(piece);
    isUnproven = false;
    return set(piece);
  };

  const pushPiece = (piece: string): Delta | undefined => {
    pieces++;
    if (whole === undefined) return add(piece);
    const before = whole;
    const isRepeat = piece === before;
    // A server may send a snapshot twice, but one that repeats it more often than it extended it sends increments.
    if (isRepeat ? repeats < extensions : piece.startsWith(before)) {
      if (isRepeat) repeats++;
      else if (before !== '') extensions++;
      lengths.push(piece.length);
      whole = piece;
      if (isUnproven) return prove(piece);
      return isRepeat ? undefined : add(piece.slice(before.length));
    }
    return contradict(before, piece);
  };

  return {
    push(piece) {
      if (piece === '') return [];
      const isRepeat =
        pieces > 1 && piece.length === length && length >= minRepeat && whole === undefined && hashOf(piece) === hash;
      if (isRepeat && buffered === '') {
        buffered = piece;
        return [];
      }
      const before = buffered;
      buffered = '';
      return [before, piece].flatMap((one) => (one === '' ? [] : (pushPiece(one) ?? [])));
    },
    replace(text) {
      pieces++;
      whole = undefined;
      buffered = '';
      const isLonger = text.length >= length && hashOf(text.slice(0, length)) === hash;
      if (!isLonger) return [set(text)];
      return text.length === length ? [] : [add(text.slice(length))];
    },
    reset() {
      length = hash = pieces = extensions = repeats = 0;
      whole = buffered = '';
      lengths = [];
      isUnproven = isIncremental;
    },
  };
}

function hashOf(text: string, hash = 0): number {
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

function commonPrefix(a: string, b: string): number {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return n;
}
