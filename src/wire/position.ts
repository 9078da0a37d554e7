/**
 * What a frame of a connection is to the answer: to be applied, applied before, or part of another answer. `unproven`: to
 * be applied if the next frame that has an ID is new, because a frame without one proves nothing.
 */
export type FrameStatus = 'new' | 'replayed' | 'foreign' | 'unproven';

/**
 * Deduplicates frames that a server resends after a reconnect, and detects a server that sends another answer instead.
 *
 * The first connection of an answer is never deduplicated: the standard does not ask event IDs to be unique.
 */
export interface Position {
  /** ID of the last frame applied that has one; a server resumes after it. Empty while there is none. */
  readonly lastId: string;

  /** Number of frames applied. */
  readonly count: number;

  /**
   * Whether this connection has proved that its server resumes: it resent frames that were applied, or gave the first
   * new one an ID of its own.
   */
  readonly isProven: boolean;

  /** Whether frames that were applied are still to be resent on this connection, as those before them were. */
  readonly isBehind: boolean;

  /**
   * Begins a connection. `resumed`: the server was requested to resume after `lastId`, so that frames before its first
   * ID follow the frame of that ID.
   */
  connect(resumed: boolean): void;

  /**
   * Returns what a frame is, given its ID (`undefined` if it has none) and its content. Call `commit` once a new or
   * unproven frame is applied, in the order of the frames. After `foreign` the connection is of no use.
   */
  accept(id: string | undefined, content: string): FrameStatus;

  /** Records the first frame that was accepted, and not recorded yet, as applied. */
  commit(): void;

  /** Returns the position as plain data, to be stored over a reload. */
  save(): SavedPosition;
}

/** A position as plain data: the last frames applied, each with its ID (empty if it has none) and a hash. */
export interface SavedPosition {
  readonly run: string;
  readonly ordinal: number;
  readonly seen: readonly string[];
  /** Hash of each frame in `seen`; absent where an earlier version stored the position. */
  readonly hashes?: readonly number[];
}

/** Maximum number of frames stored over a reload. A server that resends more than these does not match. */
const maxStored = 256;
/** Maximum number of frames remembered on a page, 12 bytes and an ID each; half of them are dropped above it. */
const maxRemembered = 65_536;

/** Stands for the hash of a frame that was applied before hashes were stored: it matches every frame of its ID. */
const unknownHash = -1;

/**
 * Creates the position at the beginning of an answer, or where a saved one was.
 *
 * The position is a log of the frames applied. The frames of a resumed connection are compared with it: from the place
 * at which the first of them is in the log, each must be the next one, by ID and content, until the end of the log is
 * reached; all that follow are new. So any overlap yields every frame once, and a server that numbers its events but
 * starts another answer is noticed at the first event that differs, before any of its text is appended.
 */
export function createPosition(saved?: SavedPosition): Position {
  let ids: string[] = [...(saved?.seen ?? [])];
  let hashes: number[] = [...(saved?.hashes ?? [])];
  if (saved && !saved.hashes) {
    // Earlier versions stored the IDs alone; the last one apart, with the number of frames since it.
    ids.push(...(saved.run === '' ? [''] : [saved.run]), ...Array<string>(Math.max(0, saved.ordinal)).fill(''));
    hashes = ids.map(() => unknownHash);
  }
  let lastId = saved?.run ?? '';
  let count = saved?.hashes ? saved.ordinal : ids.length;

  /** Where the next frame of a resumed connection should be in the log; the length of the log once it caught up. */
  let cursor: number | undefined;
  let isFirst = true;
  let isProven = false;
  /** Whether no frame with an ID has shown yet that this connection continues the answer. */
  let needsId = false;
  /** Frames that were accepted and are not applied yet. */
  let accepted: {id: string; hash: number}[] = [];

  const matches = (at: number, id: string, hash: number) =>
    ids[at] === id && (hashes[at] === hash || hashes[at] === unknownHash);

  /** Returns where the first frame of a connection is in the log, -1 if it is nowhere, `undefined` if it is new. */
  const locate = (id: string, hash: number): number | undefined => {
    if (id === '') {
      const after = ids.lastIndexOf(lastId) + 1;
      if (after === ids.length) return undefined;
      // Resent from the last ID on, as the server was requested to, or from the very start.
      return [after, 0].find((at) => matches(at, '', hash)) ?? -1;
    }
    if (isKnown(id)) {
      // Where consecutive frames share an ID, the server can only resume at the first of them.
      const starts: number[] = [];
      let before: string | undefined;
      for (let at = 0; at < ids.length; at++) {
        if (ids[at] === '') continue;
        if (ids[at] === id && before !== id) starts.push(at);
        before = ids[at];
      }
      // Where an ID is used again, only at the start, or behind a frame of the ID that it was requested to resume after:
      // elsewhere another answer that begins with the same word as a later frame would match. The longest comparison wins.
      const possible = starts.length === 1 ? starts : starts.filter((at) => at === 0 || previousId(at) === lastId);
      return possible.find((at) => matches(at, id, hash)) ?? -1;
    }
    return isEarlier(id, lastId) ? -1 : undefined;
  };

  const isKnown = (id: string) => ids.includes(id);

  const previousId = (at: number) => ids.slice(0, at).findLast((id) => id !== '');

  /** Returns where a later frame is in the log, -1 if it should not come now, `undefined` if it is new. */
  const follow = (from: number, id: string, hash: number): number | undefined => {
    if (from === ids.length) return needsId && id !== '' && (isKnown(id) || isEarlier(id, lastId)) ? -1 : undefined;
    if (matches(from, id, hash)) return from;
    if (id === '') return -1;
    // Frames without an ID, such as keep-alives, may not be resent.
    let at = from;
    while (ids[at] === '') at++;
    if (at === ids.length) return isEarlier(id, lastId) ? -1 : undefined;
    return matches(at, id, hash) ? at : -1;
  };

  return {
    get lastId() {
      return lastId;
    },
    get count() {
      return count;
    },
    get isProven() {
      return isProven;
    },
    get isBehind() {
      return !isFirst && cursor !== undefined && cursor < ids.length;
    },
    connect(resumed) {
      cursor = resumed && ids.length > 0 ? 0 : undefined;
      isFirst = true;
      isProven = false;
      needsId = cursor !== undefined;
      accepted = [];
    },
    accept(id = '', content) {
      const frame = {id, hash: hash(content)};
      const at = cursor === undefined ? undefined : isFirst ? locate(id, frame.hash) : follow(cursor, id, frame.hash);
      // After frames that none of those applied were like, none of them is resent.
      if (at === -1 || (at !== undefined && accepted.length > 0)) return 'foreign';
      if (at === undefined) {
        accepted = needsId ? [...accepted, frame] : [frame];
        isFirst = false;
        cursor = needsId && id === '' ? ids.length : undefined;
        if (cursor !== undefined) return 'unproven';
        isProven ||= needsId;
        needsId = false;
        return 'new';
      }
      isFirst = false;
      isProven = true;
      if (id !== '') needsId = false;
      cursor = at + 1;
      return 'replayed';
    },
    commit() {
      if (ids.length >= maxRemembered) {
        ids = ids.slice(maxRemembered / 2);
        hashes = hashes.slice(maxRemembered / 2);
      }
      const frame = accepted.shift();
      if (!frame) return;
      ids.push(frame.id);
      hashes.push(frame.hash);
      if (frame.id !== '') lastId = frame.id;
      count++;
    },
    save: () => ({run: lastId, ordinal: count, seen: ids.slice(-maxStored), hashes: hashes.slice(-maxStored)}),
  };
}

/** Whether an ID that counts comes before, or is, another one: its frame was applied, or it belongs to another answer. */
function isEarlier(id: string, last: string): boolean {
  return /^\d{1,15}$/.test(id) && /^\d{1,15}$/.test(last) && Number(id) <= Number(last);
}

/**
 * Returns a hash of 32 bits (FNV-1a). White space at the start does not count: whether a space after `data:` belongs to
 * the text is found out while the stream is read.
 */
function hash(content: string): number {
  let value = 0x811c9dc5;
  for (let i = content.length - content.trimStart().length; i < content.length; i++) {
    value = Math.imul(value ^ content.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}
